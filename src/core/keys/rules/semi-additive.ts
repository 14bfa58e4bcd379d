import type { Expression } from '../../sql/ir.ts';
import { conjunctsOf, expressionsIn } from '../conditions.ts';
import type { Leaf } from '../joined-rows.ts';
import type { PlacedSelect } from '../query-facts.ts';
import { closureOf } from '../row-key.ts';
import { joinedText, nameOfLeaf, writtenAlias } from './joined-text.ts';
import type { Finding, Rule, RuleInput } from './rule.ts';
import { shortTextOf, toNumber } from './rule.ts';

/** Measures of a state, which are not added up over time. */
const states =
  /(^|_)(balance|balances|stock|inventory|on_hand|headcount|outstanding|backlog|open_(tickets|orders|items|cases|deals|invoices)|active_(users|accounts|customers|subscriptions|subscribers|members)|customer_count|subscriber_count|user_count|employee_count|member_count|account_count|mrr|arr|aum|stock_level|units_in_stock|total_(users|customers|accounts|subscribers)|employees|receivables?|occupied|seats_in_use)(_|$)/;
const times =
  /(^|_)(date|day|month|week|quarter|year|period|as_of|ts|timestamp|at|on)$|^(date|day|month|week|snapshot|as_of|period|year)(_|$)/;
const histories =
  /(snapshot|balance|daily|weekly|monthly|inventory|history|stock|_by_(day|date|week|month)|_day$|_month$|headcount|levels?$)/i;
const chosen = /(latest|current|is_last|most_recent|last_day|month_end|period_end|rn|row_num|rank)/;

export const semiAdditiveSum: Rule = {
  code: 'semi-additive-sum',
  title: 'A state is added up over time',
  advice: 'Take the last value of each period (row_number() … = 1), or average over time.',
  find: (input) => input.grain.text.selects.flatMap((select) => findIn(input, select)),
};

function findIn(input: RuleInput, select: PlacedSelect): readonly Finding[] {
  if (!select.isGrouped || select.groups === undefined) return [];
  const findings: Finding[] = [];
  for (const item of select.select.items) {
    const divided = new Set(dividedIn(item));
    for (const part of expressionsIn(item)) {
      if (part.kind !== 'call' || part.over !== undefined || part.name !== 'sum' || part.distinct || divided.has(part)) continue;
      const [argument] = part.args;
      const term = argument?.kind === 'column' ? select.rows.find(argument) : undefined;
      const leaf = term === undefined ? undefined : select.rows.leafOf(term);
      if (term === undefined || leaf === undefined || !states.test(term.slice(leaf.alias.length + 1))) continue;
      const time = timeOf(input, leaf);
      if (time === undefined || isFixed(select, leaf, time.column)) continue;
      findings.push(toFinding(input, select, { leaf, time, text: shortTextOf(input, part.span), span: part.span }));
    }
  }
  return findings;
}

/** The sums that are divided by a count: averages over time, which are what they look like. */
function* dividedIn(item: object): Generator<Expression> {
  for (const part of expressionsIn(item)) {
    const isDivision =
      (part.kind === 'operator' && part.operator === '/') || (part.kind === 'call' && /^(safe_divide|div0|div0null)$/.test(part.name));
    const [above, below] = part.kind === 'operator' ? part.operands : part.kind === 'call' ? part.args : [];
    const counts = [...expressionsIn(below)].some((one) => one.kind === 'call' && /^(count|nullif)$/.test(one.name));
    if (isDivision && counts) yield* expressionsIn(above);
  }
}

