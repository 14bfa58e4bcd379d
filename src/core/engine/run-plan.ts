import { readCsv } from '../project/csv.ts';
import { formatDate, formatMoment, parseMoment } from '../translate/runtime/calendar.ts';
import { formatType, type ValueType } from '../translate/value-type.ts';
import type { Cell, Engine } from './engine.ts';
import type { Plan, PlannedRelation } from './plan.ts';

/** What running a plan needs of its surroundings. */
export interface PlanSurroundings {
  /** Names of relations that the engine holds already; what is built is added. */
  readonly built: Set<string>;
  /** Reads a file of the project. */
  readFile(path: string): Promise<Uint8Array>;
  progress(relation: string): void;
  readonly signal: AbortSignal;
}

/** Builds what the engine does not hold yet, in order. */
export async function runPlan(engine: Engine, plan: Plan, around: PlanSurroundings): Promise<void> {
  for (const relation of plan.relations) {
    around.signal.throwIfAborted();
    if (around.built.has(relation.table.physical)) continue;
    around.progress(relation.name);
    await buildRelation(engine, relation, around);
    around.built.add(relation.table.physical);
  }
}

async function buildRelation(engine: Engine, { table, made }: PlannedRelation, around: PlanSurroundings): Promise<void> {
  const columns = table.columns.map(({ name, type }) => ({ name, type: formatType(type) }));
  switch (made.from) {
    case 'nothing':
      await engine.load(table.physical, columns, []);
      return;
    case 'query': {
      const name = quoteName(table.physical);
      await engine.execute(`drop table if exists ${name}`);
      await engine.execute(`create table ${name} as ${made.sql}`);
      return;
    }
    case 'sqlite':
      await engine.attach(await around.readFile(made.path), new Map([[made.table, table.physical]]));
      return;
    case 'csv': {
      const options = made.delimiter === undefined ? {} : { delimiter: made.delimiter };
      const csv = readCsv(await around.readFile(made.path), options);
      // Columns are matched by name: properties may declare them in another order than the file has them.
      const at = table.columns.map(({ name }) => csv.header.findIndex((written) => written.toLowerCase() === name.toLowerCase()));
      await engine.load(table.physical, columns, storedRows(csv.rows(), at, table.columns));
    }
  }
}

function* storedRows(
  rows: Iterable<readonly (string | null)[]>,
  at: readonly number[],
  columns: readonly { readonly type: ValueType }[],
): Generator<readonly Cell[]> {
  for (const row of rows) yield columns.map(({ type }, index) => toStored(row[at[index] ?? -1] ?? null, type));
}

/** A text of a CSV file as a value of its column's type; what is no such value stays the text that it is. */
export function toStored(text: string | null, type: ValueType): Cell {
  if (text === null) return null;
  switch (type.kind) {
    case 'integer':
      return /^[+-]?\d+$/.test(text.trim()) ? toInteger(text.trim()) : text;
    case 'float':
    case 'decimal':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
    case 'boolean':
      return /^(true|t|yes|1)$/i.test(text) ? true : /^(false|f|no|0)$/i.test(text) ? false : text;
    case 'date':
    case 'timestamp':
    case 'timestamptz': {
      const moment = parseMoment(text, true);
      return moment === undefined ? text : type.kind === 'date' ? formatDate(moment.days) : formatMoment(moment);
    }
    default:
      return text;
  }
}

function toInteger(text: string): Cell {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

/** A name of the engine, quoted. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
