import type { Dialect } from '../sql/dialect.ts';
import type { Span } from '../text/span.ts';
import { formatDate, formatMoment, parseMoment } from './runtime/calendar.ts';
import { quoteText, Refusal, type Typed } from './sql-text.ts';
import { formatType, isNested, isWide, type TypeKind, types, type ValueType } from './value-type.ts';

const roundings: Partial<Record<Dialect, string>> = {
  databricks: 'zero',
  spark: 'zero',
  hive: 'zero',
  tsql: 'zero',
  sqlite: 'zero',
  clickhouse: 'zero',
};
const liberal = new Set<Dialect>(['snowflake', 'postgres', 'redshift', 'tsql', 'mysql', 'oracle', 'generic', 'clickhouse']);
const silentFailure = new Set<Dialect>(['spark', 'hive', 'sqlite']);
const zoneSuffix: Partial<Record<Dialect, string>> = {
  bigquery: '+00',
  postgres: '+00',
  redshift: '+00',
  duckdb: '+00',
  snowflake: '.000 +0000',
  trino: '.000 UTC',
  athena: '.000 UTC',
  tsql: ' +00:00',
};
const floatStyle: Partial<Record<Dialect, string>> = {
  snowflake: 'snowflake',
  bigquery: 'short',
  duckdb: 'point',
  databricks: 'java',
  spark: 'java',
  hive: 'java',
  trino: 'trino',
  athena: 'trino',
  sqlite: 'point',
};

export const isLiberal = (dialect: Dialect): number => (liberal.has(dialect) ? 1 : 0);

/** The kind under which a value stands in JSON, as a SQL text. */
export const kindText = (type: ValueType): string => quoteText(type.kind === 'null' || type.kind === 'unknown' ? 'unknown' : type.kind);

/** The value as an element of JSON: what SQLite's json_array and json_group_array take. */
export function toJsonItem(value: Typed): string {
  if (isNested(value.type)) return `json(${value.sql})`;
  if (value.type.kind === 'boolean') return `json(case ${value.sql} when 1 then 'true' when 0 then 'false' end)`;
  if (value.type.kind === 'bytes') return `hw_to_base64(${value.sql})`;
  return value.sql;
}

/** A type as hw_format_value and hw_json_of read it. */
export const kindsOf = (type: ValueType): object =>
  type.kind === 'array'
    ? { kind: 'array', element: kindsOf(type.element) }
    : type.kind === 'struct'
      ? { kind: 'struct', fields: type.fields.map((field) => kindsOf(field.type)) }
      : type.kind === 'map'
        ? { kind: 'map', element: kindsOf(type.value) }
        : { kind: type.kind };

/** What stands after the time of day in JSON; a dialect that is not here keeps its moments as it prints them. */
const jsonZone: Partial<Record<Dialect, string>> = { postgres: '+00:00', bigquery: 'Z', databricks: 'Z', spark: 'Z' };

const needsRewrite = (type: ValueType, dialect: Dialect): boolean =>
  type.kind === 'timestamp' ||
  type.kind === 'timestamptz' ||
  (type.kind === 'float' && dialect === 'bigquery') ||
  (type.kind === 'array' && needsRewrite(type.element, dialect)) ||
  (type.kind === 'map' && needsRewrite(type.value, dialect)) ||
  (type.kind === 'struct' && type.fields.some((field) => needsRewrite(field.type, dialect)));

/** A value as the dialect writes it into JSON: moments with a `T`, BigQuery's whole floats without a point. */
export function writtenInJson(value: Typed, dialect: Dialect): Typed {
  const zone = jsonZone[dialect];
  if (zone === undefined || !needsRewrite(value.type, dialect)) return value;
  const { kind } = value.type;
  if (kind === 'timestamp') return { sql: `replace(${value.sql},' ','T')`, type: types.string };
  if (kind === 'timestamptz') return { sql: `(replace(${value.sql},' ','T') || '${zone}')`, type: types.string };
  if (kind === 'float') return value;
  return { sql: `hw_json_of(${value.sql},${quoteText(JSON.stringify(kindsOf(value.type)))},'${dialect}')`, type: value.type };
}

