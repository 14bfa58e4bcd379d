import type { Picture } from '../../src/core/layout/picture.ts';

export type Way = 'left' | 'right' | 'up' | 'down';

/** Where the keyboard goes from a card: left and right along links, up and down within the column, each to the nearest. */
export function findNext(picture: Picture, from: number, way: Way): number | undefined {
  const card = picture.cards[from];
  if (card === undefined) return picture.cards.length > 0 ? toStart(picture) : undefined;
  const middle = card.y + Math.min(card.height, 44) / 2;
  if (way === 'left' || way === 'right') {
    const ends = new Set<number>();
    for (const link of picture.links) {
      if (way === 'right' && link.from === from && link.to !== from) ends.add(link.to);
      if (way === 'left' && link.to === from && link.from !== from) ends.add(link.from);
    }
    return nearest(picture, [...ends], (at) => Math.abs(at.y + Math.min(at.height, 44) / 2 - middle) + Math.abs(at.x - card.x) / 50);
  }
  const sign = way === 'down' ? 1 : -1;
  const beside = picture.cards.flatMap((at, i) => (i !== from && sign * (at.y - card.y) > 0 && overlaps(at, card) ? [i] : []));
  return nearest(picture, beside, (at) => sign * (at.y - card.y));
}

/** The card that travel starts from: what the picture is about, else the first from the left and the top. */
export function toStart(picture: Picture): number {
  const anchor = picture.cards.findIndex((card) => card.id === picture.anchor);
  if (anchor >= 0) return anchor;
  let best = 0;
  picture.cards.forEach((card, i) => {
    const first = picture.cards[best]!;
    if (card.x < first.x || (card.x === first.x && card.y < first.y)) best = i;
  });
  return best;
}

function overlaps(a: { readonly x: number; readonly width: number }, b: { readonly x: number; readonly width: number }): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width;
}

function nearest(picture: Picture, indices: readonly number[], distance: (card: Picture['cards'][number]) => number): number | undefined {
  let best: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const i of indices) {
    const far = distance(picture.cards[i]!);
    if (far < least) {
      least = far;
      best = i;
    }
  }
  return best;
}
