import type { PreviewSession } from '../engine/preview.ts';
import type { ProjectNode, SourceNode, TestNode } from '../project/node.ts';
import { isRelation } from '../project/node.ts';
import { nameIndex } from '../project/relation-names.ts';
import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import { findWrites, type HookWrite } from './hook-writes.ts';

/** What a project lacks that its warehouse would have, worked out once for all of its tests. */
interface Gaps {
  readonly missing: ReadonlySet<NodeId>;
  readonly writes: readonly HookWrite[];
}

const gaps = new WeakMap<Snapshot, Gaps>();

function gapsOf(snapshot: Snapshot): Gaps {
  const known = gaps.get(snapshot);
  if (known !== undefined) return known;
  const made = { missing: findMissing(snapshot), writes: findWrites(snapshot) };
  gaps.set(snapshot, made);
  return made;
}

/** The sources without rows that nothing in the project builds either. */
function findMissing({ nodes }: Snapshot): ReadonlySet<NodeId> {
  const index = nameIndex(nodes.values());
  const missing = new Set<NodeId>();
  for (const node of nodes.values()) {
    if (node.kind !== 'source' || node.data !== undefined || !node.enabled) continue;
    const built = nodes.get(index.find([node.database, node.schema, node.identifier]) ?? node.id);
    if (built === undefined || built.kind === 'source') missing.add(node.id);
  }
  return missing;
}

/** Why a test that ended, well or badly, says nothing about the project; undefined where it does say something. */
export async function whyNothing(
  session: PreviewSession,
  snapshot: Snapshot,
  node: TestNode,
  isGood: boolean,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const { missing, writes } = gapsOf(snapshot);
  const parents = snapshot.graph.parents(node.id).flatMap((id) => {
    const parent = snapshot.nodes.get(id);
    return parent !== undefined && isRelation(parent) ? [parent] : [];
  });
  const above = new Set(parents.flatMap((parent) => [parent.id, ...snapshot.graph.ancestors(parent.id)]));
  const write = writes.find(({ target }) => target !== undefined && above.has(target));
  if (write?.target !== undefined)
    return `'${snapshot.nodes.get(write.target)?.name}' gets rows from ${write.from}, which is not run here.`;
  const without = [...above].filter((id) => missing.has(id));
  const empty: ProjectNode[] = [];
  for (const parent of parents) if (await isEmpty(session, parent.id, undefined, signal)) empty.push(parent);
  for (const parent of empty) {
    const own = [parent.id, ...snapshot.graph.ancestors(parent.id)].filter((id) => missing.has(id));
    if (own.length > 0) return missingSentence(own, snapshot);
  }
  if (!isGood) return undefined;
  const attached = empty.find(({ id }) => id === node.attached);
  if (attached !== undefined || (parents.length > 0 && empty.length === parents.length))
    return `${[attached ?? empty[0]].map((one) => `'${one?.name}'`).join()} has no rows, so there is nothing to test.`;
  // Rows may come from elsewhere while the values would come from what is missing.
  const column = node.generic?.column;
  if (without.length === 0 || column === undefined || node.attached === undefined) return undefined;
  return (await isEmpty(session, node.attached, column, signal)) ? missingSentence(without, snapshot) : undefined;
}

function missingSentence(ids: readonly NodeId[], { nodes }: Snapshot): string {
  const names = ids.flatMap((id) => nodes.get(id) ?? []).map((node) => (node.kind === 'source' ? toLabel(node) : node.name));
  const files = ids
    .flatMap((id) => nodes.get(id) ?? [])
    .flatMap((node) => (node.kind === 'source' ? `${node.sourceName}_${node.name}.csv` : []));
  const shown = names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '');
  return `No data for the ${names.length === 1 ? 'source' : 'sources'} ${shown}: a file ${files[0]} among the seeds would fill ${names.length === 1 ? 'it' : 'the first'}.`;
}

function toLabel(node: SourceNode): string {
  return `'${node.sourceName}.${node.name}'`;
}

/** Whether a relation has no rows, or no value in a column; what cannot be built or read is not said to be empty. */
async function isEmpty(session: PreviewSession, id: NodeId, column: string | undefined, signal: AbortSignal | undefined): Promise<boolean> {
  const standing = await session.relation(id, signal);
  if (standing.kind === 'failed') return false;
  const { physical, columns } = standing.table;
  const bare = column?.replace(/^["`[]|["`\]]$/g, '').toLowerCase();
  const own = columns.find(({ name }) => name.toLowerCase() === bare);
  if (bare !== undefined && own === undefined) return false;
  const where = own === undefined ? '' : ` where ${quote(own.name)} is not null`;
  const { rows } = await session.engine.query(`select 1 as one from ${quote(physical)}${where}`, { offset: 0, limit: 1 });
  return rows.length === 0;
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Why a relation that could not be built may stand in the warehouse all the same: a hook makes the table that it reads. */
export function hookThatMakes(snapshot: Snapshot, message: string): string | undefined {
  const table = /There is no table '([^']+)'/.exec(message)?.[1];
  if (table === undefined) return undefined;
  const last = table.split('.').at(-1)?.toLowerCase();
  const write = gapsOf(snapshot).writes.find(({ table: made }) => made === last);
  return write === undefined ? undefined : `The table '${table}' is made by ${write.from}, which is not run here.`;
}