export function toVariant(value: Typed): Typed {
  if (value.type.kind === 'variant') return value;
  if (isNested(value.type)) return { sql: value.sql, type: types.variant };
  return { sql: `hw_to_variant(${value.sql},${kindText(value.type)})`, type: types.variant };
}

export function toText(value: Typed, dialect: Dialect): Typed {
  const done = (sql: string): Typed => ({ sql, type: types.string });
  const { sql, type } = value;
  switch (type.kind) {
    case 'string':
      return value;
    case 'null':
      return done('NULL');
    case 'float':
      return done(`hw_float_text(${sql},'${floatStyle[dialect] ?? ''}')`);
    case 'decimal':
      if (dialect === 'bigquery' || type.scale === undefined) return done(`hw_float_text(${sql},'')`);
      return done(`hw_decimal_text(${sql},${type.scale})`);
    case 'boolean':
      return done(
        dialect === 'tsql' || dialect === 'mysql' ? `cast(${sql} as text)` : `(case ${sql} when 1 then 'true' when 0 then 'false' end)`,
      );
    case 'date':
    case 'timestamp':
    case 'time':
      return done(type.kind === 'timestamp' && dialect === 'snowflake' ? `(${sql} || iif(instr(${sql},'.')>0,'','.000'))` : sql);
    case 'timestamptz':
      return done(`(${sql} || '${zoneSuffix[dialect] ?? ''}')`);
    case 'interval':
      return done(dialect === 'trino' || dialect === 'athena' ? `hw_format_interval_trino(${sql})` : `hw_format_interval(${sql})`);
    case 'bytes':
      return done(`hw_utf8_text(${sql})`);
    case 'variant':
      return done(`hw_variant_text(${sql})`);
    case 'json':
      return done(isWide(type) && dialect === 'postgres' ? `hw_jsonb_text(${sql})` : sql);
    case 'array':
      return done(dialect === 'postgres' ? `hw_array_literal(${sql})` : sql);
    case 'struct':
    case 'map':
      return done(sql);
    default:
      return done(`cast(${sql} as text)`);
  }
}

/** Where text becomes a timestamp without a zone, a zone written in it is passed over, not worked in. */
const ignoresZone: ReadonlySet<Dialect> = new Set(['postgres', 'redshift', 'snowflake']);

function toNumber(value: Typed, safe: 0 | 1, dialect: Dialect): string {
  const { sql, type } = value;
  if (type.kind === 'string' || type.kind === 'unknown') {
    if (value.literal !== undefined && /^\s*-?\d+(\.\d+)?\s*$/.test(value.literal)) return value.literal.trim();
    return dialect === 'mysql' || dialect === 'sqlite' ? `hw_prefix_number(${sql})` : `hw_text_number(${sql},${safe})`;
  }
  if (type.kind === 'variant' || type.kind === 'json') return `hw_variant_number(${sql},${safe})`;
  return sql;
}

export function toInteger(value: Typed, safe: 0 | 1, dialect: Dialect): string {
  const rounding =
    roundings[dialect] ??
    (dialect === 'duckdb' && value.type.kind === 'float'
      ? 'even'
      : dialect === 'postgres' && value.type.kind === 'float'
        ? 'even'
        : 'away');
  switch (value.type.kind) {
    case 'integer':
    case 'boolean':
    case 'null':
      return value.sql;
    case 'string': {
      if (value.literal !== undefined && /^\s*-?\d{1,18}\s*$/.test(value.literal)) return value.literal.trim();
      const text = ['postgres', 'bigquery', 'trino', 'athena', 'tsql', 'databricks', 'redshift'].includes(dialect) ? 'none' : rounding;
      if (dialect === 'mysql' || dialect === 'sqlite')
        return `cast(hw_round_integer(hw_prefix_number(${value.sql}),'${rounding}') as integer)`;
      return `cast(hw_text_integer(${value.sql},'${text}',${safe}) as integer)`;
    }
    case 'variant':
    case 'json':
      return `cast(hw_round_integer(hw_variant_number(${value.sql},${safe}),'${rounding}') as integer)`;
    case 'timestamp':
    case 'timestamptz':
      return `cast(hw_part_date('epoch',${value.sql}) as integer)`;
    case 'unknown':
      return `cast(hw_round_integer(hw_text_number(${value.sql},${safe}),'${rounding}') as integer)`;
    default:
      return `cast(hw_round_integer(${value.sql},'${rounding}') as integer)`;
  }
}

