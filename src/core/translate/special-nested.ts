import { kindText, toJsonItem, toText, toVariant, writtenInJson } from './coerce.ts';
import { to } from './emit-values.ts';
import { arg, type Special } from './special.ts';
import { typeName } from './special-conversions.ts';
import { quoteText, type Typed } from './sql-text.ts';
import { commonType, formatType, isNumeric, isWide, types, type ValueType } from './value-type.ts';

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
    const values = call.args.map((item) => (form === 'json' ? writtenInJson(cx.emit(item, scope), cx.dialect) : cx.emit(item, scope)));
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

/** Whether values have no type in common but that of a variant. */
export function isMixed(items: readonly Typed[]): boolean {
  const kinds = new Set(items.map((item) => (isNumeric(item.type) ? 'number' : item.type.kind)).filter((kind) => kind !== 'null'));
  return kinds.size > 1;
}

export const arrayOf: Special = (cx, call, scope) => {
  const items = call.args.map((item) => cx.emit(item, scope));
  const element = commonType(items.map((item) => item.type));
  const isVariant = call.name === 'array_construct' || (cx.dialect === 'redshift' && isMixed(items));
  return {
    sql: `json_array(${items.map((item) => toJsonItem(isVariant ? item : { sql: to(cx, item, element), type: element })).join(',')})`,
    type: { kind: 'array', element: isVariant ? types.variant : element },
  };
};

export const toJson: Special = (cx, call, scope) => {
  const value = cx.emit(arg(cx, call, 0), scope);
  const json = `json_array(${toJsonItem(writtenInJson(value, cx.dialect))})`;
  const text = `substr(${json},2,length(${json}) - 2)`;
  const inner =
    call.name === 'to_json_string' && value.type.kind === 'float' && cx.dialect === 'bigquery' ? `hw_short_numbers(${text})` : text;
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
  if (['trino', 'athena', 'databricks', 'spark', 'hive'].includes(cx.dialect))
    return named(typeName(cx.dialect, value.type, value.literal));
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
