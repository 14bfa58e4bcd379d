import { element, replaceChildren } from '../ui/element.ts';
import type { LegendEntry } from './colouring.ts';

/** Names the colours that a picture uses; without any there is nothing to name. */
export function showLegend(into: HTMLElement, entries: readonly LegendEntry[]): void {
  const shown = entries.map(({ name, colour }) => {
    const swatch = element('i');
    swatch.style.background = colour;
    return element('span', {}, swatch, name);
  });
  replaceChildren(into, ...shown);
}
