import type { SnapshotNode } from '../project/node.ts';

/** How a snapshot tells versions of a row apart, as its configuration says. */
export interface SnapshotPlan {
  readonly strategy: 'timestamp' | 'check';
  readonly uniqueKey: readonly string[];
  /** The expression for when a version was written; undefined stands for the moment of the run. */
  readonly updatedAt?: string;
  /** The columns whose values are compared; `all` means every one of the query. */
  readonly checkColumns: readonly string[] | 'all';
  readonly hardDeletes: 'ignore' | 'invalidate' | 'new_record';
  /** The expression that `dbt_valid_to` has in current rows; undefined stands for NULL. */
  readonly current?: string;
  readonly names: SnapshotNames;
}

/** The columns that a snapshot adds, by the names that the project gives them. */
export interface SnapshotNames {
  readonly id: string;
  readonly updated: string;
  readonly from: string;
  readonly to: string;
  readonly deleted: string;
}

/** Reads a snapshot's configuration; a text says in one sentence what it lacks. */
export function readSnapshot(node: SnapshotNode): SnapshotPlan | string {
  const { config } = node;
  const uniqueKey = toTexts(config.unique_key);
  if (uniqueKey.length === 0) return `The snapshot '${node.name}' has no unique_key, by which dbt tells rows apart.`;
  const strategy = String(config.strategy ?? '');
  if (strategy !== 'timestamp' && strategy !== 'check')
    return `The snapshot '${node.name}' has the strategy '${strategy}': a preview runs 'timestamp' and 'check'.`;
  const updatedAt = typeof config.updated_at === 'string' && config.updated_at !== '' ? config.updated_at : undefined;
  if (strategy === 'timestamp' && updatedAt === undefined)
    return `The snapshot '${node.name}' has the strategy 'timestamp' and no updated_at.`;
  const check = config.check_cols;
  if (strategy === 'check' && check !== 'all' && toTexts(check).length === 0)
    return `The snapshot '${node.name}' has the strategy 'check' and no check_cols.`;
  const written =
    typeof config.snapshot_meta_column_names === 'object' ? (config.snapshot_meta_column_names as Record<string, unknown>) : {};
  const named = (name: string): string => (typeof written?.[name] === 'string' ? (written[name] as string) : name);
  const deletes = config.hard_deletes;
  const current = config.dbt_valid_to_current;
  return {
    strategy,
    uniqueKey,
    ...(updatedAt === undefined ? {} : { updatedAt }),
    checkColumns: check === 'all' ? 'all' : toTexts(check),
    hardDeletes:
      deletes === 'invalidate' || deletes === 'new_record' ? deletes : config.invalidate_hard_deletes === true ? 'invalidate' : 'ignore',
    ...(typeof current === 'string' && current !== '' ? { current } : {}),
    names: {
      id: named('dbt_scd_id'),
      updated: named('dbt_updated_at'),
      from: named('dbt_valid_from'),
      to: named('dbt_valid_to'),
      deleted: named('dbt_is_deleted'),
    },
  };
}

function toTexts(value: unknown): readonly string[] {
  if (value === undefined || value === null || value === '') return [];
  return [value].flat().flatMap((item) => (item === null || item === undefined ? [] : [String(item)]));
}
