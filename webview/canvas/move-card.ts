import type { Picture } from '../../src/core/layout/picture.ts';
import { routeBetween } from '../../src/core/layout/route-between.ts';

/** The picture with one card elsewhere; its links leave from the sides that face each other. */
export function withMovedCard(picture: Picture, at: number, x: number, y: number): Picture {
  const before = picture.cards;
  const cards = before.map((card, i) => (i === at ? { ...card, x: card.x + x, y: card.y + y } : card));
  const links = picture.links.map((link) => {
    if ((link.from !== at && link.to !== at) || link.from === link.to) return link;
    const fromPort = link.route[1]! - before[link.from]!.y;
    const toPort = link.route[link.route.length - 1]! - before[link.to]!.y;
    return { ...link, route: routeBetween(cards[link.from]!, cards[link.to]!, fromPort, toPort) };
  });
  const moved = cards[at]!;
  return {
    ...picture,
    cards,
    links,
    left: Math.min(picture.left, moved.x),
    top: Math.min(picture.top, moved.y),
    right: Math.max(picture.right, moved.x + moved.width),
    bottom: Math.max(picture.bottom, moved.y + moved.height),
  };
}
