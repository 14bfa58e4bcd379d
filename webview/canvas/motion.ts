import type { Card } from '../../src/core/layout/picture.ts';

/** Whether the reader asked for less motion, in the system or in VS Code. */
export function prefersStillness(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches || document.body.classList.contains('vscode-reduce-motion');
}

/** A card on its way from where it stood. */
export function toBetween(before: Card | undefined, after: Card, progress: number): Card {
  if (before === undefined || progress >= 1) return after;
  return { ...after, x: before.x + (after.x - before.x) * progress, y: before.y + (after.y - before.y) * progress };
}
