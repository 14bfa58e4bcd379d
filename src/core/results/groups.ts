import type { Cell, Engine } from '../engine/engine.ts';
import { toCell } from '../engine/run-sql.ts';
import { quote } from '../engine/work.ts';
import type { TableColumn } from '../translate/table.ts';
import { isNumeric, type ValueType } from '../translate/value-type.ts';

/** A value and how many rows have it. */
export interface ValueCount {
  readonly value: Cell;
  readonly count: number;
}

/** A column with its values grouped: `v` is a value that is not NULL, `n` how many rows have it. */
export interface Groups {
  readonly engine: Engine;
  /** The groups as FROM reads them. */
  readonly from: string;
  readonly type: ValueType;
  readonly rowCount: number;
  /** Rows with a value. */
  readonly present: number;
  readonly distinct: number;
  readonly min: Cell;
  readonly max: Cell;
  readonly mean: number | null;
  drop(): Promise<void>;
}

const groupsTable = quote('profile:groups');

/** So many rows tell whether a column seems to be a key. */
const rowsTried = 20_000;

/** Groups the values of a column of what FROM reads as `from`. One whose values are all different is not grouped at all, which takes half the time. */
export async function groupValues(engine: Engine, from: string, column: TableColumn, rowCount: number): Promise<Groups> {
  const name = quote(column.name);
  const present = `select ${name} as v, 1 as n from ${from} where ${name} is not null`;
  const base = { engine, type: column.type, rowCount };
  if (
    rowCount >= rowsTried &&
    (await isUnique(engine, `select * from (${present}) as p limit ${rowsTried}`)) &&
    (await isUnique(engine, present))
  )
    return { ...base, ...(await measure(engine, `(${present}) as g`, column.type)), from: `(${present}) as g`, drop: async () => {} };
  await engine.execute(`drop table if exists ${groupsTable}`);
  await engine.execute(
    `create table ${groupsTable} as select ${name} as v, count(*) as n from ${from} where ${name} is not null group by ${name}`,
  );
  return {
    ...base,
    ...(await measure(engine, groupsTable, column.type)),
    from: groupsTable,
    drop: () => engine.execute(`drop table if exists ${groupsTable}`),
  };
}

/** Values with their counts, the most frequent first; `where` narrows them. */
export async function readValues({ engine, type, from }: Groups, limit: number, where = ''): Promise<readonly ValueCount[]> {
  const sql = `select v, n from ${from}${where === '' ? '' : ` where ${where}`} order by n desc, v`;
  const { rows } = await engine.query(sql, { offset: 0, limit });
  return rows.map(([value = null, count = 0]) => ({ value: toCell(value, type), count: Number(count) }));
}

/** The first row of a query over the groups, as numbers. */
export async function readNumbers({ engine }: Groups, sql: string): Promise<readonly number[]> {
  const { rows } = await engine.query(sql, { offset: 0, limit: 1 });
  return (rows[0] ?? []).map(Number);
}

async function isUnique(engine: Engine, sql: string): Promise<boolean> {
  const { rows } = await engine.query(`select count(v), count(distinct v) from (${sql}) as u`, { offset: 0, limit: 1 });
  return Number(rows[0]?.[0]) === Number(rows[0]?.[1]) && Number(rows[0]?.[0]) > 0;
}

async function measure(engine: Engine, from: string, type: ValueType) {
  const mean = isNumeric(type) ? 'sum(cast(v as double precision) * n) / sum(n)' : 'null';
  const sql = `select coalesce(sum(n), 0), count(*), min(v), max(v), ${mean} from ${from}`;
  const [[present = 0, distinct = 0, min = null, max = null, average = null] = []] = (await engine.query(sql, { offset: 0, limit: 1 }))
    .rows;
  return {
    present: Number(present),
    distinct: Number(distinct),
    min: toCell(min, type),
    max: toCell(max, type),
    mean: average === null ? null : Number(Number(average).toPrecision(15)),
  };
}
