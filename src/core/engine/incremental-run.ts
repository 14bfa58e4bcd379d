import type { ModelNode } from '../project/node.ts';
import type { KnownTable, TableColumn } from '../translate/table.ts';
import type { IncrementalPlan } from './incremental.ts';
import { underAlias } from './incremental.ts';
import type { TableMaker } from './table-maker.ts';
import { quote } from './work.ts';

/** What a run did to an incremental model's table, in one sentence, and the table that it left. */
export interface Increment {
  readonly table: KnownTable;
  readonly note: string;
}

/**
 * The table of an incremental model after a run: `before` is what the run before left, `rows` what this run's SQL gave. `window` is the
 * condition on a microbatch's own time, under which rows of before are replaced.
 */
export async function applyIncrement(
  maker: TableMaker,
  node: ModelNode,
  plan: IncrementalPlan,
  before: KnownTable,
  rows: KnownTable,
  physical: string,
  window?: string,
): Promise<Increment> {
  const { engine } = maker;
  const columns = joinColumns(maker, node, plan, before.columns, rows.columns);
  const [dest, source, pairs] = [`${physical}:dest`, `${physical}:source`, `${physical}:pairs`];
  const drop = async (): Promise<void> => {
    for (const name of [dest, source, pairs]) await engine.execute(`drop table if exists ${quote(name)}`);
  };
  await drop();
  await engine.execute(`create table ${quote(dest)} as select row_number() over () as hw_row, * from ${quote(before.physical)}`);
  await engine.execute(`create table ${quote(source)} as select row_number() over () as hw_row, * from ${quote(rows.physical)}`);
  const row: TableColumn = { name: 'hw_row', type: { kind: 'integer' } };
  const tables = new Map<string, KnownTable>([
    ['hw_dest', { physical: dest, columns: [row, ...before.columns] }],
    ['hw_source', { physical: source, columns: [row, ...rows.columns] }],
  ]);
  try {
    const paired = plan.strategy === 'merge' && plan.uniqueKey.length > 0;
    const replaced = paired ? pairQuery(plan) : replacedQuery(plan, window);
    if (replaced !== undefined) await maker.fromText(pairs, replaced, tables, `The incremental strategy of '${node.name}'`);
    if (paired) await refuseTwice(maker, node, plan, pairs);
    const pick = (from: readonly TableColumn[], alias: string) =>
      columns.map((column) => {
        const own = findColumn(from, column.name);
        return own === undefined ? 'null' : `${alias}.${quote(own.name)}`;
      });
    const ofDest = pick(before.columns, 'd');
    const ofSource = pick(rows.columns, 's');
    const named = (list: readonly string[]): string => list.map((one, i) => `${one} as ${quote(columns[i]?.name ?? '')}`).join(', ');
    const added = `select ${named(ofSource)} from ${quote(source)} as s`;
    let whole: string;
    if (paired) {
      const merged = columns.map((column, i) =>
        plan.updates?.(column.name) === false || findColumn(rows.columns, column.name) === undefined
          ? ofDest[i]
          : `case when p.s_row is null then ${ofDest[i]} else ${ofSource[i]} end`,
      );
      whole = `select ${named(merged.map(String))} from ${quote(dest)} as d left join ${quote(pairs)} as p on p.d_row = d.hw_row
        left join ${quote(source)} as s on s.hw_row = p.s_row
        union all ${added} where not exists (select 1 from ${quote(pairs)} as p where p.s_row = s.hw_row)`;
    } else {
      const kept = replaced === undefined ? '' : ` where not exists (select 1 from ${quote(pairs)} as p where p.d_row = d.hw_row)`;
      whole = `select ${named(ofDest)} from ${quote(dest)} as d${kept} union all ${added}`;
    }
    await engine.execute(`drop table if exists ${quote(physical)}`);
    await engine.execute(`create table ${quote(physical)} as ${whole}`);
    const hit = replaced === undefined ? 0 : await maker.count(pairs);
    const note = tell(node, plan, paired, await maker.count(before.physical), await maker.count(rows.physical), hit);
    return { table: { physical, columns }, note };
  } finally {
    await drop();
  }
}

/** Which row of the increment meets which row that is there. */
function pairQuery(plan: IncrementalPlan): string {
  const keys = plan.uniqueKey.map((key) => `DBT_INTERNAL_DEST.${key} = DBT_INTERNAL_SOURCE.${key}`);
  const on = [...keys, ...plan.predicates.map((predicate) => `(${predicate})`)].join(' and ');
  return `select DBT_INTERNAL_DEST.hw_row as d_row, DBT_INTERNAL_SOURCE.hw_row as s_row from hw_dest as DBT_INTERNAL_DEST join hw_source as DBT_INTERNAL_SOURCE on ${on}`;
}

