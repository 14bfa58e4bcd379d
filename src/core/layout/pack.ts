import type { Card, Link, Picture } from './picture.ts';
import { emptyCard } from './scene.ts';

const placeless: Card = { ...emptyCard, x: 0, y: 0, width: 0, height: 0 };
const plainLink: Omit<Link, 'from' | 'to' | 'route'> = { kind: 'flow', emphasis: 'plain', weight: 1, label: '', detail: '' };

/** A link as three numbers and its route where it is like most others. */
type PackedLink = Link | readonly number[];

type PackedPicture = Omit<Picture, 'cards' | 'links'> & { readonly cards: readonly Partial<Card>[]; readonly links: readonly PackedLink[] };

/**
 * A picture as bytes: what thousands of cards have in common is left out, and whatever carries it between threads and processes copies one
 * buffer instead of a hundred thousand values.
 */
export function packPicture(picture: Picture): Uint8Array {
  const packed: PackedPicture = { ...picture, cards: picture.cards.map(toDifference), links: picture.links.map(packLink) };
  return new TextEncoder().encode(JSON.stringify(packed));
}

/** The picture that was packed. */
export function unpackPicture(bytes: Uint8Array): Picture {
  const packed = JSON.parse(new TextDecoder().decode(bytes)) as PackedPicture;
  return { ...packed, cards: packed.cards.map((card) => ({ ...placeless, ...card })), links: packed.links.map(unpackLink) };
}

function toDifference(card: Card): Partial<Card> {
  const different: Record<string, unknown> = {};
  for (const key of Object.keys(card) as (keyof Card)[]) {
    const value = card[key];
    const isUsual = value === placeless[key] || (Array.isArray(value) && value.length === 0) || (key === 'tests' && card.tests.count === 0);
    if (!isUsual) different[key] = value;
  }
  return different;
}

function packLink(link: Link): PackedLink {
  const isPlain = (Object.keys(plainLink) as (keyof typeof plainLink)[]).every((key) => link[key] === plainLink[key]);
  const isBare = link.fromColumn === undefined && link.toColumn === undefined && link.feet === undefined;
  return isPlain && isBare ? [link.from, link.to, ...link.route] : link;
}

function unpackLink(packed: PackedLink): Link {
  if (!Array.isArray(packed)) return packed as Link;
  const [from, to, ...route] = packed as number[];
  return { ...plainLink, from: from!, to: to!, route };
}
