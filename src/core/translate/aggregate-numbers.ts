import { type Aggregate, argument, type Emitter, over, typed } from './aggregate.ts';
import { kindText, toJsonItem } from './coerce.ts';
import { numeric } from './emit-operator.ts';
import { emitCondition, to } from './emit-values.ts';
import { isTemporal, isWide, types } from './value-type.ts';

export const count: Emitter = (a) => {
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

export const native =
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

export const average: Emitter = (a) => {
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

export const conditional: Emitter = (a) => {
  const condition = emitCondition(
    a.cx,
    a.call.args[0] ?? a.cx.refuse(`${a.call.name.toUpperCase()} needs a condition.`, a.call.span),
    a.scope,
  );
  return { sql: `count(${a.call.distinct ? 'distinct ' : ''}case when ${condition} then 1 end)${a.tail}`, type: types.integer };
};

export const every =
  (all: boolean): Emitter =>
  (a) => ({ sql: `${all ? 'min' : 'max'}(${to(a.cx, argument(a), types.boolean)})${a.tail}`, type: types.boolean });

/** PERCENTILE_CONT and its like: the fraction first and WITHIN GROUP, or the value first and the fraction behind it. */
export const percentile =
  (discrete: boolean): Emitter =>
  (a) => {
    const { cx, call, scope } = a;
    if (call.nulls === 'respect')
      return cx.refuse(`RESPECT NULLS is not available in ${call.name.toUpperCase()} in a preview.`, call.span, 'IGNORE NULLS is.');
    const key = call.orderBy[0];
    const value = key === undefined ? argument(a) : cx.emit(key.expression, scope);
    const fraction = key === undefined ? (a.args[1] ?? cx.refuse(`${call.name.toUpperCase()} needs a fraction.`, call.span)) : argument(a);
    const descending = key?.descending === true ? 1 : 0;
    const item = discrete ? toJsonItem(value) : numeric(cx, value);
    const tail = a.tail;
    const collected = `json_group_array(${item})${tail}`;
    if (fraction.type.kind === 'array' && discrete)
      return { sql: `hw_agg_percentiles_disc(${collected},${fraction.sql})`, type: { kind: 'array', element: value.type } };
    if (fraction.type.kind === 'array')
      return { sql: `hw_agg_percentiles(${collected},${fraction.sql})`, type: { kind: 'array', element: types.float } };
    if (!discrete && cx.dialect === 'duckdb' && value.type.kind === 'decimal' && value.type.scale !== undefined)
      return { sql: `hw_agg_percentile_scaled(${collected},${fraction.sql},${descending},${value.type.scale})`, type: value.type };
    return discrete
      ? typed(`hw_agg_percentile_disc(${collected},${fraction.sql},${descending},${kindText(value.type)})`, value.type)
      : { sql: `hw_agg_percentile_cont(${collected},${fraction.sql},${descending})`, type: types.float };
  };

export const median: Emitter = (a) =>
  a.cx.dialect === 'duckdb' && argument(a).type.kind === 'decimal'
    ? percentile(false)({ ...a, args: [argument(a), { sql: '0.5', type: types.decimal }] })
    : {
        sql: `hw_agg_percentile_cont(json_group_array(${a.call.distinct ? 'distinct ' : ''}${numeric(a.cx, argument(a))})${a.tail},0.5,0)`,
        type: types.float,
      };

export const regression =
  (what: string): Emitter =>
  (a) => {
    const [y, x] = [numeric(a.cx, argument(a)), numeric(a.cx, argument(a, 1))];
    return typed(
      `hw_agg_regression(json_group_array(json_array(${y},${x}))${a.tail},'${what}')`,
      what === 'count' ? types.integer : types.float,
    );
  };

export const spread =
  (sample: number, root: number): Emitter =>
  (a) =>
    over(
      (collected) => `hw_agg_variance(${collected},${sample},${root})`,
      a.cx.dialect === 'postgres' && ['integer', 'decimal'].includes(argument(a).type.kind) ? types.decimal : types.float,
    )(a);

export const logicalSum: Emitter = (a) => ({
  sql: `sum(case when ${to(a.cx, argument(a), types.boolean)} then 1 else 0 end)${a.tail}`,
  type: types.integer,
});

export const countDistinct: Emitter = (a) => count({ ...a, call: { ...a.call, distinct: true } });
