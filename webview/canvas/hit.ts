import { cardMeasures } from '../../src/core/layout/card-size.ts';
import type { PictureGrid } from './grid.ts';
import { toHandle } from './paint-card.ts';

/** What is under a point of the picture. */
export type Hit =
  | { readonly kind: 'ground' }
  | { readonly kind: 'card'; readonly card: number }
  | { readonly kind: 'row'; readonly card: number; readonly row: number }
  | { readonly kind: 'chevron'; readonly card: number }
  | { readonly kind: 'handle'; readonly card: number; readonly side: 'up' | 'down' }
  | { readonly kind: 'link'; readonly link: number }
  | { readonly kind: 'frame'; readonly id: string };

/** Finds what is under a point: handles before cards, cards before links. */
export function findHit(grid: PictureGrid, x: number, y: number, zoom: number): Hit {
  const { picture } = grid;
  const near = grid.cardsIn({ left: x - 60, right: x + 60, top: y, bottom: y + 10 });
  if (zoom >= 0.35)
    for (const card of near)
      for (const side of ['up', 'down'] as const) {
        const box = toHandle(picture.cards[card]!, side);
        if (box !== undefined && x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height)
          return { kind: 'handle', card, side };
      }
  const slack = Math.max(0, 4 / zoom - 8);
  for (const i of grid.cardsIn({ left: x - slack, right: x + slack, top: y - slack, bottom: y + slack }).reverse()) {
    const card = picture.cards[i]!;
    if (zoom < 0.4 || card.kind === 'group' || card.kind === 'more') return { kind: 'card', card: i };
    if (card.canExpand && x > card.x + card.width - 26 && y < card.y + cardMeasures.header) return { kind: 'chevron', card: i };
    const row = card.rows.findIndex((at) => Math.abs(card.y + at.y - y) <= cardMeasures.row / 2);
    return row >= 0 ? { kind: 'row', card: i, row } : { kind: 'card', card: i };
  }
  const reach = 6 / zoom;
  let best: Hit = { kind: 'ground' };
  let least = reach;
  for (const link of grid.linksIn({ left: x - reach, right: x + reach, top: y - reach, bottom: y + reach })) {
    const far = toDistance(picture.links[link]!.route, x, y);
    // A lit link lies on top of the plain one beneath it.
    if (far < least || (far <= least && picture.links[link]!.emphasis === 'lit')) {
      least = far;
      best = { kind: 'link', link };
    }
  }
  if (best.kind === 'link') return best;
  const frame = picture.frames.find((at) => x >= at.x && x <= at.x + at.width && y >= at.y && y <= at.y + 30);
  return frame === undefined ? best : { kind: 'frame', id: frame.id };
}

/** How far a point is from a route as it is drawn. */
function toDistance(route: readonly number[], x: number, y: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 2; i < route.length; i += 2) {
    const [x0, y0, x1, y1] = [route[i - 2]!, route[i - 1]!, route[i]!, route[i + 1]!];
    const low = Math.min(x0, x1);
    const high = Math.max(x0, x1);
    if (x < low - 8 || x > high + 8) continue;
    // The curve's own equation with both control points on the middle: good to a pixel for steep and flat ones alike.
    const at = high - low < 2 ? (y - y0) / (y1 - y0 || 1) : toCurveTime((x - x0) / (x1 - x0));
    const curve = (i / 2) % 2 === 1 ? 3 * at * at - 2 * at * at * at : at;
    const bulge = high - low < 2 ? (28 + Math.min(70, Math.abs(y1 - y0) * 0.18)) * 3 * at * (1 - at) : 0;
    least = Math.min(least, high - low < 2 ? Math.abs(x - x0 - bulge) : Math.abs(y - (y0 + (y1 - y0) * curve)));
  }
  return least;
}

/** The parameter at which the curve with control points at half its width has covered a share of it. */
function toCurveTime(share: number): number {
  let t = Math.max(0, Math.min(1, share));
  for (let i = 0; i < 6; i++) {
    const value = 1.5 * t * (1 - t) * (1 - t) + 1.5 * t * t * (1 - t) + t * t * t - share;
    const slope = 1.5 * (1 - t) * (1 - t) - 1.5 * t * t + 3 * t * t;
    t = Math.max(0, Math.min(1, t - value / Math.max(0.1, slope)));
  }
  return t;
}
