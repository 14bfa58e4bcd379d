import type { Name } from '../ir.ts';
import type { Cursor } from './cursor.ts';
import { clauseWords } from './words.ts';

/** A table's name from its outermost qualifier; BigQuery's dashes and Snowflake's `db..table` included. */
export function readTableName(cursor: Cursor): Name[] {
  const parts: Name[] = [];
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
function splitQuoted(name: Name): Name[] {
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
      while (!cursor.done && !cursor.is('(') && !cursor.isAny(clauseWords) && cursor.peek().type !== 'number' && !cursor.is(','))
        cursor.at++;
      if (cursor.is('(')) cursor.skipBrackets();
      else if (cursor.peek().type === 'number') {
        cursor.at++;
        while (cursor.take('/') || cursor.take('%') || cursor.is('percent') || cursor.is('rows') || cursor.peek().type === 'number')
          if (cursor.is('percent') || cursor.is('rows') || cursor.peek().type === 'number') cursor.at++;
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
    } else if (cursor.is('with', '(') || (cursor.is('(') && cursor.dialect === 'tsql' && cursor.peek(2).lower === ')')) {
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
    cursor.is('for', 'timestamp', 'as', 'of') ||
    cursor.is('for', 'version', 'as', 'of') ||
    cursor.is('timestamp', 'as', 'of') ||
    cursor.is('version', 'as', 'of') ||
    cursor.is('as', 'of')
  );
}
