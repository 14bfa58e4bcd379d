import { toBadgeParts } from '../../src/core/layout/badge.ts';
import { cardMeasures } from '../../src/core/layout/card-size.ts';
import type { Card } from '../../src/core/layout/picture.ts';
import { toFitting, toTextWidth } from '../../src/core/layout/text-width.ts';
import { toGlyph, toGlyphName } from './glyphs.ts';
import { colourOf, type Palette } from './palette.ts';

type Context = CanvasRenderingContext2D;

/** How one card is to look just now. */
export interface CardLook {
  readonly selected: boolean;
  readonly hovered: boolean;
  /** The row with the keyboard's focus, or -1. */
  readonly row: number;
  readonly hoveredRow: number;
  readonly keyboard: boolean;
  readonly alpha: number;
}

const radius = 6;

/** A card in full: stripe, glyph, name, second line, badges, handles and rows. */
export function paintCard(ctx: Context, card: Card, palette: Palette, zoom: number, look: CardLook): void {
  const dim = card.emphasis === 'dim' && !look.selected && !look.hovered;
  const alpha = look.alpha * (dim ? (palette.kind === 'contrast' ? 0.6 : 0.38) : 1);
  ctx.globalAlpha = alpha;
  const colour = colourOf(palette, card);
  if (card.kind === 'more') {
    paintFold(ctx, card, palette, look, zoom);
    ctx.globalAlpha = 1;
    return;
  }
  ctx.beginPath();
  ctx.roundRect(card.x, card.y, card.width, card.height, radius);
  ctx.fillStyle = palette.card;
  ctx.fill();
  if (card.kind === 'group' || card.emphasis === 'focus' || zoom < 0.45) {
    // From further away the layer must be seen from more than a stripe.
    ctx.globalAlpha *= palette.kind === 'contrast' ? 0 : zoom < 0.45 ? 0.26 : 0.14;
    // What the picture is about stands out from every layer, also from the grey one.
    ctx.fillStyle = card.emphasis === 'focus' ? palette.focus : colour;
    if (card.rows.length === 0 || zoom < 0.4) ctx.fill();
    else {
      // Of an open card only the header, so that its rows stay as easy to read as those of others.
      ctx.beginPath();
      ctx.roundRect(card.x, card.y, card.width, cardMeasures.header - 2, [radius, radius, 0, 0]);
      ctx.fill();
    }
    ctx.globalAlpha = alpha;
    ctx.beginPath();
    ctx.roundRect(card.x, card.y, card.width, card.height, radius);
  }
  if (look.hovered && look.hoveredRow < 0) {
    ctx.fillStyle = palette.hover;
    ctx.fill();
  }
  ctx.save();
  ctx.clip();
  ctx.fillStyle = colour;
  ctx.fillRect(card.x, card.y, 4, card.height);
  ctx.restore();
  ctx.lineWidth = Math.max(1, 0.8 / zoom);
  ctx.strokeStyle = card.emphasis === 'focus' ? palette.focus : palette.cardLine;
  if (card.emphasis === 'lit') ctx.strokeStyle = palette.lit;
  ctx.setLineDash(card.materialized === 'ephemeral' ? [4, 3] : []);
  ctx.beginPath();
  ctx.roundRect(card.x, card.y, card.width, card.height, radius);
  ctx.stroke();
  ctx.setLineDash([]);
  if (zoom >= 0.28) paintHeader(ctx, card, palette, zoom, colour);
  if (card.rows.length > 0 && zoom >= 0.4) paintRows(ctx, card, palette, look);
  ctx.globalAlpha = look.alpha;
  if (look.selected) {
    ctx.strokeStyle = palette.focus;
    ctx.lineWidth = (look.keyboard ? 2.5 : 1.75) / Math.min(1, zoom);
    ctx.beginPath();
    const gap = look.keyboard ? 3 : 1.5;
    ctx.roundRect(card.x - gap, card.y - gap, card.width + 2 * gap, card.height + 2 * gap, radius + gap);
    ctx.stroke();
  }
  if (zoom >= 0.35) paintHandles(ctx, card, palette);
  ctx.globalAlpha = 1;
}

