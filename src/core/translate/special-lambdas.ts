import type { Expression, LambdaExpression } from '../sql/ir.ts';
import { kindText, toJsonItem, toText } from './coerce.ts';
import type { Context } from './context.ts';
import { castInteger, emitCondition, to } from './emit-values.ts';
import { Scope } from './scope.ts';
import type { Special } from './special.ts';
import type { Typed } from './sql-text.ts';
import { commonType, types, type ValueType } from './value-type.ts';

const isLambda = (item: Expression): item is LambdaExpression => item.kind === 'lambda';

/** A scope in which the parameters of a lambda stand for values. */
function bind(scope: Scope, lambda: LambdaExpression, values: readonly (Typed | undefined)[]): Scope {
  const inner = new Scope(scope);
  inner.aliasesFirst = true;
  for (const [i, parameter] of lambda.parameters.entries()) {
    const value = values[i];
    if (value !== undefined) inner.aliases.set(parameter.text.toLowerCase(), value);
  }
  return inner;
}

const elementOf = (array: Typed): ValueType => (array.type.kind === 'array' ? array.type.element : types.variant);

/** Where the second parameter of a lambda counts from. */
const firstIndex = (cx: Context): number => (cx.dialect === 'duckdb' ? 1 : 0);

/** A function of one lambda over the elements of an array. */
export const overElements =
  (what: 'map' | 'filter' | 'any' | 'all' | 'none' | 'count' | 'first'): Special =>
  (cx, call, scope) => {
    const lambda = call.args.find(isLambda);
    const source = call.args.find((item) => !isLambda(item));
    if (lambda === undefined || source === undefined) return undefined;
    const array = cx.emit(source, scope);
    const element = elementOf(array);
    const name = cx.fresh('e');
    const value: Typed = { sql: `${name}.value`, type: element };
    const inner = bind(scope, lambda, [value, { sql: `(${name}.key + ${firstIndex(cx)})`, type: types.integer }]);
    const from = `from json_each(hw_elements(${array.sql},${kindText(element)})) as ${name}`;
    if (what === 'map') {
      const body = cx.emit(lambda.body, inner);
      return {
        sql: `iif(${array.sql} is null,null,(select json_group_array(${toJsonItem(body)} order by ${name}.key) ${from}))`,
        type: { kind: 'array', element: body.type },
      };
    }
    const condition = emitCondition(cx, lambda.body, inner);
    // A predicate that is NULL somewhere leaves the answer open, unless another element decides it.
    const decided = (by: 0 | 1, then: 0 | 1): Typed => ({
      sql: `iif(${array.sql} is null,null,(select case when max((${condition}) = ${by}) = 1 then ${then} when count(*) > count(${condition}) then null else ${1 - then} end ${from}))`,
      type: types.boolean,
    });
    switch (what) {
      case 'filter':
        return {
          sql: `iif(${array.sql} is null,null,(select json_group_array(${toJsonItem(value)} order by ${name}.key) ${from} where ${condition}))`,
          type: { kind: 'array', element },
        };
      case 'any':
        return decided(1, 1);
      case 'all':
        return decided(0, 0);
      case 'none':
        return decided(1, 0);
      case 'count':
        return { sql: `(select count(*) ${from} where ${condition})`, type: types.integer };
      default:
        return { sql: `(select ${name}.value ${from} where ${condition} order by ${name}.key limit 1)`, type: element };
    }
  };

/** REDUCE and AGGREGATE: a state that is carried through the array, and what is made of it at the end. */
export const fold: Special = (cx, call, scope) => {
  const [source, start] = call.args.filter((item) => !isLambda(item));
  const [step, finish] = call.args.filter(isLambda);
  if (source === undefined || step === undefined) return undefined;
  const array = cx.emit(source, scope);
  const element = elementOf(array);
  const [list, state] = [cx.fresh('list'), cx.fresh('fold')];
  const item: Typed = { sql: castInteger(`json_extract(${list}.v,'$[' || ${state}.i || ']')`, element), type: element };
  const initial = start === undefined ? undefined : cx.emit(start, scope);
  let type = initial?.type ?? element;
  const bodyOf = (): Typed => cx.emit(step.body, bind(scope, step, [{ sql: `${state}.s`, type }, item]));
  let body = bodyOf();
  type = commonType([type, body.type]);
  body = bodyOf();
  const end: Typed = { sql: `${state}.s`, type };
  const result = finish === undefined ? end : cx.emit(finish.body, bind(scope, finish, [end]));
  // Without a start the first element is it, as DuckDB has it.
  const [first, at] = initial === undefined ? [`json_extract(v,'$[0]')`, 1] : [to(cx, initial, type), 0];
  return {
    sql: `iif(${array.sql} is null,null,(with recursive ${list}(v) as (select hw_elements(${array.sql},${kindText(element)})), ${state}(i,s) as (select ${at},${first}${initial === undefined ? ` from ${list}` : ''} union all select ${state}.i + 1,${to(cx, body, type)} from ${state} cross join ${list} where ${state}.i < json_array_length(${list}.v)) select ${result.sql} from ${state} order by ${state}.i desc limit 1))`,
    type: result.type,
  };
};

