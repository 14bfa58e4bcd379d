import type { CallExpression } from '../sql/ir.ts';
import { coerce, kindsOf, kindText, literalNumber, toText } from './coerce.ts';
import type { Context } from './context.ts';
import { arg, type Special } from './special.ts';
import { quoteText } from './sql-text.ts';
import { isNumeric, isTemporal, isWide, toValueType, types, type ValueType } from './value-type.ts';

const named = (call: CallExpression, at: number, name: string): CallExpression['args'][number] | undefined =>
  call.args[at] ?? call.named.find((item) => item.name.toLowerCase() === name)?.value;

/** Snowflake's TO_TIMESTAMP, TO_DATE and TO_TIME: from text with or without a format, from seconds, with a scale, and from variants. */
export const snowflakeMoment: Special = (cx, call, scope) => {
  if (cx.dialect !== 'snowflake') return undefined;
  const [source, second] = call.args;
  if (source === undefined || call.args.length > 2) return undefined;
  const value = cx.emit(source, scope);
  const safe = call.name.startsWith('try_') ? 1 : 0;
  const name = call.name.replace(/^try_/, '');
  const type: ValueType = name === 'to_date' || name === 'date' ? types.date : /_l?tz$/.test(name) ? types.timestamptz : types.timestamp;
  const stored = type.kind === 'date' ? 'date' : 'timestamp';
  if (value.type.kind === 'null') return { sql: 'NULL', type };
  if (isTemporal(value.type)) return { sql: coerce(value, type.kind, cx.dialect) ?? value.sql, type };
  const extra = second === undefined ? undefined : cx.emit(second, scope);
  if (isNumeric(value.type)) {
    const seconds = `hw_epoch_scaled(${value.sql},${extra?.sql ?? '0'})`;
    return { sql: type.kind === 'date' ? `substr(${seconds},1,10)` : seconds, type };
  }
  const text = toText(value, cx.dialect).sql;
  if (extra !== undefined && !isNumeric(extra.type))
    return { sql: `hw_parse_date(${text},${extra.sql},'snowflake','${stored}',${safe})`, type };
  return { sql: `hw_snowflake_moment(${text},'${stored}',${safe})`, type };
};

/** Snowflake's TO_NUMBER by its names: without a scale the result has none. */
export const snowflakeNumber: Special = (cx, call, scope) => {
  if (cx.dialect !== 'snowflake') return undefined;
  const [source, ...rest] = call.args;
  if (source === undefined) return undefined;
  const value = cx.emit(source, scope);
  const safe = call.name.startsWith('try_') ? 1 : 0;
  const extras = rest.map((item) => cx.emit(item, scope));
  const format = extras[0] !== undefined && !isNumeric(extras[0].type) ? extras.shift() : undefined;
  const [precision = 38, scale = 0] = extras.map((item) => literalNumber(item));
  const type: ValueType = { kind: 'decimal', precision, scale };
  if (value.type.kind === 'null') return { sql: 'NULL', type };
  const number = isNumeric(value.type)
    ? value.sql
    : value.type.kind === 'boolean'
      ? value.sql
      : value.type.kind === 'variant'
        ? `hw_variant_number(${value.sql},${safe})`
        : format === undefined
          ? `hw_pattern_number(${value.sql},${safe})`
          : `hw_formatted_number(${value.sql},${format.sql},${safe})`;
  return { sql: `hw_check_decimal(hw_round_decimal(${number},${scale},'away'),${precision - scale},${safe})`, type };
};

