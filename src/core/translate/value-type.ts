import type { Dialect } from '../sql/dialect.ts';

/**
 * The type of an expression while it is translated. Storage in SQLite: integers INTEGER; floats and decimals REAL (a decimal is the double
 * nearest to it); booleans 0/1; text TEXT; dates `YYYY-MM-DD`; timestamps `YYYY-MM-DD HH:MM:SS[.ffffff]`, those with a zone in UTC; times
 * `HH:MM:SS[.ffffff]`; intervals `months|days|microseconds`; bytes BLOB; arrays, structs, maps, JSON and variants JSON text.
 */
export type ValueType =
  /** `wide` is set on integers of 64 bits, whose sums PostgreSQL gives as decimals, and on JSON that is kept sorted, as JSONB is. */
  | { readonly kind: ScalarKind; readonly wide?: boolean }
  | { readonly kind: 'string'; readonly length?: number }
  | { readonly kind: 'decimal'; readonly precision?: number; readonly scale?: number }
  | { readonly kind: 'array'; readonly element: ValueType }
  | { readonly kind: 'struct'; readonly fields: readonly StructField[] }
  | { readonly kind: 'map'; readonly value: ValueType };

export type ScalarKind =
  | 'integer'
  | 'float'
  | 'boolean'
  | 'date'
  | 'timestamp'
  | 'timestamptz'
  | 'time'
  | 'interval'
  | 'bytes'
  | 'json'
  | 'variant'
  | 'null'
  | 'unknown';

export type TypeKind = ValueType['kind'];

export interface StructField {
  readonly name: string;
  readonly type: ValueType;
}

const scalar = (kind: ScalarKind): ValueType => ({ kind });

export const types = {
  integer: scalar('integer'),
  bigint: { kind: 'integer', wide: true } as ValueType,
  float: scalar('float'),
  decimal: { kind: 'decimal' } as ValueType,
  boolean: scalar('boolean'),
  string: { kind: 'string' } as ValueType,
  date: scalar('date'),
  timestamp: scalar('timestamp'),
  timestamptz: scalar('timestamptz'),
  time: scalar('time'),
  interval: scalar('interval'),
  bytes: scalar('bytes'),
  json: scalar('json'),
  jsonb: { kind: 'json', wide: true } as ValueType,
  variant: scalar('variant'),
  null: scalar('null'),
  unknown: scalar('unknown'),
} as const;

const names: Readonly<Record<string, ValueType>> = Object.assign(
  Object.create(null) as Record<string, ValueType>,
  spread(
    'int integer smallint tinyint mediumint byteint int1 int2 int4 int16 int32 int128 int256 uint8 uint16 uint32 uint128 short byte hugeint uhugeint ubigint uinteger usmallint utinyint signed unsigned serial year',
    types.integer,
  ),
  spread('bigint int8 int64 uint64 long bigserial', types.bigint),
  spread('float float4 float8 float32 float64 double real binary_float binary_double', types.float),
  spread('decimal numeric number dec fixed bignumeric bigdecimal money smallmoney', types.decimal),
  spread('boolean bool bit logical', types.boolean),
  spread(
    'string text varchar char character nvarchar nchar varchar2 nvarchar2 clob nclob tinytext mediumtext longtext bpchar name uuid uniqueidentifier citext fixedstring lowcardinality enum enum8 enum16 inet ipv4 ipv6 sysname ntext xml',
    types.string,
  ),
  spread('date date32', types.date),
  spread(
    'datetime datetime2 datetime64 smalldatetime timestamp timestamp_ntz timestampntz timestamp_s timestamp_ms timestamp_ns timestamp_us',
    types.timestamp,
  ),
  spread('timestamptz timestamp_tz timestamp_ltz timestampltz timestamptz datetimeoffset', types.timestamptz),
  spread('time timetz', types.time),
  spread('interval', types.interval),
  spread('bytes binary varbinary bytea blob tinyblob mediumblob longblob image raw', types.bytes),
  spread('json', types.json),
  spread('jsonb', types.jsonb),
  spread('variant object super geography geometry', types.variant),
  spread('null void unknown any', types.unknown),
);

function spread(words: string, type: ValueType): Record<string, ValueType> {
  return Object.fromEntries(words.split(' ').map((word) => [word, type]));
}

const decimalDefaults: Partial<Record<Dialect, number>> = {
  snowflake: 0,
  databricks: 0,
  spark: 0,
  hive: 0,
  trino: 0,
  athena: 0,
  tsql: 0,
  mysql: 0,
  redshift: 0,
  duckdb: 3,
};

/** The type that a dialect's text names; what it does not know is `unknown`. */
export function toValueType(written: string, dialect: Dialect): ValueType {
  const text = written.trim().toLowerCase().replace(/\s+/g, ' ');
  if (text.endsWith('[]')) return { kind: 'array', element: toValueType(text.slice(0, -2), dialect) };
  const nested = /^(array|list|struct|row|tuple|map|object|nullable|lowcardinality|nested)\s*[<(](.*)[>)]$/.exec(text);
  if (nested) return toNestedType(nested[1] ?? '', nested[2] ?? '', dialect);
  if (text === 'array' || text === 'list') return { kind: 'array', element: types.variant };
  if (text === 'map') return types.variant;
  if (/^(timestamp|datetime)/.test(text) && / with (local )?time ?zone/.test(text)) return types.timestamptz;
  const [, word = '', , inside = ''] = /^([a-z_][a-z_0-9]*)( precision| varying)?(?: ?\(([^)]*)\))?/.exec(text) ?? [];
  const found = names[word.split('.').pop() ?? word];
  if (found === undefined) return types.unknown;
  if (word === 'timestamp' && (dialect === 'bigquery' || dialect === 'databricks' || dialect === 'spark')) return types.timestamptz;
  if (word === 'date' && dialect === 'oracle') return types.timestamp;
  if (word === 'bit' && inside !== '' && inside !== '1') return types.string;
  if (found.kind === 'decimal') return toDecimal(word, inside, dialect);
  if (found.kind === 'string' && /^\d+$/.test(inside)) return { kind: 'string', length: Number(inside) };
  return found;
}

