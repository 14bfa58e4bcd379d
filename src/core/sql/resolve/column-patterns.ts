import { BudgetError } from '../../jinja/budget.ts';
import { CountedPattern } from '../../jinja/counted-pattern.ts';
import { anyOne, fitsWildcards, only } from '../../text/wildcards.ts';
import type { CallExpression, Expression } from '../ir.ts';
import type { ResolvedColumn } from './columns.ts';
import type { Context, Scope } from './context.ts';

/** The `COLUMNS(…)` in an expression, which stands for one column after another. */
export function findPattern(expression: Expression): CallExpression | undefined {
  const pending: unknown[] = [expression];
  while (pending.length > 0) {
    const at = pending.pop();
    if (typeof at !== 'object' || at === null) continue;
    const node = at as Partial<Expression>;
    if (node.kind === 'subquery') continue;
    if (node.kind === 'call' && node.name === 'columns' && node.args?.length === 1) return node as CallExpression;
    pending.push(...(Array.isArray(at) ? at : Object.values(at)));
  }
  return undefined;
}

/** The columns that a pattern stands for; undefined where they are not all known, or where it is a function of their names. */
export function matchPattern(context: Context, call: CallExpression, scope: Scope): readonly ResolvedColumn[] | undefined {
  const sources = scope.sources.filter((source) => !source.isHidden && !source.isOnlyNamed);
  if (sources.some((source) => source.columns.isOpen)) return undefined;
  const columns = sources.flatMap((source) => source.columns.columns);
  const [wanted] = call.args;
  if (wanted?.kind === 'all-columns') return columns;
  if (wanted?.kind === 'literal' && wanted.type === 'string') {
    const pattern = toPattern(wanted.value);
    return pattern === undefined ? undefined : columns.filter((column) => isMatch(pattern, column.name));
  }
  if (wanted?.kind !== 'array') return undefined;
  const names = new Set(wanted.items.map((item) => (item.kind === 'literal' ? context.fold(item.value, false) : '')));
  return columns.filter((column) => names.has(context.fold(column.name, column.quoted)));
}

/** A pattern that takes too many steps is one that is not known to match. */
function isMatch(pattern: RegExp, name: string): boolean {
  try {
    return pattern.test(name);
  } catch (error) {
    if (error instanceof BudgetError) return false;
    throw error;
  }
}

function toPattern(text: string): RegExp | undefined {
  try {
    return new CountedPattern(text.replace(/^\(\?i\)/, ''), text.startsWith('(?i)') ? 'i' : '');
  } catch {
    return undefined;
  }
}

/** The names that a pattern of LIKE or ILIKE stands for. */
export function likePattern({ pattern, ignoresCase }: { readonly pattern: string; readonly ignoresCase: boolean }): {
  test(name: string): boolean;
} {
  const fold = (text: string): string => (ignoresCase ? text.toLowerCase() : text);
  const signs = [...fold(pattern)].map((sign) => (sign === '%' ? 'many' : sign === '_' ? anyOne : only(sign)));
  return { test: (name) => fitsWildcards([...fold(name)], signs) };
}
