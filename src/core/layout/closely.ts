import type { Layout, LayoutGraph, Point } from './layout.ts';
import { moveLayout, toBounds } from './layout.ts';
import type { Card, Link, Picture } from './picture.ts';

/** Cards, and rows of opened ones, above which the slow layout is not asked: it takes seconds where ours takes milliseconds. */
const most = { cards: 100, rows: 1500 };

/** A picture's graph as it stands, for a layout that takes its time over it. */
export interface CloseGraph extends LayoutGraph {
  /** Per card, where it stands now: columns are kept. */
  readonly at: readonly Point[];
  /** Whether the order within columns is kept too, since the reader has seen it. */
  readonly keepOrder: boolean;
}

/** What of a picture is to be laid out closely; undefined where that would gain nothing or take too long. */
export function toCloseGraph(picture: Picture, keepOrder: boolean): CloseGraph | undefined {
  const { cards, links } = picture;
  if (cards.length < 3 || cards.length > most.cards || links.filter(({ from, to }) => from !== to).length < 2) return undefined;
  if (picture.frames.length > 0 || picture.headings.length > 0) return undefined;
  if (cards.reduce((sum, card) => sum + card.rows.length, 0) > most.rows) return undefined;
  return {
    cards: cards.map(({ id, width, height }) => ({ id, width, height })),
    at: cards.map(({ x, y }) => ({ x, y })),
    links: links.map(({ from, to, route }) => ({
      from,
      to,
      fromPort: route[1]! - cards[from]!.y,
      toPort: route[route.length - 1]! - cards[to]!.y,
    })),
    keepOrder,
  };
}

/** The same picture with its cards and links where another layout puts them; its anchor does not move. */
export function withLayout(picture: Picture, made: Layout): Picture {
  const anchor = picture.cards.findIndex((card) => card.id === picture.anchor);
  const held = anchor < 0 ? 0 : anchor;
  const before = picture.cards[held];
  const now = made.cards[held];
  const moved = before === undefined || now === undefined ? made : moveLayout(made, before.x - now.x, before.y - now.y);
  const cards = picture.cards.map((card, i): Card => ({ ...card, x: moved.cards[i]!.x, y: moved.cards[i]!.y }));
  const links = picture.links.map((link, i): Link => ({ ...link, route: moved.routes[i]! }));
  return { ...picture, cards, links, ...toBounds(cards, moved.routes) };
}

/** How hard a picture is to follow: the crossings of its links, and how far they run in all. */
export interface Effort {
  readonly crossings: number;
  readonly length: number;
}

/** Counts what the eye has to follow; links that meet in a point they share do not cross. */
export function measureEffort(links: readonly { readonly route: readonly number[] }[]): Effort {
  const pieces: { readonly link: number; readonly ends: readonly [number, number, number, number] }[] = [];
  let length = 0;
  links.forEach(({ route }, link) => {
    for (let at = 0; at + 3 < route.length; at += 2) {
      const ends = [route[at]!, route[at + 1]!, route[at + 2]!, route[at + 3]!] as const;
      length += Math.hypot(ends[2] - ends[0], ends[3] - ends[1]);
      pieces.push({ link, ends: ends[0] <= ends[2] ? [...ends] : [ends[2], ends[3], ends[0], ends[1]] });
    }
  });
  pieces.sort((a, b) => a.ends[0] - b.ends[0]);
  let crossings = 0;
  for (let i = 0; i < pieces.length; i++)
    for (let j = i + 1; j < pieces.length && pieces[j]!.ends[0] < pieces[i]!.ends[2]; j++)
      if (pieces[i]!.link !== pieces[j]!.link && doCross(pieces[i]!.ends, pieces[j]!.ends)) crossings++;
  return { crossings, length: Math.round(length) };
}

/** Whether the first is easier to follow: fewer crossings, or as many over clearly shorter links. */
export function isEasier(first: Effort, second: Effort): boolean {
  return first.crossings < second.crossings || (first.crossings === second.crossings && first.length < second.length * 0.97);
}

type Ends = readonly [number, number, number, number];

function doCross(a: Ends, b: Ends): boolean {
  return side(a, b[0], b[1]) * side(a, b[2], b[3]) < 0 && side(b, a[0], a[1]) * side(b, a[2], a[3]) < 0;
}

function side([ax, ay, bx, by]: Ends, x: number, y: number): number {
  return Math.sign((bx - ax) * (y - ay) - (by - ay) * (x - ax));
}
