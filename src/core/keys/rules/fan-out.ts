import type { CallExpression } from '../../sql/ir.ts';
import type { NodeId } from '../../text/ids.ts';
import { conjunctsOf, expressionsIn } from '../conditions.ts';
import { type Leaf, rowOf } from '../joined-rows.ts';
import type { PlacedSelect } from '../query-facts.ts';
import { closureOf } from '../row-key.ts';
import { isAggregate } from '../terms.ts';
import { groupTexts, joinedText, nameOfLeaf, rowColumn, writtenAlias } from './joined-text.ts';
import type { Finding, Rule, RuleInput, Verdict } from './rule.ts';
import { shortTextOf, showFactor, textOf, toNumber } from './rule.ts';
import { isVersioned, speaksOfValidity } from './scd-join.ts';

/** Aggregates that change where a row comes several times. */
const changing =
  /^(sum|sumif|sum_if|total|avg|mean|avgif|count|count_if|countif|count_big|stddev|stddev_samp|stddev_pop|variance|var_samp|var_pop|median|string_agg|listagg|group_concat|array_agg)$/;
const additive = /^(sum|total|count|count_big|avg|mean|sumif|sum_if|countif|count_if)$/;

/** An aggregate whose rows a join may repeat. */
interface Repeated {
  readonly call: CallExpression;
  readonly own: readonly Leaf[];
  readonly by: readonly Leaf[];
}

export const fanOut: Rule = {
  code: 'fan-out',
  title: 'A join repeats the rows that an aggregate counts',
  advice: 'Aggregate before the join, in a CTE; or use count(distinct …), or exists in place of the join.',
  find: (input) => input.grain.text.selects.flatMap((select) => findIn(input, select)),
};

function findIn(input: RuleInput, select: PlacedSelect): readonly Finding[] {
  if (!select.isGrouped || select.rows.leaves.length < 2) return [];
  const repeated = repeatedIn(select);
  const chasm = chasmIn(repeated);
  if (chasm !== undefined) return [toChasm(input, select, chasm)];
  const findings: Finding[] = [];
  const seen = new Set<Leaf>();
  for (const one of repeated) {
    // One finding for each join: of its aggregates the sums first.
    const [by] = one.by;
    if (by === undefined || seen.has(by)) continue;
    // A relation with versions is spoken of by a rule of its own.
    if (one.by.some((leaf) => isVersioned(input, leaf) && !speaksOfValidity(select, leaf))) continue;
    seen.add(by);
    findings.push(toFinding(input, select, one));
  }
  return findings;
}

/** The aggregates of a SELECT whose rows are not told apart any more once everything is joined. */
function repeatedIn(select: PlacedSelect): readonly Repeated[] {
  const { rows, groups } = select;
  const calls: CallExpression[] = [];
  for (const item of select.select.items)
    for (const part of expressionsIn(item))
      if (part.kind === 'call' && isAggregate(part) && changing.test(part.name) && !part.distinct) calls.push(part);
  const found = calls.flatMap((call): Repeated[] => {
    const own = leavesOf(call, select);
    // Rows that are made by an array or a function are what people mean to count.
    if (own.length === 0 || own.some((leaf) => leaf.relation.kind === 'function')) return [];
    const start = [...own.map((leaf) => rowOf(leaf.alias)), ...(groups ?? [])];
    const { columns } = closureOf(start, rows.dependencies);
    const by = rows.leaves.filter((leaf) => !leaf.isHidden && !own.includes(leaf) && !columns.has(rowOf(leaf.alias)));
    return by.length === 0 ? [] : [{ call, own, by }];
  });
  return found.sort((a, b) => Number(additive.test(b.call.name)) - Number(additive.test(a.call.name)));
}

/** The relations that an aggregate's values come from. */
function leavesOf(call: CallExpression, { rows, terms }: PlacedSelect): readonly Leaf[] {
  const attributes = [
    ...call.args.flatMap((one) => terms.attributesIn(one)),
    ...(call.filter === undefined ? [] : terms.attributesIn(call.filter)),
  ];
  const leaves = attributes.map((term) => rows.leafOf(term));
  return leaves.some((leaf) => leaf === undefined) ? [] : [...new Set(leaves.flatMap((leaf) => (leaf === undefined ? [] : [leaf])))];
}

/** Two aggregates over two relations, each of which the other repeats. */
function chasmIn(repeated: readonly Repeated[]): readonly [Repeated, Repeated] | undefined {
  for (const a of repeated)
    for (const b of repeated)
      if (
        a !== b &&
        a.by.some((leaf) => b.own.includes(leaf)) &&
        b.by.some((leaf) => a.own.includes(leaf)) &&
        !a.own.some((leaf) => b.own.includes(leaf))
      )
        return [a, b];
  return undefined;
}

