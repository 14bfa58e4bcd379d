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
  readonly #outgoing = new WeakMap<NodeLineage, Map<string, LineageEdge[]>>();
  readonly #uses = new WeakMap<NodeLineage, Map<string, LineageUse[]>>();

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
    return node === undefined
      ? []
      : (index(this.#incoming, node, node.edges, (edge) => edge.toColumn.toLowerCase()).get(ref.column.toLowerCase()) ?? []);
  }

  /** The columns that are made from a column, directly. */
  outputs(ref: ColumnRef): readonly LineageEdge[] {
    const found: LineageEdge[] = [];
    for (const id of this.#children.get(ref.node) ?? []) {
      const child = this.#nodes.get(id);
      if (child === undefined) continue;
      const byColumn = index(this.#outgoing, child, child.edges, keyOfSource);
      const key = keyOf(ref);
      found.push(...(byColumn.get(key) ?? []), ...(byColumn.get(`${ref.node}\u0000*`) ?? []));
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
        if (child !== undefined) uses.push(...(index(this.#uses, child, child.uses, keyOfSource).get(keyOf(at)) ?? []));
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
  const seen = new Set([keyOf(start)]);
  const found: ReachedColumn[] = [];
  let frontier: readonly ColumnRef[] = [start];
  for (let distance = 1; frontier.length > 0; distance++) {
    const following: ColumnRef[] = [];
    for (const at of frontier)
      for (const [by, ref] of next(at)) {
        const key = keyOf(ref);
        if (seen.has(key)) continue;
        seen.add(key);
        found.push({ ...ref, by, distance });
        following.push(ref);
      }
    frontier = following;
  }
  return found;
}

function keyOf({ node, column }: ColumnRef): string {
  return `${node}\u0000${column.toLowerCase()}`;
}

function keyOfSource({ from, fromColumn }: LineageEdge | LineageUse): string {
  return `${from}\u0000${fromColumn.toLowerCase()}`;
}

function index<Entry>(
  cache: WeakMap<NodeLineage, Map<string, Entry[]>>,
  node: NodeLineage,
  entries: readonly Entry[],
  key: (entry: Entry) => string,
): Map<string, Entry[]> {
  const known = cache.get(node);
  if (known !== undefined) return known;
  const made = new Map<string, Entry[]>();
  for (const entry of entries) {
    const at = key(entry);
    const list = made.get(at);
    if (list === undefined) made.set(at, [entry]);
    else list.push(entry);
  }
  cache.set(node, made);
  return made;
}
