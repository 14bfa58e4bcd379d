import { Stopped } from '../engine/work.ts';
import { readCsv } from '../project/csv.ts';
import { type CsvType, sniffCsv } from '../project/csv-columns.ts';
import type { RelationNode } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import { toProblem } from '../text/problem.ts';

/** A seed as a table of a database: its columns as dbt declares them there, and its rows as SQL literals. */
export interface SeedTable {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly string[])[];
}

/** The most of a seed that is written into a query; a larger one has to be built. */
const mostInlined = 5_000_000;

/** What dbt makes of the types that it finds in a CSV file. */
const postgresTypes: Readonly<Record<CsvType, string>> = {
  boolean: 'boolean',
  integer: 'integer',
  bigint: 'bigint',
  decimal: 'float8',
  double: 'float8',
  date: 'date',
  timestamp: 'timestamp without time zone',
  text: 'text',
};
const duckDbTypes: Readonly<Record<CsvType, string>> = { ...postgresTypes, decimal: 'double', double: 'double', timestamp: 'timestamp' };

/** Reads a seed's file for a target. */
export function readSeedTable(snapshot: Snapshot, node: RelationNode): SeedTable {
  const file = snapshot.sources.find(node.path);
  if (file === undefined)
    throw new Stopped(toProblem('preview-refused', `The file '${node.path}' of '${node.name}' cannot be read.`, node.path));
  const written = (node as { readonly delimiter?: string }).delimiter;
  const options = written === undefined ? {} : { delimiter: written };
  const content = file.bytes;
  const configured = node.config.column_types;
  const types = new Map(
    typeof configured === 'object' && configured !== null
      ? Object.entries(configured).map(([name, type]) => [name.toLowerCase(), String(type)] as const)
      : [],
  );
  const words = snapshot.project.dialect === 'duckdb' ? duckDbTypes : postgresTypes;
  const columns = sniffCsv(content, options).columns.map(({ name, type }) => ({
    name,
    type: types.get(name.toLowerCase()) ?? words[type],
  }));
  const rows = Array.from(readCsv(content, options).rows(), (row) => columns.map((_, i) => toLiteral(row[i] ?? null)));
  return { columns, rows };
}

/** A seed as a query of its rows, to stand in for the table that was not built. */
export function seedQuery(snapshot: Snapshot, node: RelationNode): string {
  const size = snapshot.sources.find(node.path)?.bytes.byteLength ?? 0;
  if (size > mostInlined)
    throw new Stopped(
      toProblem(
        'preview-refused',
        `The seed '${node.name}' does not stand on the target and is too large to be written into a query: build it first.`,
        node.path,
      ),
    );
  const { columns, rows } = readSeedTable(snapshot, node);
  const casts = columns.map(({ name, type }, i) => `cast(c${i} as ${type}) as ${quote(name)}`).join(', ');
  const names = columns.map((_, i) => `c${i}`).join(', ');
  const none = `select ${columns.map((_, i) => `null as c${i}`).join(', ')} where 1 = 0`;
  const from = rows.length === 0 ? `(${none}) as v` : `(values ${rows.map((row) => `(${row.join(', ')})`).join(', ')}) as v (${names})`;
  return `select ${casts} from ${from}`;
}

function toLiteral(text: string | null): string {
  return text === null ? 'null' : `'${text.replaceAll("'", "''")}'`;
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
