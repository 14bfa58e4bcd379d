import type { Dialect } from './dialect.ts';
import { headOf, widthOf } from './type-heads.ts';

export type TypeKind =
  | 'integer'
  | 'decimal'
  | 'float'
  | 'boolean'
  | 'string'
  | 'bytes'
  | 'date'
  | 'time'
  | 'datetime'
  | 'timestamp'
  | 'interval'
  | 'json'
  | 'array'
  | 'struct'
  | 'map'
  | 'uuid'
  | 'geography'
  | 'null'
  | 'unknown';

/** The type of a value; `datetime` has no time zone, `timestamp` is a moment. */
export interface SqlType {
  readonly kind: TypeKind;
  /** As the dialect writes it; undefined where it was inferred, and then spelled by `showType`. */
  readonly text?: string;
  readonly precision?: number;
  readonly scale?: number;
  /** Of an array, or the value of a map. */
  readonly element?: SqlType;
  readonly fields?: readonly { readonly name: string; readonly type: SqlType }[];
  /** Of a string in the text, which databases read as the type of what it stands beside. */
  readonly isLiteral?: boolean;
}

/** The type of each kind, without a dialect's spelling. */
export const plainTypes = Object.fromEntries(
  (
    [
      'integer',
      'decimal',
      'float',
      'boolean',
      'string',
      'bytes',
      'date',
      'time',
      'datetime',
      'timestamp',
      'interval',
      'json',
      'array',
      'struct',
      'map',
      'uuid',
      'geography',
      'null',
      'unknown',
    ] as const
  ).map((kind) => [kind, { kind }]),
) as Readonly<Record<TypeKind, SqlType>>;

const kinds: Readonly<Record<string, TypeKind>> = Object.fromEntries(
  (
    [
      [
        'integer',
        'int integer int2 int4 int8 int16 int32 int64 int128 int256 uint8 uint16 uint32 uint64 uint128 uint256 bigint smallint tinyint byteint mediumint hugeint uhugeint ubigint uinteger usmallint utinyint long short byte serial bigserial smallserial signed unsigned year',
      ],
      ['decimal', 'decimal numeric number dec fixed bignumeric bigdecimal money smallmoney decimal32 decimal64 decimal128 decimal256'],
      ['float', 'float float4 float8 float32 float64 double real binary_float binary_double decfloat'],
      ['boolean', 'boolean bool logical'],
      [
        'string',
        'string text varchar char character nvarchar nchar varchar2 nvarchar2 clob nclob tinytext mediumtext longtext bpchar name ntext fixedstring lowcardinality enum enum8 enum16 set citext long varchar',
      ],
      ['bytes', 'bytes binary varbinary bytea blob raw tinyblob mediumblob longblob image rowversion'],
      ['date', 'date date32'],
      ['time', 'time timetz'],
      ['datetime', 'datetime datetime2 smalldatetime timestamp_ntz timestampntz datetime64 datetime32'],
      ['timestamp', 'timestamptz timestamp_tz timestamp_ltz timestampltz timestamptz datetimeoffset'],
      ['interval', 'interval'],
      ['json', 'json jsonb variant object super'],
      ['array', 'array list nested'],
      ['struct', 'struct row record tuple'],
      ['map', 'map'],
      ['uuid', 'uuid uniqueidentifier'],
      ['geography', 'geography geometry point linestring polygon'],
    ] as const
  ).flatMap(([kind, names]) => names.split(' ').map((name) => [name, kind])),
);

/** Dialects whose plain TIMESTAMP is a moment in time. */
const zoned = new Set<Dialect>(['bigquery', 'spark', 'databricks']);

/** Reads a type as a dialect writes it: `numeric(10,2)`, `array<struct<a int64>>`, `timestamp with time zone`. */
export function parseType(text: string, dialect: Dialect): SqlType {
  const lower = text.trim().toLowerCase();
  if (lower.endsWith('[]')) return { kind: 'array', text: lower, element: parseType(lower.slice(0, -2), dialect) };
  const head = /^[a-z_][\w$]*/.exec(lower)?.[0] ?? lower;
  const kind = kindOf(head, lower, dialect);
  const inside = bracketsOf(lower, head.length);
  if (head === 'nullable' || head === 'lowcardinality') return inside === undefined ? { kind, text: lower } : parseType(inside, dialect);
  if (kind === 'array' && inside !== undefined) return { kind, text: lower, element: parseType(inside, dialect) };
  if (kind === 'map' && inside !== undefined) return { kind, text: lower, element: parseType(splitTop(inside)[1] ?? 'unknown', dialect) };
  if (kind === 'struct' && inside !== undefined)
    return { kind, text: lower, fields: splitTop(inside).map((field) => readField(field, dialect)) };
  const numbers = /\((\d+)(?:\s*,\s*(-?\d+))?\)/.exec(lower);
  const precision = numbers?.[1];
  const scale = numbers?.[2];
  const isWhole = head === 'number' && dialect === 'snowflake' && (numbers === null || scale === undefined || scale === '0');
  return {
    kind: isWhole ? 'integer' : kind,
    text: lower,
    ...(precision === undefined ? {} : { precision: Number(precision) }),
    ...(scale === undefined ? {} : { scale: Number(scale) }),
  };
}