/** Whether what is declared or proved says that a relation has several rows for one row of the others. */
function isKnownToRepeat(input: RuleInput, select: PlacedSelect, { by }: Repeated): boolean {
  return by.some((leaf) => hasSeveral(input, leaf, joinedColumns(select, leaf)));
}

/** The relation of those that may repeat rows of which it is known; the first where it is of none. */
function repeatingOf(input: RuleInput, select: PlacedSelect, { by }: Repeated): Leaf | undefined {
  return by.find((leaf) => hasSeveral(input, leaf, joinedColumns(select, leaf))) ?? by.find((leaf) => leaf.join !== undefined) ?? by[0];
}

/** The columns of a relation that the joins compare with others. */
function joinedColumns({ rows, select }: PlacedSelect, leaf: Leaf): ReadonlySet<string> {
  const conditions = [...conjunctsOf(select.where), ...rows.leaves.flatMap((one) => conjunctsOf(one.join?.on))];
  const terms = conditions.flatMap((condition) => [
    ...rows.equalitiesIn(condition).flat(),
    ...[rows.constantIn(condition)].filter((one) => one !== undefined),
  ]);
  const using = leaf.join?.using.map((name) => name.text.toLowerCase()) ?? [];
  return new Set([...using, ...terms.filter((term) => rows.leafOf(term) === leaf).map((term) => term.slice(leaf.alias.length + 1))]);
}

/**
 * Whether rows that agree in some columns are several: those columns are a part of what tells rows apart, or refer to another relation
 * while the relation's own key is named after itself. That a key is not among them says nothing by itself: they may be one too.
 */
function hasSeveral(input: RuleInput, leaf: Leaf, joined: ReadonlySet<string>): boolean {
  if (joined.size === 0) return false;
  const isPart = leaf.facts.keys.some(
    (key) => key.columns.length > joined.size && [...joined].every((column) => key.columns.includes(column)),
  );
  if (isPart) return true;
  const name = nameOfLeaf(input, leaf).toLowerCase();
  const refers = input.project.declarations.references.some(
    ({ from }) =>
      input.project.snapshot.nodes.get(from.entity as NodeId)?.name.toLowerCase() === name &&
      from.columns.every((column) => joined.has(column.toLowerCase())),
  );
  const own = leaf.facts.keys.find((key) => key.columns.length === 1 && isNamedAfter(key.columns[0] ?? '', name));
  return own !== undefined && (refers || [...joined].every((column) => /(_id|_key|_fk|_sk)$/.test(column) && !isNamedAfter(column, name)));
}

/** Whether a column is called after its relation: `id`, or `user_id` of `stg_users`. */
function isNamedAfter(column: string, relation: string): boolean {
  if (column === 'id') return true;
  const stem = column.replace(/_(id|key|sk|pk|uuid)$/, '');
  if (stem === column) return false;
  return [stem, `${stem}s`, `${stem}es`, stem.replace(/y$/, 'ies')].some(
    (one) => relation === one || relation.endsWith(`_${one}`) || relation.startsWith(`${one}_`),
  );
}

function toFinding(input: RuleInput, select: PlacedSelect, one: Repeated): Finding {
  const text = shortTextOf(input, one.call.span);
  const own = one.own.map((leaf) => nameOfLeaf(input, leaf)).join(', ');
  const repeating = repeatingOf(input, select, one);
  const by = repeating === undefined ? 'another relation' : nameOfLeaf(input, repeating);
  const say = (factor?: number): string =>
    `Each row of ${own} appears once per matching row of ${by}${factor === undefined ? '' : ` (${showFactor(factor)} on this data)`}: \`${text}\` counts it several times. ${fanOut.advice}`;
  const verdict: Verdict | undefined = isKnownToRepeat(input, select, one) ? { severity: 'warning', message: say() } : undefined;
  const question = factorQuestion(input, select, one, say);
  return { rule: 'fan-out', span: spanOf(select, one, repeating), verdict, ...(question === undefined ? {} : { question }) };
}

