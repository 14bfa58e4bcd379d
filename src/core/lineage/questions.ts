import type { NodeId } from '../text/ids.ts';
import type { LineageEdge, LineageUse, NodeLineage, ProjectLineage } from './project.ts';

/** A column of a node of the project. */
export interface ColumnRef {
  readonly node: NodeId;
  readonly column: string;
}

/** A column that was reached, and the edge by which it was reached first. */
export interface ReachedColumn extends ColumnRef {
  readonly by: LineageEdge;
  readonly distance: number;
}

/** What a change of a column reaches. */
export interface Impact {
  readonly columns: readonly ReachedColumn[];
  /** Nodes whose rows depend on one of these columns without taking its value. */
  readonly uses: readonly LineageUse[];
}

/** Answers questions about columns by following edges from node to node, so that only what is reached is looked at. */
export class LineageQuestions {
  readonly #nodes: ReadonlyMap<NodeId, NodeLineage>;
  readonly #children = new Map<NodeId, NodeId[]>();
  readonly #incoming = new WeakMap<NodeLineage, Map<string, LineageEdge[]>>();
  readonly #outgoing = new WeakMap<NodeLineage, BySource<LineageEdge>>();
  readonly #uses = new WeakMap<NodeLineage, BySource<LineageUse>>();

  constructor(lineage: Pick<ProjectLineage, 'nodes'>) {
    this.#nodes = lineage.nodes;
    for (const node of lineage.nodes.values())
      for (const parent of node.reads) {
        const list = this.#children.get(parent);
        if (list === undefined) this.#children.set(parent, [node.id]);
        else list.push(node.id);
      }
  }

  /** What a column is made from, directly. */
  inputs(ref: ColumnRef): readonly LineageEdge[] {
    const node = this.#nodes.get(ref.node);
    return node === undefined ? [] : (indexOf(this.#incoming, node, byTarget).get(ref.column.toLowerCase()) ?? []);
  }

  /** The columns that are made from a column, directly. */
  outputs(ref: ColumnRef): readonly LineageEdge[] {
    const found: LineageEdge[] = [];
    const column = ref.column.toLowerCase();
    for (const id of this.#children.get(ref.node) ?? []) {
      const child = this.#nodes.get(id);
      const columns = child && indexOf(this.#outgoing, child, edgesBySource).get(ref.node);
      if (columns === undefined) continue;
      for (const edge of columns.get(column) ?? []) found.push(edge);
      for (const edge of columns.get('*') ?? []) found.push(edge);
    }
    return found;
  }

  /** Every column that a column is made from, nearest first. */
  ancestors(ref: ColumnRef): readonly ReachedColumn[] {
    return walk(ref, (at) => this.inputs(at).map((edge) => [edge, { node: edge.from, column: edge.fromColumn }]));
  }

  /** Every column that is made from a column, nearest first. */
  descendants(ref: ColumnRef): readonly ReachedColumn[] {
    return walk(ref, (at) =>
      this.outputs(at).map((edge) => [edge, { node: edge.to, column: edge.toColumn === '*' ? at.column : edge.toColumn }]),
    );
  }

  /** Everything that a change of a column reaches: values made from it, and rows that depend on it. */
  impact(ref: ColumnRef): Impact {
    const columns = this.descendants(ref);
    const uses: LineageUse[] = [];
    for (const at of [ref, ...columns])
      for (const id of this.#children.get(at.node) ?? []) {
        const child = this.#nodes.get(id);
        const columns = child && indexOf(this.#uses, child, usesBySource).get(at.node);
        for (const use of columns?.get(at.column.toLowerCase()) ?? []) uses.push(use);
      }
    return { columns, uses };
  }

  /** One shortest chain of edges from a column to another that is made from it; undefined when none is. */
  path(from: ColumnRef, to: ColumnRef): readonly LineageEdge[] | undefined {
    const reached = new Map(this.ancestors(to).map((column) => [keyOf(column), column]));
    const chain: LineageEdge[] = [];
    for (let at = reached.get(keyOf(from)); at !== undefined; at = reached.get(`${at.by.to}\u0000${at.by.toColumn.toLowerCase()}`)) {
      chain.push(at.by);
      if (at.by.to === to.node && at.by.toColumn.toLowerCase() === to.column.toLowerCase()) return chain;
    }
    return undefined;
  }
}

function walk(start: ColumnRef, next: (at: ColumnRef) => readonly (readonly [LineageEdge, ColumnRef])[]): ReachedColumn[] {
  const seen = new Map<NodeId, Set<string>>([[start.node, new Set([start.column.toLowerCase()])]]);
  const found: ReachedColumn[] = [];
  let frontier: readonly ColumnRef[] = [start];
  for (let distance = 1; frontier.length > 0; distance++) {
    const following: ColumnRef[] = [];
    for (const at of frontier)
      for (const [by, ref] of next(at)) {
        const column = ref.column.toLowerCase();
        const columns = seen.get(ref.node);
        if (columns?.has(column)) continue;
        if (columns === undefined) seen.set(ref.node, new Set([column]));
        else columns.add(column);
        found.push({ node: ref.node, column: ref.column, by, distance });
        following.push(ref);
      }
    frontier = following;
  }
  return found;
}

function keyOf({ node, column }: ColumnRef): string {
  return `${node}\u0000${column.toLowerCase()}`;
}

/** The entries about the columns of one node after another. */
type BySource<Entry> = Map<NodeId, Map<string, Entry[]>>;

function bySource<Entry extends LineageEdge | LineageUse>(entries: readonly Entry[]): BySource<Entry> {
  const made: BySource<Entry> = new Map();
  for (const entry of entries) {
    let columns = made.get(entry.from);
    if (columns === undefined) {
      columns = new Map();
      made.set(entry.from, columns);
    }
    add(columns, entry.fromColumn.toLowerCase(), entry);
  }
  return made;
}

const edgesBySource = ({ edges }: NodeLineage): BySource<LineageEdge> => bySource(edges);
const usesBySource = ({ uses }: NodeLineage): BySource<LineageUse> => bySource(uses);

function byTarget({ edges }: NodeLineage): Map<string, LineageEdge[]> {
  const made = new Map<string, LineageEdge[]>();
  for (const edge of edges) add(made, edge.toColumn.toLowerCase(), edge);
  return made;
}

function add<Entry>(map: Map<string, Entry[]>, key: string, entry: Entry): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [entry]);
  else list.push(entry);
}

/** The index of a node's entries, made when it is first asked for. */
function indexOf<Index>(cache: WeakMap<NodeLineage, Index>, node: NodeLineage, make: (node: NodeLineage) => Index): Index {
  const known = cache.get(node);
  if (known !== undefined) return known;
  const made = make(node);
  cache.set(node, made);
  return made;
}
