import type { NodeId } from '../text/ids.ts';
import type { ColumnGraph } from './column-graph.ts';
import { buildColumnGraph } from './column-graph.ts';
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

/** The columns that a walk came by, the first of them where it began. */
interface Walk {
  /** Their numbers in the graph; none for a name that only comes through a star. */
  readonly places: readonly number[];
  /** How each was reached; that of the beginning is missing. */
  readonly columns: readonly ReachedColumn[];
  /** By place in the list: from which other it was reached. */
  readonly back: readonly number[];
}

/** Answers questions about columns by following edges from node to node. */
export class LineageQuestions {
  readonly #nodes: ReadonlyMap<NodeId, NodeLineage>;
  readonly #children = new Map<NodeId, NodeLineage[]>();
  #built: ColumnGraph | undefined;
  /** By column of the graph: the walk that came by here last. */
  #seen = new Int32Array(0);
  #walks = 0;

  constructor(lineage: Pick<ProjectLineage, 'nodes'>) {
    this.#nodes = lineage.nodes;
    for (const node of lineage.nodes.values())
      for (const parent of node.reads) {
        const list = this.#children.get(parent);
        if (list === undefined) this.#children.set(parent, [node]);
        else list.push(node);
      }
  }

  /** What a column is made from, directly. */
  inputs(ref: ColumnRef): readonly LineageEdge[] {
    const column = ref.column.toLowerCase();
    return this.#nodes.get(ref.node)?.edges.filter((edge) => edge.toColumn.toLowerCase() === column) ?? [];
  }

  /** The columns that are made from a column, directly. */
  outputs(ref: ColumnRef): readonly LineageEdge[] {
    const column = ref.column.toLowerCase();
    const isIt = (name: string): boolean => name === '*' || name.toLowerCase() === column;
    return (this.#children.get(ref.node) ?? []).flatMap(({ edges }) =>
      edges.filter((edge) => edge.from === ref.node && isIt(edge.fromColumn)),
    );
  }

  /** Every column that a column is made from, nearest first. */
  ancestors(ref: ColumnRef): readonly ReachedColumn[] {
    return this.#down(ref).columns;
  }

  /** Every column that is made from a column, nearest first. */
  descendants(ref: ColumnRef): readonly ReachedColumn[] {
    return this.#up(ref).columns;
  }

  /** Everything that a change of a column reaches: values made from it, and rows that depend on it. */
  impact(ref: ColumnRef): Impact {
    const { uses: lists } = this.#graph;
    const { places, columns } = this.#up(ref);
    const uses: LineageUse[] = [];
    for (const at of places)
      for (let i = lists.starts[at] ?? 0; i < (lists.starts[at + 1] ?? 0); i++) uses.push(lists.items[i] as LineageUse);
    return { columns, uses };
  }

  /** One shortest chain of edges from a column to another that is made from it; undefined when none is. */
  path(from: ColumnRef, to: ColumnRef): readonly LineageEdge[] | undefined {
    const end = this.#graph.find(from.node, from.column);
    if (end === undefined) return undefined;
    const { places, columns, back } = this.#down(to, end);
    const last = places.length - 1;
    if (last < 1 || places[last] !== end) return undefined;
    const chain: LineageEdge[] = [];
    for (let at = last; at > 0; at = back[at] as number) chain.push((columns[at - 1] as ReachedColumn).by);
    return chain;
  }

  get #graph(): ColumnGraph {
    this.#built ??= buildColumnGraph(this.#nodes);
    return this.#built;
  }

  /** From a column to what it is made from, until nothing new is reached or the end is. */
  #down(ref: ColumnRef, end = -1): Walk {
    const { find, incoming, nodes, names } = this.#graph;
    const { starts, ends, items } = incoming;
    const start = find(ref.node, ref.column);
    if (start === undefined) return { places: [], columns: [], back: [] };
    const walk = this.#begin(start);
    const seen = this.#seen;
    const places = [start];
    const columns: ReachedColumn[] = [];
    const back = [0];
    for (let at = 0, distance = 1, layer = 1; at < places.length; at++) {
      if (at === layer) {
        distance++;
        layer = places.length;
      }
      const place = places[at] as number;
      const last = starts[place + 1] as number;
      for (let i = starts[place] as number; i < last; i++) {
        const next = ends[i] as number;
        if (seen[next] === walk) continue;
        seen[next] = walk;
        places.push(next);
        back.push(at);
        columns.push({ node: nodes[next] as NodeId, column: names[next] as string, by: items[i] as LineageEdge, distance });
        if (next === end) return { places, columns, back };
      }
    }
    return { places, columns, back };
  }

  /** From a column to what is made from it, by its name or behind a star. */
  #up(ref: ColumnRef): Walk {
    const { find, outgoing, nodes, names, stars } = this.#graph;
    const { starts, ends, items } = outgoing;
    const start = find(ref.node, ref.column) ?? -1;
    const walk = this.#begin(start);
    const seen = this.#seen;
    const places = [start];
    const columns: ReachedColumn[] = [];
    const back = [0];
    /** Names that no node tells of and that come through stars all the same. */
    const through = new Set<string>();
    const follow = (at: number, list: number, distance: number): void => {
      const last = starts[list + 1] as number;
      for (let i = starts[list] as number; i < last; i++) {
        let next = ends[i] as number;
        let name: string | undefined;
        // A star that goes into a star keeps every name.
        if (next === stars[next]) {
          name = columns[at - 1]?.column ?? ref.column;
          const { to } = items[i] as LineageEdge;
          next = find(to, name) ?? -1;
          const key = `${to}\u0000${name.toLowerCase()}`;
          if (next === -1 && through.has(key)) continue;
          if (next === -1) through.add(key);
        }
        if (next !== -1) {
          if (seen[next] === walk) continue;
          seen[next] = walk;
        }
        const by = items[i] as LineageEdge;
        places.push(next);
        back.push(at);
        columns.push({ node: next === -1 ? by.to : (nodes[next] as NodeId), column: name ?? (names[next] as string), by, distance });
      }
    };
    for (let at = 0, distance = 1, layer = 1; at < places.length; at++) {
      if (at === layer) {
        distance++;
        layer = places.length;
      }
      const place = places[at] as number;
      if (place !== -1) follow(at, place, distance);
      const star = place === -1 ? (find(columns[at - 1]?.node ?? ref.node, '*') ?? -1) : (stars[place] as number);
      if (star !== -1 && star !== place) follow(at, star, distance);
    }
    return { places, columns, back };
  }

  #begin(start: number): number {
    if (this.#seen.length !== this.#graph.names.length) this.#seen = new Int32Array(this.#graph.names.length);
    this.#walks++;
    if (start >= 0) this.#seen[start] = this.#walks;
    return this.#walks;
  }
}
