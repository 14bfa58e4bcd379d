import { expressionsIn } from '../conditions.ts';
import { rowOf } from '../joined-rows.ts';
import type { PlacedSelect } from '../query-facts.ts';
import { closureOf } from '../row-key.ts';
import type { Finding, Rule, RuleInput } from './rule.ts';
import { shortTextOf } from './rule.ts';

export const averageOfAverages: Rule = {
  code: 'average-of-averages',
  title: 'An average of averages weighs every group alike',
  advice: 'Divide the sum of the sums by the sum of the counts, or average the rows themselves.',
  find: (input) => input.grain.text.selects.flatMap((select) => findIn(input, select)),
};

function findIn(input: RuleInput, select: PlacedSelect): readonly Finding[] {
  if (!select.isGrouped) return [];
  const { rows, groups } = select;
  const findings: Finding[] = [];
  for (const item of select.select.items)
    for (const part of expressionsIn(item)) {
      if (part.kind !== 'call' || part.over !== undefined || !/^(avg|mean)$/.test(part.name)) continue;
      const [argument] = part.args;
      const term = argument?.kind === 'column' ? rows.find(argument) : undefined;
      const leaf = term === undefined ? undefined : rows.leafOf(term);
      if (term === undefined || leaf === undefined) continue;
      const average = leaf.facts.averages.get(term.slice(leaf.alias.length + 1));
      // One row to a group is averaged by nothing.
      if (average === undefined || (groups !== undefined && closureOf(groups, rows.dependencies).columns.has(rowOf(leaf.alias)))) continue;
      const message = `\`${shortTextOf(input, part.span)}\` averages values that are averages of groups already (\`${average.replace(/\s+/g, ' ').slice(0, 60)}\`): a group of one row weighs as much as one of a thousand. ${averageOfAverages.advice}`;
      findings.push({ rule: 'average-of-averages', span: part.span, verdict: { severity: 'warning', message } });
    }
  return findings;
}
