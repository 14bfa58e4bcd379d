import type { Dialect } from '../sql/dialect.ts';
import type { CallExpression, Expression, SortKey } from '../sql/ir.ts';
import { kindText, toJsonItem, toText } from './coerce.ts';
import type { Context } from './context.ts';
import { numeric } from './emit-operator.ts';
import { castInteger, emitCondition, to } from './emit-values.ts';
import { directions } from './emit-window.ts';
import type { Scope } from './scope.ts';
import { quoteText, type Typed } from './sql-text.ts';
import { isTemporal, isWide, types, type ValueType } from './value-type.ts';

type Emitter = (aggregate: Aggregate) => Typed;

interface Aggregate {
  readonly cx: Context;
  readonly call: CallExpression;
  readonly scope: Scope;
  readonly args: readonly Typed[];
  /** ` filter (…) over (…)` as they stand behind a native aggregate. */
  readonly tail: string;
}

/** `json_group_array` of values: ordered inside, or with the keys beside each value where a window forbids an order. */
function collect(aggregate: Aggregate, item: string, keys: readonly SortKey[] = []): { sql: string; directions: string } {
  const { cx, call, scope, tail } = aggregate;
  const distinct = call.distinct && keys.length === 0 ? 'distinct ' : '';
  if (keys.length === 0) return { sql: `json_group_array(${call.over === undefined ? distinct : ''}${item})${tail}`, directions: "''" };
  if (call.over === undefined) {
    // An order by a constant is none.
    const order = cx.sortKeys(keys, scope);
    return { sql: `json_group_array(${item}${order === '' ? '' : ` order by ${order}`})${tail}`, directions: "''" };
  }
  const beside = keys.map((key) => toJsonItem(cx.emit(key.expression, scope)));
  return { sql: `json_group_array(json_array(${[item, ...beside].join(',')}))${tail}`, directions: directions(cx, keys) };
}

const typed = (sql: string, type: ValueType): Typed => ({ sql: castInteger(sql, type), type });
const argument = ({ cx, call, args }: Aggregate, at = 0): Typed =>
  args[at] ?? cx.refuse(`${call.name.toUpperCase()} wants more arguments.`, call.span);

const count: Emitter = (a) => {
  const { call, args, tail } = a;
  if (call.args.length === 0 || call.args[0]?.kind === 'all-columns') return { sql: `count(*)${tail}`, type: types.bigint };
  const value =
    args.length === 1
      ? argument(a).sql
      : `case when ${args.map((arg) => `${arg.sql} is not null`).join(' and ')} then json_array(${args.map(toJsonItem).join(',')}) end`;
  if (!call.distinct) return { sql: `count(${value})${tail}`, type: types.bigint };
  if (call.over === undefined) return { sql: `count(distinct ${value})${tail}`, type: types.bigint };
  return typed(`hw_agg_distinct_count(json_group_array(${value})${tail})`, types.bigint);
};

/** BigQuery's HAVING MAX and MIN stand where an order stands, and choose the rows. */
function refuseHaving({ cx, call }: Aggregate): void {
  if (cx.dialect === 'bigquery' && call.orderBy.length > 0)
    cx.refuse(`HAVING MAX or MIN in ${call.name.toUpperCase()} is not available in a preview.`, call.span, 'ANY_VALUE has it.');
}

const native =
  (name: string): Emitter =>
  (a) => {
    refuseHaving(a);
    const value = argument(a);
    const numbers = name === 'sum' || name === 'total';
    const sql = numbers ? numeric(a.cx, value) : value.sql;
    if (value.type.kind === 'interval')
      return {
        sql: `hw_agg_interval(json_group_array(${a.call.distinct && a.call.over === undefined ? 'distinct ' : ''}${value.sql})${a.tail},'${name}')`,
        type: types.interval,
      };
    if (a.call.distinct && a.call.over !== undefined && numbers)
      return typed(`hw_agg_distinct_sum(json_group_array(${sql})${a.tail},0)`, value.type);
    const type =
      numbers && !['integer', 'float', 'decimal'].includes(value.type.kind)
        ? value.type.kind === 'boolean'
          ? types.integer
          : types.float
        : value.type;
    const call = `${name}(${a.call.distinct ? 'distinct ' : ''}${sql})${a.tail}`;
    // PostgreSQL sums integers of 64 bits as decimals, so that a division by the sum keeps its fraction.
    if (numbers && type.kind === 'integer' && (a.cx.dialect === 'postgres' || a.cx.dialect === 'redshift'))
      return { sql: call, type: isWide(type) ? { kind: 'decimal', precision: 38, scale: 0 } : types.bigint };
    if (numbers && type.kind === 'decimal')
      return { sql: type.scale === undefined ? `hw_significant(${call})` : `round(${call},${Math.min(type.scale, 15)})`, type };
    return { sql: call, type };
  };

