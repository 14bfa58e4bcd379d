import type { ResultTab, ResultView } from '../../src/protocol.ts';
import { type Child, element } from '../ui/element.ts';
import { describeFilter } from './filter-text.ts';
import type { Grid } from './grid.ts';
import { toBox } from './selection.ts';

/** The line below the rows: how many, what keeps some out, what the selection comes to, and what the result cost. */
export function toStatus(tab: ResultTab, grid: Grid, view: ResultView, totals: string): readonly Child[] {
  const { top, bottom, left, right } = toBox(grid.selection);
  const cells = (bottom - top + 1) * (right - left + 1);
  const count = grid.rowCount;
  const of = count === tab.rowCount ? '' : ` of ${tab.rowCount.toLocaleString()}`;
  const filters = view.filters.map((filter) => describeFilter(grid.columns.name(filter.column), filter)).join(', ');
  const problem = grid.filterProblems.find((one) => one !== undefined);
  const hidden = grid.columns.hidden.length;
  return [
    element('span', {}, `${count.toLocaleString()}${of} ${tab.rowCount === 1 ? 'row' : 'rows'}`),
    tab.truncated && element('span', { class: 'cut' }, 'cut by the row limit'),
    element(
      'span',
      {},
      `${tab.columns.length} ${tab.columns.length === 1 ? 'column' : 'columns'}${hidden === 0 ? '' : `, ${hidden} hidden`}`,
    ),
    filters !== '' && element('span', { class: 'filters', title: filters }, filters),
    problem !== undefined && element('span', { class: 'problem', role: 'alert' }, problem),
    element('span', { class: 'hw-spring' }),
    totals !== '' && element('span', { class: 'totals' }, totals),
    cells > 1 && element('span', {}, `${(bottom - top + 1).toLocaleString()} × ${right - left + 1} selected`),
    element('span', {}, tab.engine),
    element('span', {}, tab.took < 1000 ? `${Math.round(tab.took)} ms` : `${(tab.took / 1000).toFixed(1)} s`),
  ];
}
