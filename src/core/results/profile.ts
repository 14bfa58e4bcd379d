import type { Cell, Engine, EngineColumn } from '../engine/engine.ts';
import { quote } from '../engine/work.ts';
import type { Cancelled } from '../erd/measure.ts';
import type { KnownTable, TableColumn } from '../translate/table.ts';
import { isNested, isNumeric } from '../translate/value-type.ts';
import type { ColumnFacts } from './column-facts.ts';
import { findInColumn, findInNumbers } from './findings.ts';
import { groupValues, readValues } from './groups.ts';
import { findInTexts } from './text-findings.ts';

/** What the values of one column look like. */
export interface ColumnProfile {
  readonly name: string;
  /** As the project's dialect spells it; empty where it is unknown. */
  readonly type: string;
  readonly nulls: number;
  /** How many different values there are, NULL not among them. */
  readonly distinct: number;
  /** Whether there is a value and none occurs twice. */
  readonly unique: boolean;
  /** Null for values without an order of their own, such as JSON. */
  readonly min: Cell;
  readonly max: Cell;
  /** Of numbers only. */
  readonly mean: number | null;
  /** The most frequent values; of equally frequent ones the least first. */
  readonly top: readonly (readonly [value: Cell, count: number])[];
  /** What stands out, in sentences. */
  readonly findings: readonly string[];
}

/** What the values of a table look like, column by column. */
export interface TableProfile {
  readonly rowCount: number;
  readonly columns: readonly ColumnProfile[];
}

export interface ProfileOptions {
  /** The moment of CURRENT_DATE: dates after it are in the future. */
  readonly now: string;
  /** The types as they are shown, by position. */
  readonly shown: readonly EngineColumn[];
  /** What the project declares of a column, by its name in lower case. */
  readonly facts?: ReadonlyMap<string, ColumnFacts>;
  readonly signal?: Cancelled | undefined;
  /** Called before each column is counted. */
  tell?(name: string, at: number, of: number): void;
}

/** So many of the most frequent values are listed. */
const valuesListed = 10;

/** Counts every column of a table where it lies: its values are grouped once, and every other question goes to the groups. */
export async function profileTable(engine: Engine, table: KnownTable, options: ProfileOptions): Promise<TableProfile> {
  const { rows } = await engine.query(`select count(*) from ${quote(table.physical)}`, { offset: 0, limit: 1 });
  const rowCount = Number(rows[0]?.[0] ?? 0);
  const columns: ColumnProfile[] = [];
  for (const [at, column] of table.columns.entries()) {
    options.signal?.throwIfAborted();
    options.tell?.(column.name, at + 1, table.columns.length);
    const shownType = options.shown[at]?.type ?? '';
    const facts = options.facts?.get(column.name.toLowerCase());
    const profile = await profileColumn(engine, quote(table.physical), column, rowCount, { now: options.now, facts });
    columns.push({ ...profile, type: shownType });
  }
  return { rowCount, columns };
}

/** Counts one column of what FROM reads as `from`; its type is left to who shows it. */
export async function profileColumn(
  engine: Engine,
  from: string,
  column: TableColumn,
  rowCount: number,
  { now, facts }: { readonly now: string; readonly facts: ColumnFacts | undefined },
): Promise<ColumnProfile> {
  const groups = await groupValues(engine, from, column, rowCount);
  try {
    const { type, present, distinct, min, max, mean } = groups;
    const top = await readValues(groups, valuesListed);
    const findings = [
      ...(await findInColumn(groups, facts, now)),
      ...(isNumeric(type) ? await findInNumbers(groups) : []),
      ...(type.kind === 'string' ? await findInTexts(groups) : []),
    ];
    return {
      name: column.name,
      type: '',
      nulls: rowCount - present,
      distinct,
      unique: present > 0 && distinct === present,
      min: isNested(type) ? null : min,
      max: isNested(type) ? null : max,
      mean,
      top: top.map(({ value, count }) => [value, count] as const),
      findings,
    };
  } finally {
    await groups.drop();
  }
}
