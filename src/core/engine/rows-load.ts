import { readJsonTable } from '../data/json-table.ts';
import type { Dialect } from '../sql/dialect.ts';
import { type SqlType, showType } from '../sql/types.ts';
import type { TableColumn } from '../translate/table.ts';
import { toValueType, types } from '../translate/value-type.ts';
import type { Engine, LoadedRows, RowsFile } from './engine.ts';
import { toEngineColumns } from './run-sql.ts';
import { readCsvTable } from './seed-rows.ts';

/** Fills a new table of an engine from a file with rows; throws an Error with the reason where the file cannot be read. */
export function loadRowsFile(engine: Engine, name: string, file: RowsFile): Promise<LoadedRows> {
  if (file.format === 'parquet') return loadParquet(engine, name, file);
  return file.format === 'csv' ? loadCsv(engine, name, file) : loadJson(engine, name, file, file.format);
}

async function loadCsv(engine: Engine, name: string, file: RowsFile): Promise<LoadedRows> {
  const table = readCsvTable(file.bytes, file.declared, file.dialect, file.delimiter);
  const columns = toEngineColumns(table.columns);
  const isRead = (await engine.loadCsv?.(name, columns, file.bytes, table.delimiter)) ?? false;
  if (!isRead) await engine.load(name, columns, table.rows());
  return { columns: table.columns, misfits: table.misfits() };
}

async function loadParquet(engine: Engine, name: string, file: RowsFile): Promise<LoadedRows> {
  // Only who has such files pays for reading them.
  const { readParquet } = await import('../data/parquet-rows.ts');
  const table = await readParquet(file.bytes, file.dialect);
  const columns = table.columns.map((column) => toTableColumn(column, file.dialect));
  await engine.load(name, toEngineColumns(columns), rowsOf(table.values, table.rowCount));
  return { columns, misfits: table.lost };
}

async function loadJson(engine: Engine, name: string, file: RowsFile, format: 'json' | 'jsonl'): Promise<LoadedRows> {
  const table = readJsonTable(file.bytes, format);
  if ('damage' in table) throw new Error(table.line === undefined ? table.damage : `line ${table.line}: ${table.damage}`);
  const columns = table.columns.map((column) => toTableColumn(column, file.dialect));
  await engine.load(name, toEngineColumns(columns), table.rows());
  return { columns, misfits: [] };
}

function toTableColumn({ name, type }: { readonly name: string; readonly type: SqlType }, dialect: Dialect): TableColumn {
  const found = toValueType(showType(type, dialect), dialect);
  return { name, type: found.kind === 'unknown' ? types.string : found };
}

function* rowsOf<Value>(values: readonly (readonly Value[])[], rowCount: number): Generator<Value[]> {
  for (let row = 0; row < rowCount; row++) yield values.map((column) => column[row] as Value);
}
