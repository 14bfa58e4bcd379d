import type { Card, Picture } from '../../src/core/layout/picture.ts';
import { element } from '../ui/element.ts';
import type { Camera } from './camera.ts';
import { toSeen } from './camera.ts';
import { colourOf, type Palette } from './palette.ts';

const width = 168;
const height = 104;

/** The whole picture in a corner with the part that is on the screen; pressing it goes there. */
export class Minimap {
  readonly node: HTMLCanvasElement;
  readonly #still: HTMLCanvasElement = document.createElement('canvas');
  #scale = 1;
  #left = 0;
  #top = 0;

  constructor(go: (x: number, y: number) => void) {
    this.node = element('canvas', { class: 'hw-minimap', 'aria-hidden': 'true' });
    const press = (event: PointerEvent): void => {
      const box = this.node.getBoundingClientRect();
      go(this.#left + (event.clientX - box.left) / this.#scale, this.#top + (event.clientY - box.top) / this.#scale);
      event.preventDefault();
    };
    this.node.addEventListener('pointerdown', (event) => {
      this.node.setPointerCapture(event.pointerId);
      press(event);
    });
    this.node.addEventListener('pointermove', (event) => {
      if (this.node.hasPointerCapture(event.pointerId)) press(event);
    });
  }

  /** Draws the cards once per picture and palette. */
  show(picture: Picture, palette: Palette, ratio: number): void {
    for (const canvas of [this.node, this.#still]) {
      canvas.width = width * ratio;
      canvas.height = height * ratio;
    }
    const spanX = Math.max(1, picture.right - picture.left);
    const spanY = Math.max(1, picture.bottom - picture.top);
    this.#scale = Math.min((width - 12) / spanX, (height - 12) / spanY);
    this.#left = picture.left - (width / this.#scale - spanX) / 2;
    this.#top = picture.top - (height / this.#scale - spanY) / 2;
    const ctx = this.#still.getContext('2d')!;
    const scale = this.#scale * ratio;
    ctx.setTransform(scale, 0, 0, scale, -this.#left * scale, -this.#top * scale);
    const least = 1.5 / this.#scale;
    // Colour by colour: to change it costs more than to fill a box.
    const byColour = new Map<string, Card[]>();
    for (const card of picture.cards) {
      const colour = colourOf(palette, card);
      const list = byColour.get(colour);
      if (list === undefined) byColour.set(colour, [card]);
      else list.push(card);
    }
    for (const [colour, cards] of byColour) {
      ctx.fillStyle = colour;
      for (const card of cards) {
        ctx.globalAlpha = card.emphasis === 'dim' ? 0.3 : 0.85;
        ctx.fillRect(card.x, card.y, Math.max(card.width, least), Math.max(card.height, least));
      }
    }
  }

  /** Shows where the camera is; hidden while everything is on the screen anyway. */
  follow(camera: Camera, screenWidth: number, screenHeight: number, picture: Picture, palette: Palette, ratio: number): void {
    const seen = toSeen(camera, screenWidth, screenHeight);
    const all = seen.left <= picture.left && seen.right >= picture.right && seen.top <= picture.top && seen.bottom >= picture.bottom;
    this.node.hidden = all || picture.cards.length < 2;
    if (this.node.hidden) return;
    const ctx = this.node.getContext('2d')!;
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(0, 0, this.node.width, this.node.height);
    ctx.drawImage(this.#still, 0, 0);
    const scale = this.#scale * ratio;
    ctx.setTransform(scale, 0, 0, scale, -this.#left * scale, -this.#top * scale);
    ctx.fillStyle = palette.selected;
    ctx.globalAlpha = 0.25;
    ctx.fillRect(seen.left, seen.top, seen.right - seen.left, seen.bottom - seen.top);
    ctx.globalAlpha = 1;
    ctx.strokeStyle = palette.focus;
    ctx.lineWidth = 1.5 / this.#scale;
    ctx.strokeRect(seen.left, seen.top, seen.right - seen.left, seen.bottom - seen.top);
  }
}
