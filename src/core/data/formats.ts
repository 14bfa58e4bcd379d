/** How a file with the rows of one table is written. */
export type RowFormat = 'csv' | 'parquet' | 'json' | 'jsonl';

/** A value as an engine stores it: moments and decimals are text, lists and structs JSON. */
export type RowValue = null | boolean | number | bigint | string | Uint8Array;

const formats: Readonly<Record<string, RowFormat>> = {
  csv: 'csv',
  tsv: 'csv',
  parquet: 'parquet',
  pq: 'parquet',
  json: 'json',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
};

/** The endings of files that hold the rows of one table, in lower case. */
export const rowEndings: readonly string[] = [
  ...['csv', 'tsv', 'parquet', 'pq', 'jsonl', 'ndjson', 'json'].map((ending) => `.${ending}`),
  ...['csv', 'tsv', 'jsonl', 'ndjson', 'json'].flatMap((ending) => [`.${ending}.gz`, `.${ending}.zst`]),
];

/** The format that a file's name tells; compressed text is what it is when unpacked. */
export function rowFormatOf(path: string): RowFormat | undefined {
  const [, ending, packed] = /\.(\w+?)(\.(?:gz|zst))?$/i.exec(path) ?? [];
  const format = formats[ending?.toLowerCase() ?? ''];
  return packed !== undefined && format === 'parquet' ? undefined : format;
}

/** Whether a file's name says that it holds rows: of one table, or the tables of a SQLite database. */
export function isDataFile(path: string): boolean {
  return rowFormatOf(path) !== undefined || /\.(db|sqlite3?)$/i.test(path);
}

/** The delimiter that a file's name settles. */
export function delimiterOf(path: string): string | undefined {
  return /\.tsv(\.(gz|zst))?$/i.test(path) ? '\t' : undefined;
}

/** Whether a file's bytes are compressed as a whole, and how. */
export function packingOf(path: string): 'gz' | 'zst' | undefined {
  const packed = /\.(gz|zst)$/i.exec(path)?.[1]?.toLowerCase();
  return packed === 'gz' || packed === 'zst' ? packed : undefined;
}

/** JSON files that configure programs, or that dbt writes, are no data, and neither is what lies in a folder that begins with a dot. */
export function isJsonOfPrograms(path: string): boolean {
  return /\.json$/i.test(path) && (/(^|\/)\./.test(path) || programs.test(path.slice(path.lastIndexOf('/') + 1)));
}

const programs =
  /^(package(-lock)?|[jt]sconfig.*|manifest|catalog|run_results|sources|semantic_manifest|graph_summary|partial_parse|settings|launch|tasks|extensions|devcontainer|components|composer|renovate|lerna|nx|turbo|vercel|biome|project|angular|firebase|cdk|.*\.(schema|config|code-workspace))\.json$/i;
