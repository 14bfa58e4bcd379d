import type { Cursor } from './cursor.ts';

const afterQuery = new Set(['union', 'intersect', 'except', 'minus', 'order', 'limit', 'offset', 'fetch', ')']);
const beginnings = new Set(['select', 'with', 'values']);

/** Whether the bracket at an index holds a query, however many brackets stand around it; `((select 1) + 2)` does not. */
export function isQueryAhead(cursor: Cursor, index: number): boolean {
  const { tokens } = cursor.stream;
  let inner = index;
  let depth = 0;
  while (tokens[inner]?.lower === '(' && inner < cursor.end) {
    inner++;
    depth++;
  }
  if (depth === 0 || inner >= cursor.end) return false;
  const word = tokens[inner]?.lower ?? '';
  const begins =
    beginnings.has(word) ||
    word === 'from' ||
    ((word === 'pivot' || word === 'unpivot') && tokens[inner + 1]?.type === 'word' && cursor.dialect === 'duckdb') ||
    (word === 'table' && tokens[inner + 1]?.type === 'word' && tokens[inner + 2]?.lower === ')');
  if (!begins) return false;
  for (let open = inner - 1; open > index; open--) {
    const after = tokens[cursor.closing(open) + 1];
    if (after === undefined || cursor.closing(open) + 1 >= cursor.end) continue;
    if (!afterQuery.has(after.lower)) return false;
  }
  return true;
}

/** Whether a query begins some tokens ahead. */
export function startsQuery(cursor: Cursor, ahead: number): boolean {
  const { lower } = cursor.peek(ahead);
  return (
    ['select', 'with', 'values', 'from', 'table', 'pivot', 'unpivot'].includes(lower) ||
    (lower === '(' && isQueryAhead(cursor, cursor.at + ahead)) ||
    (lower === '(' && cursor.peek(ahead + 1).lower === 'from')
  );
}

/** How tightly the operators between queries bind. */
export const setStrength: Readonly<Record<string, number>> = { union: 1, except: 1, minus: 1, intersect: 2 };

/** Whose columns the words before the operator keep. */
export function sideWord(cursor: Cursor, words: number): { side?: 'left' | 'inner' | 'full' } {
  const { lower } = cursor.peek();
  return words === 0 ? {} : { side: lower === 'left' || lower === 'inner' ? lower : 'full' };
}

/** How many words stand before the operator: LEFT, FULL OUTER and INNER of BigQuery's set operations. */
export function sideOfSet(cursor: Cursor): number {
  const first = cursor.peek().lower;
  if (first !== 'left' && first !== 'full' && first !== 'inner' && first !== 'outer') return 0;
  const words = cursor.peek(1).lower === 'outer' ? 2 : 1;
  return setStrength[cursor.peek(words).lower] === undefined ? 0 : words;
}