function paintHeader(ctx: Context, card: Card, palette: Palette, zoom: number, colour: string): void {
  const m = cardMeasures;
  // Rows are not drawn from further away: the name takes their room.
  const isFar = card.rows.length > 0 && zoom < 0.4;
  const header = card.rows.length > 0 && !isFar ? m.header : card.height;
  const middle = card.y + header / 2;
  paintGlyph(ctx, toGlyphName(card.kind, card.materialized), card.x + 11, middle - 8, 16, colour);
  const right = card.canExpand && card.kind !== 'group' && zoom >= 0.5 ? m.chevron - 2 : 8;
  const room = card.width - m.textLeft - right;
  const both = zoom >= (card.kind === 'group' ? 0.42 : 0.5) && card.detail !== '';
  // Where the second line is left out, the name takes its room; groups have room for larger letters from further away.
  const isGroup = card.kind === 'group';
  const most = isFar ? 30 : isGroup ? 17 : 16;
  const wanted = both && !isGroup ? m.nameSize : Math.min(most, Math.max(m.nameSize, (isGroup || isFar ? 10 : 8.5) / zoom));
  const size = Math.max(m.nameSize, Math.min(wanted, (m.nameSize * room) / toTextWidth(card.name, m.nameSize, true)));
  ctx.fillStyle = palette.text;
  ctx.font = `600 ${size}px ${palette.font}`;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  ctx.fillText(toFitting(card.name, room, size, true), card.x + m.textLeft, both ? middle - 8 : middle, room);
  if (both) {
    const badge = paintBadge(ctx, card, palette, card.x + card.width - right, middle + 9);
    ctx.fillStyle = palette.quiet;
    const detailSize = isGroup ? Math.min(13, Math.max(m.detailSize, 8.5 / zoom)) : m.detailSize;
    ctx.font = `${detailSize}px ${palette.font}`;
    ctx.fillText(toFitting(card.detail, room - badge, detailSize), card.x + m.textLeft, middle + 9, room - badge);
  }
  if (card.canExpand && card.kind !== 'group' && zoom >= 0.5) {
    const x = card.x + card.width - 13;
    const y = card.rows.length > 0 ? middle - 2 : middle - 3;
    ctx.strokeStyle = palette.quiet;
    ctx.lineWidth = 1.4;
    ctx.beginPath();
    if (card.expanded) {
      ctx.moveTo(x - 3.5, y + 3.5);
      ctx.lineTo(x, y);
      ctx.lineTo(x + 3.5, y + 3.5);
    } else {
      ctx.moveTo(x - 3.5, y);
      ctx.lineTo(x, y + 3.5);
      ctx.lineTo(x + 3.5, y);
    }
    ctx.stroke();
  }
}

/** The numbers of tests beside the signs of their last results; answers the room they took. */
function paintBadge(ctx: Context, card: Card, palette: Palette, right: number, y: number): number {
  const parts = toBadgeParts(card.tests, card.last);
  let x = right;
  ctx.font = `${cardMeasures.detailSize}px ${palette.font}`;
  for (const { sign, text } of parts.toReversed()) {
    const colour = sign === 'pass' ? palette.pass : sign === 'warn' ? palette.warning : palette.error;
    if (sign === 'none') {
      x -= toTextWidth(text, cardMeasures.detailSize);
      ctx.fillStyle = palette.kind === 'contrast' ? palette.text : palette.quiet;
      ctx.fillText(text, x, y);
      x -= 6;
      continue;
    }
    x -= (text === '' ? 0 : toTextWidth(text, cardMeasures.detailSize)) + 13;
    ctx.fillStyle = palette.kind === 'contrast' ? palette.text : colour;
    ctx.fillText(text, x + 11, y);
    ctx.strokeStyle = colour;
    ctx.lineWidth = 1.5;
    ctx.beginPath();
    if (sign === 'fail') {
      ctx.moveTo(x + 1, y - 3.5);
      ctx.lineTo(x + 7, y + 2.5);
      ctx.moveTo(x + 7, y - 3.5);
      ctx.lineTo(x + 1, y + 2.5);
    } else if (sign === 'warn') {
      ctx.moveTo(x + 4.5, y - 4.5);
      ctx.lineTo(x + 4.5, y);
      ctx.moveTo(x + 4.5, y + 2);
      ctx.lineTo(x + 4.5, y + 3.5);
    } else {
      ctx.moveTo(x, y - 0.5);
      ctx.lineTo(x + 2.8, y + 2.5);
      ctx.lineTo(x + 8, y - 3.5);
    }
    ctx.stroke();
    x -= 4;
  }
  return right - x;
}

