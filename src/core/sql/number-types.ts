import type { Dialect } from './dialect.ts';
import { headOf, widthOf } from './type-heads.ts';
import type { SqlType } from './types.ts';
import { plainTypes } from './types.ts';

/** Whether a type holds floating numbers of 32 bits. */
export function isReal(type: SqlType): boolean {
  const head = headOf(type);
  return head === 'real' || head === 'float4' || head === 'float32';
}

const integerWords: Partial<Record<Dialect, string>> = {
  postgres: 'integer',
  redshift: 'integer',
  duckdb: 'integer',
  trino: 'integer',
  athena: 'integer',
  spark: 'int',
  databricks: 'int',
  hive: 'int',
  tsql: 'int',
};

/** The integer that a dialect takes where 32 bits are enough. */
export function integerIn(dialect: Dialect): SqlType {
  const word = integerWords[dialect];
  return word === undefined ? plainTypes.integer : { kind: 'integer', text: word };
}

/** The type of a whole number as it is written: as narrow as the dialect takes it. */
export function typeOfWhole(value: string, dialect: Dialect): SqlType {
  const word = integerWords[dialect];
  if (word === undefined || value.length < 10) return word === undefined ? plainTypes.integer : { kind: 'integer', text: word };
  const number = Number(value);
  if (number <= 2_147_483_647) return { kind: 'integer', text: word };
  if (number <= Number.MAX_SAFE_INTEGER || BigInt(value) <= 9_223_372_036_854_775_807n) return { kind: 'integer', text: 'bigint' };
  return dialect === 'duckdb' ? { kind: 'integer', text: 'hugeint' } : plainTypes.decimal;
}

/** Where a quotient of integers is one. */
const wholeQuotients = new Set<Dialect>(['postgres', 'redshift', 'trino', 'athena', 'tsql', 'sqlite']);
const floatQuotients = new Set<Dialect>(['bigquery', 'duckdb', 'spark', 'databricks', 'hive', 'clickhouse']);

/** The type of a quotient of numbers, or undefined where it is that of their sum. */
export function typeOfQuotient(left: SqlType, right: SqlType, dialect: Dialect): SqlType | undefined {
  const isWhole = left.kind === 'integer' && right.kind === 'integer';
  if (dialect === 'duckdb')
    return isReal(left) || isReal(right) ? undefined : isNumber(left) && isNumber(right) ? plainTypes.float : undefined;
  if (!isWhole || wholeQuotients.has(dialect)) return undefined;
  if (floatQuotients.has(dialect)) return plainTypes.float;
  return dialect === 'snowflake' || dialect === 'mysql' || dialect === 'oracle' ? plainTypes.decimal : plainTypes.unknown;
}

/** Whether a type is one of numbers. */
export function isNumber({ kind }: SqlType): boolean {
  return kind === 'integer' || kind === 'decimal' || kind === 'float';
}

/** PostgreSQL computes with two kinds of floating numbers in the wider, and with any other number beside one too. */
export function widenReal(left: SqlType, right: SqlType, dialect: Dialect): SqlType | undefined {
  const isMixed = isReal(left) !== isReal(right) && isNumber(left) && isNumber(right);
  return isMixed && (dialect === 'postgres' || dialect === 'redshift') ? plainTypes.float : undefined;
}

/** What FLOOR, CEIL, ROUND, TRUNC and SIGN make of a number. */
export function typeOfRounding(name: string, type: SqlType, hasDigits: boolean, dialect: Dialect): SqlType {
  const isWhole = type.kind === 'integer';
  switch (dialect) {
    case 'postgres':
      if (hasDigits) return isNumber(type) ? plainTypes.decimal : plainTypes.unknown;
      return type.kind === 'decimal' ? plainTypes.decimal : isNumber(type) ? plainTypes.float : plainTypes.unknown;
    case 'bigquery':
      return isWhole ? plainTypes.float : type;
    case 'duckdb':
      if (name === 'sign') return { kind: 'integer', text: 'tinyint' };
      return isWhole && (name === 'floor' || name === 'ceil' || name === 'ceiling') ? plainTypes.float : type;
    case 'spark':
    case 'databricks':
    case 'hive':
      return name === 'floor' || name === 'ceil' || name === 'ceiling'
        ? type.kind === 'decimal'
          ? plainTypes.decimal
          : plainTypes.integer
        : type;
    case 'snowflake':
      return type.kind === 'decimal' && !hasDigits && name !== 'sign' ? plainTypes.integer : type;
    default:
      return type;
  }
}

/** The sum of a column. */
export function typeOfSum(type: SqlType, dialect: Dialect): SqlType {
  if (type.kind === 'decimal') return plainTypes.decimal;
  if (type.kind === 'boolean' && dialect === 'duckdb') return { kind: 'integer', text: 'hugeint' };
  if (type.kind === 'float' && dialect === 'duckdb') return plainTypes.float;
  if (type.kind !== 'integer') return type;
  if (dialect === 'duckdb') return { kind: 'integer', text: 'hugeint' };
  if (dialect === 'mysql') return plainTypes.decimal;
  if (dialect === 'postgres' || dialect === 'redshift') return widthOf(type) >= 64 ? plainTypes.decimal : plainTypes.integer;
  return dialect === 'tsql' ? type : plainTypes.integer;
}

/** The average of a column. */
export function typeOfAverage(type: SqlType, dialect: Dialect): SqlType {
  if (type.kind === 'interval') return type;
  if (dialect === 'duckdb')
    return type.kind === 'date' || type.kind === 'datetime' ? plainTypes.datetime : type.kind === 'timestamp' ? type : plainTypes.float;
  if (type.kind === 'decimal') return plainTypes.decimal;
  if (type.kind !== 'integer') return plainTypes.float;
  if (dialect === 'tsql') return type;
  const isExact =
    dialect === 'postgres' || dialect === 'redshift' || dialect === 'snowflake' || dialect === 'mysql' || dialect === 'oracle';
  return isExact ? plainTypes.decimal : plainTypes.float;
}

/** The deviation and variance of a column. */
export function typeOfDeviation(type: SqlType, dialect: Dialect): SqlType {
  return dialect === 'postgres' && (type.kind === 'integer' || type.kind === 'decimal') ? plainTypes.decimal : plainTypes.float;
}
