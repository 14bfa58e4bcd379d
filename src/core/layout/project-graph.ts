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

export type TestStatus = 'pass' | 'fail' | 'warn' | 'error' | 'skip' | 'no-data';

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
  /** Of a test: the node that it counts for. */
  readonly tested?: string;
  /** A source's freshness, in words. */
  readonly freshness?: string;
  /** Who answers for it: its owner in `meta`, its group, the owner of an exposure. */
  readonly owner?: string;
  /** When its file was written last, in milliseconds, where that is known. */
  readonly modified?: number;
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

/** Macros and the nodes whose templates call them. */
export type MacroGraph = Pick<ProjectGraph, 'nodes' | 'edges'>;

/** The tests of a node, and how those that ran ended when they last did. */
export interface TestBadge {
  readonly count: number;
  /** The worst of the last results. */
  readonly status?: TestStatus;
  readonly passed?: number;
  readonly warned?: number;
  readonly failed?: number;
}

const testKinds = new Set(['test', 'unit_test']);
const byHarm: readonly TestStatus[] = ['skip', 'no-data', 'pass', 'warn', 'fail', 'error'];

/**
 * A project graph with its neighbours indexed; tests and macros are kept apart, since a picture shows the ones as badges and the others
 * not at all unless asked. `data` holds no macros, since exports speak of the project's nodes.
 */
export class GraphIndex {
  readonly nodes = new Map<string, GraphNode>();
  /** How tests, models and sources ended when they last ran. */
  results: ReadonlyMap<string, TestStatus> = new Map();
  readonly edges: readonly GraphEdge[];
  readonly #parents = new Map<string, string[]>();
  readonly #children = new Map<string, string[]>();
  readonly #tests = new Map<string, string[]>();

  constructor(
    readonly data: ProjectGraph,
    macros: MacroGraph = { nodes: [], edges: [] },
  ) {
    for (const node of data.nodes) this.nodes.set(node.id, node);
    for (const node of macros.nodes) this.nodes.set(node.id, node);
    this.edges = [...data.edges, ...macros.edges];
    const joined = new Map<string, Set<string>>();
    for (const { from, to } of this.edges) {
      if (!this.nodes.has(from) || !this.nodes.has(to)) continue;
      const seen = joined.get(from);
      if (seen?.has(to)) continue;
      if (seen === undefined) joined.set(from, new Set([to]));
      else seen.add(to);
      append(this.#children, from, to);
      append(this.#parents, to, from);
    }
    for (const node of data.nodes)
      if (testKinds.has(node.kind))
        for (const on of node.tested === undefined ? this.parents(node.id) : [node.tested]) append(this.#tests, on, node.id);
  }

  isMacro(id: string): boolean {
    return this.nodes.get(id)?.kind === 'macro';
  }

  /** Whether a view shows nodes of this one's kind. */
  shows(view: { readonly tests: boolean; readonly macros?: boolean }, id: string): boolean {
    return (view.tests || !this.isTest(id)) && ((view.macros ?? false) || !this.isMacro(id));
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

  /** The tests of a node with their last results. */
  testsOf(id: string): TestBadge {
    const tests = this.#tests.get(id) ?? [];
    const known = this.nodes.get(id)?.tests;
    const count = known?.count ?? tests.length;
    const ended = tests.flatMap((test) => this.results.get(test) ?? []);
    if (ended.length === 0) return known?.status === undefined ? { count } : { count, status: known.status };
    const how = (...statuses: readonly TestStatus[]): number => ended.filter((status) => statuses.includes(status)).length;
    const status = ended.reduce((worst, one) => (byHarm.indexOf(one) > byHarm.indexOf(worst) ? one : worst));
    return { count, status, passed: how('pass'), warned: how('warn'), failed: how('fail', 'error') };
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
  else list.push(value);
}
