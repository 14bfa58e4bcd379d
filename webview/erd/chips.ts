import type { ErdLayer } from '../../src/core/erd/erd-picture.ts';
import { type Layer, layerNames } from '../../src/core/layout/layer.ts';
import { element } from '../ui/element.ts';

/** One chip a layer: pressed ones are shown. */
export function toChips(layers: readonly ErdLayer[], choose: (layers: readonly Layer[]) => void): HTMLElement {
  const shown = layers.filter(({ isShown }) => isShown).map(({ layer }) => layer);
  return element(
    'div',
    { class: 'hw-chips', role: 'group', 'aria-label': 'Layers' },
    ...layers.map(({ layer, count, isShown }) =>
      element(
        'button',
        {
          type: 'button',
          class: 'hw-chip',
          'aria-pressed': String(isShown),
          title: `${isShown ? 'Hide' : 'Show'} ${layerNames[layer].toLowerCase()}`,
          on: { click: () => choose(isShown ? shown.filter((one) => one !== layer) : [...shown, layer]) },
        },
        `${layerNames[layer]} ${count}`,
      ),
    ),
  );
}