function toTemporal(value: Typed, kind: 'date' | 'timestamp' | 'timestamptz', safe: 0 | 1, dialect: Dialect): string | undefined {
  const { sql, type } = value;
  if (type.kind === 'date')
    return kind === 'date' ? sql : value.literal === undefined ? `(${sql} || ' 00:00:00')` : quoteText(`${value.literal} 00:00:00`);
  if (type.kind === 'timestamp' || type.kind === 'timestamptz') return kind === 'date' ? `substr(${sql},1,10)` : sql;
  const passesZone = kind === 'timestamp' && ignoresZone.has(dialect);
  if (type.kind === 'string' && value.literal !== undefined && !(passesZone && /:\d{2}(?:\.\d+)?\s*[a-z+-]/i.test(value.literal))) {
    const found = parseMoment(value.literal, liberal.has(dialect));
    if (found !== undefined) return quoteText(kind === 'date' ? formatDate(found.days) : formatMoment(found));
  }
  const text = type.kind === 'variant' || type.kind === 'json' ? `hw_variant_text(${sql})` : sql;
  if (['string', 'unknown', 'variant', 'json', 'null'].includes(type.kind))
    return type.kind === 'null'
      ? 'NULL'
      : `hw_text_${kind === 'date' ? 'date' : passesZone ? 'clock' : 'timestamp'}(${text},${safe},${isLiberal(dialect)})`;
  // T-SQL counts days from the beginning of 1900.
  if (dialect === 'tsql' && (type.kind === 'integer' || type.kind === 'decimal' || type.kind === 'float'))
    return `hw_add_date('day',${sql},'1900-01-01 00:00:00','${kind === 'date' ? 'date' : 'timestamp'}')`;
  if (type.kind === 'integer' && kind !== 'date') return `hw_epoch_to(${sql},1)`;
  if (type.kind === 'decimal' && dialect === 'snowflake' && kind !== 'date') return `hw_epoch_scaled(${sql},0)`;
  if (type.kind === 'integer' && dialect === 'mysql') return `hw_text_date(cast(${sql} as text),${safe},1)`;
  return undefined;
}

/** The value as one of a kind, where the dialect converts by itself; undefined when no dialect would. */
export function coerce(value: Typed, kind: TypeKind, dialect: Dialect, safe: 0 | 1 = 0): string | undefined {
  const from = value.type.kind;
  if (from === kind || from === 'null') return value.sql;
  switch (kind) {
    case 'string':
      return toText(value, dialect).sql;
    case 'integer':
      return toInteger(value, safe, dialect);
    case 'float':
    case 'decimal':
      return toNumber(value, safe, dialect);
    case 'boolean':
      if (from === 'string') return `hw_text_boolean(${value.sql},${safe},1)`;
      if (from === 'variant' || from === 'json') return `hw_variant_boolean(${value.sql},${safe})`;
      return from === 'integer' || from === 'float' || from === 'decimal' ? `(${value.sql} <> 0)` : value.sql;
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return toTemporal(value, kind, safe, dialect);
    case 'time':
      return from === 'timestamp' || from === 'timestamptz'
        ? `substr(${value.sql},12)`
        : `hw_text_time(${toText(value, dialect).sql},${safe})`;
    case 'interval':
      return from === 'string' || from === 'unknown' ? `hw_text_interval(${value.sql},${safe})` : undefined;
    case 'bytes':
      return `hw_utf8_bytes(${toText(value, dialect).sql})`;
    case 'variant':
      return toVariant(value).sql;
    case 'json':
      return from === 'string' || from === 'unknown' ? value.sql : toVariant(value).sql;
    case 'array':
    case 'struct':
    case 'map':
      return isNested(value.type) || from === 'string' || from === 'unknown' ? value.sql : undefined;
    default:
      return value.sql;
  }
}

