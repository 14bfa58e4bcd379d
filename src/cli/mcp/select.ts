import { select } from '../../core/dbt/selector.ts';
import type { NodeId } from '../../core/text/ids.ts';
import { type Asked, Refused } from './asked.ts';

/** The nodes of a selection; an empty one is refused with what is wrong with it. */
export function selectIn({ snapshot }: Asked, selection: string): readonly NodeId[] {
  const { ids, problems } = select(snapshot, selection, { packageName: snapshot.project.name });
  if (ids.length === 0)
    throw new Refused(
      `'${selection.slice(0, 120)}' selects nothing. ${problems.map((problem) => problem.message).join(' ')} Ask find for names.`,
    );
  return ids;
}
