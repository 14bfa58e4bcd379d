import type { Box, Camera } from './camera.ts';
import type { Attention, Frame } from './paint.ts';
import { paint, paintAttention, paintFlat, paintWorld } from './paint.ts';
import type { Palette } from './palette.ts';

/** Tiles kept at most; the ones farthest from the middle go first. */
const mostTiles = 160;
/** Milliseconds of a frame that go into new tiles. */
const budget = 7;
/** Milliseconds for which the zoom must rest before tiles are drawn for it. */
const rest = 90;

interface Tile {
  readonly x: number;
  readonly y: number;
  readonly canvas: HTMLCanvasElement;
}

interface Level {
  /** Pixels of the device for each unit of the picture. */
  readonly scale: number;
  readonly zoom: number;
  readonly tiles: Map<string, Tile>;
}

const unattended: Attention = { card: -1, row: -1, hoverCard: -1, hoverRow: -1, hoverLink: -1, keyboard: false };

/**
 * A large picture as tiles that are drawn once and then only moved: a few new ones in each frame, so that no frame takes long. The
 * first frame is drawn without them. Until a tile is there, the tiles of the zoom before stand in for it, or the cards alone.
 */
export class Tiles {
  #level: Level | undefined;
  #before: Level | undefined;
  #grid: Frame['grid'] | undefined;
  #palette: Palette | undefined;
  #zoomed = Number.NEGATIVE_INFINITY;
  /** What stands on the canvas drawn at once, until the tiles of its place are there. */
  #whole: Pick<Frame, 'camera' | 'attention' | 'width' | 'height' | 'ratio'> | undefined;

  /** Draws a frame and answers what is left for the next: tiles in sight, tiles around them, or nothing. */
  paint(ctx: CanvasRenderingContext2D, frame: Frame): 'seen' | 'around' | 'nothing' {
    const { camera, palette, width, height, ratio } = frame;
    const scale = camera.zoom * ratio;
    const now = performance.now();
    if (this.#grid !== frame.grid || this.#palette !== palette) {
      this.#grid = frame.grid;
      this.#palette = palette;
      this.#level = this.#before = this.#whole = undefined;
    }
    const isFirst = this.#level === undefined;
    if (this.#level?.scale !== scale) {
      // While the zoom runs, the level that was complete last is the one to keep.
      if (this.#level !== undefined && (this.#before === undefined || this.#level.tiles.size > 3)) this.#before = this.#level;
      this.#level = { scale, zoom: camera.zoom, tiles: new Map() };
      if (!isFirst) this.#zoomed = now;
    }
    const level = this.#level;
    const size = Math.round(256 * ratio);
    const left = Math.round(camera.x * scale);
    const top = Math.round(camera.y * scale);
    const range = {
      x0: Math.floor(left / size),
      y0: Math.floor(top / size),
      x1: Math.floor((left + width * ratio) / size),
      y1: Math.floor((top + height * ratio) / size),
    };
    const isResting = now - this.#zoomed >= rest;
    const allowed = now + budget;
    if (isFirst || this.#whole?.camera === camera) return this.#paintWhole(ctx, frame, level, size, range, allowed);
    this.#whole = undefined;
    const missing = isResting ? this.#make(level, frame, size, range, allowed) : countMissing(level, range);

    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.fillStyle = palette.ground;
    ctx.fillRect(0, 0, width * ratio, height * ratio);
    if (missing > 0) this.#standIn(ctx, frame, level, size, left, top, range);
    for (let y = range.y0; y <= range.y1; y++)
      for (let x = range.x0; x <= range.x1; x++) {
        const tile = level.tiles.get(`${x} ${y}`);
        if (tile !== undefined) ctx.drawImage(tile.canvas, x * size - left, y * size - top);
      }
    ctx.setTransform(scale, 0, 0, scale, -left, -top);
    paintAttention(ctx, frame);
    this.#letGo(level, (range.x0 + range.x1) / 2, (range.y0 + range.y1) / 2);
    // A ring around what is seen is drawn ahead of a pan while there is time.
    if (missing > 0) return 'seen';
    if (performance.now() >= allowed) return 'around';
    const around = { x0: range.x0 - 1, y0: range.y0 - 1, x1: range.x1 + 1, y1: range.y1 + 1 };
    return this.#make(level, frame, size, around, allowed) === 0 ? 'nothing' : 'around';
  }

  /** A new picture is drawn at once, complete in its first frame; while nobody moves it, its tiles are made behind it. */
  #paintWhole(ctx: CanvasRenderingContext2D, frame: Frame, level: Level, size: number, range: Range, until: number): 'around' | 'nothing' {
    const { camera, attention, width, height, ratio } = frame;
    if (
      this.#whole?.attention !== attention ||
      this.#whole.width !== width ||
      this.#whole.height !== height ||
      this.#whole.ratio !== ratio
    ) {
      paint(ctx, frame);
      this.#whole = { camera, attention, width, height, ratio };
      return 'around';
    }
    return this.#make(level, frame, size, range, until) === 0 ? 'nothing' : 'around';
  }

  /** Draws missing tiles from the middle outwards until the time is up; answers how many are still missing. */
  #make(level: Level, frame: Frame, size: number, range: Range, until: number): number {
    const wanted: { readonly x: number; readonly y: number; readonly far: number }[] = [];
    const [mx, my] = [(range.x0 + range.x1) / 2, (range.y0 + range.y1) / 2];
    for (let y = range.y0; y <= range.y1; y++)
      for (let x = range.x0; x <= range.x1; x++) if (!level.tiles.has(`${x} ${y}`)) wanted.push({ x, y, far: Math.hypot(x - mx, y - my) });
    wanted.sort((a, b) => a.far - b.far);
    for (const [i, { x, y }] of wanted.entries()) {
      if (i > 0 && performance.now() >= until) return wanted.length - i;
      level.tiles.set(`${x} ${y}`, { x, y, canvas: drawTile(level, frame, size, x, y) });
    }
    return 0;
  }

