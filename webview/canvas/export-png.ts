import type { Picture } from '../../src/core/layout/picture.ts';
import type { Camera } from './camera.ts';
import type { PictureGrid } from './grid.ts';
import { paint } from './paint.ts';
import type { Palette } from './palette.ts';

const margin = 24;
/** The longest side that a canvas may have everywhere. */
const mostPixels = 16000;

/** A picture as PNG bytes at twice its size, less where that would be too large: what is on a screen, else the whole of it. */
export async function toPng(
  picture: Picture,
  grid: PictureGrid,
  palette: Palette,
  screen: { readonly camera: Camera; readonly width: number; readonly height: number } | undefined,
): Promise<Uint8Array> {
  const width = screen?.width ?? picture.right - picture.left + 2 * margin;
  const height = screen?.height ?? picture.bottom - picture.top + 2 * margin;
  const ratio = Math.min(2, mostPixels / width, mostPixels / height);
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil(width * ratio);
  canvas.height = Math.ceil(height * ratio);
  const camera = screen?.camera ?? { x: picture.left - margin, y: picture.top - margin, zoom: 1 };
  const attention = { card: -1, row: -1, hoverCard: -1, hoverRow: -1, hoverLink: -1, keyboard: false };
  paint(canvas.getContext('2d')!, { picture, grid, camera, palette, attention, width, height, ratio, progress: 1 });
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  return new Uint8Array(await (blob ?? new Blob()).arrayBuffer());
}
