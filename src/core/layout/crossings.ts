import type { Layers, ProperGraph } from './proper.ts';
import { toPortPosition } from './proper.ts';

/** The exact number of crossings of segments between neighbouring layers. */
export function countCrossings(proper: ProperGraph, layers: Layers, position: Int32Array, heights: Float64Array): number {
  let count = 0;
  const tree = new Int32Array(proper.size + 2);
  for (let i = 0; i + 1 < layers.length; i++)
    count += proper.hasPorts
      ? countWithPorts(proper, layers[i]!, position, heights)
      : countBetween(proper, layers[i]!, layers[i + 1]!.length, position, tree);
  return count;
}

function countBetween(proper: ProperGraph, layer: Int32Array, width: number, position: Int32Array, tree: Int32Array): number {
  const { outStart, out, right } = proper;
  tree.fill(0, 0, width + 1);
  let crossings = 0;
  let total = 0;
  for (let i = 0; i < layer.length; i++) {
    const v = layer[i]!;
    const start = outStart[v]!;
    const end = outStart[v + 1]!;
    for (let j = start; j < end; j++) {
      let above = 0;
      for (let at = position[right[out[j]!]!]! + 1; at > 0; at -= at & -at) above += tree[at]!;
      crossings += total - above;
    }
    for (let j = start; j < end; j++) for (let at = position[right[out[j]!]!]! + 1; at <= width; at += at & -at) tree[at]!++;
    total += end - start;
  }
  return crossings;
}

function countWithPorts(proper: ProperGraph, layer: Int32Array, position: Int32Array, heights: Float64Array): number {
  const ends: [number, number][] = [];
  for (const v of layer)
    for (let j = proper.outStart[v]!; j < proper.outStart[v + 1]!; j++) {
      const k = proper.out[j]!;
      ends.push([
        toPortPosition(v, proper.leftPort[k]!, position, heights),
        toPortPosition(proper.right[k]!, proper.rightPort[k]!, position, heights),
      ]);
    }
  ends.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const rights = Array.from(new Set(ends.map((end) => end[1]))).sort((a, b) => a - b);
  const index = new Map(rights.map((y, i) => [y, i + 1]));
  const tree = new Int32Array(rights.length + 2);
  let crossings = 0;
  let total = 0;
  for (let i = 0; i < ends.length; ) {
    let j = i;
    while (j < ends.length && ends[j]![0] === ends[i]![0]) j++;
    for (let k = i; k < j; k++) {
      let above = 0;
      for (let at = index.get(ends[k]![1])!; at > 0; at -= at & -at) above += tree[at]!;
      crossings += total - above;
    }
    for (let k = i; k < j; k++, total++) for (let at = index.get(ends[k]![1])!; at <= rights.length; at += at & -at) tree[at]!++;
    i = j;
  }
  return crossings;
}

/** Switches neighbours of a layer wherever that removes crossings, until little is gained. */
export function switchNeighbours(proper: ProperGraph, layers: Layers, position: Int32Array, crossings: number): void {
  const sides = (v: number, start: Int32Array, rows: Int32Array, other: Int32Array): Int32Array => {
    const from = start[v]!;
    const found = new Int32Array(start[v + 1]! - from);
    for (let j = 0; j < found.length; j++) found[j] = position[other[rows[from + j]!]!]!;
    return found.length > 1 ? found.sort() : found;
  };
  for (let pass = 0; pass < 6; pass++) {
    let gained = 0;
    for (const layer of layers) {
      const lefts = Array.from(layer, (v) => sides(v, proper.inStart, proper.in, proper.left));
      const rights = Array.from(layer, (v) => sides(v, proper.outStart, proper.out, proper.right));
      for (let round = 0; round < 3; round++) {
        let now = 0;
        for (let a = 0; a + 1 < layer.length; a++) {
          if (proper.rank[layer[a]!] !== proper.rank[layer[a + 1]!]) continue;
          const before = countPairs(lefts[a]!, lefts[a + 1]!) + countPairs(rights[a]!, rights[a + 1]!);
          if (before === 0) continue;
          const after = countPairs(lefts[a + 1]!, lefts[a]!) + countPairs(rights[a + 1]!, rights[a]!);
          if (after >= before) continue;
          now += before - after;
          swap(layer, a);
          swap(lefts, a);
          swap(rights, a);
        }
        gained += now;
        if (now === 0) break;
      }
      for (let a = 0; a < layer.length; a++) position[layer[a]!] = a;
    }
    if (gained < crossings * 0.002 || gained === 0) return;
  }
}

function swap(list: { [index: number]: unknown }, at: number): void {
  const first = list[at];
  list[at] = list[at + 1];
  list[at + 1] = first;
}

/** How many pairs (x, y) of two sorted lists have y before x. */
function countPairs(x: Int32Array, y: Int32Array): number {
  let count = 0;
  let j = 0;
  for (let i = 0; i < x.length; i++) {
    while (j < y.length && y[j]! < x[i]!) j++;
    count += j;
  }
  return count;
}
