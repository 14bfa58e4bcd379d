import type { CallExpression, Expression } from '../sql/ir.ts';
import { coerce } from './coerce.ts';
import type { Context } from './context.ts';
import { constantText } from './emit-values.ts';
import type { Special } from './special.ts';
import { quoteText, type Typed } from './sql-text.ts';
import { canonicalUnit, toPart, toUnit } from './units.ts';
import { formatType, isTemporal, types } from './value-type.ts';

export const zoneNow: Special = (cx, call, scope) => {
  const zone = call.args[0] === undefined ? undefined : cx.emit(call.args[0], scope);
  const now =
    zone === undefined || zone.type.kind === 'integer'
      ? quoteText(cx.options.now)
      : `hw_shift_zone(${quoteText(cx.options.now)},'UTC',${zone.sql})`;
  cx.notes.add(`${call.name.toUpperCase()} is ${cx.options.now} UTC for this preview.`);
  if (/date$|^today$|^curdate$/.test(call.name) && call.name !== 'sysdate' && call.name !== 'getdate')
    return { sql: `substr(${now},1,10)`, type: types.date };
  if (/current_time$|localtime$|curtime$/.test(call.name)) return { sql: `substr(${now},12)`, type: types.time };
  const zoned =
    ['postgres', 'redshift', 'bigquery', 'databricks', 'duckdb', 'snowflake', 'trino', 'spark', 'athena'].includes(cx.dialect) &&
    /current_timestamp|^now$|clock|transaction|statement/.test(call.name);
  return { sql: now, type: zoned ? types.timestamptz : types.timestamp };
};

/** AGE of one moment: since then until midnight of today. */
export const ageOf: Special = (cx, call, scope) => {
  const [since] = call.args;
  if (since === undefined || call.args.length !== 1) return undefined;
  const value = cx.emit(since, scope);
  const at = isTemporal(value.type) ? value.sql : coerce(value, 'timestamp', cx.dialect);
  if (at === undefined) return undefined;
  cx.notes.add(`AGE counts until ${cx.options.now.slice(0, 10)} for this preview.`);
  return { sql: `hw_age(${quoteText(`${cx.options.now.slice(0, 10)} 00:00:00`)},${at})`, type: types.interval };
};

const keepsDateOnTrunc = new Set(['snowflake', 'bigquery', 'trino', 'athena', 'duckdb', 'generic', 'tsql']);