/** A cast that was written out. */
export function castTo(value: Typed, type: ValueType, isSafe: boolean, dialect: Dialect, span: Span): Typed {
  const safe = isSafe || silentFailure.has(dialect) ? 1 : 0;
  const refuse = (): never => {
    throw new Refusal(`A cast from ${formatType(value.type)} to ${formatType(type)} is not available in a preview.`, span);
  };
  const done = (sql: string | undefined, literal?: string): Typed => ({
    sql: sql ?? refuse(),
    type,
    ...(literal === undefined ? {} : { literal }),
  });
  if (value.type.kind === 'null') return done('NULL');
  switch (type.kind) {
    case 'integer':
      if (value.type.kind === 'date') return done(`cast(hw_part_date('epoch.day',${value.sql}) as integer)`);
      return done(toInteger(value, safe, dialect));
    case 'float':
      if (value.type.kind === 'string' && value.literal === undefined) return done(`hw_text_number(${value.sql},${safe})`);
      if (value.type.kind === 'timestamp' || value.type.kind === 'timestamptz') return done(`hw_part_date('epoch.fraction',${value.sql})`);
      return done(`cast(${toNumber(value, safe, dialect)} as real)`);
    case 'decimal': {
      const number = value.type.kind === 'string' && safe === 1 ? `hw_text_number(${value.sql},1)` : toNumber(value, safe, dialect);
      const scaled = type.scale === undefined ? number : `hw_round_decimal(${number},${type.scale},'away')`;
      return done(
        type.precision === undefined || type.scale === undefined || type.precision - type.scale > 15
          ? scaled
          : `hw_check_decimal(${scaled},${type.precision - type.scale},${safe})`,
      );
    }
    case 'string': {
      if (value.type.kind === 'bytes' && dialect === 'snowflake') return done(`hw_to_hex(${value.sql},1)`);
      const text = toText(value, dialect);
      return type.length === undefined || dialect === 'bigquery' || dialect === 'duckdb' || dialect === 'sqlite'
        ? { ...text, type: types.string }
        : done(
            dialect === 'snowflake' ? `hw_varchar_checked(${text.sql},${type.length},${safe})` : `hw_varchar(${text.sql},${type.length})`,
          );
    }
    case 'boolean': {
      if (value.type.kind === 'string') return done(`hw_text_boolean(${value.sql},${safe},${dialect === 'bigquery' ? 0 : 1})`);
      return done(coerce(value, 'boolean', dialect, safe));
    }
    case 'timestamp':
    case 'timestamptz':
    case 'date':
      return done(
        toTemporal(value, type.kind, safe, dialect),
        value.type.kind === 'string' && value.literal !== undefined && parseMoment(value.literal, true) !== undefined
          ? undefined
          : undefined,
      );
    case 'json':
    case 'variant':
      if (
        value.type.kind === 'string' &&
        (dialect === 'postgres' || dialect === 'duckdb' || dialect === 'redshift' || dialect === 'mysql' || dialect === 'bigquery') &&
        type.kind === 'json'
      )
        return done(
          safe === 1
            ? `hw_try_parse_json(${value.sql})`
            : isWide(type) && dialect === 'postgres'
              ? `hw_parse_jsonb(${value.sql})`
              : `hw_parse_json(${value.sql})`,
        );
      return done(toVariant(value).sql);
    case 'struct':
      return done(
        castStruct(
          value,
          type.fields.map((field) => field.name),
        ),
      );
    case 'array':
      if (value.type.kind === 'string' && (dialect === 'postgres' || dialect === 'redshift'))
        return done(`hw_read_array_literal(${value.sql},${kindText(type.element)})`);
      if (!isNested(value.type)) refuse();
      return done(value.sql);
    case 'unknown':
      return { sql: value.sql, type: value.type };
    default:
      return done(coerce(value, type.kind, dialect, safe));
  }
}

/** A struct under other names for its fields, position by position. */
function castStruct(value: Typed, names: readonly string[]): string {
  if (value.type.kind !== 'struct') return value.sql;
  return `hw_rename_fields(${value.sql},${quoteText(JSON.stringify(names))})`;
}

/** The literal text of numbers and dates in intervals and the like. */
export function literalNumber(value: Typed): number | undefined {
  return value.literal !== undefined && /^-?\d+(\.\d+)?$/.test(value.literal) ? Number(value.literal) : undefined;
}
