import { headingSize } from '../../src/core/layout/card-size.ts';
import type { Card, Link, Picture } from '../../src/core/layout/picture.ts';
import type { Box, Camera } from './camera.ts';
import { toSeen } from './camera.ts';
import type { PictureGrid } from './grid.ts';
import { paintCard } from './paint-card.ts';
import { paintFeet, toPointOn, traceArrow, tracePiece, traceRoute } from './paint-link.ts';
import { colourOf, type Palette } from './palette.ts';

/** What is selected and pointed at. */
export interface Attention {
  readonly card: number;
  readonly row: number;
  readonly hoverCard: number;
  readonly hoverRow: number;
  readonly hoverLink: number;
  readonly keyboard: boolean;
}

export interface Frame {
  readonly picture: Picture;
  readonly grid: PictureGrid;
  readonly camera: Camera;
  readonly palette: Palette;
  readonly attention: Attention;
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
  /** 0 to 1 while a picture moves into its place; cards stand at `card` meanwhile. */
  readonly progress: number;
  readonly cardAt?: (index: number) => Card;
}

/** Zooms below which less and less is drawn. */
const flatBelow = 0.28;
const straightBelow = 0.2;
const dotsBelow = 0.12;

/** Links and cards above which a picture is drawn from tiles, and its links from afar as hairlines. */
const many = 1200;

/** Whether a picture is so large that drawing it anew for every frame takes longer than a frame. */
export function isLarge(picture: Picture): boolean {
  return picture.links.length + picture.cards.length > many;
}

/** Draws one frame: only what the camera sees, in as much detail as its zoom can show. */
export function paint(ctx: CanvasRenderingContext2D, frame: Frame): void {
  const { camera, palette, width, height, ratio } = frame;
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.fillStyle = palette.ground;
  ctx.fillRect(0, 0, width * ratio, height * ratio);
  const scale = camera.zoom * ratio;
  ctx.setTransform(scale, 0, 0, scale, -camera.x * scale, -camera.y * scale);
  paintWorld(ctx, frame, toSeen(camera, width, height));
}

/** Draws what lies in a box of the picture, in the transformation that the context has. */
export function paintWorld(ctx: CanvasRenderingContext2D, frame: Frame, seen: Box): void {
  const { picture, camera, palette } = frame;
  const margin = 40;
  const wide = { left: seen.left - margin, top: seen.top - margin, right: seen.right + margin, bottom: seen.bottom + margin };
  const whole = seen.left <= picture.left && seen.top <= picture.top && seen.right >= picture.right && seen.bottom >= picture.bottom;
  for (const box of picture.frames) paintFrame(ctx, box, palette, camera.zoom);
  for (const heading of picture.headings) {
    ctx.fillStyle = palette.layers[heading.layer];
    const size = Math.min(headingSize * 1.5, Math.max(headingSize, 11 / camera.zoom));
    ctx.font = `600 ${size}px ${palette.font}`;
    ctx.textBaseline = 'alphabetic';
    ctx.textAlign = 'left';
    ctx.fillText(heading.name, heading.x, heading.y + 12, heading.width + 90);
  }
  const links = paintLinks(ctx, frame, whole && camera.zoom < dotsBelow ? undefined : wide);
  const cards = frame.grid.cardsIn(frame.progress < 1 ? { left: -1e9, top: -1e9, right: 1e9, bottom: 1e9 } : wide);
  if (camera.zoom < flatBelow) {
    paintFlat(ctx, frame, cards);
    paintFlatAttention(ctx, frame);
  } else {
    for (const i of cards) paintCardOf(ctx, frame, i);
    paintLabels(ctx, frame, links);
  }
}

/** Draws what is selected and pointed at over a picture that was drawn without it. */
export function paintAttention(ctx: CanvasRenderingContext2D, frame: Frame): void {
  const { picture, attention, camera } = frame;
  const about = toAbout(frame);
  const touched: number[] = [];
  if (about >= 0 || attention.hoverLink >= 0)
    picture.links.forEach((link, i) => {
      if (link.from !== about && link.to !== about && i !== attention.hoverLink) return;
      paintLink(ctx, frame, link, true);
      touched.push(i);
    });
  ctx.globalAlpha = 1;
  ctx.setLineDash([]);
  if (camera.zoom < flatBelow) {
    paintFlatAttention(ctx, frame);
    return;
  }
  for (const i of new Set([attention.hoverCard, attention.card])) if (picture.cards[i] !== undefined) paintCardOf(ctx, frame, i);
  paintLabels(ctx, frame, touched);
}

function paintCardOf(ctx: CanvasRenderingContext2D, frame: Frame, i: number): void {
  const { picture, palette, camera, attention } = frame;
  paintCard(ctx, frame.cardAt?.(i) ?? picture.cards[i]!, palette, camera.zoom, {
    selected: attention.card === i,
    hovered: attention.hoverCard === i,
    row: attention.card === i ? attention.row : -1,
    hoveredRow: attention.hoverCard === i ? attention.hoverRow : -1,
    keyboard: attention.keyboard,
    alpha: 1,
  });
}

