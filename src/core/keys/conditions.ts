import type { ColumnExpression, Expression } from '../sql/ir.ts';

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

/** The columns of which a condition lets no NULL through. */
export function columnsRejectingNull(condition: Expression): readonly ColumnExpression[] {
  switch (condition.kind) {
    case 'column':
      return [condition];
    case 'in':
      return rejecting(condition.operand);
    case 'between':
      return condition.negated ? rejecting(condition.operand) : [condition.operand, condition.low, condition.high].flatMap(rejecting);
    case 'like':
      return rejecting(condition.operand);
    case 'operator':
      if (condition.operator === 'is not null') return condition.operands.flatMap(rejecting);
      if (condition.operator === 'not') return condition.operands.flatMap((one) => (one.kind === 'column' ? [one] : []));
      return comparisons.has(condition.operator) ? condition.operands.flatMap(rejecting) : [];
    default:
      return [];
  }
}

const comparisons: ReadonlySet<string> = new Set(['=', '<>', '!=', '<', '<=', '>', '>=', '==']);
const passing =
  /^(.*\.)?(lower|upper|trim|ltrim|rtrim|date|date_trunc|datetrunc|to_date|extract|year|month|day|abs|round|floor|ceil|length|substr|substring|left|right|cast|timestamp|timestamp_trunc|datetime_trunc)$/;

/** The columns whose NULL makes an expression NULL. */
function rejecting(expression: Expression): readonly ColumnExpression[] {
  switch (expression.kind) {
    case 'column':
      return [expression];
    case 'cast':
      return rejecting(expression.operand);
    case 'operator':
      return ['+', '-', '*', '/', '%', '||'].includes(expression.operator) ? expression.operands.flatMap(rejecting) : [];
    case 'call':
      return passing.test(expression.name) && expression.over === undefined ? expression.args.flatMap(rejecting) : [];
    default:
      return [];
  }
}
