import type { LayoutLink } from './digraph.ts';
import type { Layout, Point } from './layout.ts';
import { toBounds } from './layout.ts';

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A route between two cards that stand anywhere, from the sides that face each other; ports are heights within the cards. */
export function routeBetween(from: Box, to: Box, fromPort: number, toPort: number): readonly number[] {
  const [start, end] = [from.y + fromPort, to.y + toPort];
  if (to.x >= from.x + from.width) return [from.x + from.width, start, to.x, end];
  if (from.x >= to.x + to.width) return [from.x, start, to.x + to.width, end];
  // One above the other: around the right side, which stands at the same place for both.
  const side = Math.max(from.x + from.width, to.x + to.width) + 26;
  return [from.x + from.width, start, side, start, side, end, to.x + to.width, end];
}

/** A layout with some cards where somebody put them: the others give way downwards, and links follow. */
export function placeCards(made: Layout, links: readonly LayoutLink[], places: ReadonlyMap<string, Point>, gap: number): Layout {
  if (!made.cards.some(({ id }) => places.has(id))) return made;
  const cards = made.cards.map((card) => ({ ...card, ...places.get(card.id) }));
  const settled = cards.filter(({ id }) => places.has(id));
  const others = cards.filter(({ id }) => !places.has(id)).sort((a, b) => a.y - b.y || a.x - b.x);
  for (const card of others) {
    for (let next = blocking(card, settled, gap); next !== undefined; next = blocking(card, settled, gap))
      card.y = next.y + next.height + gap;
    settled.push(card);
  }
  const moved = (i: number): boolean => cards[i]!.x !== made.cards[i]!.x || cards[i]!.y !== made.cards[i]!.y;
  const routes = links.map(({ from, to, fromPort, toPort }, i) =>
    from !== to && (moved(from) || moved(to)) ? routeBetween(cards[from]!, cards[to]!, fromPort ?? 20, toPort ?? 20) : made.routes[i]!,
  );
  return { cards, routes, ...toBounds(cards, routes) };
}

function blocking(card: Box, settled: readonly Box[], gap: number): Box | undefined {
  return settled.find(
    (other) =>
      card.x < other.x + other.width + gap / 2 &&
      other.x < card.x + card.width + gap / 2 &&
      card.y < other.y + other.height &&
      other.y < card.y + card.height,
  );
}
