import { layerNames, layers } from '../../src/core/layout/layer.ts';
import type { Picture } from '../../src/core/layout/picture.ts';
import { readPalette } from '../canvas/palette.ts';
import { element, replaceChildren } from '../ui/element.ts';

/** Names the colours and lines of the tables and relations that are drawn. */
export function showErdLegend(into: HTMLElement, picture: Picture | undefined): void {
  const palette = readPalette();
  const present = new Set(picture?.cards.map(({ layer }) => layer));
  const colours = layers
    .filter((layer) => present.has(layer))
    .map((layer) => {
      const swatch = element('i');
      swatch.style.background = palette.layers[layer];
      return element('span', {}, swatch, layerNames[layer]);
    });
  const has = (kind: string): boolean => picture?.links.some((link) => link.kind === kind) === true;
  replaceChildren(
    into,
    ...(colours.length > 1 ? colours : []),
    has('relation') && element('span', {}, element('i', { class: 'hw-line' }), 'declared or counted'),
    has('candidate') && element('span', {}, element('i', { class: 'hw-line hw-dashed' }), 'only the names suggest it'),
    (has('relation') || has('candidate')) && element('span', {}, '‖ one', ' ', '⪪ many', ' ', '○ may be missing'),
  );
}
