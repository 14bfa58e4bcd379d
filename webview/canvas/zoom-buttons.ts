import { iconButton } from '../ui/controls.ts';
import { element } from '../ui/element.ts';
import type { Diagram } from './diagram.ts';

/** The buttons in the corner of a diagram. */
export function toZoomButtons(diagram: Diagram): HTMLElement {
  return element(
    'div',
    { class: 'hw-zoom' },
    iconButton('zoomIn', 'Zoom in (+)', () => diagram.zoom(1.25)),
    iconButton('zoomOut', 'Zoom out (-)', () => diagram.zoom(0.8)),
    iconButton('fit', 'Show everything (0)', () => diagram.fit(true)),
  );
}
