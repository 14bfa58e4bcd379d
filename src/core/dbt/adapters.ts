/** What rendering needs to know of an adapter. */
export interface AdapterTraits {
  /** The adapters whose macros stand in where its own are missing, nearest first. */
  readonly parents: readonly string[];
  readonly quote: readonly [string, string];
  /** Which parts of a relation's name are printed, and which are quoted. */
  readonly include: PartFlags;
  readonly quoted: PartFlags;
  /** The class that dbt names in a relation's metadata. */
  readonly relationClass: string;
  readonly stringType: string;
}

export interface PartFlags {
  readonly database: boolean;
  readonly schema: boolean;
  readonly identifier: boolean;
}

const all: PartFlags = { database: true, schema: true, identifier: true };
const none: PartFlags = { database: false, schema: false, identifier: false };
const withoutDatabase: PartFlags = { database: false, schema: true, identifier: true };

const doubleQuotes = ['"', '"'] as const;
const backticks = ['`', '`'] as const;

const fallback: AdapterTraits = {
  parents: [],
  quote: doubleQuotes,
  include: all,
  quoted: all,
  relationClass: 'BaseRelation',
  stringType: 'text',
};

const known: Readonly<Record<string, Partial<AdapterTraits>>> = {
  bigquery: { quote: backticks, relationClass: 'BigQueryRelation', stringType: 'string' },
  snowflake: { quoted: none, relationClass: 'SnowflakeRelation', stringType: 'varchar' },
  redshift: { parents: ['postgres'], relationClass: 'RedshiftRelation', stringType: 'varchar' },
  postgres: { relationClass: 'PostgresRelation' },
  spark: { quote: backticks, include: withoutDatabase, quoted: none, relationClass: 'SparkRelation', stringType: 'string' },
  databricks: { parents: ['spark'], quote: backticks, relationClass: 'DatabricksRelation', stringType: 'string' },
  duckdb: { relationClass: 'DuckDBRelation', stringType: 'varchar' },
  trino: { relationClass: 'TrinoRelation', stringType: 'varchar' },
  athena: { relationClass: 'AthenaRelation', stringType: 'varchar' },
  sqlserver: { relationClass: 'SQLServerRelation', stringType: 'varchar' },
  fabric: { parents: ['sqlserver'], relationClass: 'FabricRelation', stringType: 'varchar' },
  synapse: { parents: ['fabric', 'sqlserver'], relationClass: 'SynapseRelation', stringType: 'varchar' },
  sqlite: { relationClass: 'SQLiteRelation' },
  clickhouse: { quote: backticks, include: withoutDatabase, relationClass: 'ClickHouseRelation', stringType: 'String' },
  mysql: { quote: backticks, include: withoutDatabase, relationClass: 'MySQLRelation' },
};

/** The traits of an adapter; one that is not known prints names as most databases do. */
export function traitsOf(adapter: string): AdapterTraits {
  return { ...fallback, ...known[adapter] };
}

/** The prefixes that dispatch tries, in order. */
export function dispatchPrefixes(adapter: string): readonly string[] {
  return [adapter, ...traitsOf(adapter).parents, 'default'];
}