const average: Emitter = (a) => {
  refuseHaving(a);
  const value = argument(a);
  const sql = numeric(a.cx, value);
  if (value.type.kind === 'interval')
    return { sql: `hw_agg_interval(json_group_array(${value.sql})${a.tail},'avg')`, type: types.interval };
  if (isTemporal(value.type) || value.type.kind === 'time')
    return a.cx.refuse('An average of dates is not available in a preview.', a.call.span);
  const call =
    a.call.distinct && a.call.over !== undefined
      ? `hw_agg_distinct_sum(json_group_array(${sql})${a.tail},1)`
      : `avg(${a.call.distinct ? 'distinct ' : ''}${sql})${a.tail}`;
  const { dialect } = a.cx;
  const isInteger = value.type.kind === 'integer';
  if (isInteger && (dialect === 'tsql' || dialect === 'redshift')) return { sql: `cast(${call} as integer)`, type: types.integer };
  const scale = value.type.kind === 'decimal' ? (value.type.scale ?? 0) : 0;
  if (dialect === 'snowflake' && value.type.kind !== 'float')
    return {
      sql: `round(${call},${Math.max(scale, Math.min(scale + 6, 12))})`,
      type: { kind: 'decimal', precision: 38, scale: Math.max(scale, Math.min(scale + 6, 12)) },
    };
  if (dialect === 'mysql' && value.type.kind !== 'float')
    return { sql: `round(${call},${scale + 4})`, type: { kind: 'decimal', precision: 38, scale: scale + 4 } };
  if ((dialect === 'trino' || dialect === 'athena') && value.type.kind === 'decimal')
    return { sql: `round(${call},${scale})`, type: value.type };
  if ((dialect === 'databricks' || dialect === 'spark' || dialect === 'tsql' || dialect === 'redshift') && value.type.kind === 'decimal') {
    const kept = dialect === 'redshift' ? scale : dialect === 'tsql' ? Math.max(scale, 6) : scale + 4;
    return { sql: `round(${call},${kept})`, type: { kind: 'decimal', precision: 38, scale: kept } };
  }
  return { sql: call, type: dialect === 'postgres' && value.type.kind !== 'float' ? types.decimal : types.float };
};

/** An aggregate of ours over the collected values. */
const over =
  (write: (collected: string, a: Aggregate) => string, type: ValueType | ((a: Aggregate) => ValueType)): Emitter =>
  (a) => {
    const value = argument(a);
    const item = toJsonItem(value);
    return typed(write(collect(a, item).sql, a), typeof type === 'function' ? type(a) : type);
  };

const elementType = (a: Aggregate): ValueType => argument(a).type;

const conditional: Emitter = (a) => {
  const condition = emitCondition(
    a.cx,
    a.call.args[0] ?? a.cx.refuse(`${a.call.name.toUpperCase()} wants a condition.`, a.call.span),
    a.scope,
  );
  return { sql: `count(${a.call.distinct ? 'distinct ' : ''}case when ${condition} then 1 end)${a.tail}`, type: types.integer };
};

const every =
  (all: boolean): Emitter =>
  (a) => ({ sql: `${all ? 'min' : 'max'}(${to(a.cx, argument(a), types.boolean)})${a.tail}`, type: types.boolean });

/** STRING_AGG and LISTAGG by all their names. */
const text: Emitter = (a) => {
  const { cx, call } = a;
  const value = toText(argument(a), cx.dialect);
  const separator =
    a.args[1] === undefined
      ? cx.dialect === 'bigquery' || cx.dialect === 'mysql' || cx.dialect === 'duckdb' || cx.dialect === 'sqlite'
        ? quoteText(',')
        : "''"
      : cx.dialect === 'postgres'
        ? `coalesce(${toText(a.args[1], cx.dialect).sql},'')`
        : toText(a.args[1], cx.dialect).sql;
  const keys = call.orderBy;
  const limit = call.limit === undefined ? '-1' : cx.emit(call.limit, a.scope).sql;
  const collected = collect(a, value.sql, keys);
  const sql = `hw_agg_text(${collected.sql},${separator},${call.distinct ? 1 : 0},${limit},${collected.directions},${cx.dialect === 'snowflake' ? 1 : 0})`;
  return { sql: cx.dialect === 'snowflake' && call.over === undefined ? `coalesce(${sql},'')` : sql, type: types.string };
};

const keepsNulls = new Set<Dialect>(['postgres', 'duckdb', 'trino', 'athena', 'bigquery']);