/** ROUND and TRUNC: with the digits that are left in the type. */
export const roundTo: Special = (cx, call, scope) => {
  const [source, digits, mode] = [named(call, 0, 'expr'), named(call, 1, 'scale'), named(call, 2, 'rounding_mode')];
  if (source === undefined || call.args.length > 3) return undefined;
  const value = cx.emit(source, scope);
  if (!isNumeric(value.type)) return undefined;
  const count = digits === undefined ? undefined : cx.emit(digits, scope);
  const places = count === undefined ? '0' : (coerce(count, 'integer', cx.dialect) ?? '0');
  const scale = count === undefined ? 0 : literalNumber(count);
  const option = mode === undefined ? undefined : cx.emit(mode, scope).sql;
  if (option !== undefined && !['snowflake', 'tsql', 'bigquery'].includes(cx.dialect)) return undefined;
  const rounded = (how: string): string => `hw_round(${value.sql},${places},${how})`;
  const truncated = `hw_truncate(${value.sql},${places})`;
  let sql = rounded("'away'");
  if (call.name !== 'round') sql = truncated;
  else if (option !== undefined && cx.dialect === 'tsql') sql = `iif(${option} = 0,${rounded("'away'")},${truncated})`;
  else if (option !== undefined) sql = rounded(`iif(lower(${option}) like '%half%even','even','away')`);
  else if (value.type.kind === 'float' && cx.dialect === 'snowflake') sql = rounded("'exact'");
  else if (value.type.kind === 'float' && cx.dialect === 'postgres') sql = rounded("'even'");
  // PostgreSQL rounds integers as doubles, and to a number of digits as numerics.
  if (value.type.kind === 'integer' && cx.dialect === 'postgres')
    return { sql: `cast(${sql} as real)`, type: digits === undefined ? types.float : roundedType(cx, types.decimal, scale) };
  if (value.type.kind === 'integer') return { sql: `cast(${sql} as integer)`, type: value.type };
  return { sql, type: roundedType(cx, value.type, scale) };
};

/** FLOOR and CEIL: a whole number that is still of the argument's type, so that a division after it keeps its meaning. */
export const wholeOf: Special = (cx, call, scope) => {
  const [source] = call.args;
  if (source === undefined || call.args.length !== 1) return undefined;
  const value = cx.emit(source, scope);
  if (!isNumeric(value.type) || ['databricks', 'spark', 'hive'].includes(cx.dialect)) return undefined;
  const isReal = ['postgres', 'bigquery', 'duckdb'].includes(cx.dialect);
  if (value.type.kind === 'integer') return isReal ? { sql: `cast(${value.sql} as real)`, type: types.float } : value;
  const sql = `${call.name === 'floor' ? 'floor' : 'ceil'}(${value.sql})`;
  // A zero without its sign: exact numbers have none.
  return value.type.kind === 'decimal'
    ? { sql: `(${sql} + 0.0)`, type: { kind: 'decimal', precision: 38, scale: 0 } }
    : { sql, type: value.type };
};

/** PostgreSQL's SIGN: of the argument's type where that is exact, else a double. */
export const signOf: Special = (cx, call, scope) => {
  const [source] = call.args;
  const value = source === undefined || cx.dialect !== 'postgres' ? undefined : cx.emit(source, scope);
  if (value === undefined || !isNumeric(value.type)) return undefined;
  const sql = `cast(sign(${value.sql}) as real)`;
  return value.type.kind === 'decimal' ? { sql, type: { kind: 'decimal', precision: 38, scale: 0 } } : { sql, type: types.float };
};

function roundedType(cx: Context, type: ValueType, scale: number | undefined): ValueType {
  // T-SQL keeps the digits that were there; BigQuery's NUMERIC writes none that are zero.
  if (type.kind !== 'decimal' || scale === undefined || cx.dialect === 'tsql' || cx.dialect === 'bigquery') return type;
  // PostgreSQL writes as many digits as were asked for.
  if (cx.dialect === 'postgres') return { kind: 'decimal', precision: 38, scale: Math.max(scale, 0) };
  return { kind: 'decimal', precision: 38, scale: Math.max(0, Math.min(type.scale ?? scale, scale)) };
}

/** DIV0 and DIV0NULL: the division of the dialect, and 0 where it has none. */
export const divideOrZero: Special = (cx, call, scope) => {
  const [left, right] = call.args;
  if (left === undefined || right === undefined) return undefined;
  const quotient = cx.emit({ kind: 'operator', operator: '/', operands: [left, right], span: call.span }, scope);
  const divisor = cx.emit(right, scope).sql;
  const zero = call.name === 'div0null' ? `coalesce(${divisor},0) = 0` : `${divisor} = 0`;
  return { sql: `iif(${cx.emit(left, scope).sql} is null,null,iif(${zero},0,${quotient.sql}))`, type: quotient.type };
};

