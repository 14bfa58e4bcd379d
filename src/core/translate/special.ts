import type { CallExpression, Expression } from '../sql/ir.ts';
import type { Context } from './context.ts';
import { to } from './emit-values.ts';
import type { Scope } from './scope.ts';
import type { Typed } from './sql-text.ts';
import { commonType, type ValueType } from './value-type.ts';

/** A function that no table of rules can say; undefined where they have their word after all. */
export type Special = (cx: Context, call: CallExpression, scope: Scope) => Typed | undefined;

/** An argument, or a refusal that it is missing. */
export const arg = (cx: Context, call: CallExpression, at: number): Expression =>
  call.args[at] ?? cx.refuse(`${call.name.toUpperCase()} needs more arguments.`, call.span);

/** The values of several branches in the type they share. */
export function choose(cx: Context, values: readonly Typed[]): { type: ValueType; sql: string[] } {
  const type = commonType(values.map((value) => value.type));
  return { type, sql: values.map((value) => to(cx, value, type)) };
}