function kindOf(head: string, text: string, dialect: Dialect): TypeKind {
  if (head === 'timestamp')
    return /with (local )?time ?zone/.test(text) || (zoned.has(dialect) && !text.includes('without')) ? 'timestamp' : 'datetime';
  if (head === 'national') return 'string';
  if (head === 'bit') return dialect === 'tsql' ? 'boolean' : 'bytes';
  if (head === 'rowversion') return 'bytes';
  return kinds[head] ?? 'unknown';
}

function bracketsOf(text: string, from: number): string | undefined {
  const open = text.slice(from).trimStart()[0];
  const close = open === '<' ? '>' : open === '(' ? ')' : undefined;
  if (close === undefined) return undefined;
  return text.slice(text.indexOf(open ?? '', from) + 1, text.lastIndexOf(close));
}

function splitTop(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '<' || char === '(') depth++;
    else if (char === '>' || char === ')') depth--;
    else if (char === ',' && depth === 0) {
      parts.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  const last = text.slice(start).trim();
  if (last !== '') parts.push(last);
  return parts;
}

function readField(text: string, dialect: Dialect): { name: string; type: SqlType } {
  const match = /^(?:([\w$]+)|"([^"]*)"|`([^`]*)`)\s*[:\s]\s*(.+)$/.exec(text);
  if (match === null) return { name: '', type: parseType(text, dialect) };
  return { name: match[1] ?? match[2] ?? match[3] ?? '', type: parseType(match[4] ?? '', dialect) };
}

const spellings: Partial<Record<TypeKind, Partial<Record<Dialect, string>> & { readonly other: string }>> = {
  integer: { bigquery: 'int64', snowflake: 'number(38,0)', clickhouse: 'int64', sqlite: 'integer', oracle: 'number', other: 'bigint' },
  decimal: { bigquery: 'numeric', snowflake: 'number', databricks: 'decimal', spark: 'decimal', duckdb: 'decimal', mysql: 'decimal', oracle: 'number', other: 'numeric' },
  float: { bigquery: 'float64', snowflake: 'float', postgres: 'double precision', redshift: 'double precision', tsql: 'float', clickhouse: 'float64', sqlite: 'real', oracle: 'binary_double', other: 'double' },
  boolean: { bigquery: 'bool', tsql: 'bit', clickhouse: 'bool', other: 'boolean' },
  string: { bigquery: 'string', databricks: 'string', spark: 'string', hive: 'string', clickhouse: 'string', postgres: 'text', sqlite: 'text', oracle: 'varchar2', tsql: 'nvarchar', other: 'varchar' },
  bytes: { bigquery: 'bytes', postgres: 'bytea', snowflake: 'binary', databricks: 'binary', spark: 'binary', duckdb: 'blob', sqlite: 'blob', other: 'varbinary' },
  datetime: { bigquery: 'datetime', tsql: 'datetime2', mysql: 'datetime', snowflake: 'timestamp_ntz', databricks: 'timestamp_ntz', spark: 'timestamp_ntz', clickhouse: 'datetime', other: 'timestamp' },
  timestamp: { bigquery: 'timestamp', spark: 'timestamp', databricks: 'timestamp', hive: 'timestamp', snowflake: 'timestamp_tz', postgres: 'timestamptz', redshift: 'timestamptz', tsql: 'datetimeoffset', duckdb: 'timestamptz', other: 'timestamp with time zone' },
  json: { snowflake: 'variant', redshift: 'super', postgres: 'jsonb', databricks: 'variant', other: 'json' },
  struct: { snowflake: 'object', trino: 'row', athena: 'row', other: 'struct' },
  uuid: { tsql: 'uniqueidentifier', other: 'uuid' },
}; // biome-ignore format: a table

/** The type in a dialect's own words; `unknown` where it is unknown. */
export function showType(type: SqlType, dialect: Dialect): string {
  if (type.text !== undefined) return type.text;
  if (type.kind === 'null') return 'unknown';
  if (type.kind === 'array' && type.element !== undefined && type.element.kind !== 'unknown') {
    const element = showType(type.element, dialect);
    return dialect === 'postgres' || dialect === 'duckdb'
      ? `${element}[]`
      : dialect === 'trino' || dialect === 'clickhouse'
        ? `array(${element})`
        : `array<${element}>`;
  }
  const named = spellings[type.kind];
  return named === undefined ? type.kind : (named[dialect] ?? named.other);
}

const numericRank: Partial<Record<TypeKind, number>> = { boolean: 0, integer: 1, decimal: 2, float: 3 };
const timeRank: Partial<Record<TypeKind, number>> = { date: 1, datetime: 2, timestamp: 3 };

/** The type that holds the values of both, or unknown where nobody can say. */
export function commonType(left: SqlType, right: SqlType): SqlType {
  if (left === right || right.kind === 'null') return left;
  if (left.kind === 'null' || left.isLiteral) return right;
  if (right.isLiteral) return left;
  if (left.kind === right.kind) {
    if (left.text === right.text) return left;
    if (left.kind === 'integer') return widthOf(left) >= widthOf(right) ? left : right;
    const head = headOf(left);
    if (left.kind === 'string' && head !== undefined) return left.precision === undefined ? left : { kind: 'string', text: head };
    return left.kind === 'array' || left.kind === 'struct' ? left : { kind: left.kind };
  }
  const [a, b] = [numericRank[left.kind], numericRank[right.kind]];
  if (a !== undefined && b !== undefined && left.kind !== 'boolean' && right.kind !== 'boolean') return a > b ? left : right;
  const [s, t] = [timeRank[left.kind], timeRank[right.kind]];
  if (s !== undefined && t !== undefined) return s > t ? left : right;
  return plainTypes.unknown;
}