  #standIn(ctx: CanvasRenderingContext2D, frame: Frame, level: Level, size: number, left: number, top: number, range: Range): void {
    const before = this.#before;
    if (before !== undefined) {
      const factor = level.scale / before.scale;
      for (const { x, y, canvas } of before.tiles.values())
        ctx.drawImage(canvas, x * size * factor - left, y * size * factor - top, size * factor, size * factor);
      return;
    }
    ctx.setTransform(level.scale, 0, 0, level.scale, -left, -top);
    paintFlat(ctx, frame, frame.grid.cardsIn(toBox(level, size, range.x0, range.y0, range.x1 + 1, range.y1 + 1)));
    ctx.setTransform(1, 0, 0, 1, 0, 0);
  }

  #letGo(level: Level, mx: number, my: number): void {
    if (level.tiles.size <= mostTiles) return;
    const far = [...level.tiles].sort(([, a], [, b]) => Math.hypot(b.x - mx, b.y - my) - Math.hypot(a.x - mx, a.y - my));
    for (const [key] of far.slice(0, level.tiles.size - mostTiles)) level.tiles.delete(key);
  }
}

interface Range {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

function countMissing(level: Level, range: Range): number {
  let count = 0;
  for (let y = range.y0; y <= range.y1; y++) for (let x = range.x0; x <= range.x1; x++) if (!level.tiles.has(`${x} ${y}`)) count++;
  return count;
}

function drawTile(level: Level, frame: Frame, size: number, x: number, y: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = size;
  const ctx = canvas.getContext('2d', { alpha: false })!;
  ctx.fillStyle = frame.palette.ground;
  ctx.fillRect(0, 0, size, size);
  ctx.setTransform(level.scale, 0, 0, level.scale, -x * size, -y * size);
  const camera: Camera = { x: (x * size) / level.scale, y: (y * size) / level.scale, zoom: level.zoom };
  paintWorld(ctx, { ...frame, camera, attention: unattended }, toBox(level, size, x, y, x + 1, y + 1));
  return canvas;
}

function toBox(level: Level, size: number, x0: number, y0: number, x1: number, y1: number): Box {
  return {
    left: (x0 * size) / level.scale,
    top: (y0 * size) / level.scale,
    right: (x1 * size) / level.scale,
    bottom: (y1 * size) / level.scale,
  };
}
