import type { CsvFile, Engine, LoadedCsv } from './engine.ts';
import { toEngineColumns } from './run-sql.ts';
import { readCsvTable } from './seed-rows.ts';

/** Fills a new table of an engine from a CSV file. */
export async function loadCsvFile(engine: Engine, name: string, file: CsvFile): Promise<LoadedCsv> {
  const table = readCsvTable(file.bytes, file.declared, file.dialect, file.delimiter);
  const columns = toEngineColumns(table.columns);
  const isRead = (await engine.loadCsv?.(name, columns, file.bytes, table.delimiter)) ?? false;
  if (!isRead) await engine.load(name, columns, table.rows());
  return { columns: table.columns, misfits: table.misfits() };
}
