import type { ColumnStatistics, ResultView, SortBy } from '../../src/protocol.ts';
import { element } from '../ui/element.ts';
import { icon } from '../ui/icon.ts';
import { toCellText } from './cells.ts';
import type { Columns } from './columns.ts';
import { showShare, toDistribution } from './distribution.ts';
import { toFilterHint } from './filter-text.ts';
import { nextSort } from './sort.ts';

/** Where the menu of a column opens. */
export interface ColumnMenuPlace {
  readonly column: number;
  readonly x: number;
  readonly y: number;
}

interface HeaderParts {
  readonly columns: Columns;
  readonly view: ResultView;
  readonly gutterWidth: number;
  /** The texts of the filter fields and what is wrong with them; undefined where they are hidden. */
  readonly filters: { readonly texts: readonly string[]; readonly problems: readonly (string | undefined)[] } | undefined;
  sort(sort: SortBy | undefined): void;
  filter(column: number, text: string): void;
  menu(place: ColumnMenuPlace): void;
  resize(column: number, width: number): void;
  fit(column: number): void;
  selectColumn(column: number): void;
}

/** Draws the names, types and filters of the columns; a field that has the focus keeps it. */
export function drawHeader(header: HTMLElement, parts: HeaderParts): void {
  const focused = document.activeElement instanceof HTMLInputElement ? document.activeElement.dataset['column'] : undefined;
  const caret = document.activeElement instanceof HTMLInputElement ? document.activeElement.selectionStart : null;
  const width = `width:${parts.gutterWidth}px`;
  const { columns, filters } = parts;
  const rows = [
    element(
      'div',
      { class: 'header-row', role: 'row', 'aria-rowindex': 1 },
      element('div', { class: 'gutter', style: width, role: 'columnheader', 'aria-label': 'Row' }),
      ...columns.shown.map((column, position) => toHeaderCell(parts, column, position)),
    ),
  ];
  if (filters !== undefined)
    rows.push(
      element(
        'div',
        { class: 'filter-row', role: 'row' },
        element('div', { class: 'gutter', role: 'rowheader', 'aria-label': 'Filters', style: width }, icon('filter')),
        ...columns.shown.map((column, position) => toFilterField(parts, filters, column, position)),
      ),
    );
  header.replaceChildren(...rows);
  if (focused === undefined) return;
  const field = header.querySelector<HTMLInputElement>(`input[data-column="${focused}"]`);
  field?.focus();
  field?.setSelectionRange(caret, caret);
}

function toFilterField(
  { columns, filter, gutterWidth }: HeaderParts,
  { texts, problems }: NonNullable<HeaderParts['filters']>,
  column: number,
  position: number,
): HTMLElement {
  const problem = problems[column];
  const hint = toFilterHint(columns.kind(column));
  const name = columns.name(column);
  return element(
    'div',
    {
      class: stays(columns, position),
      role: 'gridcell',
      style: `width:${columns.width(column)}px;flex:none${stickAt(columns, position, gutterWidth)}`,
    },
    element('input', {
      class: problem === undefined ? 'filter' : 'filter unclear',
      placeholder: hint.split(' · ').slice(0, 3).join('  '),
      title: problem ?? `Filter ${name}: ${hint}`,
      'aria-label': `Filter ${name}`,
      'aria-invalid': problem === undefined ? undefined : 'true',
      spellcheck: 'false',
      value: texts[column] ?? '',
      'data-column': column,
      on: { input: (event) => filter(column, (event.target as HTMLInputElement).value) },
    }),
  );
}

function stays(columns: Columns, position: number): string {
  return position < columns.frozen ? 'frozen' : '';
}

function stickAt(columns: Columns, position: number, gutterWidth: number): string {
  return position < columns.frozen ? `;position:sticky;left:${gutterWidth + columns.left(position)}px` : '';
}

/** Draws the line of statistics below the header; what is not counted yet shows as waiting. */
export function drawStatistics(
  header: HTMLElement,
  statistics: readonly (ColumnStatistics | undefined)[],
  columns: Columns,
  gutterWidth: number,
  rowCount: number,
  choose: (column: number, text: string) => void,
): void {
  const cells = columns.shown.map((index, position) => {
    const column = statistics[index];
    const style = `width:${columns.width(index)}px${stickAt(columns, position, gutterWidth)}`;
    if (column === undefined)
      return element('div', { class: `statistic waiting ${stays(columns, position)}`, role: 'gridcell', style }, '…');
    const nulls = showShare(column.nulls, rowCount);
    const range = column.min === null ? '' : `${toCellText(column.min)} – ${toCellText(column.max)}`;
    const first = `${column.distinct.toLocaleString()} distinct`;
    const second = column.nulls === 0 ? 'no nulls' : `${nulls} null`;
    return element(
      'div',
      {
        class: `statistic ${stays(columns, position)}`,
        role: 'gridcell',
        style,
        title: `${first}\n${column.nulls.toLocaleString()} nulls (${nulls})\n${range}`,
      },
      element('div', {}, first),
      element('div', { class: column.nulls === 0 ? '' : 'has-nulls' }, second),
      toDistribution({
        name: columns.name(index),
        statistics: column,
        rowCount,
        tabbable: false,
        choose: (text) => choose(index, text),
      }) ?? element('div', { class: 'range' }, range),
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

function toHeaderCell(parts: HeaderParts, index: number, position: number): HTMLElement {
  const { columns } = parts;
  const name = columns.name(index);
  const type = columns.type(index);
  const sorted = parts.view.sort?.column === index ? parts.view.sort : undefined;
  const isFiltered = parts.view.filters.some(({ column }) => column === index);
  const handle = element('div', {
    class: 'handle',
    title: 'Drag to resize, double-click to fit',
    on: {
      pointerdown: (event) => drag(event, columns.width(index), (width) => parts.resize(index, width)),
      dblclick: () => parts.fit(index),
    },
  });
  const more = element(
    'button',
    {
      class: 'column-menu',
      type: 'button',
      tabindex: -1,
      title: 'Column menu (Alt+Down)',
      'aria-label': `Menu of ${name}`,
      on: {
        click: (event) => {
          event.stopPropagation();
          const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
          parts.menu({ column: index, x: box.left, y: box.bottom + 2 });
        },
      },
    },
    icon('chevronDown'),
  );
  return element(
    'div',
    {
      class: `column ${columns.kind(index)} ${stays(columns, position)}`,
      style: `width:${columns.width(index)}px${stickAt(columns, position, parts.gutterWidth)}`,
      role: 'columnheader',
      'aria-colindex': position + 2,
      'aria-sort': sorted === undefined ? 'none' : sorted.descending ? 'descending' : 'ascending',
      title: `${name}${type === '' ? '' : ` · ${type}`}\nClick to sort, Alt+click to select the column`,
      on: {
        click: (event) => {
          if ((event.target as HTMLElement).classList.contains('handle')) return;
          if (event.altKey) parts.selectColumn(index);
          else parts.sort(nextSort(parts.view.sort, index));
        },
        contextmenu: (event) => {
          event.preventDefault();
          parts.menu({ column: index, x: event.clientX, y: event.clientY });
        },
      },
    },
    element('span', { class: 'name' }, name),
    element('span', { class: 'type' }, type),
    isFiltered && icon('filter'),
    sorted !== undefined && icon(sorted.descending ? 'sortDescending' : 'sortAscending'),
    more,
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
