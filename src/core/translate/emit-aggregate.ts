import type { Dialect } from '../sql/dialect.ts';
import type { CallExpression, Expression } from '../sql/ir.ts';
import { argument, type Emitter, over, prepare, typed } from './aggregate.ts';
import {
  average,
  conditional,
  count,
  countDistinct,
  every,
  logicalSum,
  median,
  native,
  percentile,
  regression,
  spread,
} from './aggregate-numbers.ts';
import { any, array, asJson, beside, elementType, first, object, text, topCount } from './aggregate-values.ts';
import { children } from './children.ts';
import { kindText, toJsonItem } from './coerce.ts';
import type { Context } from './context.ts';
import { emitMonthRange } from './emit-month-range.ts';
import { numeric } from './emit-operator.ts';
import { emitCondition, to } from './emit-values.ts';
import type { Scope } from './scope.ts';
import type { Typed } from './sql-text.ts';
import { types } from './value-type.ts';

const note =
  (message: string, emitter: Emitter): Emitter =>
  (a) => {
    a.cx.notes.add(`${a.call.name.toUpperCase()}: ${message}`);
    return emitter(a);
  };

/** sumIf(x, c), avg_if and the like: the last argument is a filter. */
const filtered =
  (emitter: Emitter): Emitter =>
  (a) => {
    const condition = a.call.args.at(-1);
    if (condition === undefined) return a.cx.refuse(`${a.call.name.toUpperCase()} needs a condition.`, a.call.span);
    const call = { ...a.call, args: a.call.args.slice(0, -1), filter: condition };
    return emitter(prepare(a.cx, call, a.scope));
  };

