import type { Expression } from '../sql/ir.ts';
import { coerce } from './coerce.ts';
import type { Context } from './context.ts';
import type { Scope } from './scope.ts';
import type { Typed } from './sql-text.ts';
import { types, type ValueType } from './value-type.ts';

/** The value as one of a type, or as it is where no conversion is needed. */
export function to(cx: Context, value: Typed, type: ValueType): string {
  return coerce(value, type.kind, cx.dialect) ?? value.sql;
}

/** An expression where a condition stands. */
export function emitCondition(cx: Context, expression: Expression, scope: Scope): string {
  return to(cx, cx.emit(expression, scope), types.boolean);
}

/** A function's result as an integer where its type says so, because numbers come back as REAL. */
export function castInteger(sql: string, type: ValueType): string {
  return type.kind === 'integer' ? `cast(${sql} as integer)` : sql;
}

/** The text of an argument that names a unit: a string, or a bare word that was read as a column. */
export function constantText(expression: Expression | undefined): string | undefined {
  if (expression?.kind === 'literal') return expression.value;
  if (expression?.kind === 'column' && expression.parts.length === 1) return expression.parts[0]?.text;
  if (expression?.kind === 'call' && expression.name === 'week' && expression.args.length === 1)
    return `week(${constantText(expression.args[0])?.toLowerCase()})`;
  return undefined;
}
