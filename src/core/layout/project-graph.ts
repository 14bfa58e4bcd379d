/** A column as the graph shows it. */
export interface GraphColumn {
  readonly name: string;
  readonly type: string;
  readonly description?: string;
  /** Where its name and type were learnt: `properties`, `sql`, `seed`… */
  readonly origin?: string;
  readonly key?: 'primary' | 'foreign' | 'unique';
  readonly tests?: number;
}

export type TestStatus = 'pass' | 'fail' | 'warn' | 'error' | 'skip';

/** A node of the project as pictures, exports and the command line show it: plain data that crosses any wire. */
export interface GraphNode {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly package: string;
  readonly path: string;
  readonly materialized: string;
  readonly tags: readonly string[];
  readonly enabled: boolean;
  readonly description: string;
  readonly columns: readonly GraphColumn[];
  /** The folders below the package that it lives in, the source's name for a source's table. */
  readonly folders?: readonly string[];
  readonly tests?: { readonly count: number; readonly status?: TestStatus };
  /** A source's freshness, in words. */
  readonly freshness?: string;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly via: string;
}

export interface ColumnRef {
  readonly node: string;
  readonly column: string;
}

/** One step of column lineage; `kind` says what the column became. */
export interface ColumnEdge {
  readonly from: ColumnRef;
  readonly to: ColumnRef;
  readonly kind: string;
  readonly confidence?: string;
  /** The expression as written, and where. */
  readonly expression?: string;
  readonly path?: string;
  readonly line?: number;
}

/** A column that decides which rows a node has without becoming a column of it. */
export interface ColumnUse {
  readonly from: ColumnRef;
  readonly to: string;
  readonly kind: string;
}

export interface ColumnFlow {
  readonly edges: readonly ColumnEdge[];
  readonly uses: readonly ColumnUse[];
}

/** The whole project as a graph: the input of every picture and export. */
export interface ProjectGraph {
  readonly project: { readonly name: string; readonly adapter: string; readonly dialect: string };
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

const testKinds = new Set(['test', 'unit_test']);

/** A project graph with its neighbours indexed; tests are kept apart, since a picture shows them as badges unless asked. */
export class GraphIndex {
  readonly nodes = new Map<string, GraphNode>();
  readonly #parents = new Map<string, string[]>();
  readonly #children = new Map<string, string[]>();
  readonly #tests = new Map<string, number>();

  constructor(readonly data: ProjectGraph) {
    for (const node of data.nodes) this.nodes.set(node.id, node);
    for (const { from, to } of data.edges) {
      if (!this.nodes.has(from) || !this.nodes.has(to)) continue;
      append(this.#children, from, to);
      append(this.#parents, to, from);
      if (this.isTest(to)) this.#tests.set(from, (this.#tests.get(from) ?? 0) + 1);
    }
  }

  isTest(id: string): boolean {
    return testKinds.has(this.nodes.get(id)?.kind ?? '');
  }

  parents(id: string): readonly string[] {
    return this.#parents.get(id) ?? [];
  }

  children(id: string): readonly string[] {
    return this.#children.get(id) ?? [];
  }

  testCount(id: string): number {
    return this.nodes.get(id)?.tests?.count ?? this.#tests.get(id) ?? 0;
  }

  /** Everything reached in one direction, the start included. */
  reach(id: string, side: 'up' | 'down', passes: (id: string) => boolean = () => true): Set<string> {
    const found = new Set([id]);
    const queue = [id];
    for (let at = queue.pop(); at !== undefined; at = queue.pop())
      for (const next of side === 'up' ? this.parents(at) : this.children(at))
        if (!found.has(next) && passes(next)) {
          found.add(next);
          queue.push(next);
        }
    return found;
  }
}

function append(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else if (!list.includes(value)) list.push(value);
}
