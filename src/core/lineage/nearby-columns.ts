import type { Column } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import { analyzeLineage, type LineageFacts } from './analyze-lineage.ts';
import { ColumnMemo } from './project-columns.ts';

/** How far down those are who say which columns a relation has. */
const steps = 2;

/**
 * The columns of relations of which only those tell that read them, found from a few texts: the readers, theirs, and what those read beside.
 * What lies farther away may name others.
 */
export function columnsAround(facts: LineageFacts, ids: readonly NodeId[]): ReadonlyMap<NodeId, readonly Column[]> {
  const { graph, nodes, texts } = facts;
  const near = new Set<NodeId>(ids);
  let readers: readonly NodeId[] = ids;
  for (let step = 0; step < steps; step++) {
    readers = readers.flatMap((id) => graph.children(id)).filter((id) => nodes.get(id)?.kind !== 'test' && !near.has(id));
    for (const id of readers) near.add(id);
  }
  for (const id of [...near]) if (!ids.includes(id)) for (const parent of graph.parents(id)) near.add(parent);
  const some = new Map([...nodes].filter(([id]) => near.has(id)));
  const read = new Map(
    [...near].flatMap((id) => {
      const text = texts.get(id);
      return text === undefined ? [] : [[id, text] as const];
    }),
  );
  const lineage = analyzeLineage({ ...facts, nodes: some, texts: read });
  const columns = new ColumnMemo().columnsOf(some, lineage, graph);
  return new Map(ids.map((id) => [id, columns.get(id) ?? []]));
}
