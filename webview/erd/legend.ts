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
    (has('relation') || has('candidate')) && element('span', {}, foot('M12 2v8 M9 2v8'), 'one'),
    (has('relation') || has('candidate')) && element('span', {}, foot('M16 1L6 6l10 5'), 'many'),
    (has('relation') || has('candidate')) && element('span', {}, foot('M12 6a3 3 0 1 1-6 0a3 3 0 1 1 6 0'), 'may be missing'),
  );
}

/** The end of a line as it is drawn at a table. */
function foot(shape: string): SVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  for (const [name, value] of Object.entries({ viewBox: '0 0 16 12', width: '16', height: '12', 'aria-hidden': 'true' }))
    svg.setAttribute(name, value);
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  for (const [name, value] of Object.entries({ d: `M0 6h16 ${shape}`, fill: 'none', stroke: 'currentColor' }))
    path.setAttribute(name, value);
  svg.append(path);
  return svg;
}
