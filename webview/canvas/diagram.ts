import { headingSize } from '../../src/core/layout/card-size.ts';
import type { Card, Picture } from '../../src/core/layout/picture.ts';
import { toTextWidth } from '../../src/core/layout/text-width.ts';
import { element } from '../ui/element.ts';
import type { Box, Camera } from './camera.ts';
import { centreOn, toFilled, toFit, toReveal, zoomAt } from './camera.ts';
import { toPng } from './export-png.ts';
import { listenToGestures } from './gestures.ts';
import { PictureGrid } from './grid.ts';
import type { Hit } from './hit.ts';
import { findHit } from './hit.ts';
import { findHub } from './hub.ts';
import { Minimap } from './minimap.ts';
import { prefersStillness, toBetween } from './motion.ts';
import { withMovedCard } from './move-card.ts';
import type { Attention } from './paint.ts';
import { isLarge, paint } from './paint.ts';
import type { Palette } from './palette.ts';
import { readPalette, toPrintPalette } from './palette.ts';
import { Tiles } from './tiles.ts';
import { PictureTree } from './tree.ts';

/** What a diagram tells the surface it stands on. */
export interface DiagramListener {
  /** Something was pressed; `twice` for a double press. */
  press(hit: Hit, twice: boolean, event: PointerEvent): void;
  menu(hit: Hit, at: { readonly x: number; readonly y: number }): void;
  /** The pointer rests on something, or on nothing. */
  hover(hit: Hit | undefined, at: { readonly x: number; readonly y: number }): void;
  key(event: KeyboardEvent): void;
  selected(card: number, row: number): void;
  moved(): void;
  /** Cards were put elsewhere; without it cards cannot be dragged. */
  placed?(): void;
}

const nothing: Attention = { card: -1, row: -1, hoverCard: -1, hoverRow: -1, hoverLink: -1, keyboard: false };

/** A picture of no more cards is opened as a whole. */
const fewCards = 60;

/** A picture on a canvas that can be panned, zoomed, pointed at and walked by keyboard; it draws what it was last shown. */
export class Diagram {
  readonly node: HTMLElement;
  readonly tree: PictureTree;
  readonly #canvas: HTMLCanvasElement;
  readonly #minimap: Minimap;
  #picture: Picture | undefined;
  #grid: PictureGrid | undefined;
  #camera: Camera = { x: 0, y: 0, zoom: 1 };
  #fitted: Camera | undefined;
  #fittedWhole = false;
  #palette: Palette = readPalette();
  #attention: Attention = nothing;
  #width = 0;
  #height = 0;
  #ratio = 1;
  #asked = 0;
  /** The card that is being dragged. */
  #held = -1;
  #colouring: ((palette: Palette, picture: Picture) => Palette['colour']) | undefined;
  #before: ReadonlyMap<string, Card> | undefined;
  #started = 0;
  readonly #tiles = new Tiles();

