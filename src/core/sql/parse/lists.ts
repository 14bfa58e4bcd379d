import type { Expression } from '../ir.ts';
import type { Cursor } from './cursor.ts';

/** `(a, b, c)` as expressions; a comma may trail. */
export function readBracketedList(cursor: Cursor): Expression[] {
  return cursor.inBrackets(() => {
    const values: Expression[] = [];
    while (!cursor.done) {
      values.push(cursor.grammar.expression(cursor));
      // ClickHouse may name any expression where it stands.
      if (cursor.dialect === 'clickhouse' && cursor.is('as') && cursor.isName(1)) cursor.at += 2;
      if (!cursor.take(',')) break;
    }
    return values;
  });
}

/** Expressions with commas between them, up to what is none. */
export function readList(cursor: Cursor): Expression[] {
  const list: Expression[] = [];
  while (!cursor.done) {
    list.push(cursor.grammar.expression(cursor));
    if (!cursor.take(',')) break;
  }
  return list;
}

/** Reads one after the other what stands between commas, to the end of the piece. */
export function readCommas(cursor: Cursor, one: () => void): void {
  while (!cursor.done) {
    one();
    if (!cursor.take(',')) return;
  }
}
