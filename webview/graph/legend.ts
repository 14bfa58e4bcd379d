import { layerNames, layers } from '../../src/core/layout/layer.ts';
import type { Picture } from '../../src/core/layout/picture.ts';
import { readPalette } from '../canvas/palette.ts';
import { element, replaceChildren } from '../ui/element.ts';

/** Names the colours that a picture uses; without a picture there is nothing to name. */
export function showLegend(into: HTMLElement, picture: Picture | undefined): void {
  const palette = readPalette();
  const present = new Set(picture?.cards.filter((card) => card.kind !== 'more').map((card) => card.layer));
  const entries = layers
    .filter((layer) => present.has(layer))
    .map((layer) => {
      const swatch = element('i');
      swatch.style.background = palette.layers[layer];
      return element('span', {}, swatch, layerNames[layer]);
    });
  replaceChildren(into, ...entries);
}