/** ARRAY_SORT with a comparison: an element stands behind as many others as are less than it. */
export const sortBy: Special = (cx, call, scope) => {
  const lambda = call.args.find(isLambda);
  const source = call.args.find((item) => !isLambda(item));
  if (lambda === undefined || source === undefined) return undefined;
  const array = cx.emit(source, scope);
  const element = elementOf(array);
  const [one, other] = [cx.fresh('e'), cx.fresh('e')];
  const rows = `json_each(hw_elements(${array.sql},${kindText(element)}))`;
  const value = (name: string): Typed => ({ sql: `${name}.value`, type: element });
  if (lambda.parameters.length === 1) {
    const key = cx.emit(lambda.body, bind(scope, lambda, [value(one)]));
    return {
      sql: `iif(${array.sql} is null,null,(select json_group_array(${toJsonItem(value(one))} order by ${key.sql},${one}.key) from ${rows} as ${one}))`,
      type: array.type,
    };
  }
  const less = cx.emit(lambda.body, bind(scope, lambda, [value(other), value(one)]));
  return {
    sql: `iif(${array.sql} is null,null,(select json_group_array(${toJsonItem(value(one))} order by (select count(*) from ${rows} as ${other} where ${less.sql} < 0),${one}.key) from ${rows} as ${one}))`,
    type: array.type,
  };
};

/** ZIP_WITH: the elements of two arrays side by side, the shorter one filled with NULLs. */
export const zipWith: Special = (cx, call, scope) => {
  const [a, b, lambda] = call.args;
  if (a === undefined || b === undefined || lambda === undefined || !isLambda(lambda)) return undefined;
  const arrays = [cx.emit(a, scope), cx.emit(b, scope)];
  const name = cx.fresh('e');
  const values = arrays.map((array, i): Typed => {
    const type = elementOf(array);
    return { sql: castInteger(`hw_struct_field(${name}.value,'_${i + 1}',${kindText(type)})`, type), type };
  });
  const body = cx.emit(lambda.body, bind(scope, lambda, values));
  const zipped = `hw_array_zip(${arrays.map((array) => array.sql).join(',')})`;
  return {
    sql: `iif(${zipped} is null,null,(select json_group_array(${toJsonItem(body)} order by ${name}.key) from json_each(${zipped}) as ${name}))`,
    type: { kind: 'array', element: body.type },
  };
};

/** A lambda over the entries of a map, which gives a map again. */
export const overEntries =
  (what: 'filter' | 'keys' | 'values'): Special =>
  (cx, call, scope) => {
    const [source, lambda] = call.args;
    if (source === undefined || lambda === undefined || !isLambda(lambda)) return undefined;
    const map = cx.emit(source, scope);
    const value: ValueType = map.type.kind === 'map' ? map.type.value : types.variant;
    const name = cx.fresh('e');
    const key: Typed = { sql: `json_extract(${name}.value,'$[0]')`, type: types.string };
    const item: Typed = { sql: castInteger(`json_extract(${name}.value,'$[1]')`, value), type: value };
    const inner = bind(scope, lambda, [key, item]);
    const from = `from json_each(hw_entries(${map.sql},${kindText(value)})) as ${name}`;
    const object = (title: string, entry: Typed, where = ''): string =>
      `iif(${map.sql} is null,null,(select json_group_object(${title},${toJsonItem(entry)}) ${from}${where}))`;
    if (what === 'filter') return { sql: object(key.sql, item, ` where ${emitCondition(cx, lambda.body, inner)}`), type: map.type };
    const body = cx.emit(lambda.body, inner);
    if (what === 'keys') return { sql: object(toText(body, cx.dialect).sql, item), type: map.type };
    return { sql: object(key.sql, body), type: { kind: 'map', value: body.type } };
  };

/** MAP_ZIP_WITH: the values of two maps under each key that one of them has. */
export const zipMaps: Special = (cx, call, scope) => {
  const [a, b, lambda] = call.args;
  if (a === undefined || b === undefined || lambda === undefined || !isLambda(lambda)) return undefined;
  const maps = [cx.emit(a, scope), cx.emit(b, scope)];
  const name = cx.fresh('e');
  const values = maps.map((map): Typed => {
    const type: ValueType = map.type.kind === 'map' ? map.type.value : types.variant;
    return { sql: castInteger(`hw_struct_field(${map.sql},${name}.value,${kindText(type)})`, type), type };
  });
  const body = cx.emit(lambda.body, bind(scope, lambda, [{ sql: `${name}.value`, type: types.string }, ...values]));
  const keys = `hw_array_dedup_union(hw_json_keys(${maps[0]?.sql}),hw_json_keys(${maps[1]?.sql}))`;
  return {
    sql: `iif(${keys} is null,null,(select json_group_object(${name}.value,${toJsonItem(body)}) from json_each(${keys}) as ${name}))`,
    type: { kind: 'map', value: body.type },
  };
};
