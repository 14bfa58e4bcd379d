import type { Dialect } from '../sql/dialect.ts';
import type { SortKey } from '../sql/ir.ts';
import { type Aggregate, argument, collect, type Emitter, over, typed } from './aggregate.ts';
import { kindText, toJsonItem, toText, writtenInJson } from './coerce.ts';
import { quoteText } from './sql-text.ts';
import { types, type ValueType } from './value-type.ts';

export const elementType = (a: Aggregate): ValueType => argument(a).type;

/** The keys that values are gathered by; PostgreSQL sorts what is DISTINCT where nothing else is said. */
const gatheredBy = ({ cx, call }: Aggregate): readonly SortKey[] => {
  const [value] = call.args;
  const sorts = call.orderBy.length === 0 && call.distinct && call.over === undefined && cx.dialect === 'postgres';
  return sorts && value !== undefined ? [{ expression: value, descending: false }] : call.orderBy;
};

/** STRING_AGG and LISTAGG by all their names. */
export const text: Emitter = (a) => {
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
  const keys = gatheredBy(a);
  const limit = call.limit === undefined ? '-1' : cx.emit(call.limit, a.scope).sql;
  const collected = collect(a, value.sql, keys);
  const sql = `hw_agg_text(${collected.sql},${separator},${call.distinct ? 1 : 0},${limit},${collected.directions},${cx.dialect === 'snowflake' ? 1 : 0})`;
  return { sql: cx.dialect === 'snowflake' && call.over === undefined ? `coalesce(${sql},'')` : sql, type: types.string };
};

const keepsNulls = new Set<Dialect>(['postgres', 'duckdb', 'trino', 'athena', 'bigquery']);

export const array =
  (distinctValues = false): Emitter =>
  (a) => {
    const { cx, call } = a;
    const value = argument(a);
    const isJson = /^jsonb?_agg$/.test(call.name);
    const collected = collect(a, toJsonItem(isJson ? writtenInJson(value, cx.dialect) : value), gatheredBy(a));
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

export const beside =
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

export const first =
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
export const any: Emitter = (a) => {
  const key = a.call.orderBy[0];
  if (key === undefined) return { sql: `max(${argument(a).sql})${a.tail}`, type: argument(a).type };
  const value = argument(a);
  const beside = a.cx.emit(key.expression, a.scope);
  return typed(
    `hw_agg_beside(json_group_array(json_array(${toJsonItem(value)},${toJsonItem(beside)}))${a.tail},${key.descending ? 1 : 0},0,${kindText(value.type)})`,
    value.type,
  );
};

export const object: Emitter = (a) => {
  const [name, value] = [toText(argument(a), a.cx.dialect), argument(a, 1)];
  return {
    sql: `hw_agg_object${a.cx.dialect === 'snowflake' ? '' : '_nulls'}(json_group_array(json_array(${name.sql},${toJsonItem(writtenInJson(value, a.cx.dialect))}))${a.tail})`,
    type:
      a.cx.dialect === 'postgres' || a.cx.dialect === 'mysql'
        ? types.json
        : a.cx.dialect === 'snowflake'
          ? types.variant
          : { kind: 'map', value: value.type },
  };
};

export const topCount = (form: string): Emitter =>
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
export const asJson =
  (type: ValueType): Emitter =>
  (a) => ({ ...array()(a), type });
