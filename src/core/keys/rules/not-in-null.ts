import type { InExpression, Query, Select } from '../../sql/ir.ts';
import { expressionsIn } from '../conditions.ts';
import type { PlacedSelect } from '../query-facts.ts';
import { notInFixes } from './not-in-fixes.ts';
import type { Finding, Rule, RuleInput } from './rule.ts';
import { textOf, toNumber } from './rule.ts';

export const notInNull: Rule = {
  code: 'not-in-null',
  title: 'NOT IN over values with NULL is never true',
  advice: 'Use not exists, or leave NULL out with where … is not null.',
  find: (input) => input.grain.text.selects.flatMap((select) => findIn(input, select)),
};

function findIn(input: RuleInput, select: PlacedSelect): readonly Finding[] {
  const parts = [
    select.select.where,
    select.select.having,
    select.select.qualify,
    select.select.items,
    ...select.rows.leaves.map((leaf) => leaf.join?.on),
  ];
  const found = new Set<InExpression>();
  for (const part of parts)
    for (const one of expressionsIn(part))
      if (one.kind === 'in' && one.negated) found.add(one);
      else if (one.kind === 'operator' && one.operator === 'not' && one.operands[0]?.kind === 'in' && !one.operands[0].negated)
        found.add(one.operands[0]);
  return [...found].flatMap((one) => (isQuery(one.values) ? ofQuery(input, one, one.values) : ofList(input, one, one.values)));
}

function isQuery(values: InExpression['values']): values is Query {
  return !Array.isArray(values);
}

function ofList(input: RuleInput, one: InExpression, values: readonly unknown[]): readonly Finding[] {
  const isNull = values.some(
    (value) => (value as { kind?: string; type?: string }).kind === 'literal' && (value as { type?: string }).type === 'null',
  );
  if (!isNull) return [];
  const message = `\`${textOf(input, one.operand.span)} not in (…)\` is never true, since there is a NULL in the list. ${notInNull.advice}`;
  return [{ rule: 'not-in-null', span: one.span, verdict: { severity: 'warning', message } }];
}

function ofQuery(input: RuleInput, one: InExpression, query: Query): readonly Finding[] {
  const selects = selectsOf(query);
  if (selects === undefined || selects.every((select) => isNeverNull(input, select))) return [];
  const [column] = input.grain.reading.resolution.results.get(query)?.columns ?? [];
  const name = column?.name ?? 'its column';
  const say = (nulls?: number): string =>
    `\`${textOf(input, one.operand.span)} not in (select ${name} …)\` is never true as soon as one ${name} is NULL${nulls === undefined ? '' : ` (${nulls} ${nulls === 1 ? 'is' : 'are'} on this data)`}. ${notInNull.advice}`;
  const text = input.grain.reading.sql.slice(query.span.start, query.span.end).replace(/^\(([\s\S]*)\)$/, '$1');
  return [
    {
      rule: 'not-in-null',
      span: one.span,
      verdict: { severity: column?.nullable === true ? 'warning' : 'info', message: say() },
      fixes: notInFixes(input, one, query),
      question: {
        sql: `select count(*), count(hw_q.hw_c) from (select hw_s.* from (${text}) as hw_s (hw_c)) as hw_q`,
        judge([count, values]: readonly unknown[]) {
          const nulls = toNumber(count) - toNumber(values);
          if (Number.isNaN(nulls)) return undefined;
          return nulls > 0 ? { severity: 'warning', message: say(nulls) } : { severity: 'info', message: `${say()} None is in this data.` };
        },
      },
    },
  ];
}

/** The SELECTs whose rows a query gives; undefined where that cannot be told. */
function selectsOf(query: Query): readonly Select[] | undefined {
  const { body } = query;
  if (body.kind === 'select') return [body];
  if (body.kind === 'nested') return selectsOf(body.query);
  if (body.kind !== 'set') return undefined;
  const [left, right] = [selectsOf(body.left), selectsOf(body.right)];
  return left === undefined || right === undefined ? undefined : [...left, ...right];
}

/** Whether the first column of a SELECT is known to hold no NULL. */
function isNeverNull(input: RuleInput, select: Select): boolean {
  const placed = input.grain.text.selects.find((one) => one.select === select);
  const [name] = placed?.facts.columns ?? [];
  const [item] = select.items;
  if (placed === undefined) return false;
  if (name !== undefined && placed.facts.notNull.has(name)) return true;
  return item?.kind === 'item' && input.grain.reading.resolution.types.get(item.expression)?.nullable === false;
}