/** FROM_JSON with the type that its second argument writes. */
export const fromJson: Special = (cx, call, scope) => {
  const [source, schema] = call.args;
  if (source === undefined || schema === undefined) return undefined;
  const written = cx.emit(schema, scope).literal;
  if (written === undefined) return cx.refuse('FROM_JSON needs a constant schema.', schema.span);
  const type = toValueType(/^\s*(array|map|struct)\s*</i.test(written) ? written : `struct<${written}>`, cx.dialect);
  if (type.kind === 'unknown') return cx.refuse(`The type '${written}' is not known to the preview.`, schema.span);
  return { sql: `hw_try_parse_json(${toText(cx.emit(source, scope), cx.dialect).sql})`, type };
};

/** ELEMENT_AT of maps; of arrays the table of rules says it. */
export const elementAt: Special = (cx, call, scope) => {
  const [source, key] = call.args;
  if (source === undefined || key === undefined) return undefined;
  const map = cx.emit(source, scope);
  if (map.type.kind !== 'map') return undefined;
  const name = toText(cx.emit(key, scope), cx.dialect).sql;
  return { sql: `hw_struct_field(${map.sql},${name},${kindText(map.type.value)})`, type: map.type.value };
};

/** TO_BOOLEAN, which Snowflake also has for numbers. */
export const toBoolean: Special = (cx, call, scope) => {
  const [source] = call.args;
  if (source === undefined || cx.dialect !== 'snowflake') return undefined;
  const value = cx.emit(source, scope);
  if (isNumeric(value.type)) return { sql: `(${value.sql} <> 0)`, type: types.boolean };
  return value.type.kind === 'variant'
    ? { sql: `hw_variant_boolean(${value.sql},${call.name.startsWith('try_') ? 1 : 0})`, type: types.boolean }
    : undefined;
};

/** TYPEOF as Trino and Spark write the names of types. */
export function typeName(dialect: Context['dialect'], type: ValueType, literal: string | undefined): string {
  const trino = dialect === 'trino' || dialect === 'athena';
  switch (type.kind) {
    case 'integer':
      return isWide(type) ? 'bigint' : trino ? 'integer' : 'int';
    case 'float':
      return 'double';
    case 'decimal':
      return `decimal(${type.precision ?? 38},${type.scale ?? 0})`;
    case 'string':
      return trino ? (literal === undefined ? 'varchar' : `varchar(${literal.length})`) : 'string';
    case 'timestamp':
      return trino ? 'timestamp(3)' : 'timestamp_ntz';
    case 'timestamptz':
      return trino ? 'timestamp(3) with time zone' : 'timestamp';
    case 'bytes':
      return trino ? 'varbinary' : 'binary';
    case 'null':
      return trino ? 'unknown' : 'void';
    case 'array':
      return trino ? `array(${typeName(dialect, type.element, undefined)})` : `array<${typeName(dialect, type.element, undefined)}>`;
    case 'map':
      return trino
        ? `map(varchar, ${typeName(dialect, type.value, undefined)})`
        : `map<string,${typeName(dialect, type.value, undefined)}>`;
    case 'struct':
      return trino
        ? `row(${type.fields.map((field) => `"${field.name}" ${typeName(dialect, field.type, undefined)}`).join(', ')})`
        : `struct<${type.fields.map((field) => `${field.name}:${typeName(dialect, field.type, undefined)}`).join(',')}>`;
    default:
      return type.kind;
  }
}

/** BigQuery's FORMAT: what `%t` and `%T` show depends on the type of the value. */
export const formatTyped: Special = (cx, call, scope) => {
  const pattern = cx.emit(arg(cx, call, 0), scope).literal;
  if (pattern === undefined) return undefined;
  const values = call.args.slice(1).map((item) => cx.emit(item, scope));
  const texts = values.map((value) => value.sql);
  let next = 0;
  const rewritten = pattern.replace(/%([-+ 0#',]*)(\d+|\*)?(?:\.(\d+|\*))?([a-zA-Z%])/g, (all, _flags, width, precision, kind: string) => {
    if (kind === '%') return all;
    next += Number(width === '*') + Number(precision === '*');
    const value = values[next++];
    if ((kind !== 't' && kind !== 'T') || value === undefined) return all;
    const type = quoteText(JSON.stringify(kindsOf(value.type)));
    texts[next - 1] = `hw_format_value(${value.sql},${type},${kind === 'T' ? 1 : 0})`;
    return `${all.slice(0, -1)}t`;
  });
  return { sql: `hw_printf(${[quoteText(rewritten), ...texts].join(',')})`, type: types.string };
};
