import type { Layers, ProperGraph } from './proper.ts';

export interface Gaps {
  readonly card: number;
  readonly bend: number;
  readonly component: number;
}

/** The vertical middle of every vertex: sweeps of isotonic regression towards neighbours, bends heavy so that long links are straight. */
export function toMiddles(proper: ProperGraph, layers: Layers, heights: Float64Array, gaps: Gaps): Float64Array {
  const n = heights.length;
  const size = proper.size;
  const y = new Float64Array(size);
  const offset = new Float64Array(size);
  const height = (v: number): number => (v < n ? heights[v]! : 0);
  for (const layer of layers) {
    let at = 0;
    for (let a = 0; a < layer.length; a++) {
      const v = layer[a]!;
      if (a > 0) {
        const above = layer[a - 1]!;
        at += (v >= n || above >= n ? gaps.bend : gaps.card) + (proper.rank[v] !== proper.rank[above] ? gaps.component : 0);
        at += height(above) / 2;
      }
      at += height(v) / 2;
      offset[v] = at;
      y[v] = at;
    }
  }
  const sums = new Float64Array(size);
  const weights = new Float64Array(size);
  const counts = new Int32Array(size);
  const port = (v: number, at: number): number => (at < 0 || v >= n ? 0 : at - heights[v]! / 2);

  /** Minimises the weighted distance of one layer to its neighbours' middles while the order and the gaps hold. */
  const settle = (layer: Int32Array, lookLeft: boolean, lookRight: boolean): void => {
    let blocks = 0;
    for (let a = 0; a < layer.length; a++) {
      const v = layer[a]!;
      let sum = 0;
      let weight = 0;
      if (lookLeft)
        for (let j = proper.inStart[v]!; j < proper.inStart[v + 1]!; j++) {
          const k = proper.in[j]!;
          const w = proper.weight[k]!;
          const other = proper.left[k]!;
          sum += w * (y[other]! + port(other, proper.leftPort[k]!) - port(v, proper.rightPort[k]!));
          weight += w;
        }
      if (lookRight)
        for (let j = proper.outStart[v]!; j < proper.outStart[v + 1]!; j++) {
          const k = proper.out[j]!;
          const w = proper.weight[k]!;
          const other = proper.right[k]!;
          sum += w * (y[other]! + port(other, proper.rightPort[k]!) - port(v, proper.leftPort[k]!));
          weight += w;
        }
      const target = weight > 0 ? sum / weight : y[v]!;
      if (weight === 0) weight = 0.05;
      // A hub with a hundred links must not drag its whole column along.
      if (weight > 4 && v < n) weight = 4 + (weight - 4) * 0.25;
      sums[blocks] = (target - offset[v]!) * weight;
      weights[blocks] = weight;
      counts[blocks] = 1;
      blocks++;
      while (blocks > 1 && sums[blocks - 2]! / weights[blocks - 2]! > sums[blocks - 1]! / weights[blocks - 1]!) {
        sums[blocks - 2]! += sums[blocks - 1]!;
        weights[blocks - 2]! += weights[blocks - 1]!;
        counts[blocks - 2]! += counts[blocks - 1]!;
        blocks--;
      }
    }
    let a = 0;
    for (let block = 0; block < blocks; block++) {
      const shift = sums[block]! / weights[block]!;
      for (let k = 0; k < counts[block]!; k++, a++) y[layer[a]!] = shift + offset[layer[a]!]!;
    }
  };

  const rounds = 12;
  const last = layers.length - 1;
  for (let round = 0; round < rounds; round++) {
    const both = round >= rounds - 4;
    if (round % 2 === 0) for (let i = 0; i <= last; i++) settle(layers[i]!, both || i > 0, both || i === 0);
    else for (let i = last; i >= 0; i--) settle(layers[i]!, both || i === last, both || i < last);
  }
  packComponents(proper, y, heights, gaps.component + gaps.card);
  return y;
}

/** Moves every component up to just below those before it: columns that settle by themselves leave holes between them. */
function packComponents(proper: ProperGraph, y: Float64Array, heights: Float64Array, gap: number): void {
  let count = 0;
  for (let v = 0; v < proper.size; v++) count = Math.max(count, proper.rank[v]! + 1);
  if (count < 2) return;
  const top = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  const bottom = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  for (let v = 0; v < proper.size; v++) {
    const rank = proper.rank[v]!;
    const half = v < heights.length ? heights[v]! / 2 : 0;
    top[rank] = Math.min(top[rank]!, y[v]! - half);
    bottom[rank] = Math.max(bottom[rank]!, y[v]! + half);
  }
  const shift = new Float64Array(count);
  for (let rank = 1; rank < count; rank++) shift[rank] = bottom[rank - 1]! + shift[rank - 1]! + gap - top[rank]!;
  for (let v = 0; v < proper.size; v++) y[v] = y[v]! + shift[proper.rank[v]!]!;
}
