import type { Rendering } from '../dbt/rendering.ts';
import { toReadable } from '../project/node-text.ts';
import type { NodeText, Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import { type AnalyzedLineage, analyzeLineage } from './analyze-lineage.ts';
import type { NodeLineage } from './project.ts';
import { ColumnMemo } from './project-columns.ts';

/** The nodes whose templates ask for data, and whose questions the data at hand can answer: everything upstream has rows. */
export function findAnswerable(snapshot: Snapshot, ids: Iterable<NodeId>): readonly NodeId[] {
  const wanted = new Set<NodeId>();
  for (const id of ids) for (const one of [id, ...snapshot.graph.ancestors(id)]) wanted.add(one);
  return [...wanted].filter((id) => {
    const { rendering } = snapshot.texts.get(id) ?? {};
    return rendering?.status === 'needs-data' && hasData(snapshot, id);
  });
}

function hasData({ graph, nodes }: Snapshot, id: NodeId): boolean {
  return [...graph.ancestors(id)].every((above) => {
    const node = nodes.get(above);
    return node?.kind !== 'source' || node.data !== undefined;
  });
}

/** The Snapshot with texts as the data at hand makes them; columns that only the answers bring are marked as such. */
export function withAnswers(snapshot: Snapshot, answers: ReadonlyMap<NodeId, Rendering>): Snapshot {
  const { facts } = snapshot.lineage as AnalyzedLineage;
  if (answers.size === 0) return snapshot;
  const texts = new Map<NodeId, NodeText>(snapshot.texts);
  for (const [id, rendering] of answers) {
    const text = texts.get(id);
    if (text === undefined) continue;
    const { sketch, ...rest } = text;
    texts.set(id, { ...rest, rendering, ...(sketch?.incremental === undefined ? {} : { sketch: { incremental: sketch.incremental } }) });
  }
  if (facts === undefined) return { ...snapshot, texts };
  const traced = analyzeLineage({ ...facts, texts }, snapshot.lineage);
  const nodes = new Map(traced.nodes);
  for (const id of answers.keys()) {
    const [node, before, text] = [nodes.get(id), snapshot.lineage.nodes.get(id), snapshot.texts.get(id)];
    if (node !== undefined && before !== undefined && text !== undefined) nodes.set(id, withMarks(node, before, toReadable(text)));
  }
  const { changed: _, ...rest } = traced;
  const lineage = { ...rest, nodes };
  return { ...snapshot, texts, lineage, columns: new ColumnMemo().columnsOf(snapshot.nodes, lineage, snapshot.graph) };
}

/** Other data would give other answers, and these other columns. */
function withMarks(node: NodeLineage, before: NodeLineage, { queriesNeeded }: Rendering): NodeLineage {
  const known = new Set(before.columns.filter(({ origin }) => origin === 'sql').map((column) => column.name.toLowerCase()));
  const query = queriesNeeded.map((sql) => sql.replace(/\s+/g, ' ').trim()).join('; ');
  const reason = `it is there because a query of the template answers so over the data at hand: ${query}`;
  const brought = node.columns.filter((column) => !known.has(column.name.toLowerCase()));
  return {
    ...node,
    lost: [
      ...node.lost,
      ...before.lost.filter(({ toColumn }) => toColumn === '*'),
      ...brought.map(({ name }) => ({ toColumn: name, reason })),
    ],
  };
}
