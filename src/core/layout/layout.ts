import type { LayoutLink } from './digraph.ts';
import { toDigraph } from './digraph.ts';
import { toOrder } from './order.ts';
import { toMiddles } from './place.ts';
import type { ProperGraph } from './proper.ts';
import { toProper } from './proper.ts';

export interface LayoutCard {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

export interface LayoutGraph {
  readonly cards: readonly LayoutCard[];
  readonly links: readonly LayoutLink[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** How a graph is to be laid out; everything has a default that suits a graph of its size. */
export interface LayoutView {
  /** Where cards stood in the picture before: their order is kept, and the anchor does not move. */
  readonly previous?: ReadonlyMap<string, Point>;
  readonly anchor?: string;
  readonly columnGap?: number;
  readonly rowGap?: number;
  /** First orders to try; more is slower and crosses less. */
  readonly starts?: number;
}

export interface Placed {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The column it stands in, from the left. */
  readonly layer: number;
}

export interface Layout {
  readonly cards: readonly Placed[];
  /** Per link the points x, y, x, y…: between two points of one column the link runs straight, between columns it bends. */
  readonly routes: readonly (readonly number[])[];
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * Positions for the cards and routes for the links, in columns from left to right. Pure and repeatable: the same input gives the same
 * picture. Cards of one column are drawn equally wide; cards without links stand in a block below the rest.
 */
export function layout(input: LayoutGraph, view: LayoutView = {}): Layout {
  const linked = new Uint8Array(input.cards.length);
  for (const { from, to } of input.links) if (from !== to) linked[from] = linked[to] = 1;
  const inner: number[] = [];
  const outer: number[] = [];
  for (let i = 0; i < input.cards.length; i++) (linked[i] === 1 ? inner : outer).push(i);

  const cards = new Array<Placed>(input.cards.length);
  const routes = new Array<readonly number[]>(input.links.length);
  const size = placeLinked(input, inner, view, cards, routes);
  placeLoose(input, outer, size, view.rowGap ?? 16, cards);
  input.links.forEach((link, i) => {
    if (link.from === link.to) routes[i] = toLoop(cards[link.from]!);
  });
  return keepAnchor({ cards, routes, ...toBounds(cards, routes) }, view);
}

function placeLinked(
  input: LayoutGraph,
  inner: readonly number[],
  view: LayoutView,
  cards: Placed[],
  routes: (readonly number[])[],
): { readonly width: number; readonly height: number } {
  if (inner.length === 0) return { width: 0, height: 0 };
  const local = new Int32Array(input.cards.length).fill(-1);
  inner.forEach((card, i) => {
    local[card] = i;
  });
  const source: number[] = [];
  const links: LayoutLink[] = [];
  input.links.forEach((link, i) => {
    if (link.from === link.to) return;
    source.push(i);
    links.push({ ...link, from: local[link.from]!, to: local[link.to]! });
  });
  const heights = Float64Array.from(inner, (i) => input.cards[i]!.height);
  const proper = toProper(toDigraph(inner.length, links), links);
  const previous = view.previous && toPreviousMiddles(input, inner, view.previous);
  const layers = toOrder(proper, {
    starts: view.starts ?? toStarts(inner.length),
    sweeps: inner.length > 3000 ? 8 : 12,
    heights,
    ...(previous ? { previous } : {}),
  });
  const rowGap = view.rowGap ?? 16;
  const middle = toMiddles(proper, layers, heights, { card: rowGap, bend: 8, component: 2 * rowGap });
  const columns = toColumns(input, inner, proper, view.columnGap ?? 60);

  let top = Number.POSITIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (let v = 0; v < proper.size; v++) {
    const half = v < inner.length ? heights[v]! / 2 : 0;
    top = Math.min(top, middle[v]! - half);
    bottom = Math.max(bottom, middle[v]! + half);
  }
  inner.forEach((card, v) => {
    const layer = proper.layer[v]!;
    const { id, height } = input.cards[card]!;
    const y = Math.round(middle[v]! - heights[v]! / 2 - top);
    cards[card] = { id, x: columns.x[layer]!, y, width: columns.width[layer]!, height, layer };
  });
  for (let k = 0; k < proper.graph.link.length; k++) {
    const link = proper.graph.link[k]!;
    const points = toRoute(proper, k, columns, middle, top, cards, inner, links[link]!);
    routes[source[link]!] = points;
  }
  return { width: columns.x.at(-1)! + columns.width.at(-1)!, height: bottom - top };
}

/** Starts that fit the time a picture may take; below a hundred cards more starts still pay. */
function toStarts(cards: number): number {
  if (cards <= 300) return 12;
  if (cards <= 600) return 8;
  if (cards <= 1500) return 6;
  return cards <= 3000 ? 4 : cards <= 7000 ? 3 : 1;
}

function toPreviousMiddles(input: LayoutGraph, inner: readonly number[], previous: ReadonlyMap<string, Point>): Float64Array | undefined {
  let known = 0;
  const middles = Float64Array.from(inner, (i) => {
    const card = input.cards[i]!;
    const at = previous.get(card.id);
    if (at === undefined) return Number.NaN;
    known++;
    return at.y + card.height / 2;
  });
  // A picture that shares little with the one before is better drawn afresh.
  return known * 3 >= inner.length ? middles : undefined;
}

interface Columns {
  readonly x: readonly number[];
  readonly width: readonly number[];
}

function toColumns(input: LayoutGraph, inner: readonly number[], proper: ProperGraph, gap: number): Columns {
  const width = new Array<number>(proper.layerCount).fill(0);
  const degree = new Array<number>(proper.layerCount).fill(0);
  inner.forEach((card, v) => {
    const layer = proper.layer[v]!;
    width[layer] = Math.max(width[layer]!, input.cards[card]!.width);
  });
  for (let k = 0; k < proper.left.length; k++) degree[proper.layer[proper.left[k]!]!]!++;
  const x: number[] = [];
  let at = 0;
  for (let layer = 0; layer < width.length; layer++) {
    x.push(at);
    // Dense gaps get air, or their curves become too steep to follow.
    at += width[layer]! + gap + Math.min(140, Math.sqrt(degree[layer]!) * 5);
  }
  return { x: x.map(Math.round), width };
}

function toRoute(
  proper: ProperGraph,
  k: number,
  columns: Columns,
  middle: Float64Array,
  top: number,
  cards: readonly Placed[],
  inner: readonly number[],
  link: LayoutLink,
): readonly number[] {
  const turned = proper.graph.turned[k] === 1;
  const a = cards[inner[proper.graph.tail[k]!]!]!;
  const b = cards[inner[proper.graph.head[k]!]!]!;
  const portA = turned ? link.toPort : link.fromPort;
  const portB = turned ? link.fromPort : link.toPort;
  const points = [a.x + a.width, a.y + (portA ?? a.height / 2)];
  for (const bend of proper.bends[k]!) {
    const layer = proper.layer[bend]!;
    const y = Math.round(middle[bend]! - top);
    points.push(columns.x[layer]!, y, columns.x[layer]! + columns.width[layer]!, y);
  }
  points.push(b.x, b.y + (portB ?? b.height / 2));
  if (!turned) return points;
  const back: number[] = [];
  for (let i = points.length - 2; i >= 0; i -= 2) back.push(points[i]!, points[i + 1]!);
  return back;
}

function placeLoose(
  input: LayoutGraph,
  outer: readonly number[],
  size: { readonly width: number; readonly height: number },
  gap: number,
  cards: Placed[],
): void {
  if (outer.length === 0) return;
  const width = outer.reduce((most, i) => Math.max(most, input.cards[i]!.width), 0);
  const fitting = Math.floor((size.width + gap) / (width + gap));
  const perRow = Math.max(1, Math.min(outer.length, Math.max(fitting, Math.ceil(Math.sqrt(outer.length / 2)))));
  let y = size.height > 0 ? Math.round(size.height + 4 * gap) : 0;
  for (let row = 0; row < outer.length; row += perRow) {
    const members = outer.slice(row, row + perRow);
    members.forEach((i, column) => {
      const { id, height } = input.cards[i]!;
      cards[i] = { id, x: column * (width + gap), y, width, height, layer: -1 };
    });
    y += Math.max(...members.map((i) => input.cards[i]!.height)) + gap;
  }
}

/** The route of a link from a card to itself. */
export function toLoop(card: Placed): readonly number[] {
  const right = card.x + card.width;
  const below = card.y + card.height + 8;
  return [right, card.y + card.height / 2, right + 14, below, card.x - 14, below, card.x, card.y + card.height / 2];
}

/** The smallest rectangle around cards and routes. */
export function toBounds(
  cards: readonly Omit<Placed, 'layer'>[],
  routes: readonly (readonly number[])[],
): Omit<Layout, 'cards' | 'routes'> {
  if (cards.length === 0) return { left: 0, top: 0, right: 0, bottom: 0 };
  let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const card of cards) {
    left = Math.min(left, card.x);
    top = Math.min(top, card.y);
    right = Math.max(right, card.x + card.width);
    bottom = Math.max(bottom, card.y + card.height);
  }
  for (const route of routes)
    for (let i = 0; i < route.length; i += 2) {
      left = Math.min(left, route[i]!);
      right = Math.max(right, route[i]!);
      top = Math.min(top, route[i + 1]!);
      bottom = Math.max(bottom, route[i + 1]!);
    }
  return { left, top, right, bottom };
}

function keepAnchor(made: Layout, view: LayoutView): Layout {
  if (view.anchor === undefined || view.previous === undefined) return made;
  const before = view.previous.get(view.anchor);
  const now = made.cards.find((card) => card.id === view.anchor);
  if (before === undefined || now === undefined) return made;
  return moveLayout(made, before.x - now.x, before.y - now.y);
}

/** The same layout somewhere else. */
export function moveLayout(made: Layout, dx: number, dy: number): Layout {
  return {
    cards: made.cards.map((card) => ({ ...card, x: card.x + dx, y: card.y + dy })),
    routes: made.routes.map((route) => route.map((value, i) => value + (i % 2 === 0 ? dx : dy))),
    left: made.left + dx,
    right: made.right + dx,
    top: made.top + dy,
    bottom: made.bottom + dy,
  };
}