/** DATE_TRUNC and its like, with the unit first or last, and TRUNC of dates. */
export const dateTrunc: Special = (cx, call, scope) => {
  const first = constantText(call.args[0]);
  const unitFirst =
    call.args[0]?.kind === 'literal' &&
    call.args[0].type === 'string' &&
    first !== undefined &&
    toUnit(first, cx.dialect, 'truncate') !== undefined &&
    call.args.length > 1 &&
    !(call.args[1]?.kind === 'literal' && cx.dialect === 'bigquery');
  const [unitArgument, valueArgument] = unitFirst ? [call.args[0], call.args[1]] : [call.args[1], call.args[0]];
  if (valueArgument === undefined) return undefined;
  const value = cx.emit(valueArgument, scope);
  const readsText = value.type.kind === 'string' && unitArgument !== undefined && ['databricks', 'spark', 'hive'].includes(cx.dialect);
  if (call.name === 'trunc' && !isTemporal(value.type) && !readsText) return undefined;
  const written = unitArgument === undefined ? 'day' : constantText(unitArgument);
  if (written === undefined) {
    const at = coerce(value, isTemporal(value.type) ? value.type.kind : 'timestamp', cx.dialect);
    return {
      sql: `hw_trunc_date(lower(${cx.emit(unitArgument ?? valueArgument, scope).sql}),${at},1,'${value.type.kind === 'date' ? 'date' : 'timestamp'}')`,
      type: value.type.kind === 'date' ? types.date : types.timestamp,
    };
  }
  const zone = call.args[2];
  if (
    zone !== undefined &&
    (value.type.kind === 'timestamptz' || call.name === 'timestamp_trunc') &&
    (unitFirst || cx.dialect === 'bigquery')
  ) {
    const name = cx.emit(zone, scope).sql;
    const found = toUnit(written, cx.dialect, 'truncate') ?? cx.refuse(`'${written}' is not a part of a date.`, call.span);
    return {
      sql: `hw_shift_zone(hw_trunc_date('${found.name}',hw_shift_zone(${coerce(value, 'timestamptz', cx.dialect)},'UTC',${name}),${found.weekStart},'timestamp'),${name},'UTC')`,
      type: types.timestamptz,
    };
  }
  const unit =
    toUnit(written, cx.dialect, 'truncate') ??
    cx.refuse(`'${written}' is not a part of a date that ${call.name.toUpperCase()} can use here.`, call.span);
  if (value.type.kind === 'interval') return { sql: `hw_trunc_interval('${unit.name}',${value.sql})`, type: types.interval };
  if (value.type.kind === 'time' || call.name === 'time_trunc')
    return { sql: `hw_trunc_time('${unit.name}',${coerce(value, 'time', cx.dialect)})`, type: types.time };
  const isDate = value.type.kind === 'date' || (value.type.kind === 'string' && cx.dialect === 'bigquery' && call.name === 'date_trunc');
  const clock = ['hour', 'minute', 'second', 'millisecond', 'microsecond'].includes(unit.name);
  const source =
    coerce(value, isDate ? 'date' : isTemporal(value.type) ? value.type.kind : 'timestamp', cx.dialect) ??
    cx.refuse(`${call.name.toUpperCase()} needs a date or timestamp, not ${formatType(value.type)}.`, call.span);
  const type = isDate
    ? call.name === 'trunc' || (keepsDateOnTrunc.has(cx.dialect) && !(clock && cx.dialect === 'duckdb'))
      ? types.date
      : types.timestamp
    : call.name === 'trunc' && ['databricks', 'spark', 'redshift'].includes(cx.dialect)
      ? types.date
      : isTemporal(value.type)
        ? value.type
        : call.name === 'timestamp_trunc'
          ? types.timestamptz
          : types.timestamp;
  return { sql: `hw_trunc_date('${unit.name}',${source},${unit.weekStart},'${type.kind === 'date' ? 'date' : 'timestamp'}')`, type };
};

/** The difference of two moments, whatever order and unit the dialect writes. */
export const dateDiff: Special = (cx, call, scope) => {
  const [a, b, c] = call.args;
  if (a === undefined || b === undefined) return undefined;
  const temporal = (expression: Expression): Typed => {
    const value = cx.emit(expression, scope);
    if (isTemporal(value.type)) return value;
    const isDate = value.literal !== undefined && /^\s*\d{4}-\d{1,2}-\d{1,2}\s*$/.test(value.literal);
    return {
      sql:
        coerce(value, isDate ? 'date' : 'timestamp', cx.dialect) ??
        cx.refuse(`${call.name.toUpperCase()} needs dates, not ${formatType(value.type)}.`, expression.span),
      type: isDate ? types.date : types.timestamp,
    };
  };
  const write = (mode: string, unit: { name: string; weekStart: number }, from: Typed, until: Typed): Typed => ({
    sql: `cast(hw_diff_date('${mode}','${unit.name}',${from.sql},${until.sql},${unit.weekStart}) as integer)`,
    type: types.integer,
  });
  if (c === undefined) {
    // DATEDIFF(end, start) counts days.
    const [later, earlier] = [temporal(a), temporal(b)];
    return write('edges', { name: 'day', weekStart: 1 }, earlier, later);
  }
  const last = cx.dialect === 'bigquery';
  const written = constantText(last ? c : a);
  const unit = written === undefined ? undefined : toUnit(written, cx.dialect, 'difference');
  if (unit === undefined)
    return cx.refuse(`'${written ?? 'this'}' is not a part of a date that ${call.name.toUpperCase()} can use here.`, call.span);
  if (last) {
    if (call.name === 'time_diff')
      return {
        sql: `cast(hw_diff_time('${unit.name}',${cx.emit(b, scope).sql},${cx.emit(a, scope).sql}) as integer)`,
        type: types.integer,
      };
    return write(call.name === 'timestamp_diff' ? 'whole' : 'edges', unit, temporal(b), temporal(a));
  }
  const [from, until] = [cx.emit(b, scope), cx.emit(c, scope)];
  if (from.type.kind === 'time' || until.type.kind === 'time')
    return { sql: `cast(hw_diff_time('${unit.name}',${from.sql},${until.sql}) as integer)`, type: types.integer };
  const whole =
    ['trino', 'athena', 'databricks', 'spark', 'hive', 'mysql'].includes(cx.dialect) ||
    call.name === 'datesub' ||
    (call.name === 'date_sub' && cx.dialect === 'duckdb');
  // DuckDB counts whole weeks between two days, not the Mondays between them.
  if (cx.dialect === 'duckdb' && unit.name === 'week' && !whole) {
    const days = write('edges', { name: 'day', weekStart: 1 }, temporal(b), temporal(c));
    return { ...days, sql: `(${days.sql} / 7)` };
  }
  return write(
    ['trino', 'athena', 'duckdb'].includes(cx.dialect) && whole ? 'joda' : whole ? 'whole' : 'edges',
    unit,
    temporal(b),
    temporal(c),
  );
};

