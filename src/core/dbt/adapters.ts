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
  /** The type of a text column where nothing says more. */
  readonly stringType: string;
  /** What `api.Column.translate_type` makes of a type, by its name in capitals; a type that is not named stays as it is. */
  readonly typeNames: Readonly<Record<string, string>>;
  /** Whether types are always written in small letters. */
  readonly lowerTypes?: boolean;
  /** A text type of limited length, where it is not `character varying`. */
  readonly sizedString?: string;
  /** What stands for every type of exact numbers; BigQuery's `numeric` takes no sizes. */
  readonly numericName?: 'numeric' | 'decimal';
  /** Whether `ref` and `source` print without the database, though `this` prints with it. */
  readonly refWithoutDatabase?: boolean;
  /** How many characters a relation's name may have; absent where the adapter's macros do not ask. */
  readonly nameLength?: number;
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

const sqlServerTypes = {
  STRING: 'VARCHAR(MAX)',
  VARCHAR: 'VARCHAR(8000)',
  CHAR: 'CHAR(1)',
  NCHAR: 'NCHAR(1)',
  NVARCHAR: 'NVARCHAR(4000)',
  TIMESTAMP: 'DATETIME2(6)',
  DATETIME2: 'DATETIME2(6)',
  'DATETIME2(6)': 'DATETIME2(6)',
  DATE: 'DATE',
  TIME: 'TIME(6)',
  FLOAT: 'FLOAT',
  REAL: 'REAL',
  INT: 'INT',
  INTEGER: 'INT',
  BIGINT: 'BIGINT',
  SMALLINT: 'SMALLINT',
  TINYINT: 'SMALLINT',
  BIT: 'BIT',
  BOOLEAN: 'BIT',
  DECIMAL: 'DECIMAL',
  NUMERIC: 'NUMERIC',
  MONEY: 'DECIMAL',
  SMALLMONEY: 'DECIMAL',
  UNIQUEIDENTIFIER: 'UNIQUEIDENTIFIER',
  VARBINARY: 'VARBINARY(MAX)',
  BINARY: 'BINARY(1)',
};

const fallback: AdapterTraits = {
  parents: [],
  quote: doubleQuotes,
  include: all,
  quoted: all,
  relationClass: 'BaseRelation',
  stringType: 'text',
  typeNames: { STRING: 'TEXT' },
};

const known: Readonly<Record<string, Partial<AdapterTraits>>> = {
  bigquery: {
    quote: backticks,
    relationClass: 'BigQueryRelation',
    stringType: 'string',
    typeNames: { TEXT: 'STRING', FLOAT: 'FLOAT64', INTEGER: 'INT64' },
    numericName: 'numeric',
  },
  snowflake: { quoted: none, relationClass: 'SnowflakeRelation', stringType: 'varchar' },
  redshift: { parents: ['postgres'], relationClass: 'RedshiftRelation', stringType: 'varchar', nameLength: 127 },
  postgres: { relationClass: 'PostgresRelation', nameLength: 63 },
  spark: {
    quote: backticks,
    include: withoutDatabase,
    quoted: none,
    relationClass: 'SparkRelation',
    stringType: 'string',
    typeNames: {},
    numericName: 'decimal',
  },
  databricks: {
    parents: ['spark'],
    quote: backticks,
    relationClass: 'DatabricksRelation',
    stringType: 'string',
    typeNames: { LONG: 'bigint' },
    lowerTypes: true,
    numericName: 'decimal',
  },
  duckdb: { relationClass: 'DuckDBRelation', stringType: 'varchar' },
  trino: {
    relationClass: 'TrinoRelation',
    stringType: 'varchar',
    typeNames: { STRING: 'VARCHAR', FLOAT: 'DOUBLE' },
    sizedString: 'varchar',
  },
  athena: {
    relationClass: 'AthenaRelation',
    stringType: 'varchar',
    typeNames: { STRING: 'VARCHAR', TEXT: 'VARCHAR' },
    sizedString: 'varchar',
  },
  sqlserver: { relationClass: 'SQLServerRelation', stringType: 'varchar', typeNames: sqlServerTypes, sizedString: 'varchar' },
  fabric: {
    parents: ['sqlserver'],
    relationClass: 'FabricRelation',
    stringType: 'varchar',
    typeNames: sqlServerTypes,
    sizedString: 'varchar',
  },
  synapse: {
    parents: ['fabric', 'sqlserver'],
    relationClass: 'SynapseRelation',
    stringType: 'varchar',
    typeNames: sqlServerTypes,
    sizedString: 'varchar',
  },
  sqlite: { relationClass: 'SQLiteRelation', refWithoutDatabase: true },
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
