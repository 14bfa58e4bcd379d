import type { Sources } from '../project/sources.ts';
import type { NodeText } from '../snapshot.ts';
import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import { LineMap } from '../text/span.ts';
import type { NodeLineage } from './project.ts';

const secondReading = 'A second parser (node-sql-parser) reads it: lineage through it is marked as assumed, and it cannot be previewed.';

/** One for every piece of a node's SQL that could not be read, in the file where it was written. */
export function lineageProblems({ problems }: NodeLineage, text: NodeText | undefined, sources: Sources): readonly Problem[] {
  // A text that did not come to its end, or still has templates in it, has a problem of its own already.
  if (problems.length === 0 || text === undefined || text.rendering.status !== 'rendered' || /\{\{|\{%/.test(text.rendering.sql)) return [];
  const file = sources.find(text.path)?.text;
  const lines = file === undefined ? undefined : new LineMap(file);
  return problems.map(({ message, span, isReadAgain }) => {
    const at = lines?.location(text.path, text.rendering.map.locateSpan(span)) ?? text.path;
    return toProblem('sql-opaque', `${message}. ${isReadAgain ? secondReading : 'Lineage goes on around it.'}`, at);
  });
}
