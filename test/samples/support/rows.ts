import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import initSqlJs from 'sql.js';

/** A row as its file has it: text, or nothing. Deliberately none of the product's own readers, which are what is being checked. */
export type Row = Readonly<Record<string, string>>;

export const samplesFolder = join(import.meta.dirname, '..', '..', '..', 'samples');

/** The rows of a CSV file of a sample. */
export function readRows(sample: string, file: string): Row[] {
  const text = readFileSync(join(samplesFolder, sample, file), 'utf8');
  const lines: string[][] = [[]];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]!;
    const line = lines[lines.length - 1]!;
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (text[at + 1] === '"') {
        cell += '"';
        at++;
      } else quoted = false;
    } else if (letter === '"') quoted = true;
    else if (letter === ',' || letter === '\n') {
      line.push(cell);
      cell = '';
      if (letter === '\n') lines.push([]);
    } else cell += letter;
  }
  const [header = [], ...rest] = lines.filter((line) => line.length > 0);
  return rest.map((line) => Object.fromEntries(header.map((name, at) => [name, line[at] ?? ''])));
}

/** The tables of SQLite files of a sample, later files laid over earlier ones by `keys`: table → column that identifies a row. */
export async function readTables(
  sample: string,
  files: readonly string[],
  keys: Readonly<Record<string, string>>,
): Promise<(table: string) => Row[]> {
  const folder = dirname(createRequire(import.meta.url).resolve('sql.js'));
  const SQL = await initSqlJs({ locateFile: (file) => join(folder, file) });
  const tables = new Map<string, Row[]>();
  for (const file of files) {
    const database = new SQL.Database(readFileSync(join(samplesFolder, sample, file)));
    for (const [table] of database.exec("select name from sqlite_master where type = 'table'")[0]?.values ?? []) {
      const name = String(table);
      const result = database.exec(`select * from ${name}`)[0];
      const rows = (result?.values ?? []).map((values) =>
        Object.fromEntries(result!.columns.map((column, at) => [column, values[at] === null ? '' : String(values[at])])),
      );
      const key = keys[name];
      const before = tables.get(name) ?? [];
      const replaced = new Set(key === undefined ? [] : rows.map((row) => row[key]));
      tables.set(name, [...before.filter((row) => key === undefined || !replaced.has(row[key])), ...rows]);
    }
    database.close();
  }
  return (table) => tables.get(table) ?? [];
}

/** Rows in groups by what `key` says of them. */
export function groupBy<T>(rows: Iterable<T>, key: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const name = key(row);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [row]);
    else group.push(row);
  }
  return groups;
}

/** The first row for each value of `key`. */
export function firstBy<T>(rows: Iterable<T>, key: (row: T) => string): T[] {
  return [...groupBy(rows, key).values()].map((group) => group[0]!);
}

export const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);
export const average = (values: readonly number[]): number | null => (values.length === 0 ? null : sum(values) / values.length);
export const divide = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

const day = 86_400_000;
/** Days of the calendar from one moment to another. */
export const daysBetween = (earlier: string, later: string): number =>
  (Date.parse(`${later.slice(0, 10)}T00:00:00Z`) - Date.parse(`${earlier.slice(0, 10)}T00:00:00Z`)) / day;
export const hoursBetween = (earlier: string, later: string): number => (toMoment(later) - toMoment(earlier)) / 3_600_000;
export const toMoment = (text: string): number => Date.parse(`${text.replace(' ', 'T')}Z`);
export const monthOf = (text: string): string => `${text.slice(0, 7)}-01`;
/** The first days of the months from one to another, both included. */
export function monthsBetween(first: string, last: string): string[] {
  const months: string[] = [];
  for (let month = monthOf(first); month <= monthOf(last); month = nextMonth(month)) months.push(month);
  return months;
}
export const nextMonth = (month: string): string =>
  new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)), 1)).toISOString().slice(0, 10);
export const lastDayOf = (month: string): string => new Date(Date.parse(`${nextMonth(month)}T00:00:00Z`) - day).toISOString().slice(0, 10);
/** `financial services` → `Financial Services` */
export const inCapitals = (label: string): string =>
  label
    .trim()
    .toLowerCase()
    .replace(/(^|[^a-z0-9])([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase());
