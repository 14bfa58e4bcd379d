import type { CallExpression } from '../sql/ir.ts';
import { toJsonItem, toText, writtenInJson } from './coerce.ts';
import type { Context } from './context.ts';
import { emitOperator } from './emit-operator.ts';
import { castInteger, emitCondition } from './emit-values.ts';
import type { Scope } from './scope.ts';
import { arg, choose, type Special } from './special.ts';
import {
  divideOrZero,
  elementAt,
  formatTyped,
  fromJson,
  roundTo,
  signOf,
  snowflakeMoment,
  snowflakeNumber,
  toBoolean,
  wholeOf,
} from './special-conversions.ts';
import { ageOf, dateAdd, dateDiff, dateTrunc, parts, zoneNow } from './special-dates.ts';
import { fold, overElements, overEntries, sortBy, zipMaps, zipWith } from './special-lambdas.ts';
import { arrayOf, objectOf, toJson, typeOf } from './special-nested.ts';
import { quoteText, type Typed } from './sql-text.ts';
import { commonType, types } from './value-type.ts';

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
  ...all('date_trunc datetrunc timestamp_trunc datetime_trunc time_trunc', dateTrunc),
  ...all('trunc', (cx, call, scope) => dateTrunc(cx, call, scope) ?? roundTo(cx, call, scope)),
  ...all('round truncate', roundTo),
  ...all('floor ceil ceiling', wholeOf),
  ...all('sign sgn', signOf),
  ...all('age', ageOf),
  ...all('div0 div0null', divideOrZero),
  ...all('from_json', fromJson),
  // Trino's TRY: functions of ours that can fail have a form that gives NULL.
  ...all('try', (cx, call, scope) => {
    const value = cx.emit(arg(cx, call, 0), scope);
    return { ...value, sql: value.sql.replace(/\bhw_(?!agg_|try\b)(\w+)\(/g, "hw_try('$1',") };
  }),
  ...all('element_at try_element_at', elementAt),
  ...all('to_boolean try_to_boolean', toBoolean),
  ...all(
    'to_timestamp to_timestamp_ntz to_timestamp_ltz to_timestamp_tz try_to_timestamp try_to_timestamp_ntz try_to_timestamp_ltz try_to_timestamp_tz to_date date try_to_date',
    snowflakeMoment,
  ),
  ...all('to_number to_decimal to_numeric try_to_number try_to_decimal try_to_numeric', snowflakeNumber),
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
  ...lambdas('list_filter array_filter arrayfilter filter', 'filter'),
  ...lambdas('any_match arrayexists exists list_any_match', 'any'),
  ...lambdas('all_match forall arrayall', 'all'),
  ...lambdas('none_match', 'none'),
  ...lambdas('arraycount', 'count'),
  ...lambdas('arrayfirst', 'first'),
  ...all('reduce aggregate list_reduce array_reduce', fold),
  ...all('array_sort list_sort arraysort', sortBy),
  ...all('zip_with', zipWith),
  ...all('map_filter', overEntries('filter')),
  ...all('transform_keys', overEntries('keys')),
  ...all('transform_values', overEntries('values')),
  ...all('map_zip_with', zipMaps),
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
    sql: `json_array(${call.args.map((item) => toJsonItem(writtenInJson(cx.emit(item, scope), cx.dialect))).join(',')})`,
    type: types.json,
  })),
  ...all('epoch_ms', (cx, call, scope) => {
    const value = cx.emit(arg(cx, call, 0), scope);
    return cx.dialect === 'duckdb' && value.type.kind === 'integer'
      ? { sql: `hw_epoch_to(${value.sql},1000)`, type: types.timestamp }
      : undefined;
  }),
  ...all('concat_ws', shortTexts('hw_concat_ws')),
  ...all('format', (cx, call, scope) => (cx.dialect === 'bigquery' ? formatTyped : shortTexts('hw_format_pg'))(cx, call, scope)),
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
  ...all(
    'sys_connect_by_path',
    (cx, call, scope) => scope.carried(call) ?? cx.refuse('SYS_CONNECT_BY_PATH stands only in a query with CONNECT BY.', call.span),
  ),
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
