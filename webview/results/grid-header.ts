import type { ColumnStatistics, ResultTab, ResultView, SortBy } from '../../src/protocol.ts';
import { element } from '../ui/element.ts';
import { icon } from '../ui/icon.ts';
import type { CellKind } from './cells.ts';
import { toCellText, toHistogram } from './cells.ts';
import { filterHint } from './filter-text.ts';
import { nextSort } from './sort.ts';

interface HeaderParts {
  readonly tab: ResultTab;
  readonly view: ResultView;
  readonly widths: readonly number[];
  readonly kinds: readonly CellKind[];
  readonly gutterWidth: number;
  /** The texts of the filter fields, or undefined where they are hidden. */
  readonly filters: readonly string[] | undefined;
  sort(sort: SortBy | undefined): void;
  filter(column: number, text: string): void;
  resize(column: number, width: number): void;
  selectColumn(column: number): void;
}

/** Draws the names, types and filters of the columns; a field that has the focus keeps it. */
export function drawHeader(header: HTMLElement, parts: HeaderParts): void {
  const focused = document.activeElement instanceof HTMLInputElement ? document.activeElement.dataset['column'] : undefined;
  const caret = document.activeElement instanceof HTMLInputElement ? document.activeElement.selectionStart : null;
  const width = `width:${parts.gutterWidth}px`;
  const names = parts.tab.columns.map((_, column) => toHeaderCell(parts, column));
  const rows = [
    element(
      'div',
      { class: 'header-row', role: 'row', 'aria-rowindex': 1 },
      element('div', { class: 'gutter', style: width, role: 'columnheader', 'aria-label': 'Row' }),
      ...names,
    ),
  ];
  const { filters } = parts;
  if (filters !== undefined) {
    const fields = parts.tab.columns.map((column, index) =>
      element(
        'div',
        { role: 'gridcell', style: `width:${parts.widths[index]}px;flex:none` },
        element('input', {
          class: 'filter',
          placeholder: 'filter',
          title: `Filter ${column.name}: ${filterHint}`,
          'aria-label': `Filter ${column.name}`,
          spellcheck: 'false',
          value: filters[index] ?? '',
          'data-column': index,
          on: { input: (event) => parts.filter(index, (event.target as HTMLInputElement).value) },
        }),
      ),
    );
    rows.push(
      element(
        'div',
        { class: 'filter-row', role: 'row' },
        element('div', { class: 'gutter', role: 'rowheader', 'aria-label': 'Filters', style: width }, icon('filter')),
        ...fields,
      ),
    );
  }
  header.replaceChildren(...rows);
  if (focused === undefined) return;
  const field = header.querySelector<HTMLInputElement>(`input[data-column="${focused}"]`);
  field?.focus();
  field?.setSelectionRange(caret, caret);
}

/** Draws the line of statistics below the header; what is not counted yet shows as waiting. */
export function drawStatistics(
  header: HTMLElement,
  statistics: readonly (ColumnStatistics | undefined)[],
  widths: readonly number[],
  gutterWidth: number,
  rowCount: number,
): void {
  const cells = statistics.map((column, index) => {
    const style = `width:${widths[index]}px`;
    if (column === undefined) return element('div', { class: 'statistic waiting', role: 'gridcell', style }, '…');
    const nulls = rowCount === 0 ? 0 : Math.round((column.nulls / rowCount) * 1000) / 10;
    const range = column.min === null ? '' : `${toCellText(column.min)} – ${toCellText(column.max)}`;
    const first = `${column.distinct.toLocaleString()} distinct`;
    const second = column.nulls === 0 ? 'no nulls' : `${nulls}% null`;
    return element(
      'div',
      { class: 'statistic', role: 'gridcell', style, title: `${first}\n${column.nulls.toLocaleString()} nulls (${nulls}%)\n${range}` },
      element('div', {}, first),
      element('div', { class: column.nulls === 0 ? '' : 'has-nulls' }, second),
      column.histogram.length > 1 ? toHistogram(column.histogram) : element('div', { class: 'range' }, range),
    );
  });
  header.append(
    element(
      'div',
      { class: 'statistics-row', role: 'row' },
      element(
        'div',
        { class: 'gutter', role: 'rowheader', 'aria-label': 'Statistics', style: `width:${gutterWidth}px` },
        icon('statistics'),
      ),
      ...cells,
    ),
  );
}

function toHeaderCell(parts: HeaderParts, index: number): HTMLElement {
  const column = parts.tab.columns[index];
  const name = column?.name ?? '';
  const sorted = parts.view.sort?.column === index ? parts.view.sort : undefined;
  const handle = element('div', {
    class: 'handle',
    on: { pointerdown: (event) => drag(event, parts.widths[index] ?? 0, (width) => parts.resize(index, width)) },
  });
  return element(
    'div',
    {
      class: `column ${parts.kinds[index] ?? 'text'}`,
      style: `width:${parts.widths[index]}px`,
      role: 'columnheader',
      'aria-colindex': index + 2,
      'aria-sort': sorted === undefined ? 'none' : sorted.descending ? 'descending' : 'ascending',
      title: `${name}${column?.type ? ` · ${column.type}` : ''}\nClick to sort, Alt+click to select the column`,
      on: {
        click: (event) => {
          if ((event.target as HTMLElement).classList.contains('handle')) return;
          if (event.altKey) parts.selectColumn(index);
          else parts.sort(nextSort(parts.view.sort, index));
        },
      },
    },
    element('span', { class: 'name' }, name),
    element('span', { class: 'type' }, (column?.type ?? '').toLowerCase()),
    sorted !== undefined && icon(sorted.descending ? 'sortDescending' : 'sortAscending'),
    handle,
  );
}

function drag(event: PointerEvent, width: number, resize: (width: number) => void): void {
  event.preventDefault();
  event.stopPropagation();
  const from = event.clientX;
  const move = (moved: PointerEvent): void => resize(width + moved.clientX - from);
  const end = (): void => {
    removeEventListener('pointermove', move);
    removeEventListener('pointerup', end);
  };
  addEventListener('pointermove', move);
  addEventListener('pointerup', end);
}
