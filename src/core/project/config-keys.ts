import { findNearest } from '../text/nearest.ts';
import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import { LineMap } from '../text/span.ts';

/** The keys that dbt and its adapters know of models, seeds and snapshots. */
const known = new Set(
  `access alias batch_size begin bind check_cols cluster_by column_types concurrent_batches contract copy_grants database delimiter
  dbt_valid_to_current description dist distribution docs enabled event_time file_format freshness full_refresh group hard_deletes
  hours_to_expiration incremental_predicates incremental_strategy indexes invalidate_hard_deletes kms_key_name labels location_root lookback
  materialized merge_exclude_columns merge_update_columns meta on_configuration_change on_schema_change options packages partition_by
  partitions persist_docs post_hook pre_hook predicates primary_key query_tag quote_columns quoting require_partition_filter schema secure
  skip_matched_step snapshot_meta_column_names snowflake_warehouse sort sort_type sql_header static_analysis store_failures store_failures_as
  strategy tags target_database target_lag target_schema tblproperties tmp_relation_type transient unique_key unlogged updated_at
  automatic_clustering backup buckets clustered_by compute compression format table_type s3_data_dir order_by engine grants severity where
  limit fail_calc warn_if error_if submission_method python_version language limit_partitions partition_expiration_days inserts_only`
    .split(/\s+/)
    .filter(Boolean),
);

/** Keys of a `config(…)` call that are one slip away from one that dbt knows; any other key may be a project's own. */
export function findMisspelledKeys(keys: Iterable<string>, text: string, path: string, offset: number, file: string): readonly Problem[] {
  const problems: Problem[] = [];
  for (const key of new Set(keys)) {
    if (known.has(key) || key.length < 5) continue;
    const near = findNearest(key, known);
    if (near === undefined || Math.abs(near.length - key.length) > 1 || near[0] !== key[0]) continue;
    const at = text.search(new RegExp(`\\b${key}\\b`));
    const start = offset + Math.max(0, at);
    const where = at === -1 ? path : new LineMap(file).location(path, { start, end: start + key.length });
    problems.push(toProblem('config-key', `dbt knows no configuration '${key}', so it changes nothing. Did you mean '${near}'?`, where));
  }
  return problems;
}
