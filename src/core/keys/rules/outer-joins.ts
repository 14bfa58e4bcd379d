import type { Expression } from '../../sql/ir.ts';
import { columnsRejectingNull, conjunctsOf, expressionsIn } from '../conditions.ts';
import { type Leaf, rowOf } from '../joined-rows.ts';
import type { PlacedSelect } from '../query-facts.ts';
import { closureOf } from '../row-key.ts';
import { joinedText, nameOfLeaf, rowColumn, writtenAlias } from './joined-text.ts';
import { moveIntoJoin } from './move-into-join.ts';
import type { Finding, Rule, RuleInput } from './rule.ts';
import { shortTextOf, toNumber } from './rule.ts';

export const outerJoinFiltered: Rule = {
  code: 'outer-join-filtered',
  title: 'WHERE removes the rows that an outer join keeps',
  advice: 'Move the condition into ON, or write an inner join if that is what you mean.',
  find: (input) => input.grain.text.selects.flatMap((select) => filteredIn(input, select)),
};

function filteredIn(input: RuleInput, select: PlacedSelect): readonly Finding[] {
  const seen = new Set<Leaf>();
  const findings: Finding[] = [];
  for (const condition of conjunctsOf(select.select.where)) {
    // Whoever asks for NOT NULL knows what the join gives.
    if (condition.kind === 'operator' && condition.operator === 'is not null') continue;
    for (const column of columnsRejectingNull(condition)) {
      const term = select.rows.find(column);
      const leaf = term === undefined ? undefined : select.rows.leafOf(term);
      if (leaf === undefined || !leaf.isOptional || seen.has(leaf) || leaf.relation.kind === 'function') continue;
      const join = outerJoinOf(select, leaf);
      if (join === undefined) continue;
      seen.add(leaf);
      const message = `This condition on ${nameOfLeaf(input, leaf)} removes every row for which the ${join} join found no partner, so the join acts as an inner join. ${outerJoinFiltered.advice}`;
      const fix = moveIntoJoin(input, select, condition, leaf);
      findings.push({
        rule: 'outer-join-filtered',
        span: condition.span,
        verdict: { severity: 'warning', message },
        ...(fix === undefined ? {} : { fixes: [fix] }),
      });
    }
  }
  return findings;
}

/** The outer join that fills a relation with NULL; a full join is no case for advice about one side. */
function outerJoinOf({ rows }: PlacedSelect, leaf: Leaf): 'left' | 'right' | undefined {
  if (leaf.join?.type === 'left') return 'left';
  const after = rows.leaves
    .slice(rows.leaves.indexOf(leaf) + 1)
    .find((one) => one.join !== undefined && one.join.type !== 'inner' && one.join.type !== 'cross');
  return leaf.join?.type === 'full' || after?.join?.type !== 'right' ? undefined : 'right';
}

export const outerJoinCount: Rule = {
  code: 'outer-join-count',
  title: 'count(*) counts rows that an outer join found no partner for',
  advice: 'Count a column of the joined relation that is never NULL, such as its key.',
  find: (input) => input.grain.text.selects.flatMap((select) => countedIn(input, select)),
};

function countedIn(input: RuleInput, select: PlacedSelect): readonly Finding[] {
  const { rows, groups } = select;
  if (!select.isGrouped || groups === undefined || groups.length === 0) return [];
  const optional = rows.leaves.filter(
    (leaf) => leaf.join?.type === 'left' && leaf.isOptional && !leaf.isHidden && leaf.relation.kind !== 'function',
  );
  if (optional.length === 0 || (select.select.where !== undefined && optional.every((leaf) => isFiltered(select, leaf)))) return [];
  const kept = rows.leaves.filter((leaf) => !leaf.isOptional && !leaf.isHidden);
  const ofKept = groups.every((term) => isAbout(select, term, kept));
  if (!ofKept) return [];
  const findings: Finding[] = [];
  const hasOtherCount = countsColumns(select, optional);
  for (const call of countsOfRows(select)) {
    if (hasOtherCount) continue;
    const start = kept.map((leaf) => rowOf(leaf.alias));
    const { columns } = closureOf(start, rows.dependencies);
    const repeating = optional.filter((leaf) => !columns.has(rowOf(leaf.alias)) && !isFiltered(select, leaf));
    const [leaf] = repeating;
    if (leaf === undefined) continue;
    const name = nameOfLeaf(input, leaf);
    const say = (lost?: number): string =>
      `\`${shortTextOf(input, call.span)}\` gives 1 where the left join found no row of ${name}${lost === undefined ? '' : ` (${lost} ${lost === 1 ? 'row' : 'rows'} on this data)`}. ${outerJoinCount.advice}`;
    const joined = joinedText(input, select, [leaf]);
    const alias = writtenAlias(input, leaf);
    const isKnown = leaf.facts.keys.length > 0;
    findings.push({
      rule: 'outer-join-count',
      span: call.span,
      verdict: isKnown ? { severity: 'warning', message: say() } : undefined,
      ...(joined === undefined
        ? {}
        : {
            question: {
              sql: `select count(*), sum(case when ${alias}.${rowColumn} is null then 1 else 0 end) ${joined}`,
              judge([count, unmatched]: readonly unknown[]) {
                if (toNumber(count) === 0) return undefined;
                const lost = toNumber(unmatched);
                return lost > 0
                  ? { severity: 'warning', message: say(lost) }
                  : { severity: 'info', message: `${say()} Every row has a partner in this data.` };
              },
            },
          }),
    });
  }
  return findings;
}

/** Whether what rows are grouped by is known from the relations that the join keeps. */
function isAbout({ rows, terms, select }: PlacedSelect, term: string, kept: readonly Leaf[]): boolean {
  const leaf = rows.leafOf(term);
  if (leaf !== undefined) return kept.includes(leaf);
  for (const item of select.items)
    if (item.kind === 'item' && terms.of(item.expression) === term) {
      const attributes = terms.attributesIn(item.expression);
      return attributes.length > 0 && attributes.every((one) => kept.includes(rows.leafOf(one) as Leaf));
    }
  return false;
}

function isFiltered({ select, rows }: PlacedSelect, leaf: Leaf): boolean {
  return conjunctsOf(select.where).some((condition) =>
    [...expressionsIn(condition)].some((part) => {
      const term = part.kind === 'column' ? rows.find(part) : undefined;
      return term !== undefined && rows.leafOf(term) === leaf;
    }),
  );
}

function* countsOfRows({ select }: PlacedSelect): Generator<Extract<Expression, { kind: 'call' }>> {
  for (const item of select.items)
    for (const part of expressionsIn(item)) {
      if (part.kind !== 'call' || part.over !== undefined || part.distinct || part.filter !== undefined) continue;
      const [argument] = part.args;
      const isStar = argument === undefined || argument.kind === 'all-columns' || argument.kind === 'literal';
      if (isStar && (part.name === 'count' || (part.name === 'sum' && argument?.kind === 'literal'))) yield part;
    }
}

/** Whether the list also counts a column of the joined relation: then rows are counted on purpose. */
function countsColumns({ select, rows, terms }: PlacedSelect, leaves: readonly Leaf[]): boolean {
  for (const item of select.items)
    for (const part of expressionsIn(item)) {
      if (part.kind !== 'call' || part.name !== 'count' || part.over !== undefined) continue;
      if (part.args.some((one) => terms.attributesIn(one).some((term) => leaves.includes(rows.leafOf(term) as Leaf)))) return true;
    }
  return false;
}