/** The card whose links stand out; with a column lit, its lineage alone does. */
function toAbout({ picture, attention }: Frame): number {
  if (picture.reach !== undefined) return -1;
  return attention.hoverCard >= 0 ? attention.hoverCard : attention.card;
}

function paintFrame(ctx: CanvasRenderingContext2D, box: Picture['frames'][number], palette: Palette, zoom: number): void {
  const colour = palette.layers[box.layer];
  ctx.beginPath();
  ctx.roundRect(box.x, box.y, box.width, box.height, 8);
  ctx.globalAlpha = palette.kind === 'contrast' ? 0 : 0.06;
  ctx.fillStyle = colour;
  ctx.fill();
  ctx.globalAlpha = 0.8;
  ctx.strokeStyle = colour;
  ctx.lineWidth = Math.max(1, 1 / zoom);
  ctx.stroke();
  ctx.globalAlpha = 1;
  if (zoom < 0.15) return;
  ctx.fillStyle = palette.text;
  ctx.font = `600 12.5px ${palette.font}`;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  ctx.fillText(box.name, box.x + 14, box.y + 17, box.width - 28);
}

function paintLinks(ctx: CanvasRenderingContext2D, frame: Frame, box: Box | undefined): readonly number[] {
  const { picture, camera, palette, attention, progress } = frame;
  const indices = box === undefined ? picture.links.map((_, i) => i) : frame.grid.linksIn(box);
  // Where thousands of links pass, no eye tells a curve from a line.
  const faint = isLarge(picture) && camera.zoom < flatBelow;
  const straight = camera.zoom < dotsBelow || (faint && camera.zoom < straightBelow);
  const about = toAbout(frame);
  const stands = (link: Link, i: number): boolean =>
    link.emphasis === 'lit' ||
    link.weight > 1 ||
    link.kind !== 'flow' ||
    link.from === about ||
    link.to === about ||
    i === attention.hoverLink;
  // Hairlines are much cheaper than strokes with a width, and short paths than one that holds everything.
  ctx.lineWidth = faint ? 1 / (camera.zoom * frame.ratio) : Math.max(1.2, 0.9 / camera.zoom);
  ctx.strokeStyle = palette.link;
  let plain = new Path2D();
  const dim = new Path2D();
  let held = 0;
  const flush = (): void => {
    ctx.globalAlpha = progress * (faint ? 0.5 : 1);
    ctx.stroke(plain);
    plain = new Path2D();
    held = 0;
  };
  const trace = (i: number, at: number): void => {
    const link = picture.links[i]!;
    if (stands(link, i)) return;
    const path = link.emphasis === 'dim' ? dim : plain;
    path.moveTo(link.route[at]!, link.route[at + 1]!);
    if (straight) path.lineTo(link.route[at + 2]!, link.route[at + 3]!);
    else tracePiece(path, link.route, at);
    if (++held >= 120) flush();
  };
  if (box !== undefined) frame.grid.visitPieces(box, trace);
  else for (const i of indices) for (let at = 0; at + 3 < picture.links[i]!.route.length; at += 2) trace(i, at);
  flush();
  ctx.globalAlpha = progress * 0.35;
  ctx.stroke(dim);
  if (camera.zoom >= 0.3) {
    ctx.beginPath();
    for (const i of indices) {
      const link = picture.links[i]!;
      if (link.emphasis === 'plain' && !stands(link, i) && isIn(box, link.route.at(-2)!, link.route.at(-1)!)) traceArrow(ctx, link);
    }
    ctx.globalAlpha = progress;
    ctx.fillStyle = palette.link;
    ctx.fill();
  }
  const near = indices.filter((i) => stands(picture.links[i]!, i) && picture.links[i]!.emphasis !== 'lit');
  for (const i of near) {
    const link = picture.links[i]!;
    paintLink(ctx, frame, link, link.from === about || link.to === about || i === attention.hoverLink);
  }
  for (const i of indices) if (picture.links[i]!.emphasis === 'lit') paintLink(ctx, frame, picture.links[i]!, true);
  ctx.globalAlpha = 1;
  ctx.setLineDash([]);
  return indices;
}

function isIn(box: Box | undefined, x: number, y: number): boolean {
  return box === undefined || (x >= box.left && x <= box.right && y >= box.top && y <= box.bottom);
}

