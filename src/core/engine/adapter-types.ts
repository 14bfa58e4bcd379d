import type { Dialect } from '../sql/dialect.ts';
import { formatType, type ValueType } from '../translate/value-type.ts';

type Words = Partial<Record<ValueType['kind'] | 'bigint', string>>;

const postgres: Words = {
  float: 'double precision',
  decimal: 'numeric',
  timestamp: 'timestamp without time zone',
  bigint: 'bigint',
};
const spark: Words = {
  string: 'string',
  timestamp: 'timestamp_ntz',
  timestamptz: 'timestamp',
  float: 'double',
  integer: 'int',
  bigint: 'bigint',
};

/** How the catalogue of a warehouse spells the types that templates compare by their names. */
const words: Partial<Record<Dialect, Words>> = {
  postgres,
  redshift: { ...postgres, string: 'character varying' },
  duckdb: {
    string: 'VARCHAR',
    integer: 'INTEGER',
    bigint: 'BIGINT',
    float: 'DOUBLE',
    boolean: 'BOOLEAN',
    date: 'DATE',
    timestamp: 'TIMESTAMP',
    timestamptz: 'TIMESTAMP WITH TIME ZONE',
  },
  snowflake: {
    string: 'TEXT',
    integer: 'NUMBER',
    bigint: 'NUMBER',
    decimal: 'NUMBER',
    float: 'FLOAT',
    boolean: 'BOOLEAN',
    date: 'DATE',
    timestamp: 'TIMESTAMP_NTZ',
    timestamptz: 'TIMESTAMP_TZ',
    variant: 'VARIANT',
  },
  bigquery: {
    string: 'STRING',
    integer: 'INT64',
    bigint: 'INT64',
    decimal: 'NUMERIC',
    float: 'FLOAT64',
    boolean: 'BOOL',
    date: 'DATE',
    timestamp: 'DATETIME',
    timestamptz: 'TIMESTAMP',
    json: 'JSON',
    bytes: 'BYTES',
  },
  databricks: spark,
  spark,
};

/** A type as the warehouse of a dialect names it; as it is shown, where that has no name of its own. */
export function spellType(type: ValueType, dialect: Dialect): string {
  const own = words[dialect];
  const wide = type.kind === 'integer' && 'wide' in type && type.wide === true;
  const word = (wide ? own?.bigint : undefined) ?? own?.[type.kind];
  if (word === undefined) return formatType(type);
  return type.kind === 'decimal' && type.scale !== undefined ? `${word}(${type.precision ?? 38},${type.scale})` : word;
}
