import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';

/** Whether every source above a node has rows here; `known` remembers the answers of one Snapshot. */
export function hasRows({ graph, nodes }: Snapshot, id: NodeId, known: Map<NodeId, boolean>): boolean {
  const before = known.get(id);
  if (before !== undefined) return before;
  const has = [...graph.ancestors(id)].every((above) => {
    const node = nodes.get(above);
    return (
      node === undefined || (node.kind === 'source' ? node.data !== undefined : !(node.kind === 'model' && node.language === 'python'))
    );
  });
  known.set(id, has);
  return has;
}
