import type { Sources } from '../project/sources.ts';
import type { NodeText } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import { LineMap } from '../text/span.ts';
import type { ProjectLineage } from './project.ts';

/** One for every piece of a node's SQL that could not be read, in the file where it was written. */
export function lineageProblems(lineage: ProjectLineage, texts: ReadonlyMap<NodeId, NodeText>, sources: Sources): Problem[] {
  const found: Problem[] = [];
  for (const { id, problems } of lineage.nodes.values()) {
    const text = texts.get(id);
    // A text that did not come to its end, or still has templates in it, has a problem of its own already.
    if (problems.length === 0 || text === undefined || text.rendering.status !== 'rendered' || /\{\{|\{%/.test(text.rendering.sql))
      continue;
    const file = sources.find(text.path)?.text;
    const lines = file === undefined ? undefined : new LineMap(file);
    for (const { message, span } of problems) {
      const at = lines?.location(text.path, text.rendering.map.locateSpan(span)) ?? text.path;
      found.push(toProblem('sql-opaque', `${message}. Lineage goes on around it.`, at));
    }
  }
  return found;
}