function paintRows(ctx: Context, card: Card, palette: Palette, look: CardLook): void {
  const m = cardMeasures;
  ctx.strokeStyle = palette.cardLine;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(card.x + 4, card.y + m.header - 2);
  ctx.lineTo(card.x + card.width, card.y + m.header - 2);
  ctx.stroke();
  ctx.textBaseline = 'middle';
  card.rows.forEach((row, i) => {
    const y = card.y + row.y;
    if (row.lit || i === look.row || i === look.hoveredRow) {
      ctx.fillStyle = row.lit || i === look.row ? palette.selected : palette.hover;
      ctx.fillRect(card.x + 4, y - m.row / 2, card.width - 4.5, m.row);
    }
    if (i === look.row) {
      ctx.strokeStyle = palette.focus;
      ctx.lineWidth = 1.5;
      ctx.strokeRect(card.x + 5, y - m.row / 2 + 0.5, card.width - 6.5, m.row - 1);
    }
    if (row.key)
      paintGlyph(
        ctx,
        row.key === 'foreign' ? 'link' : 'key',
        card.x + 11,
        y - 6,
        12,
        row.key === 'primary' ? palette.layers.seed : palette.quiet,
      );
    const typeWidth = row.type === '' ? 0 : toTextWidth(row.type, m.typeSize) + 10;
    ctx.textAlign = 'left';
    ctx.fillStyle = palette.text;
    ctx.font = `${row.lit || row.key === 'primary' ? '600 ' : ''}${m.rowSize}px ${palette.font}`;
    const room = card.width - 30 - m.padding - typeWidth;
    ctx.fillText(toFitting(row.name, room, m.rowSize), card.x + 30, y, room);
    if (typeWidth > 0) {
      ctx.textAlign = 'right';
      ctx.fillStyle = palette.quiet;
      ctx.font = `${m.typeSize}px ${palette.font}`;
      ctx.fillText(row.type, card.x + card.width - m.padding, y);
    }
  });
  ctx.textAlign = 'left';
  if (card.moreRows > 0) {
    ctx.fillStyle = palette.quiet;
    ctx.font = `italic ${m.typeSize}px ${palette.font}`;
    ctx.fillText(
      `${card.moreRows} more ${card.moreRows === 1 ? 'column' : 'columns'}`,
      card.x + 30,
      card.y + m.header + (card.rows.length + 0.5) * m.row,
    );
  }
}

/** The handles at a card's corners that say how many neighbours are hidden, parents on the left, children on the right. */
function paintHandles(ctx: Context, card: Card, palette: Palette): void {
  for (const side of ['up', 'down'] as const) {
    const count = side === 'up' ? card.hiddenUp : card.hiddenDown;
    if (count === 0) continue;
    const box = toHandle(card, side)!;
    ctx.beginPath();
    ctx.roundRect(box.x, box.y, box.width, box.height, 8);
    ctx.fillStyle = palette.ground;
    ctx.fill();
    ctx.strokeStyle = palette.cardLine;
    ctx.lineWidth = 1;
    ctx.stroke();
    ctx.fillStyle = palette.quiet;
    ctx.font = `600 9.5px ${palette.font}`;
    ctx.textAlign = 'center';
    ctx.textBaseline = 'middle';
    ctx.fillText(`+${count}`, box.x + box.width / 2, box.y + box.height / 2 + 0.5);
    ctx.textAlign = 'left';
  }
}

/** Where the handle of a side stands; undefined when nothing is hidden there. */
export function toHandle(
  card: Card,
  side: 'up' | 'down',
): { readonly x: number; readonly y: number; readonly width: number; readonly height: number } | undefined {
  const count = side === 'up' ? card.hiddenUp : card.hiddenDown;
  if (count === 0) return undefined;
  // At the upper corners, where neither a link nor the card's own signs are.
  const width = 12 + (String(count).length + 1) * 6;
  return { x: side === 'up' ? card.x - 7 : card.x + card.width + 7 - width, y: card.y - 8, width, height: 15 };
}

function paintFold(ctx: Context, card: Card, palette: Palette, look: CardLook, zoom: number): void {
  ctx.beginPath();
  ctx.roundRect(card.x, card.y, card.width, card.height, card.height / 2);
  ctx.fillStyle = look.hovered ? palette.hover : palette.ground;
  ctx.fill();
  ctx.setLineDash([4, 3]);
  ctx.strokeStyle = look.selected ? palette.focus : palette.quiet;
  ctx.lineWidth = look.selected ? 2 : 1;
  ctx.stroke();
  ctx.setLineDash([]);
  if (zoom < 0.28) return;
  ctx.fillStyle = palette.quiet;
  ctx.font = `600 11px ${palette.font}`;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.fillText(`${card.name.replace('more', '').trim()} more ${card.detail}`, card.x + card.width / 2, card.y + card.height / 2);
  ctx.textAlign = 'left';
}

export function paintGlyph(ctx: Context, name: Parameters<typeof toGlyph>[0], x: number, y: number, size: number, colour: string): void {
  ctx.save();
  ctx.translate(x, y);
  ctx.scale(size / 16, size / 16);
  ctx.strokeStyle = colour;
  ctx.lineWidth = name === 'more' ? 2.4 : 1.35;
  ctx.lineCap = 'round';
  ctx.lineJoin = 'round';
  ctx.stroke(toGlyph(name));
  ctx.restore();
}
