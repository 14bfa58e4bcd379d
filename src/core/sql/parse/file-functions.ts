import type { TableRelation } from '../ir.ts';
import { readTableAlias } from './aliases.ts';
import type { Cursor } from './cursor.ts';

/** DuckDB's functions that read the rows of a file. */
const readers = new Set([
  'read_csv',
  'read_csv_auto',
  'read_parquet',
  'parquet_scan',
  'read_json',
  'read_json_auto',
  'read_ndjson',
  'read_ndjson_auto',
]);

/** Options that change nothing of what the file is taken for here; each with the value that it must have, if that matters. */
const harmless: Readonly<Record<string, string | undefined>> = {
  header: 'true',
  auto_detect: 'true',
  delim: undefined,
  sep: undefined,
  sample_size: undefined,
  union_by_name: undefined,
  maximum_object_size: undefined,
  format: undefined,
  parallel: undefined,
};

/**
 * Reads `read_parquet('data/orders.parquet')` as the table of that path. Undefined, with nothing taken, where it is another function, reads
 * several files, or has options that change what is read.
 */
export function readFileFunction(cursor: Cursor): TableRelation | undefined {
  if (cursor.dialect !== 'duckdb' && cursor.dialect !== 'generic') return undefined;
  if (!readers.has(cursor.peek().lower) || cursor.peek(1).lower !== '(' || cursor.peek(2).type !== 'string') return undefined;
  const start = cursor.at;
  const { value, start: from, end } = cursor.peek(2);
  let ahead = 3;
  while (cursor.peek(ahead).lower === ',') {
    const name = cursor.peek(ahead + 1).lower;
    const given = cursor.peek(ahead + 3);
    const wanted = harmless[name];
    if (!Object.hasOwn(harmless, name) || !['=', ':=', '=>'].includes(cursor.peek(ahead + 2).lower)) return undefined;
    if (wanted !== undefined && given.lower !== wanted && !(wanted === 'true' && given.value === '1')) return undefined;
    ahead += 4;
  }
  if (cursor.peek(ahead).lower !== ')' || /[*?[]/.test(value)) return undefined;
  cursor.at += ahead + 1;
  const parts = [{ text: value, quoted: true, span: { start: from, end } }];
  const alias = readTableAlias(cursor);
  return { kind: 'table', parts, ...(alias === undefined ? {} : { alias }), modifiers: [], span: cursor.since(start) };
}
