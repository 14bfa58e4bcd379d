import { buildErd } from '../erd/build.ts';
import { toErdSource } from '../erd/from-snapshot.ts';
import type { SourceNode } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import type { StandingRelations } from './standing.ts';

/** A column of one source whose values are looked for in a column of another. */
export interface SampleJoin {
  readonly child: NodeId;
  readonly childColumn: string;
  readonly parent: NodeId;
  readonly parentColumn: string;
  readonly because: string;
}

/** How sources hang together: by what is declared of them or of the models that pass their columns on, else by names. */
export function findSampleJoins(snapshot: Snapshot, standing: StandingRelations, sources: readonly SourceNode[]): readonly SampleJoin[] {
  const ids = new Set<string>(sources.map(({ id }) => id));
  const erd = toErdSource(snapshot);
  const entities = erd.entities.map((entity) => {
    const node = snapshot.nodes.get(entity.id as NodeId);
    const columns = node?.kind === 'source' ? standing.find(node)?.columns : undefined;
    return columns === undefined
      ? entity
      : { ...entity, columns: columns.map(({ name, type }) => ({ name, type, description: '', notNull: false })) };
  });
  const found = new Map<string, SampleJoin>();
  const { relationships } = buildErd({ ...erd, entities });
  for (const declared of [true, false])
    for (const { from, to, status, because } of relationships) {
      if ((status === 'declared') !== declared || from.columns.length !== 1 || to.columns.length !== 1) continue;
      const child = toSource(snapshot, from.entity as NodeId, from.columns[0] ?? '');
      const parent = toSource(snapshot, to.entity as NodeId, to.columns[0] ?? '');
      if (child === undefined || parent === undefined || child.node === parent.node || !ids.has(child.node) || !ids.has(parent.node))
        continue;
      const key = `${child.node} ${child.column.toLowerCase()}`;
      if (found.has(key)) continue;
      const text = because[0]?.text ?? 'by their names';
      found.set(key, { child: child.node, childColumn: child.column, parent: parent.node, parentColumn: parent.column, because: text });
    }
  return [...found.values()];
}

/** The column of a source that a column passes on as it is; undefined where it is made of something else. */
function toSource(snapshot: Snapshot, node: NodeId, column: string): { readonly node: NodeId; readonly column: string } | undefined {
  let at = { node, column };
  for (let depth = 0; depth < 50; depth++) {
    const here = snapshot.nodes.get(at.node);
    if (here === undefined || here.kind === 'source') return here && at;
    const edges =
      snapshot.lineage.nodes.get(at.node)?.edges.filter((edge) => edge.toColumn.toLowerCase() === at.column.toLowerCase()) ?? [];
    const [only] = edges;
    if (only === undefined || edges.some((edge) => edge.from !== only.from || edge.fromColumn !== only.fromColumn)) return undefined;
    if (only.kind !== 'copied' && only.kind !== 'renamed' && only.kind !== 'cast') return undefined;
    at = { node: only.from, column: only.fromColumn };
  }
  return undefined;
}