const emitters: Readonly<Record<string, Emitter>> = {
  count,
  sum: native('sum'),
  sum0: native('total'),
  min: (a) =>
    a.args[1] !== undefined && a.cx.dialect === 'duckdb'
      ? {
          sql: `hw_agg_extremes(json_group_array(${toJsonItem(argument(a))})${a.tail},0,${a.args[1].sql})`,
          type: { kind: 'array', element: argument(a).type },
        }
      : native('min')(a),
  max: (a) =>
    a.args[1] !== undefined && a.cx.dialect === 'duckdb'
      ? {
          sql: `hw_agg_extremes(json_group_array(${toJsonItem(argument(a))})${a.tail},1,${a.args[1].sql})`,
          type: { kind: 'array', element: argument(a).type },
        }
      : native('max')(a),
  avg: average,
  mean: average,
  countif: conditional,
  count_if: conditional,
  sumif: filtered(native('sum')),
  sum_if: filtered(native('sum')),
  avgif: filtered(average),
  uniq: countDistinct,
  uniqexact: countDistinct,
  logical_and: every(true),
  logical_or: every(false),
  bool_and: every(true),
  bool_or: every(false),
  booland_agg: every(true),
  boolor_agg: every(false),
  boolxor_agg: (a) => ({ sql: `(sum(${to(a.cx, argument(a), types.boolean)})${a.tail} = 1)`, type: types.boolean }),
  every: every(true),
  some: every(false),
  any: (a) =>
    a.cx.dialect === 'databricks' || a.cx.dialect === 'spark' || a.cx.dialect === 'postgres' ? every(false)(a) : first(false)(a),
  string_agg: text,
  listagg: text,
  group_concat: text,
  array_agg: array(),
  array_unique_agg: array(true),
  array_concat_agg: (a) =>
    a.call.limit !== undefined
      ? a.cx.refuse('A LIMIT in ARRAY_CONCAT_AGG is not available in a preview.', a.call.span)
      : {
          sql: `hw_array_flatten(json_group_array(json(${argument(a).sql})${a.call.orderBy.length > 0 ? ` order by ${a.cx.sortKeys(a.call.orderBy, a.scope)}` : ''})${a.tail})`,
          type: argument(a).type,
        },
  collect_list: array(),
  collect_set: array(true),
  grouparray: array(),
  groupuniqarray: array(true),
  list: (a) => array()(a),
  json_agg: asJson(types.json),
  jsonb_agg: asJson(types.jsonb),
  json_arrayagg: asJson(types.json),
  median,
  percentile_cont: percentile(false),
  percentile_disc: percentile(true),
  percentile: percentile(false),
  percentile_approx: note('the percentile is exact here', percentile(true)),
  approx_percentile: note('the percentile is exact here', (a) => percentile(a.cx.dialect === 'trino' || a.cx.dialect === 'athena')(a)),
  approx_quantile: note('the quantile is exact here', percentile(false)),
  quantile: percentile(true),
  quantile_cont: percentile(false),
  quantile_disc: percentile(true),
  quantileexact: percentile(true),
  approx_quantiles: note(
    'the quantiles are exact here',
    over(
      (collected, a) =>
        a.call.nulls === 'respect'
          ? a.cx.refuse('RESPECT NULLS is not available in APPROX_QUANTILES in a preview.', a.call.span)
          : `hw_agg_quantiles(${collected},${a.args[1]?.sql ?? '2'})`,
      (a) => ({ kind: 'array', element: elementType(a) }),
    ),
  ),
  approx_count_distinct: note('the count is exact here', countDistinct),
  approx_distinct: note('the count is exact here', countDistinct),
  hll: note('the count is exact here', countDistinct),
  approximate_count_distinct: note('the count is exact here', countDistinct),
  ndv: note('the count is exact here', countDistinct),
  count_distinct: countDistinct,
  countdistinct: countDistinct,
  approx_top_count: note('the counts are exact here', topCount('struct')),
  approx_top_k: note('the counts are exact here', topCount('pairs')),
  topk: topCount('values'),
  max_by: beside(true),
  min_by: beside(false),
  argmax: beside(true),
  argmin: beside(false),
  arg_max: beside(true),
  arg_min: beside(false),
  any_value: any,
  first: first(false),
  last: first(true),
  arbitrary: first(false),
  anylast: first(true),
  stddev: spread(1, 1),
  stddev_samp: spread(1, 1),
  stddev_pop: spread(0, 1),
  stdev: spread(1, 1),
  stdevp: spread(0, 1),
  std: spread(0, 1),
  variance: spread(1, 0),
  var_samp: spread(1, 0),
  variance_samp: spread(1, 0),
  var_pop: spread(0, 0),
  variance_pop: spread(0, 0),
  var: spread(1, 0),
  varp: spread(0, 0),
  skewness: over(
    (collected, a) =>
      `hw_agg_skewness${['databricks', 'spark', 'hive', 'trino', 'athena'].includes(a.cx.dialect) ? '_population' : ''}(${collected})`,
    types.float,
  ),
  kurtosis: over(
    (collected, a) => `hw_agg_kurtosis(${collected},${['databricks', 'spark', 'hive'].includes(a.cx.dialect) ? 0 : 1})`,
    types.float,
  ),
  skew: over((collected) => `hw_agg_skewness(${collected})`, types.float),
  mode: (a) => {
    const key = a.call.orderBy[0];
    const value = key === undefined ? argument(a) : a.cx.emit(key.expression, a.scope);
    return typed(
      `hw_agg_mode(json_group_array(${toJsonItem(value)})${a.tail},${kindText(value.type)},${a.cx.dialect === 'duckdb' && key === undefined ? 1 : 0})`,
      value.type,
    );
  },
  corr: regression('corr'),
  covar_pop: regression('covar_pop'),
  covar_samp: regression('covar_samp'),
  regr_slope: regression('slope'),
  regr_intercept: regression('intercept'),
  regr_r2: regression('r2'),
  regr_count: regression('count'),
  regr_avgx: regression('avgx'),
  regr_avgy: regression('avgy'),
  regr_sxx: regression('sxx'),
  regr_syy: regression('syy'),
  regr_sxy: regression('sxy'),
  bit_and: over((collected) => `hw_agg_bits(${collected},'and')`, types.integer),
  bit_or: over((collected) => `hw_agg_bits(${collected},'or')`, types.integer),
  bit_xor: over((collected) => `hw_agg_bits(${collected},'xor')`, types.integer),
  bitand_agg: over((collected) => `hw_agg_bits(${collected},'and')`, types.integer),
  bitor_agg: over((collected) => `hw_agg_bits(${collected},'or')`, types.integer),
  bitxor_agg: over((collected) => `hw_agg_bits(${collected},'xor')`, types.integer),
  product: over((collected) => `hw_agg_product(${collected})`, types.float),
  geometric_mean: over((collected) => `hw_agg_geomean(${collected})`, types.float),
  entropy: over((collected) => `hw_agg_entropy(${collected})`, types.float),
  histogram: over((collected) => `hw_agg_histogram(${collected})`, { kind: 'map', value: types.integer }),
  object_agg: object,
  json_object_agg: object,
  jsonb_object_agg: object,
  json_objectagg: object,
  map_agg: object,
  total: (a) => ({ sql: `total(${numeric(a.cx, argument(a))})${a.tail}`, type: types.float }),
  sum_boolean: logicalSum,
};