function paintLink(ctx: CanvasRenderingContext2D, frame: Frame, link: Link, strong: boolean): void {
  const { palette, camera, picture, attention } = frame;
  const hovered = picture.links[attention.hoverLink] === link;
  const relation = link.kind === 'relation' || link.kind === 'candidate';
  ctx.globalAlpha =
    frame.progress *
    (link.emphasis === 'dim' && !strong
      ? 0.35
      : link.weight > 1 && !strong && link.emphasis !== 'lit'
        ? link.route[0] === link.route.at(-2)
          ? 0.35
          : 0.7
        : 1);
  ctx.strokeStyle = strong ? palette.lit : relation ? palette.quiet : palette.link;
  ctx.lineWidth = Math.max(link.weight * (hovered ? 1.5 : 1) * (strong ? 1.25 : relation ? 1.25 : 1), 0.9 / camera.zoom);
  ctx.setLineDash(link.kind === 'use' ? [2, 4] : link.kind === 'candidate' ? [6, 4] : []);
  ctx.beginPath();
  traceRoute(ctx, link.route);
  ctx.stroke();
  ctx.setLineDash([]);
  if (camera.zoom < 0.3) return;
  if (relation) {
    ctx.lineWidth = 1.4;
    paintFeet(ctx, link, palette.ground);
  } else {
    ctx.beginPath();
    traceArrow(ctx, link);
    ctx.fillStyle = ctx.strokeStyle;
    ctx.fill();
  }
}

const labelPlaces = [0.5, 0.7, 0.3] as const;

/** Labels of lit and pointed-at links, on a ground of their own so that lines do not cross them. */
function paintLabels(ctx: CanvasRenderingContext2D, frame: Frame, indices: readonly number[]): void {
  const { picture, palette, attention, camera } = frame;
  if (indices.length > 1200) return;
  const taken: { readonly x: number; readonly y: number; readonly width: number }[] = [];
  for (const i of indices) {
    const link = picture.links[i]!;
    if (link.label === '') continue;
    const strong =
      link.emphasis === 'lit' || i === attention.hoverLink || link.from === attention.hoverCard || link.to === attention.hoverCard;
    const always = link.kind === 'relation' || link.kind === 'candidate' || (link.kind === 'flow' && link.weight === 1);
    if (!strong && !always) continue;
    // From further away labels would cover what they stand between.
    if (camera.zoom < (i === attention.hoverLink ? 0.5 : 0.7)) continue;
    ctx.font = `10px ${palette.font}`;
    const width = ctx.measureText(link.label).width + 10;
    // In the middle where there is room, else nearer to an end; a label without room is told by hovering.
    const free = labelPlaces
      .map((share) => toPointOn(link.route, share))
      .find((point) => taken.every((at) => Math.abs(at.x - point.x) > (at.width + width) / 2 + 2 || Math.abs(at.y - point.y) > 18));
    if (free === undefined) continue;
    const { x, y } = free;
    taken.push({ x, y, width });
    ctx.beginPath();
    ctx.roundRect(x - width / 2, y - 8, width, 16, 8);
    ctx.fillStyle = palette.ground;
    ctx.fill();
    ctx.strokeStyle = palette.cardLine;
    ctx.lineWidth = 1;
    ctx.stroke();
    ctx.fillStyle = palette.quiet;
    ctx.textAlign = 'center';
    ctx.textBaseline = 'middle';
    ctx.fillText(link.label, x, y + 0.5);
    ctx.textAlign = 'left';
  }
}

/** Pixels that a card takes at least. */
const leastSide = 2.5;

/** Cards from afar: boxes in their layer's colour, one fill per colour. */
export function paintFlat(ctx: CanvasRenderingContext2D, frame: Frame, indices: readonly number[]): void {
  const { picture, palette, camera } = frame;
  const byColour = new Map<string, number[]>();
  for (const i of indices) {
    const card = picture.cards[i]!;
    const key = `${card.emphasis === 'dim' ? 'd' : 'f'}${colourOf(palette, card)}`;
    const list = byColour.get(key);
    if (list === undefined) byColour.set(key, [i]);
    else list.push(i);
  }
  const least = leastSide / camera.zoom;
  for (const [key, list] of byColour) {
    ctx.globalAlpha = key.startsWith('d') ? 0.25 : 0.85;
    ctx.fillStyle = key.slice(1);
    ctx.beginPath();
    for (const i of list) {
      const card = frame.cardAt?.(i) ?? picture.cards[i]!;
      ctx.rect(card.x, card.y, Math.max(least, card.width), Math.max(least, card.height));
    }
    ctx.fill();
  }
  ctx.globalAlpha = 1;
}

function paintFlatAttention(ctx: CanvasRenderingContext2D, { picture, palette, camera, attention }: Frame): void {
  const least = leastSide / camera.zoom;
  for (const i of [attention.hoverCard, attention.card]) {
    const card = picture.cards[i];
    if (card === undefined) continue;
    ctx.strokeStyle = palette.focus;
    ctx.lineWidth = 3 / camera.zoom;
    ctx.strokeRect(card.x - least, card.y - least, Math.max(card.width, least) + 2 * least, Math.max(card.height, least) + 2 * least);
    const size = 12 / camera.zoom;
    ctx.font = `600 ${size}px ${palette.font}`;
    const width = ctx.measureText(card.name).width + size;
    ctx.fillStyle = palette.card;
    ctx.fillRect(card.x, card.y - size * 2.2, width, size * 1.8);
    ctx.fillStyle = palette.text;
    ctx.textBaseline = 'middle';
    ctx.fillText(card.name, card.x + size / 2, card.y - size * 1.3);
  }
}
