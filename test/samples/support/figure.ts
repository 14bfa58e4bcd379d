import { expect } from 'vitest';
import { preview } from './headwater.ts';

export type Value = number | string | boolean | null;

/** What a model should say, computed from the raw files by other means. */
export interface Figure {
  /** Reads as a sentence after the model's name. */
  readonly says: string;
  readonly select: string;
  /** The columns that identify a row of the model. */
  readonly keys: readonly string[];
  /** key values joined by `|` → column → value; every row of the model must be here and every one here in the model. */
  readonly expected: ReadonlyMap<string, Readonly<Record<string, Value>>>;
  /** Digits after the point to which the model rounds. */
  readonly digits?: number;
}

/** Compares a figure with what Headwater's preview of the model shows, row by row. */
export async function checkFigure(project: string, figure: Figure): Promise<void> {
  checkRows(figure, (await preview(project, figure.select)).rows);
}

/** Compares a figure with rows of its model. */
export function checkRows(figure: Figure, rows: readonly Readonly<Record<string, unknown>>[]): void {
  const found = new Map(rows.map((row) => [figure.keys.map((key) => toKey(row[key])).join('|'), row]));
  expect([...found.keys()].sort()).toEqual([...figure.expected.keys()].sort());
  const tolerance = 0.5000001 * 10 ** -(figure.digits ?? 4);
  const differences: string[] = [];
  for (const [key, expected] of figure.expected)
    for (const [column, value] of Object.entries(expected)) {
      const actual = normal(found.get(key)?.[column]);
      const wanted = normal(value);
      const same =
        typeof wanted === 'number' && typeof actual === 'number'
          ? Math.abs(wanted - actual) <= tolerance + Math.abs(wanted) * 1e-12
          : wanted === actual;
      if (!same) differences.push(`${key} ${column}: expected ${wanted}, the preview says ${actual}`);
    }
  expect(differences).toEqual([]);
}

function normal(value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  const text = String(value);
  if (text !== '' && /^-?\d+(\.\d+)?$/.test(text) && !/^0\d/.test(text)) return Number(text);
  // Midnight and the day are the same thing to a person; engines differ in which one a month's first day is.
  return text.replace(/[ T]00:00:00(\.0+)?(\+00(:00)?|Z)?$/, '');
}

const toKey = (value: unknown): string => String(normal(value) ?? '');
