import type { Query, SetOperation } from '../../sql/ir.ts';
import { expressionsIn } from '../conditions.ts';
import type { PlacedSelect, PlacedUnion } from '../query-facts.ts';
import { isAggregate } from '../terms.ts';
import type { Finding, Rule, RuleFix, RuleInput } from './rule.ts';
import { toNumber } from './rule.ts';

export const unionRows: Rule = {
  code: 'union-rows',
  title: 'UNION drops rows that are alike, or UNION ALL keeps them twice',
  advice: 'Write union all where rows may be alike, and union where branches may hold the same row.',
  find: (input) => input.grain.text.unions.flatMap((union) => findIn(input, union)),
};

function findIn(input: RuleInput, union: PlacedUnion): readonly Finding[] {
  const { body, around } = union;
  if (body.operator !== 'union' || body.byName || around.slice(1).some((query) => query.ctes.length > 0)) return [];
  const { sql } = input.grain.reading;
  const [left, right] = [body.left, body.right].map((query) => sql.slice(query.span.start, query.span.end));
  if (left === undefined || right === undefined) return [];
  return body.all ? keptTwice(input, union, left, right) : dropped(input, union, left, right);
}

/** UNION over rows that nothing tells apart: what is alike within one branch was there twice for a reason. */
function dropped(input: RuleInput, { body, left, right }: PlacedUnion, a: string, b: string): readonly Finding[] {
  if (left.keys.length > 0 && right.keys.length > 0) return [];
  const columns = input.grain.reading.resolution.results.get(body.left)?.columns ?? [];
  const measure = columns.find(
    ({ name, type }) => (type.kind === 'decimal' || type.kind === 'float' || type.kind === 'integer') && isMeasure(name),
  );
  if (measure === undefined) return [];
  const say = (rows?: number): string =>
    `UNION removes rows that are alike${rows === undefined ? '' : ` (${rows} on this data)`}, and these rows have no key: ${measure.name} is lost with them. Write UNION ALL if every row counts.`;
  return [
    {
      rule: 'union-rows',
      span: { start: body.right.span.start, end: body.right.span.end },
      verdict: { severity: 'info', message: say() },
      fixes: fixesOf(input, body, 'union all'),
      question: {
        sql: `select (select count(*) from (${a}) as hw_a), (select count(*) from (select distinct hw_a.* from (${a}) as hw_a) as hw_b), (select count(*) from (${b}) as hw_c), (select count(*) from (select distinct hw_c.* from (${b}) as hw_c) as hw_d)`,
        judge(row: readonly unknown[]) {
          const [all, distinct, others, otherDistinct] = row.map(toNumber);
          const lost = (all ?? 0) - (distinct ?? 0) + (others ?? 0) - (otherDistinct ?? 0);
          return lost > 0 ? { severity: 'warning', message: say(lost) } : undefined;
        },
      },
    },
  ];
}

/** The word between two branches replaced, where nothing but blanks stands around it. */
function fixesOf({ grain: { reading } }: RuleInput, { left, right }: SetOperation, word: 'union' | 'union all'): readonly RuleFix[] {
  const start = left.span.end;
  const found = /^([\s)]*)(union(?:\s+(?:all|distinct))?)[\s(]*$/i.exec(reading.sql.slice(start, right.span.start));
  const [, before = '', old = ''] = found ?? [];
  if (found === null) return [];
  const text = old.startsWith('U') ? word.toUpperCase() : word;
  const span = { start: start + before.length, end: start + before.length + old.length };
  return [{ title: `Write ${text}`, changes: [{ span, text }] }];
}

function isMeasure(name: string): boolean {
  return !/(^|_)(id|key|code|number|no|year|month|day|week|quarter|zip|rank|position|sort|order|seq|version|is|flag|date)$|^(id|is_|has_)/i.test(
    name,
  );
}

/** UNION ALL over branches that hold the same rows, which nobody takes out again. */
function keptTwice(input: RuleInput, union: PlacedUnion, a: string, b: string): readonly Finding[] {
  const { body, left, right } = union;
  if (left.keys.every((key) => key.columns.length === 0) || right.keys.length === 0) return [];
  const isTagged = left.columns?.some((column, index) => {
    const [one, other] = [left.values.get(column), right.values.get(right.columns?.[index] ?? '')];
    return one !== undefined && other !== undefined && ![...one].some((value) => other.has(value));
  });
  if (isTagged === true || isTakenOut(input, union)) return [];
  const say = (rows: number): string =>
    `${rows} ${rows === 1 ? 'row is' : 'rows are'} in both branches of this UNION ALL on this data, and ${rows === 1 ? 'comes' : 'come'} twice. Write UNION, or leave them out of one branch.`;
  return [
    {
      rule: 'union-rows',
      span: { start: body.right.span.start, end: body.right.span.end },
      verdict: undefined,
      fixes: fixesOf(input, body, 'union'),
      question: {
        sql: `select count(*) from (select hw_a.* from (${a}) as hw_a intersect select hw_b.* from (${b}) as hw_b) as hw_c`,
        judge([count]: readonly unknown[]) {
          const rows = toNumber(count);
          return rows > 0 ? { severity: 'warning', message: say(rows) } : undefined;
        },
      },
    },
  ];
}

/** Whether rows that come twice are taken out by whoever reads the union. */
function isTakenOut(input: RuleInput, { body, around }: PlacedUnion): boolean {
  const holder = around[around.length - 1];
  const { query, resolution: _ } = input.grain.reading;
  const cte = query.ctes.find((one) => one.query === holder)?.name.text.toLowerCase();
  const readers = input.grain.text.selects.filter((select) => select.rows.leaves.some((leaf) => readsQuery(leaf.relation, cte, holder)));
  void body;
  return readers.some((select) => takesOut(select));
}

function readsQuery(relation: object, cte: string | undefined, holder: Query | undefined): boolean {
  const table = relation as { readonly kind?: string; readonly parts?: readonly { readonly text: string }[]; readonly query?: Query };
  if (table.kind === 'derived') return table.query === holder;
  return table.kind === 'table' && cte !== undefined && table.parts?.length === 1 && table.parts[0]?.text.toLowerCase() === cte;
}

function takesOut({ select, isGrouped }: PlacedSelect): boolean {
  if (select.distinct !== false || select.qualify !== undefined) return true;
  let isCounting = false;
  for (const item of select.items)
    for (const part of expressionsIn(item)) {
      if (part.kind === 'call' && part.name === 'row_number') return true;
      if (part.kind === 'call' && isAggregate(part) && !part.distinct && /^(sum|count|avg|total)$/.test(part.name)) isCounting = true;
    }
  return isGrouped && !isCounting;
}
