import type { InExpression, Query, Select } from '../../sql/ir.ts';
import type { RuleFix, RuleInput } from './rule.ts';

/** NOT EXISTS in place of NOT IN, or the same without NULL: for a plain SELECT of one column. */
export function notInFixes(input: RuleInput, one: InExpression, query: Query): readonly RuleFix[] {
  const { body } = query;
  if (!one.negated || body.kind !== 'select' || query.ctes.length > 0 || !isPlain(query, body)) return [];
  const { sql } = input.grain.reading;
  const [item] = body.items;
  if (item?.kind !== 'item' || body.items.length > 1 || item.expression.kind !== 'column') return [];
  const text = (span: { readonly start: number; readonly end: number }): string => sql.slice(span.start, span.end);
  const column = text(item.expression.span);
  const end = body.span.end;
  const where = body.where === undefined ? ' where ' : ' and ';
  const withoutNull: RuleFix = {
    title: `Leave NULL out: ${where.trim()} ${column} is not null`,
    changes: [{ span: { start: end, end }, text: `${where}${column} is not null` }],
  };
  const exists = toExists(one, body, column, text, where);
  return exists === undefined ? [withoutNull] : [exists, withoutNull];
}

/** Only where the compared column names its relation, so that it means the same inside the subquery. */
function toExists(
  one: InExpression,
  select: Select,
  column: string,
  text: (span: { readonly start: number; readonly end: number }) => string,
  where: string,
): RuleFix | undefined {
  const { operand } = one;
  const [item] = select.items;
  if (item === undefined || operand.kind !== 'column' || operand.parts.length < 2) return undefined;
  const qualifier = operand.parts[0]?.text.toLowerCase();
  if (namesOf(select).has(qualifier)) return undefined;
  const head = /^\S+\s+not\s+in\s*\(\s*select\s+/i.exec(text({ start: one.span.start, end: item.span.start }));
  if (head === null || head[0].length !== item.span.start - one.span.start) return undefined;
  const end = select.span.end;
  return {
    title: 'Write not exists',
    changes: [
      { span: { start: one.span.start, end: item.span.end }, text: 'not exists (select 1' },
      { span: { start: end, end }, text: `${where}${column} = ${text(operand.span)}` },
    ],
  };
}

/** The names that relations of a SELECT go by. */
function namesOf(select: Select): ReadonlySet<string | undefined> {
  const names = new Set<string | undefined>();
  for (const relation of select.from)
    if (relation.kind === 'table') names.add((relation.alias?.name ?? relation.parts.at(-1))?.text.toLowerCase());
  return names;
}

/** A SELECT from one table whose WHERE may be the last thing in it, and can be followed by AND. */
function isPlain(query: Query, select: Select): boolean {
  const isLast = select.groupBy.length === 0 && !select.groupByAll && select.having === undefined && select.qualify === undefined;
  const hasOr = select.where?.kind === 'operator' && select.where.operator === 'or';
  const isOne = select.from.length === 1 && select.from[0]?.kind === 'table';
  return isLast && isOne && !hasOr && select.windows.length === 0 && query.orderBy.length === 0 && query.limit === undefined;
}
