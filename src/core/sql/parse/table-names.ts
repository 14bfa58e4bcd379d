import type { Name } from '../ir.ts';
import type { Cursor } from './cursor.ts';
import { clauseWords } from './words.ts';

/** A table's name from its outermost qualifier; BigQuery's dashes and Snowflake's `db..table` included. */
export function readTableName(cursor: Cursor): Name[] {
  const stage = readStage(cursor);
  if (stage !== undefined) return [stage];
  const parts: Name[] = [];
  if (
    cursor.is('identifier', '(') &&
    (cursor.peek(2).type === 'string' || cursor.peek(2).lower === ':' || cursor.peek(2).type === 'parameter')
  ) {
    const { value, start, end } = cursor.peek(2);
    cursor.at++;
    cursor.skipBrackets();
    for (const text of value.split('.'))
      parts.push({ text: text.replace(/^"(.*)"$/, '$1'), quoted: text.startsWith('"'), span: { start, end } });
    return parts;
  }
  do {
    if (cursor.is('.')) continue;
    if (cursor.peek().type === 'number' && parts.length > 0) {
      const token = cursor.next();
      parts.push({ text: token.value, quoted: false, span: { start: token.start, end: token.end } });
      continue;
    }
    const isStage = cursor.peek().lower === '@' || cursor.peek().lower === '%';
    if (isStage) cursor.at++;
    const name = readDashed(cursor);
    if (name.quoted && cursor.dialect === 'bigquery') parts.push(...splitQuoted(name));
    else parts.push(name);
    if (name.text.startsWith('@')) while (cursor.take('/') || cursor.take('//')) if (cursor.isName()) cursor.at++;
  } while (cursor.take('.'));
  return parts;
}

/** Snowflake's `@stage/path/file.csv`, `@~/path` and `@schema.%table`: everything up to the next blank. */
function readStage(cursor: Cursor): Name | undefined {
  const first = cursor.peek();
  if (cursor.dialect !== 'snowflake' || !cursor.text.startsWith('@', first.start)) return undefined;
  let { end } = first;
  cursor.at++;
  while (!cursor.done && cursor.peek().start === end && !stageEnds.has(cursor.peek().lower)) end = cursor.next().end;
  const span = { start: first.start, end };
  if (cursor.is('(') && cursor.peek(2).lower === '=>') cursor.skipBrackets();
  return { text: cursor.slice(span), quoted: false, span };
}

const stageEnds = new Set(['(', ')', ',', ';']);

/** `project-name` without quotes: dashes that touch the words on both sides. */
function readDashed(cursor: Cursor): Name {
  const first = cursor.name();
  if (cursor.dialect !== 'bigquery' && cursor.dialect !== 'generic') return first;
  let { end } = first.span;
  while (
    cursor.is('-') &&
    cursor.peek().start === end &&
    (cursor.isName(1) || cursor.peek(1).type === 'number') &&
    cursor.peek(1).start === end + 1
  ) {
    end = cursor.peek(1).end;
    cursor.at += 2;
  }
  if (end === first.span.end) return first;
  const span = { start: first.span.start, end };
  return { text: cursor.slice(span), quoted: first.quoted, span };
}

/** BigQuery quotes a whole path: `` `project.dataset.table` ``, and `$20240131` behind it names a partition of the same table. */
export function splitQuoted(name: Name): Name[] {
  let at = name.span.start + 1;
  const parts = name.text.split('.').map((text) => {
    const span = { start: at, end: at + text.length };
    at += text.length + 1;
    return { text: text.replace(/(?<=.)\$\w+$/, ''), quoted: true, span };
  });
  const [only] = parts;
  return only !== undefined && parts.length === 1 ? [{ ...only, span: name.span }] : parts;
}

/** What may stand behind a table besides its alias; kept as written. */
export function readModifiers(cursor: Cursor): string[] {
  const found: string[] = [];
  for (;;) {
    const start = cursor.at;
    if (cursor.is('tablesample') || cursor.is('sample') || cursor.is('using', 'sample')) {
      cursor.take('using');
      while (!cursor.done && !cursor.is('(') && !cursor.isAny(clauseWords) && cursor.peek().type !== 'number' && !cursor.is(','))
        cursor.at++;
      if (cursor.is('(')) cursor.skipBrackets();
      else if (cursor.peek().type === 'number') {
        cursor.at++;
        while (cursor.take('/') || cursor.take('%') || cursor.is('percent') || cursor.is('rows') || cursor.peek().type === 'number')
          if (cursor.is('percent') || cursor.is('rows') || cursor.peek().type === 'number') cursor.at++;
        if (cursor.is('(')) cursor.skipBrackets();
      }
      for (const word of ['repeatable', 'seed', 'offset']) {
        if (!cursor.is(word)) continue;
        cursor.at++;
        if (cursor.is('(')) cursor.skipBrackets();
        else cursor.at++;
      }
    } else if ((cursor.is('at') || cursor.is('before') || cursor.is('changes') || cursor.is('partition')) && cursor.peek(1).lower === '(') {
      cursor.at++;
      cursor.skipBrackets();
      if (cursor.is('end', '(')) {
        cursor.at++;
        cursor.skipBrackets();
      }
    } else if (isTimeTravel(cursor)) {
      while (!cursor.is('of')) cursor.at++;
      cursor.at++;
      cursor.grammar.expression(cursor);
    } else if (cursor.is('for', 'system_time')) {
      cursor.at += 2;
      if (!cursor.take('all')) {
        const [from = '', to = ''] = cursor.is('from') ? ['from', 'to'] : cursor.is('between') ? ['between', 'and'] : ['contained', ''];
        cursor.take(from);
        if (to === '') {
          cursor.take('in');
          cursor.skipBrackets();
        } else {
          while (!cursor.done && !cursor.is(to)) cursor.at++;
          cursor.at += 2;
        }
      }
    } else if (cursor.is('indexed', 'by')) {
      cursor.at += 2;
      readTableName(cursor);
    } else if (cursor.is('not', 'indexed')) cursor.at += 2;
    else if (cursor.is('with', '(') || (cursor.is('(') && cursor.dialect === 'tsql' && cursor.peek(2).lower === ')')) {
      cursor.take('with');
      cursor.skipBrackets();
    } else if (cursor.is('final')) cursor.at++;
    else if (
      (cursor.is('use') || cursor.is('force') || cursor.is('ignore')) &&
      (cursor.peek(1).lower === 'index' || cursor.peek(1).lower === 'key')
    ) {
      cursor.at += 2;
      while (!cursor.is('(') && !cursor.done) cursor.at++;
      cursor.skipBrackets();
    } else return found;
    found.push(cursor.slice(cursor.since(start)));
  }
}

function isTimeTravel(cursor: Cursor): boolean {
  return (
    cursor.is('for', 'system_time', 'as', 'of') ||
    cursor.is('for', 'system', 'time', 'as', 'of') ||
    cursor.is('for', 'timestamp', 'as', 'of') ||
    cursor.is('for', 'version', 'as', 'of') ||
    cursor.is('timestamp', 'as', 'of') ||
    cursor.is('version', 'as', 'of') ||
    cursor.is('as', 'of')
  );
}
