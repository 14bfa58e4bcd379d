import { expressionsIn } from '../keys/conditions.ts';
import { ProjectGrain } from '../keys/project-grain.ts';
import { joinedText } from '../keys/rules/joined-text.ts';
import { hasAggregate } from '../keys/terms.ts';
import type { Snapshot } from '../snapshot.ts';
import type { CaseExpression, Expression } from '../sql/ir.ts';
import type { NodeId } from '../text/ids.ts';

/** How many conditions of one SELECT are counted. */
const mostOfSelect = 80;

/** How many branches of CASE, and left joins, some row of the data reaches. */
export async function reachedBranches(
  snapshot: Snapshot,
  ask: (sql: string, within: NodeId) => Promise<readonly unknown[] | undefined>,
): Promise<{ readonly all: number; readonly reached: number }> {
  const project = new ProjectGrain(snapshot);
  let all = 0;
  let reached = 0;
  for (const id of snapshot.lineage.order) {
    const node = snapshot.nodes.get(id);
    if (node?.kind !== 'model' || !node.enabled) continue;
    const grain = project.read(id);
    if (grain === undefined) continue;
    const { sql } = grain.reading;
    const text = ({ span }: Expression): string => sql.slice(span.start, span.end);
    for (const select of grain.text.selects) {
      const conditions: string[] = [];
      for (const item of select.select.items)
        for (const part of expressionsIn(item))
          if (
            part.kind === 'case' &&
            !hasAggregate(part) &&
            ![...expressionsIn(part)].some((one) => one.kind === 'call' && one.over !== undefined)
          )
            conditions.push(...branchesOf(part, text));
      for (const leaf of select.rows.leaves) {
        const on = leaf.join?.type === 'left' ? leaf.join.on : undefined;
        if (on !== undefined && ![...expressionsIn(on)].some((one) => one.kind === 'subquery')) conditions.push(text(on));
      }
      const counted = conditions.slice(0, mostOfSelect);
      const joined = counted.length === 0 ? undefined : joinedText({ grain, project }, select, []);
      if (joined === undefined) continue;
      all += counted.length;
      const row = await ask(
        `select ${counted.map((one, index) => `count(case when ${one} then 1 end) as hw_${index}`).join(', ')} ${joined}`,
        id,
      );
      reached += (row ?? []).filter((value) => Number(value) > 0).length;
    }
  }
  return { all, reached };
}

function branchesOf({ operand, branches }: CaseExpression, text: (one: Expression) => string): readonly string[] {
  return branches.map(({ when }) => (operand === undefined ? text(when) : `(${text(operand)}) = (${text(when)})`));
}