/** Names that are aggregates in some dialects and plain functions in others, by the number of arguments or the dialect. */
const onlyIn: Readonly<Record<string, (dialect: Dialect, call: CallExpression) => boolean>> = {
  any: (dialect) => ['clickhouse', 'databricks', 'spark', 'duckdb'].includes(dialect),
  bit_and: (_dialect, call) => call.args.length === 1,
  bit_or: (_dialect, call) => call.args.length === 1,
  bit_xor: (_dialect, call) => call.args.length === 1,
  first: (dialect) => ['databricks', 'spark', 'hive', 'duckdb'].includes(dialect),
  last: (dialect) => ['databricks', 'spark', 'hive', 'duckdb'].includes(dialect),
  some: (dialect) => ['databricks', 'spark'].includes(dialect),
  min: (dialect, call) => call.args.length === 1 || dialect === 'duckdb',
  max: (dialect, call) => call.args.length === 1 || dialect === 'duckdb',
  histogram: (_dialect, call) => call.args.length === 1,
  var: (dialect) => dialect === 'tsql',
};

/** The writer of an aggregate; ClickHouse's `-If` puts a condition behind the arguments of any. */
function emitterOf(dialect: Dialect, name: string): Emitter | undefined {
  if (Object.hasOwn(emitters, name)) return emitters[name];
  const base = name.replace(/if$/, '');
  return dialect === 'clickhouse' && base !== name && Object.hasOwn(emitters, base) ? filtered(emitters[base] ?? count) : undefined;
}

export function isAggregate(dialect: Dialect, call: CallExpression): boolean {
  if (emitterOf(dialect, call.name) === undefined) return false;
  return onlyIn[call.name]?.(dialect, call) ?? true;
}

/** Whether an expression computes over a group: an aggregate that stands outside of OVER and of subqueries. */
export function hasAggregate(dialect: Dialect, expression: Expression): boolean {
  if (expression.kind === 'call') {
    if (isAggregate(dialect, expression) && expression.over === undefined) return true;
    return [
      ...expression.args,
      ...expression.named.map((item) => item.value),
      ...(expression.over?.orderBy.map((key) => key.expression) ?? []),
      ...(expression.over?.partitionBy ?? []),
    ].some((item) => hasAggregate(dialect, item));
  }
  return children(expression).some((item) => hasAggregate(dialect, item));
}

export function emitAggregate(cx: Context, call: CallExpression, scope: Scope): Typed {
  const ranged = emitMonthRange(cx, call, scope);
  if (ranged !== undefined) return ranged;
  const emitter = emitterOf(cx.dialect, call.name) ?? cx.refuse(`The aggregate ${call.name.toUpperCase()} is not known.`, call.span);
  if (call.name === 'countif' || call.name === 'count_if' || call.name.endsWith('if')) {
    const filter = call.filter === undefined ? '' : ` filter (where ${emitCondition(cx, call.filter, scope)})`;
    return emitter({
      cx,
      call,
      scope,
      args: [],
      tail: `${filter}${call.over === undefined ? '' : ` over (${cx.window(call.over, scope)})`}`,
    });
  }
  return emitter(prepare(cx, call, scope));
}

/** The names of every aggregate, for the table of functions. */
export const aggregateNames: readonly string[] = Object.keys(emitters);
