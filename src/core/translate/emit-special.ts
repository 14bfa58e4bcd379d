import type { CallExpression, Expression, LambdaExpression } from '../sql/ir.ts';
import { coerce, kindText, toJsonItem, toText, toVariant } from './coerce.ts';
import type { Context } from './context.ts';
import { emitOperator } from './emit-operator.ts';
import { castInteger, constantText, emitCondition, to } from './emit-values.ts';
import { Scope } from './scope.ts';
import { quoteText, type Typed } from './sql-text.ts';
import { canonicalUnit, toPart, toUnit } from './units.ts';
import { commonType, formatType, isTemporal, isWide, types, type ValueType } from './value-type.ts';

type Special = (cx: Context, call: CallExpression, scope: Scope) => Typed | undefined;

const arg = (cx: Context, call: CallExpression, at: number): Expression =>
  call.args[at] ?? cx.refuse(`${call.name.toUpperCase()} wants more arguments.`, call.span);

/** The values of several branches in the type they share. */
function choose(cx: Context, values: readonly Typed[]): { type: ValueType; sql: string[] } {
  const type = commonType(values.map((value) => value.type));
  return { type, sql: values.map((value) => to(cx, value, type)) };
}

const iff: Special = (cx, call, scope) => {
  const condition = emitCondition(cx, arg(cx, call, 0), scope);
  const values = call.args.slice(1).map((item) => cx.emit(item, scope));
  const { type, sql } = choose(cx, values);
  return { sql: `iif(${condition},${sql[0]},${sql[1] ?? 'NULL'})`, type };
};

const multiIf: Special = (cx, call, scope) => {
  const results = call.args.filter((_, i) => i % 2 === 1 || i === call.args.length - 1).map((item) => cx.emit(item, scope));
  const { type, sql } = choose(cx, results);
  const branches = sql.slice(0, -1).map((result, i) => `when ${emitCondition(cx, arg(cx, call, i * 2), scope)} then ${result}`);
  return { sql: `(case ${branches.join(' ')} else ${sql.at(-1)} end)`, type };
};

const decode: Special = (cx, call, scope) => {
  if (call.args.length < 3) return undefined;
  const pairs = Math.floor((call.args.length - 1) / 2);
  const operand = arg(cx, call, 0);
  const results = Array.from({ length: pairs }, (_, i) => cx.emit(arg(cx, call, i * 2 + 2), scope));
  const otherwise = call.args.length % 2 === 0 ? cx.emit(arg(cx, call, call.args.length - 1), scope) : undefined;
  const { type, sql } = choose(cx, otherwise ? [...results, otherwise] : results);
  const branches = sql.slice(0, pairs).map((result, i) => {
    const test = emitOperator(
      cx,
      { kind: 'operator', operator: 'is not distinct from', operands: [operand, arg(cx, call, i * 2 + 1)], span: call.span },
      scope,
    );
    return `when ${test.sql} then ${result}`;
  });
  return { sql: `(case ${branches.join(' ')} else ${otherwise ? sql[pairs] : 'NULL'} end)`, type };
};

const nvl2: Special = (cx, call, scope) => {
  const { type, sql } = choose(cx, [cx.emit(arg(cx, call, 1), scope), cx.emit(arg(cx, call, 2), scope)]);
  return { sql: `iif(${cx.emit(arg(cx, call, 0), scope).sql} is not null,${sql[0]},${sql[1]})`, type };
};

/** A value as CONCAT and its like write it: PostgreSQL shortens booleans there, and only there. */
function shortText(cx: Context, value: Typed): string {
  if (value.type.kind === 'boolean' && cx.dialect === 'postgres') return `(case ${value.sql} when 1 then 't' when 0 then 'f' end)`;
  return toText(value, cx.dialect).sql;
}

const shortTexts =
  (name: string): Special =>
  (cx, call, scope) => {
    if (cx.dialect !== 'postgres') return undefined;
    return { sql: `${name}(${call.args.map((item) => shortText(cx, cx.emit(item, scope))).join(',')})`, type: types.string };
  };

const skipsNull = new Set(['postgres', 'redshift', 'duckdb', 'databricks', 'spark', 'hive', 'tsql', 'oracle']);

