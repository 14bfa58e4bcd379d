import { countCrossings, switchNeighbours } from './crossings.ts';
import type { Layers, ProperGraph } from './proper.ts';
import { toPortPosition } from './proper.ts';

export interface OrderOptions {
  /** How many different first orders are tried; the best by exact crossing count is kept. */
  readonly starts: number;
  readonly sweeps: number;
  /** Heights of the cards, for the position of ports. */
  readonly heights: Float64Array;
  /** Known middles of cards from an earlier picture (NaN when new): the order starts from them, and only from them. */
  readonly previous?: Float64Array;
}

/** The order of every layer with few crossings: barycentre sweeps from several starts, then switches of neighbours. */
export function toOrder(proper: ProperGraph, options: OrderOptions): Layers {
  const position = new Int32Array(proper.size);
  const settle = (layers: Layers): void => {
    for (const layer of layers) for (let i = 0; i < layer.length; i++) position[layer[i]!] = i;
  };
  const sweeper = new Sweeper(proper, position, options.heights);
  let best: Layers = [];
  let fewest = Number.POSITIVE_INFINITY;
  const starts = options.previous === undefined ? options.starts : 1;
  for (let start = 0; start < starts; start++) {
    const layers = options.previous === undefined ? toFirstOrder(proper, start) : toPreviousOrder(proper, options.previous);
    settle(layers);
    let mine = sweeper.count(layers);
    let kept = layers.map((layer) => layer.slice());
    let bad = 0;
    // A known order is only repaired, so that what a person has in mind stays where it was.
    const sweeps = options.previous === undefined ? options.sweeps : 0;
    for (let sweep = 0; sweep < sweeps && bad < 4; sweep++) {
      sweeper.sweep(layers, sweep);
      const now = sweeper.count(layers);
      if (now < mine) {
        bad = mine - now < mine * 0.002 ? bad + 1 : 0;
        mine = now;
        kept = layers.map((layer) => layer.slice());
      } else bad++;
    }
    if (mine < fewest) {
      fewest = mine;
      best = kept;
    }
    if (fewest === 0) break;
  }
  settle(best);
  if (!proper.hasPorts && options.previous === undefined) switchNeighbours(proper, best, position, fewest);
  return best;
}

function toFirstOrder(proper: ProperGraph, kind: number): Layers {
  const { graph, size } = proper;
  const seen = new Uint8Array(size);
  const layers: number[][] = Array.from({ length: proper.layerCount }, () => []);
  const random = toRandom(12345 + kind);
  const jitter = kind >= 4 ? Float64Array.from({ length: graph.size }, random) : undefined;
  const roots = Array.from(proper.order).sort(
    (a, b) =>
      proper.rank[a]! - proper.rank[b]! ||
      (jitter ? jitter[a]! - jitter[b]! : kind % 2 === 1 ? proper.layer[a]! - proper.layer[b]! : proper.layer[b]! - proper.layer[a]!) ||
      a - b,
  );
  const depthFirst = kind < 2 || kind % 3 === 1;
  const queue: number[] = [];
  for (const root of roots) {
    if (seen[root] === 1) continue;
    seen[root] = 1;
    queue.push(root);
    let head = 0;
    while (head < queue.length) {
      const v = depthFirst ? queue.pop()! : queue[head++]!;
      layers[proper.layer[v]!]!.push(v);
      for (let j = proper.inStart[v]!; j < proper.inStart[v + 1]!; j++) {
        const w = proper.left[proper.in[j]!]!;
        if (seen[w] === 0) {
          seen[w] = 1;
          queue.push(w);
        }
      }
      for (let j = proper.outStart[v]!; j < proper.outStart[v + 1]!; j++) {
        const w = proper.right[proper.out[j]!]!;
        if (seen[w] === 0) {
          seen[w] = 1;
          queue.push(w);
        }
      }
    }
    queue.length = 0;
  }
  return layers.map((layer) => Int32Array.from(layer));
}

function toPreviousOrder(proper: ProperGraph, previous: Float64Array): Layers {
  const y = new Float64Array(proper.size).fill(Number.NaN);
  y.set(previous);
  for (let round = 0; round < 3; round++)
    for (let v = 0; v < proper.size; v++) {
      if (v < previous.length && !Number.isNaN(previous[v]!)) continue;
      let sum = 0;
      let count = 0;
      const add = (w: number): void => {
        if (Number.isNaN(y[w]!)) return;
        sum += y[w]!;
        count++;
      };
      for (let j = proper.inStart[v]!; j < proper.inStart[v + 1]!; j++) add(proper.left[proper.in[j]!]!);
      for (let j = proper.outStart[v]!; j < proper.outStart[v + 1]!; j++) add(proper.right[proper.out[j]!]!);
      if (count > 0) y[v] = sum / count;
    }
  const layers: number[][] = Array.from({ length: proper.layerCount }, () => []);
  for (let v = 0; v < proper.size; v++) layers[proper.layer[v]!]!.push(v);
  const at = (v: number): number => (Number.isNaN(y[v]!) ? Number.MAX_VALUE : y[v]!);
  return layers.map((layer) => Int32Array.from(layer.sort((a, b) => proper.rank[a]! - proper.rank[b]! || at(a) - at(b) || a - b)));
}

function toRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
}

/** Sorts layers by the mean position of neighbours, to and fro; its buffers are reused by every sweep. */
class Sweeper {
  readonly #key: Float64Array;

  constructor(
    readonly proper: ProperGraph,
    readonly position: Int32Array,
    readonly heights: Float64Array,
  ) {
    this.#key = new Float64Array(proper.size);
  }

  count(layers: Layers): number {
    return countCrossings(this.proper, layers, this.position, this.heights);
  }

  sweep(layers: Layers, number: number): void {
    const last = layers.length - 1;
    if (number % 6 === 5) for (let i = 0; i <= last; i++) this.#reorder(layers[i]!, true, true);
    else if (number % 2 === 0) for (let i = 1; i <= last; i++) this.#reorder(layers[i]!, true, false);
    else for (let i = last - 1; i >= 0; i--) this.#reorder(layers[i]!, false, true);
  }

  #reorder(layer: Int32Array, lookLeft: boolean, lookRight: boolean): void {
    const { proper, position, heights } = this;
    const key = this.#key;
    const moving: number[] = [];
    for (let a = 0; a < layer.length; a++) {
      const v = layer[a]!;
      let sum = 0;
      let count = 0;
      if (lookLeft)
        for (let j = proper.inStart[v]!; j < proper.inStart[v + 1]!; j++) {
          const k = proper.in[j]!;
          sum += toPortPosition(proper.left[k]!, proper.leftPort[k]!, position, heights);
          count++;
        }
      if (lookRight)
        for (let j = proper.outStart[v]!; j < proper.outStart[v + 1]!; j++) {
          const k = proper.out[j]!;
          sum += toPortPosition(proper.right[k]!, proper.rightPort[k]!, position, heights);
          count++;
        }
      key[v] = count > 0 ? sum / count : -1;
      if (count > 0) moving.push(v);
    }
    moving.sort((x, y) => proper.rank[x]! - proper.rank[y]! || key[x]! - key[y]! || position[x]! - position[y]!);
    // Vertices without a neighbour on that side keep their slot.
    let next = 0;
    for (let a = 0; a < layer.length; a++) if (key[layer[a]!]! >= 0) layer[a] = moving[next++]!;
    for (let a = 0; a < layer.length; a++) position[layer[a]!] = a;
  }
}
