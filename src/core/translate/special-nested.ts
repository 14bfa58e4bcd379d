import type { LambdaExpression } from '../sql/ir.ts';
import { kindText, toJsonItem, toText, toVariant } from './coerce.ts';
import { emitCondition, to } from './emit-values.ts';
import { Scope } from './scope.ts';
import { arg, type Special } from './special.ts';
import { quoteText, type Typed } from './sql-text.ts';
import { commonType, formatType, isWide, types, type ValueType } from './value-type.ts';

/** A function of one lambda over the elements of an array. */
export const overElements =
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
export const objectOf =
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

export const arrayOf: Special = (cx, call, scope) => {
  const items = call.args.map((item) => cx.emit(item, scope));
  const element = commonType(items.map((item) => item.type));
  const isVariant = call.name === 'array_construct';
  return {
    sql: `json_array(${items.map((item) => toJsonItem(isVariant ? item : { sql: to(cx, item, element), type: element })).join(',')})`,
    type: { kind: 'array', element: isVariant ? types.variant : element },
  };
};

export const toJson: Special = (cx, call, scope) => {
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
export const typeOf: Special = (cx, call, scope) => {
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
