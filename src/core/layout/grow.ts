import type { Layout, Placed } from './layout.ts';
import { toBounds } from './layout.ts';

/** The new size of a card. */
export interface Growth {
  readonly width: number;
  readonly height: number;
}

/**
 * The same layout after cards changed their size: the cards below a grown card move down, the columns right of a widened one move
 * right, and nothing else moves. Routes keep their bends.
 */
export function growCards(made: Layout, growths: ReadonlyMap<string, Growth>): Layout {
  if (growths.size === 0) return made;
  const columns = new Map<number, Placed[]>();
  for (const card of made.cards) {
    const column = columns.get(card.x);
    if (column === undefined) columns.set(card.x, [card]);
    else column.push(card);
  }
  const xs = [...columns.keys()].sort((a, b) => a - b);
  const shifts: {
    readonly x: number;
    readonly right: number;
    readonly dx: number;
    readonly wider: number;
    readonly steps: readonly Step[];
  }[] = [];
  const moved = new Map<string, Placed>();
  let dx = 0;
  for (const x of xs) {
    const cards = [...columns.get(x)!].sort((a, b) => a.y - b.y);
    const width = Math.max(...cards.map((card) => card.width));
    const wanted = Math.max(width, ...cards.map((card) => growths.get(card.id)?.width ?? 0));
    const steps: Step[] = [];
    let dy = 0;
    for (const card of cards) {
      const growth = growths.get(card.id);
      const height = growth?.height ?? card.height;
      moved.set(card.id, { ...card, x: x + dx, y: card.y + dy, width: Math.max(card.width, wanted), height });
      if (height > card.height) {
        dy += height - card.height;
        steps.push({ below: card.y + card.height / 2, dy });
      }
    }
    shifts.push({ x, right: x + width, dx, wider: wanted - width, steps });
    dx += wanted - width;
  }

  const place = (x: number, y: number): [number, number] => {
    let found = shifts[0]!;
    for (const shift of shifts) if (shift.x <= x + 0.5) found = shift;
    const right = x >= found.right - 0.5;
    let dy = 0;
    if (x <= found.right + 0.5) for (const step of found.steps) if (y > step.below) dy = step.dy;
    return [x + found.dx + (right ? found.wider : 0), y + dy];
  };
  const cards = made.cards.map((card) => moved.get(card.id)!);
  const routes = made.routes.map((route) => {
    const points: number[] = [];
    for (let i = 0; i < route.length; i += 2) points.push(...place(route[i]!, route[i + 1]!));
    return points;
  });
  return { cards, routes, ...toBounds(cards, routes) };
}

interface Step {
  readonly below: number;
  readonly dy: number;
}
