import { questionsOf } from '../docs/reading.ts';
import { isRelation } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import type { AffectedNode, NodeChange } from './change.ts';

interface Reached {
  readonly columns: Set<string>;
  certain: boolean;
  path: readonly NodeId[];
}

const otherRows = new Set(['rows', 'grain', 'unknown']);

/** What changes reach downstream: where rows are others, all columns; where values are, those that are made from them or depend on them. */
export function findAffected(now: Snapshot, before: Snapshot, changes: readonly NodeChange[]): readonly AffectedNode[] {
  const found = new Map<NodeId, Reached>();
  for (const change of changes) {
    if (change.class === 'cosmetic' || change.class === 'none') continue;
    // What read a node that is gone is known from the state of before.
    const snapshot = change.change === 'removed' ? before : now;
    const isWhole = otherRows.has(change.class) || change.change === 'removed';
    if (isWhole) reachRows(snapshot, [change.id], change.class !== 'unknown', found);
    for (const { name, class: kind } of change.columns) {
      if (isWhole) break;
      reachColumn(kind === 'removed' ? before : snapshot, change.id, name, found);
    }
  }
  const own = new Set(changes.filter(({ class: kind }) => kind !== 'none' && kind !== 'cosmetic').map(({ id }) => id));
  return [...found]
    .filter(([id]) => !own.has(id) || found.get(id)?.columns.size !== 0)
    .filter(([id]) => now.nodes.get(id)?.enabled === true)
    .map(([id, { columns, certain, path }]): AffectedNode => ({ id, columns: [...columns].sort(), certain, path }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Everything below a node whose rows are others; `way` leads from the change to that node. */
function reachRows(snapshot: Snapshot, way: readonly NodeId[], isKnown: boolean, found: Map<NodeId, Reached>): void {
  const paths = new Map<NodeId, readonly NodeId[]>([[way.at(-1) ?? ('' as NodeId), way]]);
  for (const [at, path] of paths)
    for (const child of snapshot.graph.children(at)) {
      if (paths.has(child)) continue;
      paths.set(child, [...path, child]);
      const node = snapshot.nodes.get(child);
      if (node === undefined || node.kind === 'test' || node.kind === 'unit_test') continue;
      const columns = isRelation(node) ? (snapshot.columns.get(child) ?? []).map((column) => column.name.toLowerCase()) : [];
      add(found, child, columns, isKnown, [...path, child]);
    }
}

/** What is made from a column, and the rows that depend on it. */
function reachColumn(snapshot: Snapshot, id: NodeId, column: string, found: Map<NodeId, Reached>): void {
  const questions = questionsOf(snapshot);
  const { columns, uses } = questions.impact({ node: id, column });
  const ways = new Map<NodeId, { readonly path: readonly NodeId[]; readonly certain: boolean }>([[id, { path: [id], certain: true }]]);
  for (const reached of columns) {
    if (reached.node === id) continue;
    const edges = questions.path({ node: id, column }, reached) ?? [];
    const path = [...new Set<NodeId>([id, ...edges.map(({ to }) => to)])];
    const certain = edges.length > 0 && edges.every(({ confidence }) => confidence === 'exact');
    add(found, reached.node, [reached.column.toLowerCase()], certain, path);
    if (!ways.has(reached.node)) ways.set(reached.node, { path, certain });
  }
  const spread = new Set<NodeId>();
  for (const use of uses) {
    const [way, node] = [ways.get(use.from), snapshot.nodes.get(use.to)];
    // Without a limit an order changes nothing.
    if (way === undefined || node === undefined || use.to === id || use.kind === 'order') continue;
    const path = [...way.path, use.to];
    const all = (snapshot.columns.get(use.to) ?? []).map((one) => one.name.toLowerCase());
    add(found, use.to, all, way.certain, path);
    if ((use.kind !== 'filter' && use.kind !== 'join' && use.kind !== 'group') || spread.has(use.to)) continue;
    // Other rows there are other rows further down.
    spread.add(use.to);
    reachRows(snapshot, path, way.certain, found);
  }
}

function add(found: Map<NodeId, Reached>, id: NodeId, columns: readonly string[], certain: boolean, path: readonly NodeId[]): void {
  const known = found.get(id);
  if (known === undefined) {
    found.set(id, { columns: new Set(columns), certain, path });
    return;
  }
  for (const column of columns) known.columns.add(column);
  if (certain && !known.certain) {
    known.certain = true;
    known.path = path;
  } else if (certain === known.certain && path.length < known.path.length) known.path = path;
}
