import { delimiterOf, rowFormatOf } from '../data/formats.ts';
import { readJsonTable } from '../data/json-table.ts';
import type { ColumnRef } from '../lineage/questions.ts';
import { readCsv } from '../project/csv.ts';
import { readSqliteSchema } from '../project/sqlite-file.ts';
import { SqliteDamage, SqlitePages } from '../project/sqlite-pages.ts';
import type { Snapshot } from '../snapshot.ts';
import { questionsOf } from './reading.ts';

/** What the first rows of a column's data look like. */
export interface SampleValues {
  /** Up to five different values, in the order of the file. */
  readonly values: readonly string[];
  readonly rows: number;
  readonly nulls: number;
  readonly distinct: number;
  /** Whether these are all rows. */
  readonly complete: boolean;
  readonly path: string;
  /** The column whose data it is: the asked one, or the one that it copies. */
  readonly of: ColumnRef;
}

const mostRows = 5_000;
const kept = new Map<string, Omit<SampleValues, 'of'> | undefined>();

/** Values of a column from the file that holds it, or that holds the column which it copies; undefined where no file does. */
export function sampleValues(snapshot: Snapshot, ref: ColumnRef): SampleValues | undefined {
  const questions = questionsOf(snapshot);
  let at = ref;
  for (let step = 0; step < 40; step++) {
    const found = readSample(snapshot, at);
    if (found !== undefined) return { ...found, of: at };
    const [input, ...others] = questions.inputs(at);
    if (input === undefined || others.length > 0 || input.confidence !== 'exact') return undefined;
    if (input.kind !== 'copied' && input.kind !== 'renamed') return undefined;
    at = { node: input.from, column: input.fromColumn };
  }
  return undefined;
}

function readSample(snapshot: Snapshot, { node: id, column }: ColumnRef): Omit<SampleValues, 'of'> | undefined {
  const node = snapshot.nodes.get(id);
  const data = node?.kind === 'seed' ? { path: node.path, table: undefined } : node?.kind === 'source' ? node.data : undefined;
  const file = data === undefined ? undefined : snapshot.sources.find(data.path);
  if (data === undefined || file === undefined || /\.(sql|ddl)$/i.test(data.path)) return undefined;
  const key = `${file.hash} ${data.table ?? ''} ${column.toLowerCase()}`;
  if (kept.has(key)) return kept.get(key);
  const delimiter = node?.kind === 'seed' && node.delimiter !== '' ? { delimiter: node.delimiter } : {};
  const made =
    data.table === undefined ? fromFile(file.bytes, data.path, column, delimiter) : fromSqlite(file.bytes, data.path, data.table, column);
  if (kept.size >= 2_000) kept.clear();
  kept.set(key, made);
  return made;
}

function fromFile(bytes: Uint8Array, path: string, column: string, options: { readonly delimiter?: string }) {
  const format = rowFormatOf(path);
  if (format === 'csv' || format === undefined) {
    const delimiter = options.delimiter ?? delimiterOf(path);
    return fromCsv(bytes, path, column, delimiter === undefined ? {} : { delimiter });
  }
  // The values of a Parquet file are read when a preview asks for them.
  if (format === 'parquet') return undefined;
  const table = readJsonTable(bytes, format, mostRows + 1);
  const at = 'damage' in table ? -1 : table.columns.findIndex(({ name }) => name.toLowerCase() === column.toLowerCase());
  if ('damage' in table || at === -1) return undefined;
  return gather(
    path,
    map(table.rows(), (row) => (row[at] === null || row[at] === undefined ? null : String(row[at]))),
  );
}

function fromCsv(bytes: Uint8Array, path: string, column: string, options: { readonly delimiter?: string }) {
  const csv = readCsv(bytes, { path, ...options });
  const at = csv.header.findIndex((name) => name.toLowerCase() === column.toLowerCase());
  if (at === -1) return undefined;
  return gather(
    path,
    map(csv.rows(), (row) => row[at] ?? null),
  );
}

function fromSqlite(bytes: Uint8Array, path: string, table: string, column: string) {
  try {
    const schema = readSqliteSchema(bytes, path).tables.find((candidate) => candidate.name.toLowerCase() === table.toLowerCase());
    const at = schema?.columns.findIndex((candidate) => candidate.name.toLowerCase() === column.toLowerCase()) ?? -1;
    if (schema === undefined || schema.kind !== 'table' || at === -1 || /without\s+rowid/i.test(schema.sql)) return undefined;
    // SQLite keeps the values of an INTEGER PRIMARY KEY outside the record.
    if (/integer/i.test(schema.columns[at]?.type ?? '') && /primary\s+key/i.test(schema.sql)) return undefined;
    const pages = new SqlitePages(bytes);
    for (const [type, name, , root] of pages.table(1))
      if (type === 'table' && typeof name === 'string' && name.toLowerCase() === table.toLowerCase() && typeof root === 'number')
        return gather(
          path,
          map(pages.table(root), (row) => (row[at] === null || row[at] === undefined ? null : String(row[at]))),
        );
  } catch (error) {
    if (!(error instanceof SqliteDamage) && !(error instanceof RangeError)) throw error;
  }
  return undefined;
}

function gather(path: string, cells: Iterable<string | null>): Omit<SampleValues, 'of'> {
  const seen = new Set<string>();
  let rows = 0;
  let nulls = 0;
  for (const cell of cells) {
    if (rows === mostRows) return { values: [...seen].slice(0, 5), rows, nulls, distinct: seen.size, complete: false, path };
    rows++;
    if (cell === null) nulls++;
    else seen.add(cell);
  }
  return { values: [...seen].slice(0, 5), rows, nulls, distinct: seen.size, complete: true, path };
}

function* map<From, To>(items: Iterable<From>, to: (item: From) => To): Generator<To> {
  for (const item of items) yield to(item);
}
