/** The dialects that Headwater reads: those of the dbt adapters, and of plain SQL projects. */
export const dialects = [
  'bigquery',
  'snowflake',
  'redshift',
  'postgres',
  'databricks',
  'spark',
  'duckdb',
  'trino',
  'athena',
  'tsql',
  'sqlite',
  'mysql',
  'clickhouse',
  'oracle',
  'hive',
  'generic',
] as const;

export type Dialect = (typeof dialects)[number];
