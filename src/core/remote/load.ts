import { spellType } from '../engine/adapter-types.ts';
import type { PreviewSession } from '../engine/preview.ts';
import type { SourceNode } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import { toLiteral } from './literals.ts';
import type { RemoteSession } from './remote-session.ts';
import { fillSeed, type WrittenName, written } from './statements.ts';

/** What became of one source's table on the target. */
export interface LoadedTable {
  readonly node: NodeId;
  readonly relation: string;
  readonly rows: number;
  readonly state: 'loaded' | 'kept' | 'no-data' | 'failed';
  readonly because: readonly { readonly text: string; readonly path?: string }[];
}

/** The sources that have rows at hand, in the order of their ids. */
export function findLoadable(snapshot: Snapshot, ids: readonly NodeId[]): readonly SourceNode[] {
  return [...snapshot.nodes.values()].filter(
    (node): node is SourceNode => node.kind === 'source' && node.enabled && (ids.length === 0 || ids.includes(node.id)),
  );
}

/** Creates the tables of sources on a target and fills them with the rows at hand; a table that is there already is left alone unless it may be replaced. */
export async function loadSources(
  local: PreviewSession,
  remote: RemoteSession,
  sources: readonly SourceNode[],
  mayReplace: boolean,
): Promise<readonly LoadedTable[]> {
  const loaded: LoadedTable[] = [];
  for (const node of sources) {
    const target: WrittenName = { schema: node.schema, name: node.identifier };
    const about = { node: node.id, relation: written(target) };
    const former = remote.standing.find(node);
    if (former !== undefined && !mayReplace) {
      loaded.push({ ...about, rows: 0, state: 'kept', because: [{ text: 'It is there already: --replace makes it anew.' }] });
      continue;
    }
    if (node.data === undefined) {
      loaded.push({ ...about, rows: 0, state: 'no-data', because: [{ text: 'No file holds its rows.' }] });
      continue;
    }
    const standing = await local.relation(node.id);
    if (standing.kind === 'failed') {
      loaded.push({ ...about, rows: 0, state: 'failed', because: [{ text: standing.problem.message, path: standing.problem.path }] });
      continue;
    }
    const answer = await local.preview({ kind: 'node', node: node.id });
    if (answer.kind === 'failed') {
      loaded.push({ ...about, rows: 0, state: 'failed', because: answer.problems.map(({ message, path }) => ({ text: message, path })) });
      continue;
    }
    const declared = new Map(node.columns.map((column) => [column.name.toLowerCase(), column.type]));
    const columns = answer.result.table.columns.map(({ name, type }) => ({
      name,
      type: declared.get(name.toLowerCase()) ?? (type.kind === 'unknown' ? 'text' : spellType(type, remote.snapshot.project.dialect)),
    }));
    const rows: (readonly string[])[] = [];
    for await (const row of answer.result.rows()) rows.push(row.map(toLiteral));
    await remote.warehouse.write([
      `create schema if not exists "${node.schema.replaceAll('"', '""')}"`,
      ...fillSeed(target, { columns, rows }, former?.kind, true),
    ]);
    loaded.push({ ...about, rows: rows.length, state: 'loaded', because: [{ text: node.data.because, path: node.data.path }] });
  }
  return loaded;
}
