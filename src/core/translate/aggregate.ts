import type { CallExpression, SortKey } from '../sql/ir.ts';
import { toJsonItem } from './coerce.ts';
import type { Context } from './context.ts';
import { castInteger, emitCondition } from './emit-values.ts';
import { directions } from './emit-window.ts';
import type { Scope } from './scope.ts';
import type { Typed } from './sql-text.ts';
import type { ValueType } from './value-type.ts';

/** Writes one aggregate for the engine. */
export type Emitter = (aggregate: Aggregate) => Typed;

/** A call of an aggregate, its arguments emitted. */
export interface Aggregate {
  readonly cx: Context;
  readonly call: CallExpression;
  readonly scope: Scope;
  readonly args: readonly Typed[];
  /** ` filter (…) over (…)` as they stand behind a native aggregate. */
  readonly tail: string;
}

/** `json_group_array` of values: ordered inside, or with the keys beside each value where a window forbids an order. */
export function collect(aggregate: Aggregate, item: string, keys: readonly SortKey[] = []): { sql: string; directions: string } {
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

/** The engine's value, an integer where the type says so. */
export const typed = (sql: string, type: ValueType): Typed => ({ sql: castInteger(sql, type), type });
/** An argument, or a refusal that it is missing. */
export const argument = ({ cx, call, args }: Aggregate, at = 0): Typed =>
  args[at] ?? cx.refuse(`${call.name.toUpperCase()} needs more arguments.`, call.span);

/** An aggregate of ours over the collected values. */
export const over =
  (write: (collected: string, a: Aggregate) => string, type: ValueType | ((a: Aggregate) => ValueType)): Emitter =>
  (a) => {
    const value = argument(a);
    const item = toJsonItem(value);
    return typed(write(collect(a, item).sql, a), typeof type === 'function' ? type(a) : type);
  };

/** The call with its arguments, its filter and its window emitted. */
export function prepare(cx: Context, call: CallExpression, scope: Scope): Aggregate {
  const filter = call.filter === undefined ? '' : ` filter (where ${emitCondition(cx, call.filter, scope)})`;
  const window = call.over === undefined ? '' : ` over (${cx.window(call.over, scope)})`;
  const args = call.args.filter((arg) => arg.kind !== 'all-columns').map((arg) => cx.emit(arg, scope));
  return { cx, call, scope, args, tail: filter + window };
}