const array =
  (distinctValues = false): Emitter =>
  (a) => {
    const { cx, call } = a;
    const value = argument(a);
    const collected = collect(a, toJsonItem(value), call.orderBy);
    const keep = call.nulls === 'ignore' ? 0 : keepsNulls.has(cx.dialect) && call.name !== 'collect_list' ? 1 : 0;
    const limit =
      call.limit === undefined
        ? a.args[1] !== undefined && cx.dialect === 'clickhouse'
          ? a.args[1].sql
          : '-1'
        : cx.emit(call.limit, a.scope).sql;
    const empty =
      cx.dialect === 'snowflake' ||
      cx.dialect === 'databricks' ||
      cx.dialect === 'spark' ||
      cx.dialect === 'hive' ||
      cx.dialect === 'clickhouse'
        ? 1
        : 0;
    return {
      sql: `hw_agg_array(${collected.sql},${keep},${call.distinct || distinctValues ? 1 : 0},${limit},${empty},${collected.directions})`,
      type: { kind: 'array', element: value.type },
    };
  };

/** PERCENTILE_CONT and its like: the fraction first and WITHIN GROUP, or the value first and the fraction behind it. */
const percentile =
  (discrete: boolean): Emitter =>
  (a) => {
    const { cx, call, scope } = a;
    if (call.nulls === 'respect')
      return cx.refuse(`RESPECT NULLS is not available in ${call.name.toUpperCase()} in a preview.`, call.span, 'IGNORE NULLS is.');
    const key = call.orderBy[0];
    const value = key === undefined ? argument(a) : cx.emit(key.expression, scope);
    const fraction = key === undefined ? (a.args[1] ?? cx.refuse(`${call.name.toUpperCase()} wants a fraction.`, call.span)) : argument(a);
    const descending = key?.descending === true ? 1 : 0;
    const item = discrete ? toJsonItem(value) : numeric(cx, value);
    const tail = a.tail;
    const collected = `json_group_array(${item})${tail}`;
    if (fraction.type.kind === 'array')
      return { sql: `hw_agg_percentiles(${collected},${fraction.sql})`, type: { kind: 'array', element: types.float } };
    return discrete
      ? typed(`hw_agg_percentile_disc(${collected},${fraction.sql},${descending},${kindText(value.type)})`, value.type)
      : { sql: `hw_agg_percentile_cont(${collected},${fraction.sql},${descending})`, type: types.float };
  };

const median: Emitter = (a) => ({
  sql: `hw_agg_percentile_cont(json_group_array(${a.call.distinct ? 'distinct ' : ''}${numeric(a.cx, argument(a))})${a.tail},0.5,0)`,
  type: types.float,
});

const beside =
  (largest: boolean): Emitter =>
  (a) => {
    const [value, key] = [argument(a), argument(a, 1)];
    const collected = `json_group_array(json_array(${toJsonItem(value)},${toJsonItem(key)}))${a.tail}`;
    const many = a.args[2];
    if (many !== undefined)
      return { sql: `hw_agg_beside_many(${collected},${largest ? 1 : 0},${many.sql})`, type: { kind: 'array', element: value.type } };
    return typed(
      `hw_agg_beside(${collected},${largest ? 1 : 0},${a.cx.dialect === 'duckdb' || a.cx.dialect === 'clickhouse' ? 1 : 0},${kindText(value.type)})`,
      value.type,
    );
  };

const regression =
  (what: string): Emitter =>
  (a) => {
    const [y, x] = [numeric(a.cx, argument(a)), numeric(a.cx, argument(a, 1))];
    return typed(
      `hw_agg_regression(json_group_array(json_array(${y},${x}))${a.tail},'${what}')`,
      what === 'count' ? types.integer : types.float,
    );
  };

const spread = (sample: number, root: number): Emitter =>
  over((collected) => `hw_agg_variance(${collected},${sample},${root})`, types.float);

const first =
  (last: boolean): Emitter =>
  (a) => {
    const value = argument(a);
    const collected = collect(a, toJsonItem(value), a.call.orderBy);
    const ignores =
      a.call.nulls === 'ignore' || a.call.name.startsWith('any') || a.args[1]?.sql === '1' || a.cx.dialect === 'clickhouse' ? 1 : 0;
    return typed(
      `hw_agg_${last ? 'last' : 'first'}(${collected.sql},${kindText(value.type)},${collected.directions},${ignores})`,
      value.type,
    );
  };

/** ANY_VALUE: the engine gives the first; with HAVING MAX the one beside the largest. */
const any: Emitter = (a) => {
  const key = a.call.orderBy[0];
  if (key === undefined) return { sql: `max(${argument(a).sql})${a.tail}`, type: argument(a).type };
  const value = argument(a);
  const beside = a.cx.emit(key.expression, a.scope);
  return typed(
    `hw_agg_beside(json_group_array(json_array(${toJsonItem(value)},${toJsonItem(beside)}))${a.tail},${key.descending ? 1 : 0},0,${kindText(value.type)})`,
    value.type,
  );
};