/** Which rows that are there go before the increment is added; undefined where none do. */
function replacedQuery(plan: IncrementalPlan, window: string | undefined): string | undefined {
  const select = 'select DBT_INTERNAL_DEST.hw_row as d_row from hw_dest as DBT_INTERNAL_DEST';
  const also = plan.predicates.map((predicate) => ` and (${predicate})`).join('');
  if (plan.strategy === 'microbatch') return window === undefined ? undefined : `${select} where ${window}${also}`;
  if (plan.strategy === 'insert_overwrite') {
    const [only] = plan.partitionBy;
    if (only === undefined) return select;
    if (plan.partitions !== undefined) return `${select} where ${underAlias(only, 'DBT_INTERNAL_DEST')} in (${plan.partitions.join(', ')})`;
    return `${select} where exists (select 1 from hw_source as DBT_INTERNAL_SOURCE where ${plan.partitionBy
      .map((one) => `${underAlias(one, 'DBT_INTERNAL_DEST')} = ${underAlias(one, 'DBT_INTERNAL_SOURCE')}`)
      .join(' and ')})`;
  }
  if (plan.strategy !== 'delete+insert' || plan.uniqueKey.length === 0) return undefined;
  const keys = plan.uniqueKey.map((key) => `DBT_INTERNAL_DEST.${key} = DBT_INTERNAL_SOURCE.${key}`).join(' and ');
  return `${select} where exists (select 1 from hw_source as DBT_INTERNAL_SOURCE where ${keys})${also}`;
}

/** MERGE may touch a row once: every warehouse refuses an increment that has two rows for it. */
async function refuseTwice(maker: TableMaker, node: ModelNode, plan: IncrementalPlan, pairs: string): Promise<void> {
  const twice = await maker.engine.query(
    `select count(*) from (select d_row from ${quote(pairs)} group by d_row having count(*) > 1) as t`,
    { offset: 0, limit: 1 },
  );
  const count = Number(twice.rows[0]?.[0] ?? 0);
  if (count > 0)
    maker.stop(
      node,
      `The run has several rows for the same ${plan.uniqueKey.join(', ')} in ${count === 1 ? '1 case' : `${count} cases`}: a MERGE fails on that in the warehouse too.`,
    );
}

/** The columns of the table after the run, as `on_schema_change` decides. */
function joinColumns(
  maker: TableMaker,
  node: ModelNode,
  plan: IncrementalPlan,
  before: readonly TableColumn[],
  rows: readonly TableColumn[],
): readonly TableColumn[] {
  const added = rows.filter((column) => findColumn(before, column.name) === undefined);
  const gone = before.filter((column) => findColumn(rows, column.name) === undefined);
  const list = (columns: readonly TableColumn[]): string => columns.map((column) => `'${column.name}'`).join(', ');
  switch (plan.onSchemaChange) {
    case 'fail':
      if (added.length > 0 || gone.length > 0)
        maker.stop(
          node,
          `The columns of '${node.name}' have changed (new: ${list(added) || 'none'}; gone: ${list(gone) || 'none'}), and on_schema_change is 'fail': build it with a full refresh.`,
        );
      return before;
    case 'sync_all_columns':
      return [...before.filter((column) => !gone.includes(column)), ...added];
    case 'append_new_columns':
      return [...before, ...added];
    case 'ignore':
      if (gone.length > 0)
        maker.stop(
          node,
          `The run does not give ${list(gone)}, which the table has: with on_schema_change 'ignore' the insert fails in the warehouse too.`,
        );
      return before;
  }
}

function findColumn(columns: readonly TableColumn[], name: string): TableColumn | undefined {
  return columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
}

function tell(node: ModelNode, plan: IncrementalPlan, paired: boolean, before: number, rows: number, hit: number): string {
  const key = plan.uniqueKey.length === 0 ? '' : ` by ${plan.uniqueKey.join(', ')}`;
  const what = paired ? `${hit} updated, ${rows - hit} inserted${key}` : `${hit} deleted, ${rows} inserted${hit > 0 ? key : ''}`;
  return `'${node.name}' is incremental: this run gave ${rows} rows on top of ${before} (${plan.strategy}: ${what}).`;
}
