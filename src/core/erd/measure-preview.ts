import type { PreviewSession } from '../engine/preview.ts';
import { isRelation } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import type { Measure, MeasuredTable } from './measure.ts';
import { measureBySql } from './measure.ts';

/**
 * Counts over the rows that a preview gives to a project's relations: seeds, sources with data at hand, and models over them. What rests
 * on a source without rows, or cannot be previewed, is not counted, and the reason is told. `rest` is called between two builds, so
 * that whoever else waits for the thread gets it.
 */
export function measurePreview(snapshot: Snapshot, session: PreviewSession, rest: () => Promise<void> = async () => {}): Measure {
  const ids = new Map<string, NodeId>([...snapshot.nodes.keys()].map((id) => [id, id]));
  const missing = new Map<NodeId, string | undefined>();
  const parents = new Map<NodeId, NodeId[]>();
  for (const { from, to } of snapshot.graph.edges) {
    const list = parents.get(to);
    if (list === undefined) parents.set(to, [from]);
    else list.push(from);
  }
  const tables = new Map<string, Promise<MeasuredTable | string>>();

  /** Why the rows of a relation are not at hand, told by the first relation above it that has none. */
  const findMissing = (id: NodeId): string | undefined => {
    if (missing.has(id)) return missing.get(id);
    // A cycle ends here; that it is one is said elsewhere.
    missing.set(id, undefined);
    const node = snapshot.nodes.get(id);
    let why: string | undefined;
    if (node === undefined || !isRelation(node)) why = undefined;
    else if (node.kind === 'source' && node.data === undefined)
      why = `there are no rows here for the source '${node.sourceName}.${node.name}'`;
    else if (node.kind === 'model' && node.language === 'python') why = `'${node.name}' is a Python model, which is not run`;
    else for (const parent of parents.get(id) ?? []) why ??= findMissing(parent);
    missing.set(id, why);
    return why;
  };

  const open = async (entity: string): Promise<MeasuredTable | string> => {
    const id = ids.get(entity);
    if (id === undefined) return `'${entity}' is not a relation of the project`;
    const why = findMissing(id);
    if (why !== undefined) return why;
    await rest();
    const standing = await session.relation(id);
    if (standing.kind === 'failed') return standing.problem.message;
    const { physical, columns } = standing.table;
    return { name: `"${physical.replace(/"/g, '""')}"`, columns: columns.map((column) => column.name) };
  };
  return measureBySql(
    async (sql) => (await session.engine.query(sql, { offset: 0, limit: 1 })).rows[0] ?? [],
    (entity) => {
      const known = tables.get(entity) ?? open(entity);
      tables.set(entity, known);
      return known;
    },
  );
}
