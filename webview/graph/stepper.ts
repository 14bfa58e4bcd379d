import { shownAtOnce } from '../../src/core/layout/change-view.ts';
import type { Scope } from '../../src/core/layout/picture.ts';
import { iconButton } from '../ui/controls.ts';
import { element } from '../ui/element.ts';

type Focus = Extract<Scope, { kind: 'focus' }>;

/** How many steps a focused view goes up or down, with a button for one more and one less. */
export function buildStepper(scope: Focus, side: 'up' | 'down', go: (scope: Focus) => void): HTMLElement {
  const steps = scope[side];
  const name = side === 'up' ? 'Upstream' : 'Downstream';
  const set = (to: number): void => go({ ...scope, [side]: Math.max(0, Math.min(shownAtOnce, to)) });
  const fewer = iconButton('zoomOut', `${name}: one step less`, () => set(steps >= shownAtOnce ? 2 : steps - 1));
  fewer.disabled = steps === 0;
  return element(
    'span',
    { class: 'hw-steps', role: 'group', 'aria-label': `${name} steps` },
    element('span', { class: 'hw-quiet', 'aria-hidden': 'true' }, side === 'up' ? '←' : '→'),
    fewer,
    element(
      'b',
      { 'aria-label': `${name}: ${steps >= shownAtOnce ? 'all' : steps} steps`, role: 'status' },
      steps >= shownAtOnce ? 'all' : String(steps),
    ),
    iconButton('zoomIn', `${name}: one step more`, () => set(steps + 1)),
  );
}
