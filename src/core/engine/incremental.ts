import type { ModelNode } from '../project/node.ts';

/** How an incremental model takes in what a run brings, as its configuration says. */
export interface IncrementalPlan {
  readonly strategy: 'append' | 'merge' | 'delete+insert' | 'insert_overwrite' | 'microbatch';
  /** Columns or expressions; empty where rows cannot be told apart. */
  readonly uniqueKey: readonly string[];
  readonly predicates: readonly string[];
  /** The columns that a matched row takes over; undefined means all. */
  readonly updates?: (column: string) => boolean;
  readonly onSchemaChange: 'ignore' | 'append_new_columns' | 'sync_all_columns' | 'fail';
  /** What `insert_overwrite` replaces rows by: expressions over a row; empty replaces everything. */
  readonly partitionBy: readonly string[];
  /** The partitions that are replaced, as SQL, where they are named. */
  readonly partitions?: readonly string[];
}

const strategies = ['append', 'merge', 'delete+insert', 'insert_overwrite', 'microbatch'] as const;
const onSchemaChanges = ['ignore', 'append_new_columns', 'sync_all_columns', 'fail'] as const;

/** What dbt's adapters do where a model names no strategy. */
const mergesByDefault = new Set(['snowflake', 'bigquery', 'databricks']);
const appendsByDefault = new Set(['spark', 'trino']);

/** Reads an incremental model's configuration; a text says in one sentence why it cannot be followed. */
export function readIncremental(node: ModelNode, adapter: string): IncrementalPlan | string {
  const { config } = node;
  const uniqueKey = toTexts(config.unique_key);
  const named = config.incremental_strategy ?? config.strategy;
  const strategy =
    named === undefined || named === null || named === 'default'
      ? defaultStrategy(adapter, uniqueKey.length > 0)
      : strategies.find((one) => one === String(named).toLowerCase());
  if (strategy === undefined)
    return `'${node.name}' asks for the incremental strategy '${String(named)}', which a preview cannot run: it knows ${strategies.join(', ')}.`;
  const only = toTexts(config.merge_update_columns).map(lower);
  const without = toTexts(config.merge_exclude_columns).map(lower);
  const partition = readPartition(config.partition_by, adapter);
  if (strategy === 'insert_overwrite' && adapter === 'bigquery' && partition.length === 0)
    return `'${node.name}' overwrites partitions but names none: BigQuery wants partition_by for insert_overwrite.`;
  return {
    strategy,
    uniqueKey,
    predicates: toTexts(config.incremental_predicates ?? config.predicates),
    ...(only.length > 0
      ? { updates: (column: string) => only.includes(column.toLowerCase()) }
      : without.length > 0
        ? { updates: (column: string) => !without.includes(column.toLowerCase()) }
        : {}),
    onSchemaChange: onSchemaChanges.find((one) => one === config.on_schema_change) ?? 'ignore',
    partitionBy: partition,
    ...(Array.isArray(config.partitions) && config.partitions.length > 0 ? { partitions: toTexts(config.partitions) } : {}),
  };
}

function defaultStrategy(adapter: string, hasKey: boolean): IncrementalPlan['strategy'] {
  if (mergesByDefault.has(adapter)) return 'merge';
  if (adapter === 'athena') return 'insert_overwrite';
  return hasKey && !appendsByDefault.has(adapter) ? 'delete+insert' : 'append';
}

/** `partition_by` as expressions over a row: names, or BigQuery's mapping of field, data type and granularity. */
function readPartition(written: unknown, adapter: string): readonly string[] {
  if (typeof written !== 'object' || written === null || Array.isArray(written)) return toTexts(written);
  const { field, data_type, granularity, range } = written as Readonly<Record<string, unknown>>;
  if (typeof field !== 'string') return [];
  const type = String(data_type ?? 'date').toLowerCase();
  const grain = String(granularity ?? 'day').toLowerCase();
  if (adapter !== 'bigquery') return [field];
  if (type === 'int64' && typeof range === 'object' && range !== null) {
    const { start, interval } = range as Readonly<Record<string, unknown>>;
    return [`div({}${field} - ${Number(start ?? 0)}, ${Number(interval ?? 1)})`];
  }
  if (type === 'timestamp' || type === 'datetime') return [`${type}_trunc({}${field}, ${grain})`];
  return grain === 'day' ? [field] : [`date_trunc({}${field}, ${grain})`];
}

/** An expression over a row, under the alias that the row goes by. */
export function underAlias(expression: string, alias: string): string {
  return expression.includes('{}') ? expression.replaceAll('{}', `${alias}.`) : `${alias}.${expression}`;
}

function toTexts(value: unknown): readonly string[] {
  if (value === undefined || value === null || value === '') return [];
  return [value].flat().flatMap((item) => (item === null || item === undefined ? [] : [String(item)]));
}

const lower = (text: string): string => text.toLowerCase();
