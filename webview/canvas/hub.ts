import type { Picture } from '../../src/core/layout/picture.ts';

/** The card with the most links, which a large picture without a middle opens on. */
export function findHub(picture: Picture): Picture['cards'][number] | undefined {
  const links = new Uint32Array(picture.cards.length);
  for (const { from, to } of picture.links) {
    links[from] = (links[from] ?? 0) + 1;
    links[to] = (links[to] ?? 0) + 1;
  }
  const most = Math.max(0, ...links);
  return most === 0 ? undefined : picture.cards[links.indexOf(most)];
}
