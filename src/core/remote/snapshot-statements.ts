import type { SnapshotPlan } from '../engine/snapshot-config.ts';
import { quote, type WrittenName, written } from './statements.ts';

/** The expressions that dbt's own macros give for a snapshot. */
export interface SnapshotExpressions {
  /** `snapshot_hash_arguments` over the unique key and the time of the version. */
  readonly id: string;
  /** The moment of the run. */
  readonly now: string;
}

interface Named {
  readonly name: string;
  readonly type: string;
}

/** The statements of a snapshot's first run: every row becomes the version that holds. */
export function firstSnapshot(target: WrittenName, rows: string, plan: SnapshotPlan, expressions: SnapshotExpressions): readonly string[] {
  return [`create table ${written(target)} as select *, ${versionColumns(plan, expressions)} from ${rows} as sbq`];
}

/** The statements of a run on top of what the runs before left: versions that changed end, and new ones begin. */
export function nextSnapshot(
  target: WrittenName,
  rows: string,
  plan: SnapshotPlan,
  expressions: SnapshotExpressions,
  columns: { readonly before: readonly Named[]; readonly rows: readonly Named[]; readonly temporarySchema: string },
): readonly string[] | string {
  const { names, hardDeletes } = plan;
  const has = (name: string): boolean => columns.before.some((column) => column.name === name);
  const added = columns.rows.filter(({ name }) => !has(name));
  const own = columns.rows.map(({ name }) => name);
  if (hardDeletes === 'new_record') return "The snapshot's 'hard_deletes: new_record' is not run on a target yet.";
  const keys = plan.uniqueKey.map((key, i) => `${key} as hw_key_${i}`).join(', ');
  const same = plan.uniqueKey.map((_, i) => `s.hw_key_${i} = d.hw_key_${i}`).join(' and ');
  const open = `${quote(names.to)} is null${plan.current === undefined ? '' : ` or ${quote(names.to)} = ${plan.current}`}`;
  const compared = plan.checkColumns === 'all' ? own : plan.checkColumns.map((name) => name.toLowerCase());
  const isNew = compared.some((name) => !has(name));
  const changed =
    plan.strategy === 'timestamp'
      ? `d.${quote(names.from)} < s.hw_updated`
      : isNew
        ? 'true'
        : compared.map((name) => `s.${quote(name)} is distinct from d.${quote(name)}`).join(' or ') || 'false';
  const [source, current, fresh] = ['"hw_snapshot_source"', '"hw_snapshot_current"', '"hw_snapshot_changed"'];
  const list = own.map(quote).join(', ');
  return [
    ...[source, current, fresh].map((name) => `drop table if exists ${columns.temporarySchema}.${name}`),
    `create temporary table ${source} as select *, ${keys}, ${plan.updatedAt ?? expressions.now} as hw_updated, ${versionColumns(plan, expressions)} from ${rows} as sbq`,
    `create temporary table ${current} as select *, ${keys} from ${written(target)} where ${open}`,
    `create temporary table ${fresh} as select s.*, d.${quote(names.id)} as hw_former from ${source} as s left join ${current} as d on ${same} where d.${quote(names.id)} is null or ${changed}`,
    ...added.map(({ name, type }) => `alter table ${written(target)} add column ${quote(name)} ${type}`),
    `update ${written(target)} as d set ${quote(names.to)} = s.hw_updated from ${fresh} as s where d.${quote(names.id)} = s.hw_former`,
    ...(hardDeletes === 'invalidate'
      ? [
          `update ${written(target)} as t set ${quote(names.to)} = ${expressions.now} from ${current} as d where t.${quote(names.id)} = d.${quote(names.id)} and not exists (select 1 from ${source} as s where ${same})`,
        ]
      : []),
    `insert into ${written(target)} (${list}, ${metaNames(plan)}) select ${list}, ${metaNames(plan)} from ${fresh}`,
  ];
}

function metaNames({ names }: SnapshotPlan): string {
  return [names.id, names.updated, names.from, names.to].map(quote).join(', ');
}

function versionColumns(plan: SnapshotPlan, { id, now }: SnapshotExpressions): string {
  const { names } = plan;
  const updated = plan.updatedAt ?? now;
  return [
    `${id} as ${quote(names.id)}`,
    `${updated} as ${quote(names.updated)}`,
    `${updated} as ${quote(names.from)}`,
    `coalesce(nullif(${updated}, ${updated}), ${plan.current ?? 'null'}) as ${quote(names.to)}`,
  ].join(', ');
}
