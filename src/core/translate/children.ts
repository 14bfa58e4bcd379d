import type { Expression } from '../sql/ir.ts';

/** The expressions directly inside one, those of subqueries left out. */
export function children(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'operator':
      return expression.operands;
    case 'cast':
      return [expression.operand];
    case 'case':
      return [
        ...(expression.operand ? [expression.operand] : []),
        ...expression.branches.flatMap(({ when, result }) => [when, result]),
        ...(expression.otherwise ? [expression.otherwise] : []),
      ];
    case 'in':
      return [expression.operand, ...(Array.isArray(expression.values) ? (expression.values as readonly Expression[]) : [])];
    case 'between':
      return [expression.operand, expression.low, expression.high];
    case 'like':
      return [expression.operand, ...expression.patterns];
    case 'field':
      return [expression.operand];
    case 'index':
      return [expression.operand, expression.index];
    case 'array':
      return expression.items;
    case 'struct':
      return expression.fields.map((field) => field.value);
    case 'interval':
      return [expression.value];
    case 'call':
      return [
        ...expression.args,
        ...expression.named.map((item) => item.value),
        ...(expression.filter ? [expression.filter] : []),
        ...(expression.over?.partitionBy ?? []),
        ...(expression.over?.orderBy.map((key) => key.expression) ?? []),
      ];
    default:
      return [];
  }
}
