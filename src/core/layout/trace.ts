import type { Layer } from './layer.ts';
import { layers, toLayer } from './layer.ts';
import type { Reach } from './picture.ts';
import type { ColumnEdge, ColumnFlow, ColumnRef, ColumnUse, GraphIndex } from './project-graph.ts';

/** The lineage of one column, both ways. */
export interface Trace {
  readonly column: ColumnRef;
  /** Per node the names of its columns that take part. */
  readonly columns: ReadonlyMap<string, ReadonlySet<string>>;
  readonly nodes: ReadonlySet<string>;
  readonly edges: readonly ColumnEdge[];
  readonly uses: readonly ColumnUse[];
  readonly reach: Reach;
}

/** Everything a column is made of, everything made of it, and what that decides the rows of. */
export function traceColumn(index: GraphIndex, flow: ColumnFlow, column: ColumnRef): Trace {
  const key = (ref: ColumnRef): string => `${ref.node}\n${ref.column.toLowerCase()}`;
  const into = new Map<string, ColumnEdge[]>();
  const outOf = new Map<string, ColumnEdge[]>();
  for (const edge of flow.edges) {
    push(into, key(edge.to), edge);
    push(outOf, key(edge.from), edge);
  }
  const used = new Map<string, ColumnUse[]>();
  for (const use of flow.uses) push(used, key(use.from), use);

  const lit = new Map<string, ColumnRef>([[key(column), column]]);
  const edges = new Set<ColumnEdge>();
  const follow = (map: ReadonlyMap<string, readonly ColumnEdge[]>, end: 'from' | 'to'): Map<string, ColumnRef> => {
    const seen = new Map<string, ColumnRef>([[key(column), column]]);
    const queue = [column];
    for (let at = queue.pop(); at !== undefined; at = queue.pop())
      for (const edge of map.get(key(at)) ?? []) {
        edges.add(edge);
        const next = edge[end];
        if (seen.has(key(next))) continue;
        seen.set(key(next), next);
        queue.push(next);
      }
    return seen;
  };
  for (const [at, ref] of follow(into, 'from')) lit.set(at, ref);
  const down = follow(outOf, 'to');
  for (const [at, ref] of down) lit.set(at, ref);

  const columns = new Map<string, Set<string>>();
  for (const ref of lit.values()) {
    const names = columns.get(ref.node) ?? new Set<string>();
    names.add(ref.column.toLowerCase());
    columns.set(ref.node, names);
  }
  const uses = [...down.keys()].flatMap((at) => used.get(at) ?? []);
  const nodes = new Set([...columns.keys(), ...uses.map((use) => use.to)]);
  return { column, columns, nodes, edges: [...edges], uses, reach: toReach(index, column, down, uses) };
}

function toReach(index: GraphIndex, column: ColumnRef, down: ReadonlyMap<string, ColumnRef>, uses: readonly ColumnUse[]): Reach {
  const reached = new Set<string>();
  for (const ref of down.values()) reached.add(ref.node);
  for (const use of uses) reached.add(use.to);
  const beside = new Set<string>();
  for (const id of reached) for (const child of index.children(id)) if (toLayerOf(index, child) === 'report') beside.add(child);
  reached.delete(column.node);
  const counts = new Map<Layer, number>();
  for (const id of reached) {
    const layer = toLayerOf(index, id);
    counts.set(layer, (counts.get(layer) ?? 0) + 1);
  }
  let tests = 0;
  for (const ref of down.values()) {
    const name = ref.column.toLowerCase();
    tests += index.nodes.get(ref.node)?.columns.find((at) => at.name.toLowerCase() === name)?.tests ?? 0;
  }
  return {
    column,
    columns: down.size - 1,
    nodes: reached.size,
    tests,
    exposures: beside.size,
    layers: layers.filter((layer) => counts.has(layer)).map((layer) => ({ layer, nodes: counts.get(layer) ?? 0 })),
  };
}

function toLayerOf(index: GraphIndex, id: string): Layer {
  const node = index.nodes.get(id);
  return node === undefined ? 'model' : toLayer(node);
}

function push<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
