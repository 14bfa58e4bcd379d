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
