import type { SortBy, ValueCount } from '../../src/protocol.ts';
import type { MenuItem } from '../ui/controls.ts';
import { toCellText } from './cells.ts';
import type { Columns } from './columns.ts';
import { toValueFilter } from './distribution.ts';

/** What the menu of a column can do, and what is so already. */
interface ColumnActs {
  readonly sorted: SortBy | undefined;
  readonly filterText: string;
  readonly statistics: boolean;
  sort(sort: SortBy | undefined): void;
  /** Offers the values of the column. */
  filterByValue(): void;
  filter(text: string): void;
  /** A change of which columns are shown, and of what follows from it. */
  arrange(change: () => void): () => void;
  select(): void;
  toggleStatistics(): void;
  readonly lineage: (() => void) | undefined;
}

/** The menu of a column. */
export function toColumnMenu(column: number, columns: Columns, acts: ColumnActs): readonly (MenuItem | 'line')[] {
  const own = acts.sorted?.column === column ? acts.sorted : undefined;
  const isFrozenTo = columns.shown.indexOf(column) === columns.frozen - 1;
  const { hidden } = columns;
  return [
    { label: 'Sort Ascending', checked: own?.descending === false, run: () => acts.sort({ column, descending: false }) },
    { label: 'Sort Descending', checked: own?.descending === true, run: () => acts.sort({ column, descending: true }) },
    ...(own === undefined ? [] : [{ label: 'Clear Sort', run: () => acts.sort(undefined) }]),
    'line',
    { label: 'Filter by Value…', run: () => acts.filterByValue() },
    { label: 'Filter Empty (NULL)', run: () => acts.filter('is null') },
    ...(acts.filterText === '' ? [] : [{ label: 'Clear Filter', run: () => acts.filter('') }]),
    'line',
    { label: 'Hide Column', run: acts.arrange(() => columns.hide(column)) },
    ...(hidden.length === 0
      ? []
      : [{ label: 'Show All Columns', detail: `${hidden.length} hidden`, run: acts.arrange(() => columns.show()) }]),
    isFrozenTo
      ? { label: 'Unfreeze Columns', run: acts.arrange(() => columns.freeze(undefined)) }
      : { label: 'Freeze up to Here', run: acts.arrange(() => columns.freeze(column)) },
    { label: 'Select Column', detail: 'Alt+Click', run: () => acts.select() },
    'line',
    { label: 'Statistics', checked: acts.statistics, run: () => acts.toggleStatistics() },
    ...(acts.lineage === undefined ? [] : [{ label: 'Show Lineage of This Column', run: acts.lineage }]),
  ];
}

/** The values of a column as a menu; the text of the filter that keeps one of them. */
export function toValueMenu(values: readonly ValueCount[], choose: (text: string) => void): readonly MenuItem[] {
  return values.map(({ value, count }) => ({
    label: value === '' ? '(empty)' : toCellText(value).slice(0, 80),
    detail: count.toLocaleString(),
    run: () => choose(toValueFilter(value)),
  }));
}