  constructor(
    label: string,
    readonly listener: DiagramListener,
  ) {
    this.#canvas = element('canvas', { class: 'hw-canvas', 'aria-hidden': 'true' });
    this.tree = new PictureTree(label);
    this.#minimap = new Minimap((x, y) => this.#setCamera(centreOn(x, y, this.#camera.zoom, this.#width, this.#height)));
    this.node = element('div', { class: 'hw-diagram' }, this.#canvas, this.tree.node, this.#minimap.node);
    new ResizeObserver(() => this.#resize()).observe(this.node);
    const recolour = new MutationObserver(() => this.repaint(true));
    for (const watched of [document.body, document.documentElement])
      recolour.observe(watched, { attributes: true, attributeFilter: ['class', 'style'] });
    addEventListener('beforeprint', () => this.#print());
    addEventListener('afterprint', () => this.repaint(true));
    this.#listen();
  }

  get picture(): Picture | undefined {
    return this.#picture;
  }

  get camera(): Camera {
    return this.#camera;
  }

  get selection(): { readonly card: number; readonly row: number } {
    return this.#attention;
  }

  get selectedCard(): Card | undefined {
    return this.#picture?.cards[this.#attention.card];
  }

  /** Colours cards by something else than their layer, or by that again. */
  colourBy(make: ((palette: Palette, picture: Picture) => Palette['colour']) | undefined): void {
    this.#colouring = make;
    this.repaint(true);
  }

  #readPalette(): Palette {
    const palette = readPalette();
    const colour = this.#picture && this.#colouring?.(palette, this.#picture);
    return colour === undefined ? palette : { ...palette, colour };
  }

  /** Shows a picture; a card that was there before stays where it is on the screen. Else, or when drawn afresh, the picture is fitted. */
  show(picture: Picture, camera?: Camera, afresh = false): void {
    const before = this.#picture;
    const selected = this.selectedCard?.id ?? picture.anchor;
    const standing = before && new Map(before.cards.map((card) => [card.id, card]));
    this.#picture = picture;
    this.#grid = new PictureGrid(picture);
    const at = picture.cards.findIndex((card) => card.id === selected);
    this.#attention = { ...nothing, card: at, keyboard: this.#attention.keyboard };
    const hold = afresh ? undefined : this.#findHold(picture, standing);
    if (camera !== undefined) this.#camera = camera;
    else if (hold !== undefined && standing !== undefined) {
      const was = standing.get(hold.id)!;
      this.#camera = { ...this.#camera, x: this.#camera.x + hold.x - was.x, y: this.#camera.y + hold.y - was.y };
      if (standing && before && picture.cards.length <= 300 && !prefersStillness()) this.#animate(standing, hold.x - was.x, hold.y - was.y);
    } else this.fit();
    this.tree.show(picture);
    this.tree.point(at, -1);
    if (this.#colouring !== undefined) this.#palette = this.#readPalette();
    this.#minimap.show(picture, this.#palette, this.#ratio);
    this.repaint();
  }

  select(card: number, row: number, keyboard: boolean): void {
    this.#attention = { ...this.#attention, card, row, keyboard };
    this.tree.point(card, row);
    const found = this.#picture?.cards[card];
    if (found !== undefined && keyboard) {
      const y = row >= 0 ? found.y + (found.rows[row]?.y ?? 0) : found.y;
      const box = {
        left: found.x,
        right: found.x + found.width,
        top: row >= 0 ? y - 20 : y,
        bottom: row >= 0 ? y + 20 : Math.min(found.y + found.height, y + 80),
      };
      this.#setCamera(toReveal(this.#camera, box, this.#width, this.#height));
    }
    this.listener.selected(card, row);
    this.repaint();
  }

  /** The whole picture; a large one opens on what it is about, at a size that can be read. */
  fit(whole = false): void {
    const picture = this.#picture;
    if (picture === undefined || this.#width === 0) return;
    // Headings are as wide as their words, which may be wider than the column below them.
    const right = Math.max(picture.right, ...picture.headings.map(({ x, name }) => x + toTextWidth(name, 1.5 * headingSize, true)));
    const box = { ...picture, right };
    const fitted = toFit(box, this.#width, this.#height);
    const anchor = picture.cards.find((card) => card.id === picture.anchor) ?? this.selectedCard ?? findHub(picture);
    this.#fittedWhole = whole;
    // The overview is read from further away than cards are.
    // The overview, and a picture of few cards, is read from further away than many cards are.
    const readable = picture.headings.length > 0 ? 0.3 : picture.cards.length <= fewCards ? 0.36 : 0.62;
    if (whole || fitted.zoom >= readable || anchor === undefined) this.#setCamera(fitted);
    else {
      const middle = centreOn(anchor.x + anchor.width / 2, anchor.y + Math.min(anchor.height, 400) / 2, 0.8, this.#width, this.#height);
      this.#setCamera(toFilled(middle, box, this.#width, this.#height));
    }
    this.#fitted = this.#camera;
  }

  /** Whether the picture is shown whole, as small as that may make it. */
  get isWhole(): boolean {
    const picture = this.#picture;
    return picture === undefined || this.#width === 0 || toFit(picture, this.#width, this.#height).zoom >= this.#camera.zoom * 0.99;
  }

  /** Brings a box of the picture into sight, together with everything else where that stays readable. */
  showBox(box: Box): void {
    const picture = this.#picture;
    if (picture === undefined || this.#width === 0) return;
    const whole = toFit(picture, this.#width, this.#height);
    this.#setCamera(whole.zoom >= 0.45 ? whole : toFit(box, this.#width, this.#height));
  }

  /** Whether nobody has moved the view since the picture was fitted into it. */
  get isFitted(): boolean {
    return this.#camera === this.#fitted;
  }

  zoom(factor: number): void {
    this.#setCamera(zoomAt(this.#camera, factor, this.#width / 2, this.#height / 2));
  }

  /** Puts a card in the middle and selects it. */
  goTo(card: number): void {
    const found = this.#picture?.cards[card];
    if (found === undefined) return;
    const zoom = Math.max(0.7, this.#camera.zoom);
    this.#setCamera(centreOn(found.x + found.width / 2, found.y + Math.min(found.height, 300) / 2, zoom, this.#width, this.#height));
    this.select(card, -1, true);
  }

  /** Where on the page a card's lower left corner is. */
  toScreen(card: number): { readonly x: number; readonly y: number } {
    const found = this.#picture?.cards[card];
    const box = this.node.getBoundingClientRect();
    if (found === undefined) return { x: box.left + 20, y: box.top + 20 };
    const { x, y, zoom } = this.#camera;
    return { x: box.left + (found.x - x) * zoom, y: box.top + (Math.min(found.y + found.height, found.y + 44) - y) * zoom };
  }

  /** The picture, whole or as seen, as PNG bytes at twice its size. */
  toPng(whole: boolean): Promise<Uint8Array> {
    const screen = { camera: this.#camera, width: this.#width, height: this.#height };
    return toPng(this.#picture!, this.#grid!, this.#palette, whole ? undefined : screen);
  }

  repaint(recoloured = false): void {
    if (recoloured) {
      this.#palette = this.#readPalette();
      if (this.#picture) this.#minimap.show(this.#picture, this.#palette, this.#ratio);
    }
    if (this.#asked === 0) this.#asked = requestAnimationFrame(() => this.#paint());
  }

  /** Draws at once and answers how long that took; for measurements. */
  paintNow(): number {
    const from = performance.now();
    this.#paint();
    return performance.now() - from;
  }

  setCamera(camera: Camera): void {
    this.#setCamera(camera);
  }

  #paint(): void {
    this.#asked = 0;
    const { picture } = this;
    if (picture === undefined || this.#grid === undefined || this.#width === 0) return;
    const progress = this.#before === undefined ? 1 : Math.min(1, (performance.now() - this.#started) / 200);
    const before = this.#before;
    const eased = 1 - (1 - progress) ** 3;
    const ctx = this.#canvas.getContext('2d', { alpha: false })!;
    const frame = {
      picture,
      grid: this.#grid,
      camera: this.#camera,
      palette: this.#palette,
      attention: this.#attention,
      width: this.#width,
      height: this.#height,
      ratio: this.#ratio,
      progress: eased,
      ...(before === undefined ? {} : { cardAt: (i: number) => toBetween(before.get(picture.cards[i]!.id), picture.cards[i]!, eased) }),
    };
    let left: ReturnType<Tiles['paint']> = 'nothing';
    if (progress === 1 && isLarge(picture)) left = this.#tiles.paint(ctx, frame);
    else paint(ctx, frame);
    // Whoever measures or photographs the page learns here that everything in sight is drawn.
    this.node.dataset.drawn = String(left !== 'seen' && progress === 1);
    this.#minimap.follow(this.#camera, this.#width, this.#height, picture, this.#palette, this.#ratio);
    if (progress < 1) this.repaint();
    else {
      this.#before = undefined;
      if (left !== 'nothing') this.repaint();
    }
  }

  /** What is on the screen in the colours of paper, for as long as the page is being printed. */
  #print(): void {
    const attention = this.#attention;
    this.#palette = toPrintPalette(this.#palette);
    this.#attention = nothing;
    this.#paint();
    this.#attention = attention;
  }

  #animate(standing: ReadonlyMap<string, Card>, dx: number, dy: number): void {
    const moved = new Map<string, Card>();
    for (const [id, card] of standing) moved.set(id, { ...card, x: card.x + dx, y: card.y + dy });
    this.#before = moved;
    this.#started = performance.now();
  }

  #findHold(picture: Picture, standing: ReadonlyMap<string, Card> | undefined): Card | undefined {
    if (standing === undefined || this.#width === 0) return undefined;
    const selected = this.selectedCard?.id;
    const candidates = [picture.cards.find((card) => card.id === selected), picture.cards.find((card) => card.id === picture.anchor)];
    const hold =
      candidates.find((card) => card !== undefined && standing.has(card.id)) ?? picture.cards.find((card) => standing.has(card.id));
    if (hold === undefined) return undefined;
    const shared = picture.cards.filter((card) => standing.has(card.id)).length;
    return shared * 3 >= Math.min(picture.cards.length, standing.size) ? hold : undefined;
  }

  #resize(): void {
    const box = this.node.getBoundingClientRect();
    const first = this.#width === 0;
    this.#width = box.width;
    this.#height = box.height;
    this.#ratio = devicePixelRatio || 1;
    this.#canvas.width = Math.round(box.width * this.#ratio);
    this.#canvas.height = Math.round(box.height * this.#ratio);
    if (this.#picture !== undefined) {
      this.#minimap.show(this.#picture, this.#palette, this.#ratio);
      if (first) this.fit();
      else if (this.isFitted) this.fit(this.#fittedWhole);
    }
    this.#paint();
  }

  #setCamera(camera: Camera): void {
    this.#camera = camera;
    this.listener.moved();
    this.repaint();
  }

  #hit(event: MouseEvent): Hit {
    const box = this.#canvas.getBoundingClientRect();
    const x = this.#camera.x + (event.clientX - box.left) / this.#camera.zoom;
    const y = this.#camera.y + (event.clientY - box.top) / this.#camera.zoom;
    return this.#grid === undefined ? { kind: 'ground' } : findHit(this.#grid, x, y, this.#camera.zoom);
  }

  #listen(): void {
    listenToGestures(this.#canvas, {
      camera: () => this.#camera,
      move: (camera) => this.#setCamera(camera),
      take: () => this.tree.node.focus({ preventScroll: true }),
      point: (event) => this.#hover(event),
      leave: () => this.#setHover(undefined, { x: 0, y: 0 }),
      grab: (event) => this.#grab(event),
      carry: (by) => this.#carry(by),
      press: (event, twice) => this.listener.press(this.#hit(event), twice, event),
      menu: (event) => this.listener.menu(this.#hit(event), { x: event.clientX, y: event.clientY }),
    });
    this.tree.node.addEventListener('keydown', (event) => this.listener.key(event));
    this.tree.node.addEventListener('focus', () => {
      if (this.tree.node.matches(':focus-visible')) this.#attention = { ...this.#attention, keyboard: true };
      this.repaint();
    });
    this.tree.node.addEventListener('blur', () => {
      this.#attention = { ...this.#attention, keyboard: false };
      this.repaint();
    });
  }

  #grab(event: PointerEvent): boolean {
    if (this.listener.placed === undefined) return false;
    const hit = this.#hit(event);
    this.#held = 'card' in hit ? hit.card : -1;
    if (this.#held >= 0) this.select(this.#held, -1, false);
    return this.#held >= 0;
  }

  #carry(by: { readonly x: number; readonly y: number } | undefined): void {
    const { picture } = this;
    if (picture === undefined || this.#held < 0) return;
    if (by === undefined) {
      this.#held = -1;
      this.#minimap.show(picture, this.#palette, this.#ratio);
      this.listener.placed?.();
      return;
    }
    this.moveCard(this.#held, by.x / this.#camera.zoom, by.y / this.#camera.zoom);
  }

  /** Moves a card by so much of the picture, and its links with it. */
  moveCard(card: number, x: number, y: number): void {
    const { picture } = this;
    if (picture === undefined || picture.cards[card] === undefined) return;
    this.#picture = withMovedCard(picture, card, x, y);
    this.#grid = new PictureGrid(this.#picture);
    this.repaint();
  }

  #hover(event: PointerEvent): void {
    const hit = this.#hit(event);
    this.#setHover(hit, { x: event.clientX, y: event.clientY });
    this.#canvas.style.cursor = hit.kind === 'ground' ? '' : 'pointer';
  }

  #setHover(hit: Hit | undefined, at: { readonly x: number; readonly y: number }): void {
    const hoverCard = hit !== undefined && 'card' in hit ? hit.card : -1;
    const hoverRow = hit?.kind === 'row' ? hit.row : -1;
    const hoverLink = hit?.kind === 'link' ? hit.link : -1;
    const now = this.#attention;
    this.listener.hover(hit, at);
    if (now.hoverCard === hoverCard && now.hoverRow === hoverRow && now.hoverLink === hoverLink) return;
    this.#attention = { ...now, hoverCard, hoverRow, hoverLink };
    this.repaint();
  }
}
