import type { Cell } from '../engine/engine.ts';
import { toStored } from '../engine/seed-rows.ts';
import { readCsv } from '../project/csv.ts';
import type { UnitTestRows } from '../project/node.ts';
import { findNearest } from '../text/nearest.ts';
import type { TableColumn } from '../translate/table.ts';
import { types, type ValueType } from '../translate/value-type.ts';

/** Rows as a unit test writes them: the names of the columns in their order, and a value or nothing for each. */
export interface WrittenRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** Reads rows written as mappings or as CSV; a column that a mapping leaves out has no value in that row. */
export function readWrittenRows(written: UnitTestRows, text: string | undefined): WrittenRows {
  const content = text ?? written.rows;
  if (typeof content === 'string') {
    const csv = readCsv(content);
    return { columns: csv.header, rows: [...csv.rows()] };
  }
  const columns = new Map<string, string>();
  for (const row of content)
    for (const name of Object.keys(row)) if (!columns.has(name.toLowerCase())) columns.set(name.toLowerCase(), name);
  const rows = content.map((row) => {
    const values = new Map(Object.entries(row).map(([name, value]) => [name.toLowerCase(), value]));
    return [...columns.keys()].map((name) => values.get(name) ?? null);
  });
  return { columns: [...columns.values()], rows };
}

/** Rows that stand in for a relation. */
export interface StandIn {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly Cell[])[];
}

/**
 * Fits written rows into the columns of a relation: what is not written is NULL. `open` says that the relation's columns are not all
 * known, so that others may be written; else the answer is the sentence that names the column nobody has.
 */
export function toStandIn(written: WrittenRows, known: readonly TableColumn[], open: boolean, label: string): StandIn | string {
  const names = new Map(known.map((column) => [column.name.toLowerCase(), column]));
  const stranger = written.columns.find((name) => !names.has(name.toLowerCase()));
  if (stranger !== undefined && !open) {
    const near = findNearest(
      stranger,
      known.map((column) => column.name),
    );
    const hint = near === undefined ? `It has ${known.map((column) => column.name).join(', ')}.` : `Did you mean '${near}'?`;
    return `${label} has no column '${stranger}'. ${hint}`;
  }
  const added = written.columns.filter((name) => !names.has(name.toLowerCase())).map((name) => ({ name, type: types.unknown }));
  const at = new Map(written.columns.map((name, index) => [name.toLowerCase(), index]));
  const columns = [...known, ...added].map((column): TableColumn => {
    const index = at.get(column.name.toLowerCase());
    if (column.type.kind !== 'unknown' || index === undefined) return column;
    return { name: column.name, type: guessType(written.rows.map((row) => row[index] ?? null)) };
  });
  const places = columns.map((column) => at.get(column.name.toLowerCase()));
  const rows = written.rows.map((row) =>
    columns.map((column, i) => {
      const place = places[i];
      return place === undefined ? null : toStoredValue(row[place], column.type);
    }),
  );
  return { columns, rows };
}

/** A value as YAML or CSV gives it, as it is stored under a type. */
export function toStoredValue(value: unknown, type: ValueType): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'object' && !(value instanceof Date)) return JSON.stringify(value);
  if (typeof value === 'boolean' && (type.kind === 'boolean' || type.kind === 'unknown')) return value;
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && (type.kind === 'unknown' || type.kind === 'integer' || type.kind === 'float' || type.kind === 'decimal'))
    return value;
  return toStored(writtenText(value), type);
}

function writtenText(value: unknown): string {
  if (!(value instanceof Date)) return String(value);
  const iso = value.toISOString();
  return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : iso.replace('T', ' ').replace(/(?:\.000)?Z$/, '');
}

/** The type of a column that only its written values tell of. */
function guessType(values: readonly unknown[]): ValueType {
  const present = values.filter((value) => value !== null);
  if (present.length === 0) return types.unknown;
  if (present.every((value) => typeof value === 'boolean')) return types.boolean;
  if (present.every((value) => typeof value === 'number')) return present.every(Number.isInteger) ? types.integer : types.decimal;
  if (present.every((value) => value instanceof Date || (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value))))
    return present.every((value) => writtenText(value).length === 10) ? types.date : types.timestamp;
  if (present.every((value) => value instanceof Date || (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}/.test(value))))
    return types.timestamp;
  return types.string;
}
