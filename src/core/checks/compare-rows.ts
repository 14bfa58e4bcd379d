import type { Cell } from '../engine/engine.ts';
import { toCell } from '../engine/run-sql.ts';
import type { ValueType } from '../translate/value-type.ts';
import type { Difference } from './result.ts';

/** Rows of equal columns, as they are stored. */
export interface ComparedRows {
  readonly columns: readonly { readonly name: string; readonly type: ValueType }[];
  readonly expected: readonly (readonly Cell[])[];
  readonly actual: readonly (readonly Cell[])[];
}

/** What two sets of rows differ in, their order aside; undefined where they hold the same rows equally often. */
export function compareRows({ columns, expected, actual }: ComparedRows): Difference | undefined {
  const show = (row: readonly Cell[]): readonly string[] => columns.map(({ type }, i) => showCell(row[i] ?? null, type));
  const wanted = expected.map(show);
  const got = actual.map(show);
  const missing = subtract(wanted, got);
  const unexpected = subtract(got, wanted);
  if (missing.length === 0 && unexpected.length === 0) return undefined;
  const names = columns.map((column) => column.name);
  const widths = names.map((name, i) => Math.max(name.length, ...[...wanted, ...got].map((row) => (row[i] ?? '').length)));
  const line = (row: readonly string[]): string =>
    row
      .map((text, i) => text.padEnd(widths[i] ?? 0))
      .join(' | ')
      .trimEnd();
  const table = (rows: readonly (readonly string[])[]): string => [line(names), ...rows.map(line).sort()].join('\n');
  return { expected: table(wanted), actual: table(got), missing: missing.map(line), unexpected: unexpected.map(line) };
}

function subtract(from: readonly (readonly string[])[], rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const key = JSON.stringify(row);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return from.filter((row) => {
    const key = JSON.stringify(row);
    const left = counts.get(key) ?? 0;
    if (left > 0) counts.set(key, left - 1);
    return left === 0;
  });
}

/** A stored value as text that is equal for equal values: `NULL`, numbers without the noise of doubles, JSON in the order of its keys. */
export function showCell(stored: Cell, type: ValueType): string {
  const value = toCell(stored, type);
  if (value === null) return 'NULL';
  if (value instanceof Uint8Array) return `x'${Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('')}'`;
  if (typeof value === 'number') return String(Number(value.toPrecision(15)));
  if (typeof value === 'boolean') return type.kind === 'unknown' ? String(Number(value)) : String(value);
  if (typeof value !== 'string') return String(value);
  switch (type.kind) {
    case 'array':
    case 'struct':
    case 'map':
    case 'json':
    case 'variant':
      return sortedJson(value);
    case 'timestamp':
    case 'timestamptz':
      return value.includes('.') ? value.replace('T', ' ').replace(/\.?0+$/, '') : value.replace('T', ' ');
    default:
      return value;
  }
}

function sortedJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), (_key, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    );
  } catch {
    return text;
  }
}
