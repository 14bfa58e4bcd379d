import type { Location } from '../../src/core/text/span.ts';
import type { ResultTab } from '../../src/protocol.ts';
import { type Child, element } from '../ui/element.ts';
import { icon } from '../ui/icon.ts';
import { toLink } from './notes.ts';

/** Above rows that follow the cursor: how many rows each step of the model leaves, and why the text as it stands has none. */
export function toLiveStrip(tab: ResultTab, open: (location: Location) => void, goTo: (cte: string) => void): readonly Child[] {
  const { live } = tab;
  if (live === undefined || tab.state !== 'rows') return [];
  const { counts = [], problem } = live;
  return [
    counts.length > 1 && toSteps(tab, counts, goTo),
    problem !== undefined &&
      element(
        'div',
        { class: 'note error', role: 'status' },
        icon('warning'),
        element('span', { class: 'message' }, problem.message),
        problem.location !== undefined && toLink(problem.location, open),
        element('span', { class: 'hw-quiet' }, 'These rows are from before.'),
      ),
  ];
}

/** A rung for each CTE in order, with its rows and how many more or fewer they are than those of the one before. */
function toSteps(
  { live }: ResultTab,
  counts: NonNullable<NonNullable<ResultTab['live']>['counts']>,
  goTo: (cte: string) => void,
): HTMLElement {
  const last = counts.length - 1;
  const steps = counts.map(({ cte, rows }, at) => {
    const before = counts[at - 1]?.rows;
    const change = before === undefined ? 0 : rows - before;
    const isShown = live?.cte === undefined ? at === last : live.cte === cte;
    return element(
      'button',
      { type: 'button', class: 'step', 'aria-current': isShown ? 'step' : undefined, on: { click: () => goTo(cte) } },
      element('span', {}, cte),
      element('strong', {}, rows.toLocaleString()),
      change !== 0 && element('span', { class: 'hw-quiet' }, `${change > 0 ? '+' : '−'}${Math.abs(change).toLocaleString()}`),
    );
  });
  const isOld = live?.areCountsOld === true || live?.isRunning === true;
  return element('div', { class: isOld ? 'steps old' : 'steps', role: 'group', 'aria-label': 'Rows of each step' }, ...steps);
}
