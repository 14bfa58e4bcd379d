import type { Picture } from '../../src/core/layout/picture.ts';
import type { Box } from './camera.ts';

/** Finds the cards and links near a place without looking at all of them: cells of a coarse grid over the picture. */
export class PictureGrid {
  readonly #size: number;
  readonly #columns: number;
  readonly #rows: number;
  readonly #cards: Int32Array[] = [];
  readonly #links: Int32Array[] = [];
  readonly #linkBoxes: Float32Array;
  readonly #seenLinks: Uint32Array;
  readonly #seenCards: Uint32Array;
  #round = 0;

  constructor(readonly picture: Picture) {
    const width = Math.max(1, picture.right - picture.left);
    const height = Math.max(1, picture.bottom - picture.top);
    this.#size = Math.max(240, Math.sqrt((width * height) / 6000));
    this.#columns = Math.ceil(width / this.#size) + 1;
    this.#rows = Math.ceil(height / this.#size) + 1;
    const cards: number[][] = [];
    const links: number[][] = [];
    picture.cards.forEach((card, i) => {
      this.#cover({ left: card.x, top: card.y, right: card.x + card.width, bottom: card.y + card.height }, (cell) => push(cards, cell, i));
    });
    this.#linkBoxes = new Float32Array(picture.links.length * 4);
    picture.links.forEach((link, i) => {
      const box = toRouteBox(link.route);
      this.#linkBoxes.set([box.left, box.top, box.right, box.bottom], i * 4);
      // Piece by piece: a long link is found where it runs, not everywhere in the rectangle around it.
      for (let k = 0; k + 3 < link.route.length; k += 2)
        this.#cover(toRouteBox(link.route.slice(k, k + 4)), (cell) => push(links, cell, i));
    });
    const cells = this.#columns * this.#rows;
    for (let cell = 0; cell < cells; cell++) {
      this.#cards.push(Int32Array.from(cards[cell] ?? []));
      this.#links.push(Int32Array.from(links[cell] ?? []));
    }
    this.#seenCards = new Uint32Array(picture.cards.length);
    this.#seenLinks = new Uint32Array(picture.links.length);
  }

  cardsIn(box: Box): number[] {
    const found: number[] = [];
    const round = ++this.#round;
    this.#cover(box, (cell) => {
      for (const i of this.#cards[cell] ?? [])
        if (this.#seenCards[i] !== round) {
          this.#seenCards[i] = round;
          const card = this.picture.cards[i]!;
          if (card.x <= box.right && card.x + card.width >= box.left && card.y <= box.bottom && card.y + card.height >= box.top)
            found.push(i);
        }
    });
    return found.sort((a, b) => a - b);
  }

  linksIn(box: Box): number[] {
    const found: number[] = [];
    const round = ++this.#round;
    const boxes = this.#linkBoxes;
    this.#cover(box, (cell) => {
      for (const i of this.#links[cell] ?? [])
        if (this.#seenLinks[i] !== round) {
          this.#seenLinks[i] = round;
          const at = i * 4;
          if (boxes[at]! <= box.right && boxes[at + 2]! >= box.left && boxes[at + 1]! <= box.bottom && boxes[at + 3]! >= box.top)
            found.push(i);
        }
    });
    return found;
  }

  #cover(box: Box, visit: (cell: number) => void): void {
    const { left, top } = this.picture;
    const x0 = Math.max(0, Math.floor((box.left - left) / this.#size));
    const x1 = Math.min(this.#columns - 1, Math.floor((box.right - left) / this.#size));
    const y0 = Math.max(0, Math.floor((box.top - top) / this.#size));
    const y1 = Math.min(this.#rows - 1, Math.floor((box.bottom - top) / this.#size));
    for (let y = y0; y <= y1; y++) for (let x = x0; x <= x1; x++) visit(y * this.#columns + x);
  }
}

/** The rectangle around a route. */
export function toRouteBox(route: readonly number[]): Box {
  let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < route.length; i += 2) {
    left = Math.min(left, route[i]!);
    right = Math.max(right, route[i]!);
    top = Math.min(top, route[i + 1]!);
    bottom = Math.max(bottom, route[i + 1]!);
  }
  return { left, top, right, bottom };
}

function push(cells: number[][], cell: number, value: number): void {
  const list = cells[cell];
  if (list === undefined) cells[cell] = [value];
  else if (list.at(-1) !== value) list.push(value);
}