/** The column that tells the states of one thing apart, and whether a key says so. */
function timeOf(input: RuleInput, leaf: Leaf): { readonly column: string; readonly isKey: boolean } | undefined {
  for (const key of leaf.facts.keys) {
    const column = key.columns.find((one) => isTime(one));
    if (column !== undefined && key.columns.length > 1) return { column, isKey: true };
    if (column !== undefined && key.columns.length === 1) return { column, isKey: true };
  }
  if (!histories.test(nameOfLeaf(input, leaf))) return undefined;
  const column = leaf.facts.columns?.find((one) => isTime(one) && !/^(created|updated|loaded|modified|inserted|synced)/.test(one));
  return column === undefined ? undefined : { column, isKey: false };
}

function isTime(column: string): boolean {
  return times.test(column) && !/(_id|_key|count|amount|_days)$/.test(column);
}

/** Whether rows of one moment only are added up: it is grouped by, or a condition chooses it. */
function isFixed(select: PlacedSelect, leaf: Leaf, column: string): boolean {
  const { rows, groups } = select;
  const wanted = rows.of(leaf.alias, column);
  if (closureOf(groups ?? [], rows.dependencies).columns.has(wanted)) return true;
  if ([...leaf.facts.restricted].some((one) => one === column || chosen.test(one))) return true;
  const isGroupedFiner = (groups ?? []).some((group) => group.startsWith('=') && reads(select, group, wanted) && !isCoarser(group, column));
  const conditions = [...conjunctsOf(select.select.where), ...rows.leaves.flatMap((one) => conjunctsOf(one.join?.on))];
  return (
    isGroupedFiner ||
    conditions.some((condition) => {
      if (
        condition.kind === 'between' ||
        (condition.kind === 'operator' && ['<', '<=', '>', '>=', '<>', '!='].includes(condition.operator))
      )
        return false;
      return [...expressionsIn(condition)].some(
        (part) =>
          part.kind === 'column' &&
          (rows.find(part) === wanted || chosen.test(part.parts[part.parts.length - 1]?.text.toLowerCase() ?? '')),
      );
    })
  );
}

/** Whether an expression that rows are grouped by is worked out from an attribute. */
function reads({ select, terms }: PlacedSelect, group: string, wanted: string): boolean {
  const parts = [
    ...select.items.flatMap((item) => (item.kind === 'item' ? [item.expression] : [])),
    ...select.groupBy.flatMap((one) => (one.kind === 'expression' ? [one.expression] : [])),
  ];
  return parts.some((one) => terms.of(one) === group && terms.attributesIn(one).includes(wanted));
}

/** Whether a group is a longer time than what a column tells apart: months of a column of days. */
function isCoarser(group: string, column: string): boolean {
  if (/month/.test(column)) return /year|quarter/.test(group.replaceAll(column, ''));
  if (/year|quarter/.test(column)) return false;
  return /month|year|quarter|week/.test(group.replaceAll(column, ''));
}

function toFinding(
  input: RuleInput,
  select: PlacedSelect,
  {
    leaf,
    time,
    text,
    span,
  }: {
    readonly leaf: Leaf;
    readonly time: { readonly column: string; readonly isKey: boolean };
    readonly text: string;
    readonly span: Finding['span'];
  },
): Finding {
  const name = nameOfLeaf(input, leaf);
  const say = (moments?: number): string =>
    `\`${text}\` adds up a state of ${name} over ${time.column}${moments === undefined ? '' : ` (${moments} of them on this data)`}: what was there on two days is counted twice. ${semiAdditiveSum.advice}`;
  const joined = joinedText(input, select, []);
  return {
    rule: 'semi-additive-sum',
    span,
    verdict: time.isKey ? { severity: 'warning', message: say() } : undefined,
    ...(joined === undefined
      ? {}
      : {
          question: {
            sql: `select count(*), count(distinct ${writtenAlias(input, leaf)}.${time.column}) ${joined}`,
            judge([count, moments]: readonly unknown[]) {
              if (toNumber(count) === 0) return undefined;
              return toNumber(moments) > 1
                ? { severity: 'warning', message: say(toNumber(moments)) }
                : { severity: 'info', message: `${say()} There is one moment only in this data.` };
            },
          },
        }),
  };
}