function toChasm(input: RuleInput, select: PlacedSelect, [a, b]: readonly [Repeated, Repeated]): Finding {
  const [first, second] = [a, b].map((one) => one.own.map((leaf) => nameOfLeaf(input, leaf)).join(', '));
  const say = (factor?: number): string =>
    `${first} and ${second} are joined to the same rows, so that each row of one appears once per row of the other${factor === undefined ? '' : ` (\`${shortTextOf(input, a.call.span)}\` is ${showFactor(factor)} too large on this data)`}. Aggregate each of them in a CTE of its own first.`;
  const isKnown = isKnownToRepeat(input, select, a) && isKnownToRepeat(input, select, b);
  const questions = [a, b].flatMap((one) => factorQuestion(input, select, one, say) ?? []);
  const [question] = questions;
  return {
    rule: 'chasm-trap',
    span: spanOf(select, joinOrder(select, a) > joinOrder(select, b) ? b : a),
    verdict: isKnown ? { severity: 'warning', message: say() } : undefined,
    ...(question === undefined ? {} : { question }),
  };
}

function joinOrder(select: PlacedSelect, one: Repeated): number {
  return Math.max(...one.own.map((leaf) => select.rows.leaves.indexOf(leaf)));
}

/** The join that repeats rows: that which brings the repeating relation, or the one that brings the aggregate's own. */
function spanOf(select: PlacedSelect, { by, own, call }: Repeated, repeating?: Leaf) {
  const tried = [...(repeating === undefined ? [] : [repeating]), ...by, ...own, ...select.rows.leaves];
  const joined = tried.find((leaf) => leaf.join !== undefined);
  return joined?.relation.span ?? call.span;
}

/** The value as written, the value over the rows before the join that repeats them, and whether a group holds a row twice. */
function factorQuestion(
  input: RuleInput,
  select: PlacedSelect,
  { call, own, by }: Repeated,
  say: (factor?: number) => string,
): Finding['question'] {
  const aggregate = kindOf(call);
  const value = addedUp(input, call);
  const groups = groupTexts(input, select);
  const before = select.rows.leaves.filter(
    (leaf) => !leaf.isHidden && !by.includes(leaf) && (leaf.relation.kind === 'table' || leaf.relation.kind === 'derived'),
  );
  const joined = joinedText(input, select, before);
  if (aggregate === undefined || value === undefined || joined === undefined) return undefined;
  const ids = before.map((leaf, index) => `${writtenAlias(input, leaf)}.${rowColumn} as hw_r${index}`);
  const isOwn = before.map((leaf, index) => (own.includes(leaf) ? `hw_r${index}` : undefined)).filter((id) => id !== undefined);
  const keys = (groups ?? []).map((text, index) => `${text} as hw_g${index}`);
  const once = before.map((_, index) => `hw_r${index}`).join(', ');
  const inGroup = [...isOwn, ...(groups ?? []).map((_, index) => `hw_g${index}`)].join(', ');
  const sql = `with hw_joined as (select ${[`${value} as hw_v`, ...ids, ...keys].join(', ')} ${joined}),
hw_once as (select ${once}, max(hw_v) as hw_v from hw_joined group by ${once})
select (select count(*) from hw_joined), (select ${aggregate}(hw_v) from hw_joined), (select ${aggregate}(hw_v) from hw_once), (select count(*) from hw_once), (select count(*) from (select distinct ${inGroup} from hw_joined) as hw_d)`;
  return {
    sql,
    judge(row) {
      const [count = Number.NaN, written = Number.NaN, right = Number.NaN, single = Number.NaN, inGroups = Number.NaN] = row.map(toNumber);
      if (count === 0 || Number.isNaN(count)) return undefined;
      const factor = right === 0 || Number.isNaN(right) || Number.isNaN(written) ? count / single : written / right;
      // Where every group holds a row once, nothing in it is counted twice, whatever the sum over all groups is.
      if (count === inGroups || count === single || Math.abs(factor - 1) < 0.0005) return undefined;
      return { severity: 'warning', message: say(factor), factor: Math.round(factor * 10000) / 10000 };
    },
  };
}

/** The aggregate by which a value is put together again; undefined where the factor would say nothing. */
function kindOf({ name }: CallExpression): 'sum' | 'avg' | undefined {
  if (!additive.test(name)) return undefined;
  return /^(avg|mean)/.test(name) ? 'avg' : 'sum';
}

/** What an aggregate adds up for one row, as text. */
function addedUp(input: RuleInput, call: CallExpression): string | undefined {
  const [argument, condition] = call.args;
  if (argument === undefined || argument.kind === 'all-columns') return undefined;
  const written = textOf(input, argument.span);
  if (/^count_?if$/.test(call.name)) return `case when ${written} then 1 else 0 end`;
  const value = /^count/.test(call.name) ? `case when ${written} is null then 0 else 1 end` : written;
  const filter = /_?if$/.test(call.name) ? condition : call.filter;
  return filter === undefined ? value : `case when ${textOf(input, filter.span)} then ${value} end`;
}
