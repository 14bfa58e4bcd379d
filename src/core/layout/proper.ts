import type { Digraph, LayoutLink } from './digraph.ts';
import { toComponents, toLayers, toRows, toTopologicalOrder } from './digraph.ts';

/**
 * A layered graph whose segments join neighbouring layers only. Vertices below `graph.size` are cards, the others are bends of long
 * links; links that leave the same port share their bends, so that a fan is drawn as one bundle.
 */
export interface ProperGraph {
  readonly graph: Digraph;
  readonly order: Int32Array;
  readonly size: number;
  readonly layerCount: number;
  readonly layer: Int32Array;
  /** Rank of the vertex's component, the largest component first. */
  readonly rank: Int32Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly weight: Float64Array;
  /** Ports of the segments' ends, -1 for the middle. */
  readonly leftPort: Float64Array;
  readonly rightPort: Float64Array;
  readonly hasPorts: boolean;
  readonly outStart: Int32Array;
  readonly out: Int32Array;
  readonly inStart: Int32Array;
  readonly in: Int32Array;
  /** Per kept link: its bends from left to right. */
  readonly bends: readonly (readonly number[])[];
}

/** The vertices of every layer from top to bottom. */
export type Layers = Int32Array[];

/** Cuts the links of an acyclic graph into segments between neighbouring layers. */
export function toProper(graph: Digraph, links: readonly LayoutLink[]): ProperGraph {
  const order = toTopologicalOrder(graph);
  const nodeLayer = toLayers(graph, order);
  const components = toComponents(graph);
  alignComponents(nodeLayer, components.of, components.sizes.length);
  const ranks = rankComponents(components.sizes);

  const layer = Array.from(nodeLayer);
  const rank = Array.from(components.of, (component) => ranks[component]!);
  const left: number[] = [];
  const right: number[] = [];
  const weight: number[] = [];
  const leftPort: number[] = [];
  const rightPort: number[] = [];
  const bends = new Array<readonly number[]>(graph.link.length);
  const n = graph.size;
  let hasPorts = false;
  const shared = new Map<number, number>();
  for (let v = 0; v < n; v++) {
    shared.clear();
    for (let j = graph.outStart[v]!; j < graph.outStart[v + 1]!; j++) {
      const k = graph.out[j]!;
      const to = graph.head[k]!;
      const link = links[graph.link[k]!]!;
      const ends = graph.turned[k] === 1 ? [link.toPort, link.fromPort] : [link.fromPort, link.toPort];
      const fromPort = ends[0] ?? -1;
      const toPort = ends[1] ?? -1;
      if (fromPort >= 0 || toPort >= 0) hasPorts = true;
      const chain: number[] = [];
      let previous = v;
      for (let at = nodeLayer[v]! + 1; at < nodeLayer[to]!; at++) {
        const key = Math.round(fromPort + 1) * 4096 + at;
        let bend = shared.get(key);
        if (bend === undefined) {
          bend = layer.length;
          layer.push(at);
          rank.push(rank[v]!);
          left.push(previous);
          right.push(bend);
          weight.push(previous >= n ? 8 : 2);
          leftPort.push(previous === v ? fromPort : -1);
          rightPort.push(-1);
          shared.set(key, bend);
        }
        chain.push(bend);
        previous = bend;
      }
      left.push(previous);
      right.push(to);
      weight.push(previous >= n ? 2 : 1);
      leftPort.push(previous === v ? fromPort : -1);
      rightPort.push(toPort);
      bends[k] = chain;
    }
  }
  const lefts = Int32Array.from(left);
  const rights = Int32Array.from(right);
  const [outStart, out] = toRows(layer.length, lefts);
  const [inStart, inRows] = toRows(layer.length, rights);
  return {
    graph,
    order,
    size: layer.length,
    layerCount: layer.reduce((most, at) => Math.max(most, at + 1), 0),
    layer: Int32Array.from(layer),
    rank: Int32Array.from(rank),
    left: lefts,
    right: rights,
    weight: Float64Array.from(weight),
    leftPort: Float64Array.from(leftPort),
    rightPort: Float64Array.from(rightPort),
    hasPorts,
    outStart,
    out,
    inStart,
    in: inRows,
    bends,
  };
}

function alignComponents(layer: Int32Array, component: Int32Array, count: number): void {
  const first = new Int32Array(count).fill(0x7fffffff);
  for (let v = 0; v < layer.length; v++) first[component[v]!] = Math.min(first[component[v]!]!, layer[v]!);
  for (let v = 0; v < layer.length; v++) layer[v]! -= first[component[v]!]!;
}

function rankComponents(sizes: readonly number[]): Int32Array {
  const bySize = sizes.map((_, i) => i).sort((a, b) => sizes[b]! - sizes[a]! || a - b);
  const ranks = new Int32Array(sizes.length);
  bySize.forEach((component, rank) => {
    ranks[component] = rank;
  });
  return ranks;
}

/** Where a segment meets a vertex, in units of the layer's order: ports spread over the vertex's own unit. */
export function toPortPosition(v: number, port: number, position: Int32Array, heights: Float64Array): number {
  return position[v]! + (port < 0 || v >= heights.length ? 0.5 : port / (heights[v]! + 1));
}
