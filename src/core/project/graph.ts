import type { NodeId } from '../text/ids.ts';

export type EdgeVia = 'ref' | 'source' | 'seed' | 'read' | 'test' | 'exposure' | 'metric' | 'python';

export interface Edge {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly via: EdgeVia;
}

/** Whether two lists are of equal edges in the same order. */
export function areSameEdges(a: readonly Edge[], b: readonly Edge[]): boolean {
  return (
    a === b ||
    (a.length === b.length &&
      a.every((edge, index) => {
        const other = b[index];
        return edge === other || (edge.from === other?.from && edge.to === other.to && edge.via === other.via);
      }))
  );
}

/** The edges between nodes with both directions indexed; parents and children come in the order of the edges. */
export class Graph {
  #edges: readonly Edge[];
  #parents: Map<NodeId, readonly NodeId[]>;
  #children: Map<NodeId, readonly NodeId[]>;

  constructor(edges: readonly Edge[]) {
    this.#edges = edges;
    const parents = new Map<NodeId, NodeId[]>();
    const children = new Map<NodeId, NodeId[]>();
    for (const { from, to } of edges) {
      append(parents, to, from);
      append(children, from, to);
    }
    this.#parents = parents;
    this.#children = children;
  }

  get edges(): readonly Edge[] {
    return this.#edges;
  }

  /** The graph with other edges into one node; what is known of all other nodes is kept. */
  withParents(id: NodeId, edges: readonly Edge[]): Graph {
    const next = new Graph([]);
    next.#edges = [...this.edges.filter((edge) => edge.to !== id), ...edges];
    next.#parents = new Map(this.#parents);
    next.#children = new Map(this.#children);
    for (const from of this.parents(id))
      next.#children.set(
        from,
        this.children(from).filter((child) => child !== id),
      );
    next.#parents.delete(id);
    for (const { from } of edges) {
      const parents = next.parents(id);
      if (parents.includes(from)) continue;
      next.#parents.set(id, [...parents, from]);
      next.#children.set(from, [...next.children(from), id]);
    }
    return next;
  }

  parents(id: NodeId): readonly NodeId[] {
    return this.#parents.get(id) ?? [];
  }

  children(id: NodeId): readonly NodeId[] {
    return this.#children.get(id) ?? [];
  }

  /** Everything upstream within a number of steps, the start excluded unless a cycle leads back to it. */
  ancestors(id: NodeId, steps = Number.POSITIVE_INFINITY): Set<NodeId> {
    return this.#reach(id, steps, (at) => this.parents(at));
  }

  descendants(id: NodeId, steps = Number.POSITIVE_INFINITY): Set<NodeId> {
    return this.#reach(id, steps, (at) => this.children(at));
  }

  #reach(id: NodeId, steps: number, next: (at: NodeId) => readonly NodeId[]): Set<NodeId> {
    const found = new Set<NodeId>();
    let frontier: readonly NodeId[] = [id];
    for (let step = 0; step < steps && frontier.length > 0; step++) {
      const following: NodeId[] = [];
      for (const at of frontier)
        for (const other of next(at))
          if (!found.has(other)) {
            found.add(other);
            following.push(other);
          }
      frontier = following;
    }
    return found;
  }
}

function append(map: Map<NodeId, NodeId[]>, key: NodeId, value: NodeId): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else if (!list.includes(value)) list.push(value);
}