/** DATEADD, DATE_ADD, TIMESTAMP_SUB and their like. */
export const dateAdd: Special = (cx, call, scope) => {
  const sign = /sub$/.test(call.name) ? -1 : 1;
  const [a, b, c] = call.args;
  if (a === undefined || b === undefined) return undefined;
  const moment = (expression: Expression): Typed => {
    const value = cx.emit(expression, scope);
    if (isTemporal(value.type) || value.type.kind === 'time') return value;
    const isDate = (value.literal !== undefined && /^\s*\d{4}-\d{1,2}-\d{1,2}\s*$/.test(value.literal)) || /^date_/.test(call.name);
    const type = isDate ? types.date : types.timestamp;
    return {
      sql:
        coerce(value, type.kind, cx.dialect) ??
        cx.refuse(`${call.name.toUpperCase()} needs a date, not ${formatType(value.type)}.`, expression.span),
      type,
    };
  };
  if (c !== undefined) {
    const written = constantText(a);
    const unit = written === undefined ? undefined : toUnit(written, cx.dialect, 'add');
    if (unit === undefined)
      return cx.refuse(`'${written ?? 'this'}' is not a part of a date that ${call.name.toUpperCase()} can use here.`, a.span);
    const amount = coerce(cx.emit(b, scope), 'integer', cx.dialect) ?? '0';
    const value = moment(c);
    if (value.type.kind === 'time') return { sql: `hw_add_time('${unit.name}',${sign} * ${amount},${value.sql})`, type: types.time };
    const clock = ['hour', 'minute', 'second', 'millisecond', 'microsecond'].includes(unit.name);
    const wide = ['redshift', 'databricks', 'spark'].includes(cx.dialect) && (call.name === 'dateadd' || call.name === 'timestampadd');
    // A literal date in Snowflake, T-SQL and Redshift is a timestamp once it is computed with.
    const literal = cx.emit(c, scope).type.kind === 'string';
    const type = value.type.kind === 'date' && (clock || wide) ? types.timestamp : value.type;
    const kind = type.kind === 'date' && !(literal && cx.dialect === 'tsql') ? 'date' : 'timestamp';
    return {
      sql: `hw_add_date('${unit.name === 'year' && cx.dialect === 'redshift' ? 'year.over' : unit.name}',${sign} * ${amount},${value.sql},'${kind}')`,
      type: kind === 'date' ? types.date : type.kind === 'date' ? types.timestamp : type,
    };
  }
  const value = moment(a);
  const amount = cx.emit(b, scope);
  if (amount.type.kind === 'interval') return emitInterval(cx, call, value, amount, sign);
  return {
    sql: `hw_add_date('day',${sign} * (${coerce(amount, 'integer', cx.dialect)}),${coerce(value, 'date', cx.dialect)},'date')`,
    type: types.date,
  };
};

