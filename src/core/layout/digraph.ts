/** A link between two cards by index; ports are distances from the top of the card, absent for the middle. */
export interface LayoutLink {
  readonly from: number;
  readonly to: number;
  readonly fromPort?: number;
  readonly toPort?: number;
}

/** A directed graph in compressed rows, made acyclic: links that closed a cycle are turned round, loops are left out. */
export interface Digraph {
  readonly size: number;
  /** Per kept link: its index in the input, its ends after turning, and whether it was turned. */
  readonly link: Int32Array;
  readonly tail: Int32Array;
  readonly head: Int32Array;
  readonly turned: Uint8Array;
  /** Row starts and the kept links of each row, by tail and by head. */
  readonly outStart: Int32Array;
  readonly out: Int32Array;
  readonly inStart: Int32Array;
  readonly in: Int32Array;
}

/** The acyclic graph of the links; which links are turned depends only on the order of the input. */
export function toDigraph(size: number, links: readonly LayoutLink[]): Digraph {
  const kept: number[] = [];
  for (let i = 0; i < links.length; i++) if (links[i]!.from !== links[i]!.to) kept.push(i);
  const link = Int32Array.from(kept);
  const tail = Int32Array.from(kept, (i) => links[i]!.from);
  const head = Int32Array.from(kept, (i) => links[i]!.to);
  const turned = findBackLinks(size, tail, head);
  for (let k = 0; k < link.length; k++) {
    if (turned[k] === 0) continue;
    const from = tail[k]!;
    tail[k] = head[k]!;
    head[k] = from;
  }
  const [outStart, out] = toRows(size, tail);
  const [inStart, inRows] = toRows(size, head);
  return { size, link, tail, head, turned, outStart, out, inStart, in: inRows };
}

/** Row starts, and the indices of the values grouped by value, in their order. */
export function toRows(size: number, key: Int32Array): [Int32Array, Int32Array] {
  const start = new Int32Array(size + 1);
  for (let k = 0; k < key.length; k++) start[key[k]! + 1]!++;
  for (let i = 0; i < size; i++) start[i + 1]! += start[i]!;
  const next = start.slice();
  const rows = new Int32Array(key.length);
  for (let k = 0; k < key.length; k++) rows[next[key[k]!]!++] = k;
  return [start, rows];
}

function findBackLinks(size: number, tail: Int32Array, head: Int32Array): Uint8Array {
  const [start, rows] = toRows(size, tail);
  const turned = new Uint8Array(tail.length);
  const state = new Uint8Array(size);
  const next = start.slice(0, size);
  const stack = new Int32Array(size + 1);
  // Roots first, so that in a graph that is nearly acyclic only the closing links are turned.
  const indegree = new Int32Array(size);
  for (let k = 0; k < head.length; k++) indegree[head[k]!]!++;
  for (let phase = 0; phase < 2; phase++)
    for (let root = 0; root < size; root++) {
      if (state[root] !== 0 || (phase === 0 && indegree[root] !== 0)) continue;
      let depth = 0;
      stack[0] = root;
      state[root] = 1;
      while (depth >= 0) {
        const at = stack[depth]!;
        if (next[at]! < start[at + 1]!) {
          const k = rows[next[at]!++]!;
          const to = head[k]!;
          if (state[to] === 1) turned[k] = 1;
          else if (state[to] === 0) {
            state[to] = 1;
            stack[++depth] = to;
          }
        } else {
          state[at] = 2;
          depth--;
        }
      }
    }
  return turned;
}

/** A topological order: every tail before its heads. */
export function toTopologicalOrder(graph: Digraph): Int32Array {
  const order = new Int32Array(graph.size);
  const waiting = new Int32Array(graph.size);
  let end = 0;
  for (let v = 0; v < graph.size; v++) {
    waiting[v] = graph.inStart[v + 1]! - graph.inStart[v]!;
    if (waiting[v] === 0) order[end++] = v;
  }
  for (let at = 0; at < end; at++) {
    const v = order[at]!;
    for (let j = graph.outStart[v]!; j < graph.outStart[v + 1]!; j++) {
      const w = graph.head[graph.out[j]!]!;
      if (--waiting[w]! === 0) order[end++] = w;
    }
  }
  return order;
}

/** The layer of every node: longest paths, then nodes pulled towards the side with more links so that spans are short. */
export function toLayers(graph: Digraph, order: Int32Array): Int32Array {
  const layer = new Int32Array(graph.size);
  for (const v of order)
    for (let j = graph.outStart[v]!; j < graph.outStart[v + 1]!; j++) {
      const w = graph.head[graph.out[j]!]!;
      if (layer[w]! <= layer[v]!) layer[w] = layer[v]! + 1;
    }
  for (let round = 0; round < 4; round++) {
    for (let a = graph.size - 1; a >= 0; a--) {
      const v = order[a]!;
      const outs = graph.outStart[v + 1]! - graph.outStart[v]!;
      const ins = graph.inStart[v + 1]! - graph.inStart[v]!;
      if (!(outs > ins || (outs === ins && outs > 0 && round % 2 === 1))) continue;
      let latest = Number.MAX_SAFE_INTEGER;
      for (let j = graph.outStart[v]!; j < graph.outStart[v + 1]!; j++) latest = Math.min(latest, layer[graph.head[graph.out[j]!]!]! - 1);
      if (latest > layer[v]!) layer[v] = latest;
    }
    for (let a = 0; a < graph.size; a++) {
      const v = order[a]!;
      const outs = graph.outStart[v + 1]! - graph.outStart[v]!;
      const ins = graph.inStart[v + 1]! - graph.inStart[v]!;
      if (ins <= outs) continue;
      let earliest = 0;
      for (let j = graph.inStart[v]!; j < graph.inStart[v + 1]!; j++) earliest = Math.max(earliest, layer[graph.tail[graph.in[j]!]!]! + 1);
      if (earliest < layer[v]!) layer[v] = earliest;
    }
  }
  return layer;
}

/** The component of every node and the size of each, numbered by their first node. */
export function toComponents(graph: Digraph): { readonly of: Int32Array; readonly sizes: readonly number[] } {
  const of = new Int32Array(graph.size).fill(-1);
  const stack = new Int32Array(graph.size);
  const sizes: number[] = [];
  for (let root = 0; root < graph.size; root++) {
    if (of[root]! >= 0) continue;
    const component = sizes.length;
    let top = 0;
    let count = 0;
    stack[top++] = root;
    of[root] = component;
    const visit = (w: number): void => {
      if (of[w]! >= 0) return;
      of[w] = component;
      stack[top++] = w;
    };
    while (top > 0) {
      const v = stack[--top]!;
      count++;
      for (let j = graph.outStart[v]!; j < graph.outStart[v + 1]!; j++) visit(graph.head[graph.out[j]!]!);
      for (let j = graph.inStart[v]!; j < graph.inStart[v + 1]!; j++) visit(graph.tail[graph.in[j]!]!);
    }
    sizes.push(count);
  }
  return { of, sizes };
}
