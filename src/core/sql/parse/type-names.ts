import type { Cursor } from './cursor.ts';

const followers: Readonly<Record<string, readonly (readonly string[])[]>> = {
  double: [['precision']],
  character: [['varying'], ['large', 'object']],
  char: [['varying'], ['large', 'object']],
  national: [['character', 'varying'], ['character'], ['char', 'varying'], ['char']],
  nchar: [['varying']],
  bit: [['varying']],
  binary: [['varying'], ['large', 'object']],
  long: [['raw'], ['varchar']],
  signed: [['integer'], ['int']],
  unsigned: [['integer'], ['int']],
};

const suffixes: readonly (readonly string[])[] = [
  ['with', 'time', 'zone'],
  ['without', 'time', 'zone'],
  ['with', 'local', 'time', 'zone'],
  ['with', 'timezone'],
  ['without', 'timezone'],
];

/** Reads a type as written, in lower case and with single spaces: `numeric(10,2)`, `array<struct<a int64>>`, `timestamp with time zone`. */
export function readTypeName(cursor: Cursor): string {
  const token = cursor.peek();
  if (token.type !== 'word' && token.type !== 'quoted') {
    if (token.type === 'parameter' || token.type === 'string') {
      cursor.at++;
      return token.value.toLowerCase();
    }
    cursor.fail('expected a type');
  }
  cursor.at++;
  let type = token.type === 'quoted' ? token.value : token.lower;
  if (token.type === 'word') {
    const more = followers[token.lower]?.find((words) => cursor.is(...words));
    if (more !== undefined) {
      cursor.at += more.length;
      type += ` ${more.join(' ')}`;
    }
  }
  while (cursor.is('.') && cursor.isName(1)) {
    cursor.at++;
    type += `.${cursor.next().value.toLowerCase()}`;
  }
  if (nesting.has(token.lower) && (cursor.is('<') || cursor.is('<>'))) type += readAngles(cursor);
  else if (cursor.is('(') && cursor.peek().start === (cursor.stream.tokens[cursor.at - 1]?.end ?? -1)) type += readArguments(cursor);
  else if (cursor.is('(') && sized.has(token.lower)) type += readArguments(cursor);
  if (token.lower === 'interval') type += readIntervalFields(cursor);
  for (const words of suffixes)
    if (cursor.is(...words)) {
      cursor.at += words.length;
      type += ` ${words.join(' ')}`;
      break;
    }
  if (cursor.is('unsigned') || cursor.is('signed')) type += ` ${cursor.next().lower}`;
  if (cursor.is('character', 'set')) {
    cursor.at += 2;
    cursor.name();
  }
  if (cursor.is('collate') && cursor.isName(1)) cursor.at += 2;
  for (;;) {
    if (cursor.is('[') && (cursor.peek(1).lower === ']' || (cursor.peek(1).type === 'number' && cursor.peek(2).lower === ']'))) {
      cursor.skipBrackets();
      type += '[]';
    } else if (cursor.is('array') && token.lower !== 'array' && !cursor.is('array', '[') && !cursor.is('array', '(')) {
      cursor.at++;
      type += '[]';
    } else return type;
  }
}

const sized = new Set([
  'varchar',
  'char',
  'nvarchar',
  'decimal',
  'numeric',
  'number',
  'character varying',
  'varchar2',
  'nchar',
  'timestamp',
  'float',
  'row',
  'struct',
]);

const nesting = new Set(['array', 'struct', 'map', 'list', 'row', 'range', 'table', 'object']);

function readArguments(cursor: Cursor): string {
  const close = cursor.closing(cursor.at);
  const span = { start: cursor.peek().start, end: cursor.stream.tokens[close]?.end ?? cursor.text.length };
  cursor.skipBrackets();
  return cursor
    .slice(span)
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/\s*([(),])\s*/g, '$1');
}

/** `<…>` of nested types; `>>` closes two of them. */
function readAngles(cursor: Cursor): string {
  if (cursor.take('<>')) return '<>';
  const start = cursor.peek().start;
  let depth = 0;
  do {
    const { lower, type } = cursor.peek();
    if (type === 'end') cursor.fail("expected '>' after the types inside");
    if (lower === '<') depth++;
    else if (lower === '>') depth--;
    else if (lower === '>>') depth -= 2;
    cursor.at++;
  } while (depth > 0);
  const end = cursor.stream.tokens[cursor.at - 1]?.end ?? start;
  return cursor
    .slice({ start, end })
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/\s*([<>(),:])\s*/g, '$1')
    .trim();
}

function readIntervalFields(cursor: Cursor): string {
  const fields = new Set(['year', 'month', 'day', 'hour', 'minute', 'second']);
  if (!cursor.isAny(fields)) return '';
  let text = ` ${cursor.next().lower}`;
  if (cursor.is('to') && cursor.isAny(fields, 1)) {
    cursor.at++;
    text += ` to ${cursor.next().lower}`;
  }
  return text;
}