const concat: Special = (cx, call, scope) => {
  const values = call.args.map((item) => cx.emit(item, scope));
  if (values.some((value) => value.type.kind === 'array'))
    return {
      sql: `hw_array_concat(${values.map((value) => value.sql).join(',')})`,
      type: values.find((value) => value.type.kind === 'array')?.type ?? types.unknown,
    };
  const texts = values.map((value) => shortText(cx, value));
  const skips = skipsNull.has(cx.dialect) && !['databricks', 'spark', 'hive', 'redshift', 'oracle'].includes(cx.dialect);
  const skipped = cx.dialect === 'oracle' || skips;
  return { sql: skipped ? `(${texts.map((text) => `coalesce(${text},'')`).join(' || ')})` : `(${texts.join(' || ')})`, type: types.string };
};

const extreme =
  (name: 'max' | 'min'): Special =>
  (cx, call, scope) => {
    const { type, sql } = choose(
      cx,
      call.args.map((item) => cx.emit(item, scope)),
    );
    if (sql.length === 1) return { sql: sql[0] ?? 'NULL', type };
    const skips =
      ['postgres', 'redshift', 'duckdb', 'databricks', 'spark', 'hive', 'tsql'].includes(cx.dialect) && !call.name.endsWith('_strict');
    if (call.name.endsWith('ignore_nulls') || skips)
      return { sql: castInteger(`hw_${name === 'max' ? 'greatest' : 'least'}_skip(${sql.join(',')})`, type), type };
    return { sql: `${name}(${sql.join(',')})`, type };
  };

