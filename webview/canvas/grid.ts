import type { Picture } from '../../src/core/layout/picture.ts';
import type { Box } from './camera.ts';

/** The values of every cell, one cell after the other. */
interface Rows {
  readonly start: Int32Array;
  readonly values: Int32Array;
}

/** Finds the cards and links near a place without looking at all of them: cells of a coarse grid over the picture. */
export class PictureGrid {
  readonly #size: number;
  readonly #columns: number;
  readonly #rows: number;
  readonly #cards: Rows;
  readonly #pieces: Rows;
  readonly #pieceLink: Int32Array;
  readonly #pieceAt: Int32Array;
  readonly #seenLinks: Uint32Array;
  readonly #seenPieces: Uint32Array;
  readonly #seenCards: Uint32Array;
  #round = 0;

  constructor(readonly picture: Picture) {
    const width = Math.max(1, picture.right - picture.left);
    const height = Math.max(1, picture.bottom - picture.top);
    this.#size = Math.max(240, Math.sqrt((width * height) / 6000));
    this.#columns = Math.ceil(width / this.#size) + 1;
    this.#rows = Math.ceil(height / this.#size) + 1;
    const pieceLink: number[] = [];
    const pieceAt: number[] = [];
    picture.links.forEach((link, i) => {
      // Piece by piece: a long link is found and drawn where it runs, not everywhere in the rectangle around it.
      for (let k = 0; k + 3 < link.route.length; k += 2) {
        pieceLink.push(i);
        pieceAt.push(k);
      }
    });
    this.#pieceLink = Int32Array.from(pieceLink);
    this.#pieceAt = Int32Array.from(pieceAt);
    this.#cards = this.#toRows(picture.cards.length, (i) => {
      const { x, y, width, height } = picture.cards[i]!;
      return { left: x, top: y, right: x + width, bottom: y + height };
    });
    this.#pieces = this.#toRows(pieceLink.length, (i) => toPieceBox(picture.links[pieceLink[i]!]!.route, pieceAt[i]!));
    this.#seenCards = new Uint32Array(picture.cards.length);
    this.#seenLinks = new Uint32Array(picture.links.length);
    this.#seenPieces = new Uint32Array(pieceLink.length);
  }

  cardsIn(box: Box): number[] {
    const found: number[] = [];
    const round = ++this.#round;
    this.#cover(box, (cell) => {
      const { start, values } = this.#cards;
      for (let at = start[cell]!; at < start[cell + 1]!; at++) {
        const i = values[at]!;
        if (this.#seenCards[i] === round) continue;
        this.#seenCards[i] = round;
        const card = this.picture.cards[i]!;
        if (card.x <= box.right && card.x + card.width >= box.left && card.y <= box.bottom && card.y + card.height >= box.top)
          found.push(i);
      }
    });
    return found.sort((a, b) => a - b);
  }

  /** Calls back for every piece of a link that a box may show: the link, and where in its route the piece begins. */
  visitPieces(box: Box, visit: (link: number, at: number) => void): void {
    const round = ++this.#round;
    this.#cover(box, (cell) => {
      const { start, values } = this.#pieces;
      for (let j = start[cell]!; j < start[cell + 1]!; j++) {
        const piece = values[j]!;
        if (this.#seenPieces[piece] === round) continue;
        this.#seenPieces[piece] = round;
        const link = this.#pieceLink[piece]!;
        const at = this.#pieceAt[piece]!;
        const { route } = this.picture.links[link]!;
        const bulge = Math.abs(route[at]! - route[at + 2]!) < 2 ? 100 : 0;
        if (Math.min(route[at]!, route[at + 2]!) > box.right || Math.max(route[at]!, route[at + 2]!) + bulge < box.left) continue;
        if (Math.min(route[at + 1]!, route[at + 3]!) > box.bottom || Math.max(route[at + 1]!, route[at + 3]!) < box.top) continue;
        visit(link, at);
      }
    });
  }

  linksIn(box: Box): number[] {
    const found: number[] = [];
    const round = this.#round + 1;
    this.visitPieces(box, (link) => {
      if (this.#seenLinks[link] === round) return;
      this.#seenLinks[link] = round;
      found.push(link);
    });
    return found;
  }

  /** The boxes that each cell holds, in their order: counted first, so that thousands of cells need no lists of their own. */
  #toRows(count: number, boxOf: (index: number) => Box): Rows {
    const start = new Int32Array(this.#columns * this.#rows + 1);
    for (let i = 0; i < count; i++) this.#cover(boxOf(i), (cell) => start[cell + 1]!++);
    for (let cell = 1; cell < start.length; cell++) start[cell]! += start[cell - 1]!;
    const next = start.slice();
    const values = new Int32Array(start.at(-1)!);
    for (let i = 0; i < count; i++)
      this.#cover(boxOf(i), (cell) => {
        values[next[cell]!++] = i;
      });
    return { start, values };
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

function toPieceBox(route: readonly number[], at: number): Box {
  const [x0, y0, x1, y1] = [route[at]!, route[at + 1]!, route[at + 2]!, route[at + 3]!];
  const bulge = Math.abs(x0 - x1) < 2 ? 100 : 0;
  return { left: Math.min(x0, x1), right: Math.max(x0, x1) + bulge, top: Math.min(y0, y1), bottom: Math.max(y0, y1) };
}