function toDecimal(word: string, inside: string, dialect: Dialect): ValueType {
  if (word === 'money' || word === 'smallmoney') return { kind: 'decimal', precision: 19, scale: 4 };
  const [precision, scale] = inside.split(',').map((part) => Number.parseInt(part, 10));
  if (precision !== undefined && Number.isFinite(precision)) return { kind: 'decimal', precision, scale: scale ?? 0 };
  const usual = decimalDefaults[dialect];
  return usual === undefined ? types.decimal : { kind: 'decimal', precision: dialect === 'snowflake' ? 38 : 18, scale: usual };
}

function toNestedType(outer: string, inside: string, dialect: Dialect): ValueType {
  const parts = splitTopLevel(inside);
  if (outer === 'array' || outer === 'list' || outer === 'nested') return { kind: 'array', element: toValueType(parts[0] ?? '', dialect) };
  if (outer === 'nullable' || outer === 'lowcardinality') return toValueType(parts[0] ?? '', dialect);
  if (outer === 'map') return { kind: 'map', value: toValueType(parts[1] ?? '', dialect) };
  const fields = parts.map((part, i): StructField => {
    const named = /^("[^"]+"|`[^`]+`|[\w$]+)\s*[:\s]\s*(.+)$/.exec(part.trim());
    if (named && (outer !== 'struct' || names[named[1] ?? ''] === undefined || !/^(precision|varying|with|without)/.test(named[2] ?? '')))
      return { name: (named[1] ?? '').replace(/["`]/g, ''), type: toValueType(named[2] ?? '', dialect) };
    return { name: `_${i + 1}`, type: toValueType(part, dialect) };
  });
  return { kind: 'struct', fields };
}

function splitTopLevel(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '<' || character === '(') depth++;
    else if (character === '>' || character === ')') depth--;
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  parts.push(text.slice(start).trim());
  return parts.filter((part) => part !== '');
}

/** The type as shown above a column of results. */
export function formatType(type: ValueType): string {
  switch (type.kind) {
    case 'decimal':
      return type.scale === undefined ? 'decimal' : `decimal(${type.precision ?? 38},${type.scale})`;
    case 'array':
      return `array<${formatType(type.element)}>`;
    case 'struct':
      return `struct<${type.fields.map((field) => `${field.name} ${formatType(field.type)}`).join(', ')}>`;
    case 'map':
      return `map<string, ${formatType(type.value)}>`;
    case 'string':
      return 'text';
    case 'timestamptz':
      return 'timestamp with time zone';
    case 'null':
      return 'unknown';
    default:
      return type.kind;
  }
}

export function isNumeric(type: ValueType): boolean {
  return type.kind === 'integer' || type.kind === 'float' || type.kind === 'decimal';
}

/** Whether an integer has 64 bits, or JSON is JSONB. */
export function isWide(type: ValueType): boolean {
  return 'wide' in type && type.wide === true;
}

export function isTemporal(type: ValueType): boolean {
  return type.kind === 'date' || type.kind === 'timestamp' || type.kind === 'timestamptz';
}

/** Whether values are stored as JSON text. */
export function isNested(type: ValueType): boolean {
  return ['array', 'struct', 'map', 'json', 'variant'].includes(type.kind);
}

/** The type that values of several types share where a dialect unifies them: UNION, CASE, COALESCE, IN. */
export function commonType(all: readonly ValueType[]): ValueType {
  let result: ValueType = types.null;
  for (const type of all) result = pair(result, type);
  return result;
}

function pair(a: ValueType, b: ValueType): ValueType {
  if (a.kind === 'null') return b;
  if (b.kind === 'null') return a;
  if (a.kind === b.kind) {
    if (a.kind === 'decimal' && b.kind === 'decimal')
      return a.scale === undefined || b.scale === undefined
        ? types.decimal
        : { kind: 'decimal', precision: 38, scale: Math.max(a.scale, b.scale) };
    if (a.kind === 'struct' && b.kind === 'struct' && a.fields.length === b.fields.length)
      return {
        kind: 'struct',
        fields: a.fields.map((field, i) => ({ name: field.name, type: pair(field.type, b.fields[i]?.type ?? field.type) })),
      };
    if (a.kind === 'array' && b.kind === 'array') return { kind: 'array', element: pair(a.element, b.element) };
    if (a.kind === 'string') return types.string;
    return 'wide' in b && b.wide === true ? b : a;
  }
  if (a.kind === 'unknown' || b.kind === 'unknown') return a.kind === 'unknown' ? b : a;
  if (isNumeric(a) && isNumeric(b)) {
    if (a.kind === 'float' || b.kind === 'float') return types.float;
    const decimal = a.kind === 'decimal' ? a : b;
    return decimal;
  }
  if (isTemporal(a) && isTemporal(b)) return a.kind === 'timestamptz' || b.kind === 'timestamptz' ? types.timestamptz : types.timestamp;
  if (a.kind === 'variant' || b.kind === 'variant') return types.variant;
  if (a.kind === 'string') return b;
  if (b.kind === 'string') return a;
  return types.unknown;
}