const zoneNow: Special = (cx, call, scope) => {
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

const keepsDateOnTrunc = new Set(['snowflake', 'bigquery', 'trino', 'athena', 'duckdb', 'generic', 'tsql']);

/** DATE_TRUNC and its like, with the unit first or last, and TRUNC of dates. */
const dateTrunc: Special = (cx, call, scope) => {
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
    cx.refuse(`${call.name.toUpperCase()} wants a date or timestamp, not ${formatType(value.type)}.`, call.span);
  const type = isDate
    ? call.name === 'trunc' || (keepsDateOnTrunc.has(cx.dialect) && !(clock && cx.dialect === 'duckdb'))
      ? types.date
      : types.timestamp
    : call.name === 'trunc' && (cx.dialect === 'databricks' || cx.dialect === 'spark')
      ? types.date
      : isTemporal(value.type)
        ? value.type
        : call.name === 'timestamp_trunc'
          ? types.timestamptz
          : types.timestamp;
  return { sql: `hw_trunc_date('${unit.name}',${source},${unit.weekStart},'${type.kind === 'date' ? 'date' : 'timestamp'}')`, type };
};

/** The difference of two moments, whatever order and unit the dialect writes. */
const dateDiff: Special = (cx, call, scope) => {
  const [a, b, c] = call.args;
  if (a === undefined || b === undefined) return undefined;
  const temporal = (expression: Expression): Typed => {
    const value = cx.emit(expression, scope);
    if (isTemporal(value.type)) return value;
    const isDate = value.literal !== undefined && /^\s*\d{4}-\d{1,2}-\d{1,2}\s*$/.test(value.literal);
    return {
      sql:
        coerce(value, isDate ? 'date' : 'timestamp', cx.dialect) ??
        cx.refuse(`${call.name.toUpperCase()} wants dates, not ${formatType(value.type)}.`, expression.span),
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
  return write(cx.dialect === 'trino' || cx.dialect === 'athena' ? 'joda' : whole ? 'whole' : 'edges', unit, temporal(b), temporal(c));
};

/** DATEADD, DATE_ADD, TIMESTAMP_SUB and their like. */
const dateAdd: Special = (cx, call, scope) => {
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
        cx.refuse(`${call.name.toUpperCase()} wants a date, not ${formatType(value.type)}.`, expression.span),
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
      sql: `hw_add_date('${unit.name}',${sign} * ${amount},${value.sql},'${kind}')`,
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

const parts: Special = (cx, call, scope) => {
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
  const part = partName(cx, written, call);
  const fractional = part.endsWith('.fraction') || (part === 'millisecond.total' && cx.dialect === 'postgres');
  const type = fractional ? (cx.dialect === 'postgres' ? types.decimal : types.float) : types.integer;
  if (value.type.kind === 'interval')
    return {
      sql: fractional ? `hw_part_interval('${part}',${value.sql})` : `cast(hw_part_interval('${part}',${value.sql}) as integer)`,
      type,
    };
  const at = isTemporal(value.type)
    ? value.sql
    : (coerce(value, 'timestamp', cx.dialect) ??
      cx.refuse(`${call.name.toUpperCase()} wants a date or timestamp, not ${formatType(value.type)}.`, call.span));
  return { sql: fractional ? `hw_part_date('${part}',${at})` : `cast(hw_part_date('${part}',${at}) as integer)`, type };
}

function partName(cx: Context, written: string, call: CallExpression): string {
  return (
    toPart(written, cx.dialect) ??
    cx.refuse(`'${written}' is not a part of a date that ${call.name.toUpperCase()} can use here.`, call.span)
  );
}

/** A function of one lambda over the elements of an array. */
const overElements =
  (what: 'map' | 'filter' | 'any' | 'all' | 'count' | 'first'): Special =>
  (cx, call, scope) => {
    const lambda = call.args.find((item): item is LambdaExpression => item.kind === 'lambda');
    const source = call.args.find((item) => item.kind !== 'lambda');
    if (lambda === undefined || source === undefined) return undefined;
    const array = cx.emit(source, scope);
    const element = array.type.kind === 'array' ? array.type.element : types.variant;
    const name = cx.fresh('e');
    const inner = new Scope(scope);
    const [parameter, position] = lambda.parameters;
    inner.aliasesFirst = true;
    inner.aliases.set(parameter?.text.toLowerCase() ?? '', { sql: `${name}.value`, type: element });
    if (position !== undefined) inner.aliases.set(position.text.toLowerCase(), { sql: `${name}.key`, type: types.integer });
    const from = `from json_each(hw_elements(${array.sql},${kindText(element)})) as ${name}`;
    if (what === 'map') {
      const body = cx.emit(lambda.body, inner);
      return {
        sql: `iif(${array.sql} is null,null,(select json_group_array(${toJsonItem(body)} order by ${name}.key) ${from}))`,
        type: { kind: 'array', element: body.type },
      };
    }
    const condition = emitCondition(cx, lambda.body, inner);
    const value = { sql: `${name}.value`, type: element };
    switch (what) {
      case 'filter':
        return {
          sql: `iif(${array.sql} is null,null,(select json_group_array(${toJsonItem(value)} order by ${name}.key) ${from} where ${condition}))`,
          type: { kind: 'array', element },
        };
      case 'any':
        return { sql: `iif(${array.sql} is null,null,exists (select 1 ${from} where ${condition}))`, type: types.boolean };
      case 'all':
        return { sql: `iif(${array.sql} is null,null,not exists (select 1 ${from} where not ${condition}))`, type: types.boolean };
      case 'count':
        return { sql: `(select count(*) ${from} where ${condition})`, type: types.integer };
      default:
        return { sql: `(select ${name}.value ${from} where ${condition} order by ${name}.key limit 1)`, type: element };
    }
  };

/** OBJECT_CONSTRUCT, JSON_OBJECT, NAMED_STRUCT, MAP: names and values in turns. */
const objectOf =
  (form: 'struct' | 'variant' | 'json' | 'map', skipsNulls = false): Special =>
  (cx, call, scope) => {
    if (call.named.length > 0) {
      const fields = call.named.map(({ name, value }) => ({ name, value: cx.emit(value, scope) }));
      return {
        sql: `json_object(${fields.map(({ name, value }) => `${quoteText(name)},${toJsonItem(value)}`).join(',')})`,
        type: form === 'struct' ? { kind: 'struct', fields: fields.map(({ name, value }) => ({ name, type: value.type })) } : types.json,
      };
    }
    const values = call.args.map((item) => cx.emit(item, scope));
    if (values.length % 2 !== 0) return undefined;
    const triples = values.flatMap((value, i) => (i % 2 === 0 ? [toText(value, cx.dialect).sql] : [kindText(value.type), value.sql]));
    const fields = values
      .filter((_, i) => i % 2 === 1)
      .map((value, i) => ({ name: values[i * 2]?.literal ?? `_${i + 1}`, type: value.type }));
    const type: ValueType =
      form === 'struct'
        ? { kind: 'struct', fields }
        : form === 'map'
          ? { kind: 'map', value: commonType(fields.map((field) => field.type)) }
          : form === 'json'
            ? types.json
            : types.variant;
    return { sql: `hw_object_${skipsNulls ? 'without_nulls' : 'of'}(${triples.join(',')})`, type };
  };

const arrayOf: Special = (cx, call, scope) => {
  const items = call.args.map((item) => cx.emit(item, scope));
  const element = commonType(items.map((item) => item.type));
  const isVariant = call.name === 'array_construct';
  return {
    sql: `json_array(${items.map((item) => toJsonItem(isVariant ? item : { sql: to(cx, item, element), type: element })).join(',')})`,
    type: { kind: 'array', element: isVariant ? types.variant : element },
  };
};

const toJson: Special = (cx, call, scope) => {
  const value = cx.emit(arg(cx, call, 0), scope);
  const json = `json_array(${toJsonItem(value)})`;
  const inner = `substr(${json},2,length(${json}) - 2)`;
  const seesNull = cx.dialect === 'bigquery' || cx.dialect === 'trino' || cx.dialect === 'athena';
  return {
    sql: seesNull ? inner : `iif(${value.sql} is null,null,${inner})`,
    type: /string$|^json_dump|^json_format/.test(call.name) || ['databricks', 'spark'].includes(cx.dialect) ? types.string : types.json,
  };
};

/** The name of a type; the value is read beside it, so that an aggregate stays one. */
const typeOf: Special = (cx, call, scope) => {
  const named = (name: string): Typed => ({ sql: `iif(${value.sql} is null,${quoteText(name)},${quoteText(name)})`, type: types.string });
  const value = cx.emit(arg(cx, call, 0), scope);
  if (cx.dialect === 'snowflake') return { sql: `hw_json_type(${toVariant(value).sql},'snowflake')`, type: types.string };
  if (cx.dialect === 'postgres') {
    const names: Readonly<Record<string, string>> = {
      float: 'double precision',
      decimal: 'numeric',
      timestamp: 'timestamp without time zone',
      time: 'time without time zone',
      bytes: 'bytea',
      ...(isWide(value.type) ? { integer: 'bigint', json: 'jsonb' } : {}),
    };
    return named(names[value.type.kind] ?? formatType(value.type));
  }
  if (cx.dialect === 'duckdb' && isWide(value.type) && value.type.kind === 'integer') return named('BIGINT');
  if (cx.dialect === 'duckdb' && value.type.kind === 'string') return named('VARCHAR');
  return named(formatType(value.type).toUpperCase());
};

const lambdas = (names: string, what: Parameters<typeof overElements>[0]): [string, Special][] =>
  names.split(' ').map((name) => [name, overElements(what)]);
const all = (names: string, special: Special): [string, Special][] => names.split(' ').map((name) => [name, special]);

const specials: ReadonlyMap<string, Special> = new Map([
  ...all('if iff', iff),
  ...all('iif', iff),
  ...all('multiif', multiIf),
  ...all('decode', decode),
  ...all('nvl2', nvl2),
  ...all('concat', concat),
  ...all('greatest greatest_ignore_nulls', extreme('max')),
  ...all('least least_ignore_nulls', extreme('min')),
  ...all(
    'current_date current_timestamp current_datetime current_time now getdate sysdate sysdatetime sysutcdatetime getutcdate localtimestamp localtime systimestamp today curdate curtime utc_timestamp utc_date transaction_timestamp statement_timestamp clock_timestamp unix_now',
    zoneNow,
  ),
  ...all('date_trunc datetrunc timestamp_trunc datetime_trunc time_trunc trunc', dateTrunc),
  ...all('datediff date_diff timestampdiff timestamp_diff datetime_diff time_diff timediff datediff_big datesub', dateDiff),
  ...all(
    'dateadd date_add timestampadd timestamp_add datetime_add timestamp_sub datetime_sub adddate subdate timeadd time_add time_sub datetime_sub',
    dateAdd,
  ),
  ...all('date_sub', (cx, call, scope) =>
    cx.dialect === 'duckdb' && call.args.length === 3 ? dateDiff(cx, call, scope) : dateAdd(cx, call, scope),
  ),
  ...all('extract date_part datepart', parts),
  ...all('substring', (cx, call, scope) => {
    // PostgreSQL's SUBSTRING(text FROM pattern).
    const pattern = call.args[1] === undefined ? undefined : cx.emit(call.args[1], scope);
    if (pattern?.type.kind !== 'string' || call.args.length !== 2 || !['postgres', 'redshift'].includes(cx.dialect)) return undefined;
    return {
      sql: `hw_regex_extract(${toText(cx.emit(arg(cx, call, 0), scope), cx.dialect).sql},${pattern.sql},1,1,'',-1,0)`,
      type: types.string,
    };
  }),
  ...lambdas('transform list_transform array_transform list_apply array_apply arraymap apply', 'map'),
  ...lambdas('list_filter array_filter arrayfilter', 'filter'),
  ...all('filter', overElements('filter')),
  ...lambdas('any_match arrayexists exists', 'any'),
  ...lambdas('all_match forall arrayall', 'all'),
  ...lambdas('arraycount', 'count'),
  ...lambdas('arrayfirst', 'first'),
  ...all('object_construct', objectOf('variant', true)),
  ...all('object_construct_keep_null', objectOf('variant')),
  ...all('named_struct struct_pack', objectOf('struct')),
  ...all('json_object json_build_object jsonb_build_object', objectOf('json')),
  ...all('object', objectOf('variant')),
  ...all('map var_map create_map', (cx, call, scope) => {
    const [keys] = call.args;
    if (keys?.kind === 'struct') {
      const value = cx.emit(keys, scope);
      return {
        sql: value.sql,
        type: {
          kind: 'map',
          value: value.type.kind === 'struct' ? commonType(value.type.fields.map((field) => field.type)) : types.unknown,
        },
      };
    }
    if (call.args.length === 2 && call.args.every((item) => item.kind === 'array' || (item.kind === 'call' && item.name === 'array'))) {
      const [names, values] = call.args.map((item) => cx.emit(item, scope));
      return {
        sql: `hw_map_from_arrays(${names?.sql},${values?.sql})`,
        type: { kind: 'map', value: values?.type.kind === 'array' ? values.type.element : types.unknown },
      };
    }
    return objectOf('map')(cx, call, scope);
  }),
  ...all('array array_construct list_value list_pack array_construct_compact', arrayOf),
  ...all('json_array json_build_array jsonb_build_array', (cx, call, scope) => ({
    sql: `json_array(${call.args.map((item) => toJsonItem(cx.emit(item, scope))).join(',')})`,
    type: types.json,
  })),
  ...all('epoch_ms', (cx, call, scope) => {
    const value = cx.emit(arg(cx, call, 0), scope);
    return cx.dialect === 'duckdb' && value.type.kind === 'integer'
      ? { sql: `hw_epoch_to(${value.sql},1000)`, type: types.timestamp }
      : undefined;
  }),
  ...all('concat_ws', shortTexts('hw_concat_ws')),
  ...all('format', shortTexts('hw_format_pg')),
  ...all('row', (cx, call, scope) => {
    const fields = call.args.map((item, i) => ({
      name: `${cx.dialect === 'postgres' ? 'f' : 'field'}${i + 1}`,
      value: cx.emit(item, scope),
    }));
    return {
      sql: `json_object(${fields.map(({ name, value }) => `${quoteText(name)},${toJsonItem(value)}`).join(',')})`,
      type: { kind: 'struct', fields: fields.map(({ name, value }) => ({ name, type: value.type })) },
    };
  }),
  ...all('num_nulls num_nonnulls', (cx, call, scope) => ({
    sql: `(${call.args.map((item) => `(${cx.emit(item, scope).sql} is ${call.name === 'num_nulls' ? '' : 'not '}null)`).join(' + ')})`,
    type: types.integer,
  })),
  ...all('grouping grouping_id', (cx, call, scope) => ({
    sql: `(${call.args.map((item, i) => `hw_grouping(${cx.emit(item, scope).sql}) * ${2 ** (call.args.length - 1 - i)}`).join(' + ')})`,
    type: types.integer,
  })),
  ...all('make_interval', (cx, call, scope) => {
    const order = cx.dialect === 'bigquery' ? 'year month day hour minute second' : 'years months weeks days hours mins secs';
    const units: Readonly<Record<string, string>> = { mins: 'minute', secs: 'second' };
    const parts = [
      ...call.args.map((value, i) => ({ name: order.split(' ')[i] ?? '', value })),
      ...call.named.map(({ name, value }) => ({ name: name.toLowerCase(), value })),
    ].map(({ name, value }) => {
      const unit = units[name] ?? name.replace(/s$/, '');
      return `hw_make_interval(${cx.emit(value, scope).sql},'${unit}')`;
    });
    return { sql: parts.reduce((sum, part) => `hw_interval_sum(${sum},${part},1)`, "'0|0|0'"), type: types.interval };
  }),
  ...all('to_json to_json_string tojson row_to_json json_dump to_jsonb tojsonstring', toJson),
  ...all('typeof pg_typeof', typeOf),
]);

/** Functions whose arguments or meaning no table can say; undefined where the table of rules has its word. */
export function emitSpecial(cx: Context, call: CallExpression, scope: Scope): Typed | undefined {
  return specials.get(call.name)?.(cx, call, scope);
}

/** Their names, for the table of functions. */
export const specialNames: readonly string[] = [...specials.keys()];
