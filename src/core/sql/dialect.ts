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

const otherNames: Readonly<Record<string, Dialect>> = {
  postgresql: 'postgres',
  pg: 'postgres',
  greenplum: 'postgres',
  materialize: 'postgres',
  risingwave: 'postgres',
  cockroach: 'postgres',
  sparksql: 'spark',
  spark2: 'spark',
  presto: 'trino',
  starburst: 'trino',
  sqlserver: 'tsql',
  fabric: 'tsql',
  synapse: 'tsql',
  mssql: 'tsql',
  mariadb: 'mysql',
  singlestore: 'mysql',
  doris: 'mysql',
  starrocks: 'mysql',
  ansi: 'generic',
  teradata: 'generic',
  exasol: 'generic',
  vertica: 'generic',
  impala: 'hive',
  'non-validating': 'generic',
};

/** The dialect that a name stands for, be it that of an adapter or of another tool; undefined when nobody is called so. */
export function findDialect(name: string): Dialect | undefined {
  const lower = name.trim().toLowerCase();
  return dialects.find((dialect) => dialect === lower) ?? otherNames[lower];
}
