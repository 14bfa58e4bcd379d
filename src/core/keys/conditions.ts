import type { Expression } from '../sql/ir.ts';

/** The conditions that all have to hold. */
export function conjunctsOf(condition: Expression | undefined): readonly Expression[] {
  if (condition === undefined) return [];
  if (condition.kind === 'operator' && condition.operator === 'and') return condition.operands.flatMap(conjunctsOf);
  return [condition];
}

/** Every expression inside another, itself first; what stands in subqueries only where that is asked for. */
export function* expressionsIn(root: object | undefined, withQueries = false): Generator<Expression> {
  const pending: object[] = root === undefined ? [] : [root];
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    const { kind } = part as { readonly kind?: string };
    if (kind === 'query' && !withQueries) continue;
    if (kind !== undefined && expressionKinds.has(kind)) yield part as Expression;
    for (const key in part) {
      const value = (part as Record<string, unknown>)[key];
      if (key !== 'span' && typeof value === 'object' && value !== null) pending.push(value);
    }
  }
}

const expressionKinds: ReadonlySet<string> = new Set([
  'column',
  'literal',
  'call',
  'operator',
  'cast',
  'case',
  'in',
  'between',
  'like',
  'subquery',
  'field',
  'index',
  'array',
  'struct',
  'interval',
  'lambda',
  'all-columns',
  'parameter',
  'opaque',
]);
