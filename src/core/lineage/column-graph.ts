import type { NodeId } from '../text/ids.ts';
import type { LineageEdge, LineageUse, NodeLineage } from './project.ts';

/** What one node takes from others, its columns and theirs under numbers: made once, and kept as long as the node's lineage. */
interface NodeIndex {
  /** By name in lower case. */
  readonly slots: Map<string, number>;
  /** The names as first met. */
  readonly names: string[];
  readonly sources: readonly SourceIndex[];
}

interface SourceIndex {
  readonly source: NodeId;
  readonly edges: readonly LineageEdge[];
  /** The numbers of the columns that the edges go into. */
  readonly to: Int32Array;
  readonly uses: readonly LineageUse[];
  /** The node whose numbers stand in `from` and `usesFrom`: another one when it was resolved anew. */
  parent: NodeIndex | undefined;
  readonly from: Int32Array;
  readonly usesFrom: Int32Array;
}

const indexes = new WeakMap<NodeLineage, NodeIndex>();

/** Lists of things, one for every column: those of column `c` stand from `starts[c]` up to `starts[c + 1]`. */
interface Lists<Item> {
  readonly starts: Int32Array;
  /** For edges, the column at the other end. */
  readonly ends: Int32Array;
  readonly items: readonly Item[];
}

/** All edges between the columns of a project, as arrays of numbers. */
export interface ColumnGraph {
  /** By column: the node that it belongs to, and its name there. */
  readonly nodes: readonly NodeId[];
  readonly names: readonly string[];
  /** The edges by the column that they come from, and by the one that they go into. */
  readonly outgoing: Lists<LineageEdge>;
  readonly incoming: Lists<LineageEdge>;
  readonly uses: Lists<LineageUse>;
  /** By column: the column `*` of the same node, or -1. */
  readonly stars: Int32Array;
  /** The number of a column; undefined where nothing is known of it. */
  find(node: NodeId, column: string): number | undefined;
}

interface Entry {
  readonly id: NodeId;
  readonly index: NodeIndex;
  base: number;
  /** How many columns it had when the graph was built: that of a later Snapshot may have given it more. */
  size: number;
}

/** Puts the edges of all nodes together; what was made of a node before is taken again. */
export function buildColumnGraph(lineages: ReadonlyMap<NodeId, NodeLineage>): ColumnGraph {
  const entries: Entry[] = [];
  const byId = new Map<NodeId, Entry>();
  const add = (id: NodeId, index: NodeIndex): Entry => {
    const entry = { id, index, base: 0, size: 0 };
    entries.push(entry);
    byId.set(id, entry);
    return entry;
  };
  for (const [id, lineage] of lineages) add(id, indexOf(lineage));
  // Linking may give a node columns that only others know of, and sources that are no nodes of the project.
  const groups: { readonly source: SourceIndex; readonly from: Entry; readonly to: Entry }[] = [];
  for (const to of entries.slice())
    for (const source of to.index.sources) {
      const from = byId.get(source.source) ?? add(source.source, { slots: new Map(), names: [], sources: [] });
      link(source, from.index);
      groups.push({ source, from, to });
    }
  let count = 0;
  for (const entry of entries) {
    entry.base = count;
    entry.size = entry.index.names.length;
    count += entry.size;
  }
  const nodes = new Array<NodeId>(count);
  const names = new Array<string>(count);
  const stars = new Int32Array(count).fill(-1);
  for (const { id, index, base } of entries) {
    const star = index.slots.get('*');
    for (let i = 0; i < index.names.length; i++) {
      nodes[base + i] = id;
      names[base + i] = index.names[i] as string;
      if (star !== undefined) stars[base + i] = base + star;
    }
  }
  const edges = groups.reduce((sum, { source }) => sum + source.to.length, 0);
  const uses = groups.reduce((sum, { source }) => sum + source.usesFrom.length, 0);
  const from = new Int32Array(edges);
  const to = new Int32Array(edges);
  const all = new Array<LineageEdge>(edges);
  const usesFrom = new Int32Array(uses);
  const allUses = new Array<LineageUse>(uses);
  let edge = 0;
  let use = 0;
  for (const { source, from: parent, to: child } of groups) {
    for (let i = 0; i < source.to.length; i++, edge++) {
      from[edge] = parent.base + (source.from[i] as number);
      to[edge] = child.base + (source.to[i] as number);
      all[edge] = source.edges[i] as LineageEdge;
    }
    for (let i = 0; i < source.usesFrom.length; i++, use++) {
      usesFrom[use] = parent.base + (source.usesFrom[i] as number);
      allUses[use] = source.uses[i] as LineageUse;
    }
  }
  return {
    nodes,
    names,
    stars,
    outgoing: listsBy(from, to, all, count),
    incoming: listsBy(to, from, all, count),
    uses: listsBy(usesFrom, usesFrom, allUses, count),
    find: (node, column) => {
      const entry = byId.get(node);
      const slot = entry?.index.slots.get(column.toLowerCase());
      return entry === undefined || slot === undefined || slot >= entry.size ? undefined : entry.base + slot;
    },
  };
}

