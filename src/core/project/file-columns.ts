import { delimiterOf, rowFormatOf } from '../data/formats.ts';
import { readJsonTable } from '../data/json-table.ts';
import { readParquetShape } from '../data/parquet-file.ts';
import type { Dialect } from '../sql/dialect.ts';
import { type SqlType, showType } from '../sql/types.ts';
import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import { type CsvType, type SniffOptions, sniffCsv } from './csv-columns.ts';
import type { SourceFile } from './sources.ts';

/** The columns of a file with rows, as far as they were looked at. */
export interface FileColumns {
  readonly columns: readonly FileColumn[];
  /** Of a CSV file. */
  readonly delimiter: string;
  readonly problems: readonly Problem[];
}

export interface FileColumn {
  readonly name: string;
  /** What the values of a CSV file look like. */
  readonly csv?: CsvType;
  /** What other files say of their values. */
  readonly type?: SqlType;
}

const mostJsonRows = 50_000;

/** Reads which columns a file with rows has; a file that cannot be read has none, and a problem says why. */
export function readFileColumns(file: SourceFile, dialect: Dialect, options: SniffOptions = {}): FileColumns {
  const { path } = file;
  const format = rowFormatOf(path);
  if (file.damage !== undefined) return damaged(path, file.damage);
  if (format === 'parquet') {
    const shape = readParquetShape(file.bytes, dialect);
    return 'damage' in shape ? damaged(path, shape.damage) : { columns: shape.columns, delimiter: '', problems: [] };
  }
  if (format === 'json' || format === 'jsonl') {
    const table = readJsonTable(file.bytes, format, mostJsonRows);
    if ('damage' in table) return damaged(path, table.damage, table.line);
    const sampled = `Types are those of the first ${mostJsonRows.toLocaleString('en')} rows.`;
    return {
      columns: table.columns,
      delimiter: '',
      problems: table.isComplete ? [] : [toProblem('csv-sampled', sampled, path)],
    };
  }
  const delimiter = options.delimiter ?? delimiterOf(path);
  const shape = sniffCsv(file.bytes, { ...options, path, ...(delimiter === undefined ? {} : { delimiter }) });
  return {
    columns: shape.columns.map(({ name, type }) => ({ name, csv: type })),
    delimiter: shape.delimiter,
    problems: shape.problems,
  };
}

function damaged(path: string, damage: string, line = 1): FileColumns {
  const problem = toProblem('file-undecodable', `This file cannot be read: ${damage}.`, path);
  const at = { line, column: 1 };
  return { columns: [], delimiter: '', problems: [line === 1 ? problem : { ...problem, start: at, end: at }] };
}

/** The column's type in the dialect's words where the file itself has types. */
export function typeTextOf(column: FileColumn, dialect: Dialect): string | undefined {
  return column.type === undefined ? undefined : showType(column.type, dialect);
}
