import type { Dialect } from '../../sql/dialect.ts';
import type { Expression, OperatorExpression } from '../../sql/ir.ts';
import { expressionsIn } from '../conditions.ts';
import type { PlacedSelect } from '../query-facts.ts';
import type { Finding, Rule, RuleFix, RuleInput } from './rule.ts';
import { shortTextOf } from './rule.ts';

/** Where `/` between integers leaves out the fraction. */
const cutting: ReadonlySet<Dialect> = new Set<Dialect>(['postgres', 'redshift', 'trino', 'athena', 'sqlite', 'tsql']);

export const integerDivision: Rule = {
  code: 'integer-division',
  title: 'A division of integers leaves out the fraction',
  advice: 'Multiply one side by 1.0, or cast it to numeric.',
  find: (input) =>
    cutting.has(input.project.snapshot.project.dialect) ? input.grain.text.selects.flatMap((select) => findIn(input, select)) : [],
};

function findIn(input: RuleInput, { select }: PlacedSelect): readonly Finding[] {
  const findings: Finding[] = [];
  for (const item of select.items) if (item.kind === 'item') visit(item.expression, false);
  return findings;

  function visit(expression: Expression, isWhole: boolean): void {
    if (expression.kind === 'operator' && expression.operator === '/' && !isWhole && isCut(input, expression)) {
      const message = `\`${shortTextOf(input, expression.span)}\` divides integers, so its fraction is left out: 7 / 2 is 3. ${integerDivision.advice}`;
      const [left] = expression.operands;
      findings.push({
        rule: 'integer-division',
        span: expression.span,
        verdict: { severity: 'warning', message },
        ...(left === undefined ? {} : { fixes: [castOf(input, left)] }),
      });
      return;
    }
    for (const part of childrenOf(expression)) visit(part, isWhole || asksForWhole(input, expression, part));
  }
}

/** The dividend cast to a type that keeps the fraction, whatever the dialect takes a bare `numeric` to hold. */
function castOf({ project, grain: { reading } }: RuleInput, { span }: Expression): RuleFix {
  const type = fractions[project.snapshot.project.dialect] ?? 'numeric';
  return {
    title: `Cast the dividend to ${type}`,
    changes: [{ span, text: `cast(${reading.sql.slice(span.start, span.end)} as ${type})` }],
  };
}

const fractions: Readonly<Partial<Record<Dialect, string>>> = {
  redshift: 'double precision',
  trino: 'double',
  athena: 'double',
  sqlite: 'real',
  tsql: 'float',
};

function isCut({ grain: { reading } }: RuleInput, { operands }: OperatorExpression): boolean {
  const [left, right] = operands;
  if (left === undefined || right === undefined) return false;
  // Two numbers that are written out are what somebody wanted.
  if (left.kind === 'literal' && right.kind === 'literal') return false;
  // The third of a year that a month lies in, the decade of a year: such a part of a date is meant to be whole.
  if (right.kind === 'literal' && [...expressionsIn(left)].some((part) => part.kind === 'call' && dateParts.test(part.name))) return false;
  return [left, right].every((one) => reading.resolution.types.get(one)?.type.kind === 'integer');
}

const dateParts = /^(extract|date_part|datepart|strftime|year|month|day|hour|minute|quarter|week|to_char|dayofyear|isodow)$/;

/** Whether what stands around a division wants whole numbers: it is multiplied back, rounded down, or cast to an integer. */
function asksForWhole(input: RuleInput, expression: Expression, part: Expression): boolean {
  if (expression.kind === 'operator' && expression.operator === '*') {
    const divisor = part.kind === 'operator' && part.operator === '/' ? part.operands[1] : undefined;
    const text = divisor === undefined ? undefined : shortTextOf(input, divisor.span);
    return expression.operands.some((one) => one !== part && shortTextOf(input, one.span) === text);
  }
  if (expression.kind === 'operator') return ['%', '||'].includes(expression.operator);
  if (expression.kind === 'cast') return /^(int|integer|bigint|smallint|int2|int4|int8|tinyint|long)/i.test(expression.type);
  return (
    expression.kind === 'call' &&
    /^(floor|trunc|truncate|mod|ntile|width_bucket|make_date|make_interval|dateadd|date_add|chr|repeat|lpad|substr|substring|generate_series)$/.test(
      expression.name,
    )
  );
}

function childrenOf(expression: Expression): readonly Expression[] {
  const found: Expression[] = [];
  for (const key in expression) {
    const value = (expression as unknown as Record<string, unknown>)[key];
    if (key === 'span' || typeof value !== 'object' || value === null) continue;
    collect(value, found);
  }
  return found;
}

function collect(value: object, found: Expression[]): void {
  const [first] = expressionsIn(value);
  if (first !== undefined && (value as unknown) === first) {
    found.push(first);
    return;
  }
  if ((value as { kind?: string }).kind === 'query') return;
  for (const key in value) {
    const inner = (value as Record<string, unknown>)[key];
    if (key !== 'span' && typeof inner === 'object' && inner !== null) collect(inner, found);
  }
}