function emitInterval(cx: Context, call: CallExpression, value: Typed, interval: Typed, sign: number): Typed {
  if (value.type.kind === 'time')
    return { sql: `substr(hw_interval_add('1970-01-01 ' || ${value.sql},${interval.sql},${sign},'timestamp'),12)`, type: types.time };
  const clock = /\|-?0*[1-9]\d*'$/.test(interval.sql);
  const type = call.name.startsWith('timestamp_')
    ? types.timestamptz
    : call.name.startsWith('datetime_')
      ? types.timestamp
      : value.type.kind === 'date' && (clock || cx.dialect === 'duckdb')
        ? types.timestamp
        : value.type;
  return { sql: `hw_interval_add(${value.sql},${interval.sql},${sign},'${type.kind === 'date' ? 'date' : 'timestamp'}')`, type };
}

export const parts: Special = (cx, call, scope) => {
  const written = constantText(call.args[0]);
  const value = call.args[1] === undefined ? undefined : cx.emit(call.args[1], scope);
  if (written === undefined || value === undefined) return undefined;
  if (value.type.kind === 'time' || value.type.kind === 'string' || value.type.kind === 'unknown') {
    const source = value.type.kind === 'time' ? `'1970-01-01 ' || ${value.sql}` : (coerce(value, 'timestamp', cx.dialect) ?? value.sql);
    return partOf(cx, call, written, { sql: source, type: types.timestamp });
  }
  return partOf(cx, call, written, value);
};

function partOf(cx: Context, call: CallExpression, written: string, value: Typed): Typed {
  const unit = canonicalUnit(written);
  if (unit === 'date') return { sql: coerce(value, 'date', cx.dialect) ?? value.sql, type: types.date };
  if (unit === 'time') return { sql: `substr(${coerce(value, 'timestamp', cx.dialect)},12)`, type: types.time };
  const named = partName(cx, written, call);
  const reads = call.name === 'date_part' || ['databricks', 'spark', 'hive'].includes(cx.dialect);
  const part = named === 'second' && reads && ['redshift', 'databricks', 'spark', 'hive'].includes(cx.dialect) ? 'second.fraction' : named;
  const fractional = part.endsWith('.fraction') || (part === 'millisecond.total' && cx.dialect === 'postgres');
  const isFunction = call.name !== 'extract';
  const exact = ['databricks', 'spark', 'hive'].includes(cx.dialect) || (cx.dialect === 'postgres' && !isFunction);
  // PostgreSQL's EXTRACT is numeric and its DATE_PART a double, whatever the part; so is Redshift's DATE_PART.
  const whole = cx.dialect === 'postgres' || (cx.dialect === 'redshift' && call.name === 'date_part') ? !fractional : false;
  const type = fractional || whole ? (exact ? types.decimal : types.float) : types.integer;
  if (value.type.kind === 'interval')
    return {
      sql: fractional ? `hw_part_interval('${part}',${value.sql})` : asWhole(`hw_part_interval('${part}',${value.sql})`, whole),
      type,
    };
  const at = isTemporal(value.type)
    ? value.sql
    : (coerce(value, 'timestamp', cx.dialect) ??
      cx.refuse(`${call.name.toUpperCase()} needs a date or timestamp, not ${formatType(value.type)}.`, call.span));
  return { sql: fractional ? `hw_part_date('${part}',${at})` : asWhole(`hw_part_date('${part}',${at})`, whole), type };
}

/** A whole number, as one that divides with a remainder or as one that does not. */
const asWhole = (sql: string, real: boolean): string => (real ? `cast(cast(${sql} as integer) as real)` : `cast(${sql} as integer)`);

function partName(cx: Context, written: string, call: CallExpression): string {
  return (
    toPart(written, cx.dialect) ??
    cx.refuse(`'${written}' is not a part of a date that ${call.name.toUpperCase()} can use here.`, call.span)
  );
}