/** Sorts things by their column, those of one column in the order given. */
function listsBy<Item>(column: Int32Array, other: Int32Array, all: readonly Item[], columns: number): Lists<Item> {
  const starts = new Int32Array(columns + 1);
  for (let i = 0; i < column.length; i++) {
    const at = (column[i] as number) + 1;
    starts[at] = (starts[at] as number) + 1;
  }
  for (let i = 0; i < columns; i++) starts[i + 1] = (starts[i + 1] as number) + (starts[i] as number);
  const next = starts.slice();
  const ends = new Int32Array(column.length);
  const items = new Array<Item>(column.length);
  for (let i = 0; i < column.length; i++) {
    const place = column[i] as number;
    const at = next[place] as number;
    next[place] = at + 1;
    ends[at] = other[i] as number;
    items[at] = all[i] as Item;
  }
  return { starts, ends, items };
}

/** Gives the columns that a node reads the numbers that they have in the node as it is now. */
function link(source: SourceIndex, parent: NodeIndex): void {
  if (source.parent === parent) return;
  for (let i = 0; i < source.edges.length; i++) source.from[i] = slotOf(parent, source.edges[i]?.fromColumn ?? '');
  for (let i = 0; i < source.uses.length; i++) source.usesFrom[i] = slotOf(parent, source.uses[i]?.fromColumn ?? '');
  source.parent = parent;
}

/** The number of a column; a name that the node was not known to have gets one too. */
function slotOf({ slots, names }: NodeIndex, name: string): number {
  const lower = name.toLowerCase();
  const known = slots.get(lower);
  if (known !== undefined) return known;
  slots.set(lower, names.length);
  names.push(name);
  return names.length - 1;
}

function indexOf(lineage: NodeLineage): NodeIndex {
  const known = indexes.get(lineage);
  if (known !== undefined) return known;
  const made = makeIndex(lineage);
  indexes.set(lineage, made);
  return made;
}

function makeIndex({ columns, edges, uses }: NodeLineage): NodeIndex {
  const found = new Map<NodeId, { edges: LineageEdge[]; uses: LineageUse[] }>();
  const of = (source: NodeId): { edges: LineageEdge[]; uses: LineageUse[] } => {
    const known = found.get(source);
    if (known !== undefined) return known;
    const fresh = { edges: [], uses: [] };
    found.set(source, fresh);
    return fresh;
  };
  for (const edge of edges) of(edge.from).edges.push(edge);
  for (const use of uses) of(use.from).uses.push(use);
  const sources: SourceIndex[] = [];
  const node: NodeIndex = { slots: new Map(), names: [], sources };
  for (const column of columns) slotOf(node, column.name);
  for (const [source, { edges: taken, uses: asked }] of found) {
    const to = new Int32Array(taken.length);
    for (let i = 0; i < taken.length; i++) to[i] = slotOf(node, taken[i]?.toColumn ?? '');
    const from = new Int32Array(taken.length);
    sources.push({ source, edges: taken, to, uses: asked, parent: undefined, from, usesFrom: new Int32Array(asked.length) });
  }
  return node;
}
