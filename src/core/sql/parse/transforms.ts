import type { Expression, Name, SelectItem } from '../ir.ts';
import type { Cursor } from './cursor.ts';
import { readBracketedList } from './lists.ts';
import { clauseWords } from './words.ts';

/**
 * Hive's and Spark's `TRANSFORM (a, b) USING 'program' AS (c, d)`: any column of its result may be made from all that goes in. Undefined, with
 * nothing read, where something else stands here.
 */
export function readTransform(cursor: Cursor): SelectItem[] | undefined {
  if (!hasPrograms.has(cursor.dialect) || !cursor.is('transform', '(')) return undefined;
  const after = cursor.closing(cursor.at + 1) + 1;
  const next = cursor.stream.tokens[after]?.lower ?? '';
  if (after >= cursor.end || (next !== 'using' && next !== 'row' && next !== 'recordwriter')) return undefined;
  const start = cursor.at;
  cursor.at++;
  const args = readBracketedList(cursor);
  while (!cursor.done && !cursor.is('using')) cursor.is('(') ? cursor.skipBrackets() : cursor.at++;
  cursor.expect('using');
  cursor.at++;
  const span = cursor.since(start);
  const names = cursor.take('as') ? readNames(cursor) : ['key', 'value'].map((text): Name => ({ text, quoted: false, span }));
  // How the program's lines are taken apart.
  while (!cursor.done && !cursor.isAny(clauseWords)) cursor.is('(') ? cursor.skipBrackets() : cursor.at++;
  return names.map((alias): SelectItem => {
    const expression: Expression = { kind: 'call', name: 'transform', args, named: [], distinct: false, orderBy: [], span };
    return { kind: 'item', expression, alias, span: alias.span };
  });
}

const hasPrograms = new Set(['hive', 'spark', 'databricks', 'generic']);

/** `(c string, d int)` or `c, d`. */
function readNames(cursor: Cursor): Name[] {
  if (cursor.is('(')) return cursor.bracketedNames();
  const names: Name[] = [];
  do names.push(cursor.name());
  while (cursor.take(','));
  return names;
}
