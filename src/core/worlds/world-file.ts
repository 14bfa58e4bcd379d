import type { NodeId } from '../text/ids.ts';
import type { Origin } from './demand.ts';

/** A constraint on a table of a world, and whether its rows meet it. */
export interface WorldConstraint {
  readonly columns: readonly string[];
  readonly kind: string;
  readonly text: string;
  readonly met: boolean;
  readonly because: readonly Origin[];
}

/** A table of a world. */
export interface WorldTable {
  readonly node: NodeId;
  /** Beside `world.yml`. */
  readonly file: string;
  readonly rows: number;
  /** The types of columns, in the project's dialect. */
  readonly types: Readonly<Record<string, string>>;
  readonly constraints: readonly WorldConstraint[];
}

/** A named set of tables for relations of a project that have no rows of their own. */
export interface World {
  readonly name: string;
  readonly kind: 'synthetic' | 'sampled';
  readonly seed: number;
  /** The moment that its dates lead up to, which is now for everything that runs over it. */
  readonly at: string;
  readonly tables: readonly WorldTable[];
}

/** The moment of a world that names none: the same on every machine, so that the same seed gives the same bytes. */
export const defaultMoment = '2026-01-15T12:00:00Z';

/** Where a project's worlds lie. */
export const worldsFolder = '.headwater/worlds';

/** A world's `world.yml`. */
export function writeWorld({ name, kind, seed, at, tables }: World): string {
  const text = (value: string): string => JSON.stringify(value);
  const lines = [
    '# A world of Headwater: rows for relations that have none. Edit the CSV files beside it as you like.',
    `name: ${text(name)}`,
    `kind: ${kind}`,
    `seed: ${seed}`,
    `at: ${text(at)}`,
    'tables:',
  ];
  for (const table of tables) {
    lines.push(`  - node: ${text(table.node)}`, `    file: ${text(table.file)}`, `    rows: ${table.rows}`, '    columns:');
    for (const [column, type] of Object.entries(table.types)) lines.push(`      ${text(column)}: ${text(type)}`);
    if (Object.keys(table.types).length === 0) lines[lines.length - 1] = '    columns: {}';
    lines.push(table.constraints.length === 0 ? '    constraints: []' : '    constraints:');
    for (const one of table.constraints) {
      const place = one.because[0];
      const where = place?.path === undefined ? '' : ` (${place.path}${place.line === undefined ? '' : `:${place.line}`})`;
      lines.push(
        `      - {columns: [${one.columns.map(text).join(', ')}], kind: ${one.kind}, met: ${one.met}, text: ${text(`${one.text}${where}`)}}`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

/** Rows as a CSV file: NULL is nothing, a text that is empty is quoted. */
export function toCsv(columns: readonly string[], rows: readonly (readonly (string | null)[])[]): string {
  const field = (value: string | null): string =>
    value === null ? '' : value === '' || /[",\r\n]/.test(value) || value !== value.trim() ? `"${value.replace(/"/g, '""')}"` : value;
  return [columns, ...rows].map((row) => `${row.map(field).join(',')}\n`).join('');
}
