import type { Batch } from '../project/headwater-file.ts';
import type { ProjectNode, SeedNode, SourceNode } from '../project/node.ts';
import { stemOf } from '../project/source-data.ts';
import { readSqliteSchema } from '../project/sqlite-file.ts';
import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';

/** Rows that a batch brings for a relation, and what becomes of those that were there. */
export interface DataPart {
  readonly path: string;
  /** For SQLite files: the table in it. */
  readonly table?: string;
  readonly apply: Batch['apply'];
  readonly batch: string;
  /** The columns by which `upsert` tells rows apart; none where nothing says what they are, so that rows are added. */
  readonly keys: readonly string[];
}

/** What the batches of a project bring, relation by relation. */
export class BatchData {
  readonly #parts = new Map<NodeId, { readonly batch: number; readonly part: DataPart }[]>();
  /** The place of the batch that a file belongs to. */
  readonly #batchOf = new Map<string, number>();

  constructor(private readonly snapshot: Snapshot) {
    const { batches } = snapshot.headwater;
    for (const [at, batch] of batches.entries()) for (const path of batch.files) this.#batchOf.set(path, at);
    const relations = [...snapshot.nodes.values()].filter(
      (node): node is SeedNode | SourceNode => (node.kind === 'seed' || node.kind === 'source') && node.enabled,
    );
    for (const [at, batch] of batches.entries()) if (at > 0) for (const path of batch.files) this.#assign(at, batch, path, relations);
  }

  /** Whether the relation's own file has arrived when a batch is the last that came. */
  hasArrived(path: string, batch: number): boolean {
    return (this.#batchOf.get(path) ?? 0) <= batch;
  }

  /** What later batches bring for a relation until one of them, in order. */
  partsOf(id: NodeId, batch: number): readonly DataPart[] {
    return (this.#parts.get(id) ?? []).filter((entry) => entry.batch <= batch).map((entry) => entry.part);
  }

  #assign(at: number, batch: Batch, path: string, relations: readonly (SeedNode | SourceNode)[]): void {
    const add = (node: SeedNode | SourceNode, keys: readonly string[], table?: string): void => {
      const list = this.#parts.get(node.id) ?? [];
      list.push({ batch: at, part: { path, ...(table === undefined ? {} : { table }), apply: batch.apply, batch: batch.name, keys } });
      this.#parts.set(node.id, list);
    };
    if (/\.(sqlite3?|db)$/i.test(path)) {
      const { tables } = readSqliteSchema(this.snapshot.sources.find(path)?.bytes ?? new Uint8Array(), path);
      for (const table of tables) {
        const keys = table.constraints.find((constraint) => constraint.kind === 'primary_key')?.columns;
        for (const node of relations) {
          if (dataPath(node) === path || !isNamed(node, table.name)) continue;
          add(node, keys ?? keysOf(node, this.snapshot), table.name);
        }
      }
      return;
    }
    const stem = stemOf(path).toLowerCase();
    const fits = (name: string): boolean =>
      stem === name || new RegExp(`^${escapePattern(name)}[._-]|[._-]${escapePattern(name)}$`).test(stem);
    const lengths = relations.map((node) =>
      Math.max(
        0,
        ...namesOf(node)
          .filter(fits)
          .map((name) => name.length),
      ),
    );
    const longest = Math.max(0, ...lengths);
    for (const [i, node] of relations.entries())
      if (longest > 0 && lengths[i] === longest && dataPath(node) !== path) add(node, keysOf(node, this.snapshot));
  }
}

function dataPath(node: SeedNode | SourceNode): string | undefined {
  return node.kind === 'seed' ? node.path : node.data?.path;
}

/** The names under which a batch may bring rows of a relation, in lower case. */
function namesOf(node: SeedNode | SourceNode): readonly string[] {
  if (node.kind === 'seed') return [node.name.toLowerCase()];
  const own = node.data === undefined ? [] : [node.data.table ?? stemOf(node.data.path)];
  return [...own, `${node.sourceName}_${node.identifier}`, node.identifier, node.name].map((name) => name.toLowerCase());
}

function isNamed(node: SeedNode | SourceNode, table: string): boolean {
  return namesOf(node).includes(table.toLowerCase());
}

/** The columns that tell a relation's rows apart: its primary key, else a column that tests call unique and not null. */
function keysOf(node: ProjectNode, snapshot: Snapshot): readonly string[] {
  const primary = 'constraints' in node ? node.constraints.find((constraint) => constraint.kind === 'primary_key') : undefined;
  if (primary !== undefined) return primary.columns;
  const tested = new Map<string, Set<string>>();
  for (const id of snapshot.graph.children(node.id)) {
    const test = snapshot.nodes.get(id);
    const column = test?.kind === 'test' && test.attached === node.id ? test.generic?.column : undefined;
    if (test?.kind !== 'test' || column === undefined) continue;
    tested.set(column, (tested.get(column) ?? new Set()).add(test.generic?.macro ?? ''));
  }
  const key = [...tested].find(([, macros]) => macros.has('unique') && macros.has('not_null'));
  return key === undefined ? [] : [key[0]];
}

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