const object: Emitter = (a) => {
  const [name, value] = [toText(argument(a), a.cx.dialect), argument(a, 1)];
  return {
    sql: `hw_agg_object${a.cx.dialect === 'snowflake' ? '' : '_nulls'}(json_group_array(json_array(${name.sql},${toJsonItem(value)}))${a.tail})`,
    type:
      a.cx.dialect === 'postgres' || a.cx.dialect === 'mysql'
        ? types.json
        : a.cx.dialect === 'snowflake'
          ? types.variant
          : { kind: 'map', value: value.type },
  };
};

const logicalSum: Emitter = (a) => ({
  sql: `sum(case when ${to(a.cx, argument(a), types.boolean)} then 1 else 0 end)${a.tail}`,
  type: types.integer,
});
const note =
  (message: string, emitter: Emitter): Emitter =>
  (a) => {
    a.cx.notes.add(`${a.call.name.toUpperCase()}: ${message}`);
    return emitter(a);
  };

const countDistinct: Emitter = (a) => count({ ...a, call: { ...a.call, distinct: true } });

/** sumIf(x, c), avg_if and the like: the last argument is a filter. */
const filtered =
  (emitter: Emitter): Emitter =>
  (a) => {
    const condition = a.call.args.at(-1);
    if (condition === undefined) return a.cx.refuse(`${a.call.name.toUpperCase()} wants a condition.`, a.call.span);
    const call = { ...a.call, args: a.call.args.slice(0, -1), filter: condition };
    return emitter(prepare(a.cx, call, a.scope));
  };

const topCount = (form: string): Emitter =>
  over(
    (collected, a) => `hw_agg_top_count(${collected},${a.args[1]?.sql ?? '1'},'${form}')`,
    (a) =>
      form === 'struct'
        ? {
            kind: 'array',
            element: {
              kind: 'struct',
              fields: [
                { name: 'value', type: elementType(a) },
                { name: 'count', type: types.integer },
              ],
            },
          }
        : types.variant,
  );

/** JSON_AGG and its like: an array that is JSON. */
const asJson =
  (type: ValueType): Emitter =>
  (a) => ({ ...array()(a), type });

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
  approx_percentile: note('the percentile is exact here', percentile(false)),
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
  skewness: over((collected) => `hw_agg_skewness(${collected})`, types.float),
  skew: over((collected) => `hw_agg_skewness(${collected})`, types.float),
  mode: (a) => {
    const key = a.call.orderBy[0];
    const value = key === undefined ? argument(a) : a.cx.emit(key.expression, a.scope);
    return typed(`hw_agg_mode(json_group_array(${toJsonItem(value)})${a.tail},${kindText(value.type)})`, value.type);
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

export function isAggregate(dialect: Dialect, call: CallExpression): boolean {
  if (!Object.hasOwn(emitters, call.name)) return false;
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

/** The expressions directly inside one, those of subqueries left out. */
export function children(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'operator':
      return expression.operands;
    case 'cast':
      return [expression.operand];
    case 'case':
      return [
        ...(expression.operand ? [expression.operand] : []),
        ...expression.branches.flatMap(({ when, result }) => [when, result]),
        ...(expression.otherwise ? [expression.otherwise] : []),
      ];
    case 'in':
      return [expression.operand, ...(Array.isArray(expression.values) ? (expression.values as readonly Expression[]) : [])];
    case 'between':
      return [expression.operand, expression.low, expression.high];
    case 'like':
      return [expression.operand, ...expression.patterns];
    case 'field':
      return [expression.operand];
    case 'index':
      return [expression.operand, expression.index];
    case 'array':
      return expression.items;
    case 'struct':
      return expression.fields.map((field) => field.value);
    case 'interval':
      return [expression.value];
    case 'call':
      return [
        ...expression.args,
        ...expression.named.map((item) => item.value),
        ...(expression.filter ? [expression.filter] : []),
        ...(expression.over?.partitionBy ?? []),
        ...(expression.over?.orderBy.map((key) => key.expression) ?? []),
      ];
    default:
      return [];
  }
}

function prepare(cx: Context, call: CallExpression, scope: Scope): Aggregate {
  const filter = call.filter === undefined ? '' : ` filter (where ${emitCondition(cx, call.filter, scope)})`;
  const window = call.over === undefined ? '' : ` over (${cx.window(call.over, scope)})`;
  const args = call.args.filter((arg) => arg.kind !== 'all-columns').map((arg) => cx.emit(arg, scope));
  return { cx, call, scope, args, tail: filter + window };
}

export function emitAggregate(cx: Context, call: CallExpression, scope: Scope): Typed {
  const emitter = emitters[call.name] ?? cx.refuse(`The aggregate ${call.name.toUpperCase()} is not known.`, call.span);
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
