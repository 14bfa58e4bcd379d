import type { ColumnStatistics, ResultTab, ShownCell, SortBy } from '../../src/protocol.ts';
import { element } from '../ui/element.ts';
import { fillCell } from './cells.ts';
import { Columns } from './columns.ts';
import type { ColumnMenuPlace } from './grid-header.ts';
import { drawHeader, drawStatistics } from './grid-header.ts';
import type { Rows } from './rows.ts';
import type { CellAt, Selection } from './selection.ts';
import { moveSelection, toBox } from './selection.ts';
import { nextSort } from './sort.ts';

/** What the grid tells its surroundings. */
export interface GridEvents {
  sort(sort: SortBy | undefined): void;
  filter(column: number, text: string): void;
  /** Part of a column's distribution was pressed: the filter that keeps it. */
  choose(column: number, text: string): void;
  columnMenu(place: ColumnMenuPlace): void;
  select(selection: Selection): void;
  copy(): void;
  menu(at: { readonly x: number; readonly y: number }): void;
  search(): void;
  /** Shows all of a value, which may have more lines than a row. */
  inspect(column: number, value: ShownCell | undefined, at: DOMRect): void;
}

const rowHeight = 24;
/** Browsers give up on taller elements; beyond it the scroll bar is scaled. */
const tallest = 12_000_000;
const gutterWidth = 56;

/** A grid of any size that keeps only the cells in sight in the page. */
export class Grid {
  readonly root: HTMLElement;
  readonly #header = element('div', { class: 'head', role: 'rowgroup' });
  readonly #body = element('div', { class: 'body', role: 'rowgroup' });
  readonly #canvas: HTMLElement;
  readonly columns: Columns;
  #selection: Selection = { anchor: { row: 0, column: 0 }, focus: { row: 0, column: 0 } };
  #frame = 0;
  #found: CellAt | undefined;
  #rows: Rows;
  showFilters = false;
  statistics: readonly (ColumnStatistics | undefined)[] | undefined;
  filterTexts: string[];
  /** Why the text in the filter of a column says nothing. */
  filterProblems: (string | undefined)[] = [];

  constructor(
    readonly tab: ResultTab,
    rows: Rows,
    private readonly events: GridEvents,
  ) {
    this.#rows = rows;
    this.columns = new Columns(tab);
    this.filterTexts = tab.columns.map(() => '');
    this.#canvas = element('div', { class: 'canvas', role: 'presentation' }, this.#header, this.#body);
    this.root = element(
      'div',
      { class: 'grid hw-focusable', role: 'grid', tabindex: 0, 'aria-label': `Rows of ${tab.title}`, 'aria-multiselectable': 'true' },
      this.#canvas,
    );
    this.root.addEventListener('scroll', () => this.schedule());
    this.root.addEventListener('keydown', (event) => this.#press(event));
    this.#body.addEventListener('pointerdown', (event) => this.#point(event));
    this.#body.addEventListener('dblclick', () => this.#inspect());
    this.#body.addEventListener('contextmenu', (event) => {
      event.preventDefault();
      this.#pointAt(event.target);
      this.events.menu({ x: event.clientX, y: event.clientY });
    });
    new ResizeObserver(() => this.schedule()).observe(this.root);
  }

  /** The selected rectangle; its columns are positions among those that are shown. */
  get selection(): Selection {
    return this.#selection;
  }

  /** The columns of the selected rectangle, by their index in the result. */
  get selectedColumns(): readonly number[] {
    const { left, right } = toBox(this.#selection);
    return this.columns.shown.slice(left, right + 1);
  }

  /** Rows of the view that is shown, after filters. */
  get rowCount(): number {
    return this.#rows.rowCount;
  }

  /** Shows other rows of the same columns. */
  setRows(rows: Rows): void {
    this.#rows = rows;
    this.root.scrollTop = 0;
    this.select({ anchor: { row: 0, column: this.#selection.focus.column }, focus: { row: 0, column: this.#selection.focus.column } });
    this.refresh();
  }

  /** Shows newer rows of the same columns, where the user looks. */
  renewRows(rows: Rows): void {
    this.#rows = rows;
    const last = Math.max(0, rows.rowCount - 1);
    const within = ({ row, column }: CellAt): CellAt => ({ row: Math.min(row, last), column });
    this.select({ anchor: within(this.#selection.anchor), focus: within(this.#selection.focus) });
    this.refresh();
  }

  /** The first row in sight. */
  get top(): number {
    return Math.max(0, Math.floor((this.root.scrollTop * this.#scale) / rowHeight));
  }

  /** Draws everything again: header, filters, statistics, cells. */
  refresh(): void {
    this.#fit();
    const { columns } = this;
    drawHeader(this.#header, {
      columns,
      view: this.#rows.view,
      gutterWidth,
      filters: this.showFilters ? { texts: this.filterTexts, problems: this.filterProblems } : undefined,
      sort: (sort) => this.events.sort(sort),
      filter: (column, text) => this.events.filter(column, text),
      menu: (place) => this.events.columnMenu(place),
      resize: (column, width) => {
        columns.resize(column, width);
        this.refresh();
      },
      fit: (column) => {
        columns.fitColumn(column, this.#rows.sample(column));
        this.refresh();
      },
      selectColumn: (column) => this.selectColumn(column),
    });
    if (this.statistics !== undefined)
      drawStatistics(this.#header, this.statistics, columns, gutterWidth, this.#rows.rowCount, (column, text) =>
        this.events.choose(column, text),
      );
    this.schedule();
  }

  selectColumn(column: number): void {
    const position = this.columns.positionOf(column);
    this.select({ anchor: { row: 0, column: position }, focus: { row: this.#rows.rowCount - 1, column: position } });
  }

  schedule(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#draw());
  }

  select(selection: Selection): void {
    this.#selection = selection;
    this.events.select(selection);
    this.schedule();
  }

  /** The cell with the focus, its column by its index in the result. */
  get current(): CellAt {
    const { row, column } = this.#selection.focus;
    return { row, column: this.columns.shown[column] ?? 0 };
  }

  /** Goes to a cell that a search found; a hidden column is shown for it. */
  goTo(found: CellAt): void {
    const at = { row: found.row, column: this.columns.positionOf(found.column) };
    this.#found = at;
    this.refresh();
    this.select({ anchor: at, focus: at });
    this.#bringIntoSight(at);
  }

  /** Columns were hidden, shown or frozen: the selection starts anew. */
  arrange(): void {
    this.select({ anchor: { row: this.#selection.focus.row, column: 0 }, focus: { row: this.#selection.focus.row, column: 0 } });
    this.refresh();
  }

  #inspect(): void {
    // The cell has to stand where it is seen, not where it will be after the next frame.
    this.#draw();
    const { row, column } = this.current;
    const cell = document.getElementById('current-cell') ?? this.root;
    this.events.inspect(column, this.#rows.row(row)?.[column], cell.getBoundingClientRect());
  }

  #fit(): void {
    this.columns.fit((column) => this.#rows.sample(column));
  }

  get #scale(): number {
    const real = this.#rows.rowCount * rowHeight;
    return real > tallest ? (real - this.#seenHeight) / (tallest - this.#seenHeight) : 1;
  }

  get #seenHeight(): number {
    return Math.max(rowHeight, this.root.clientHeight - this.#header.offsetHeight);
  }

  #draw(): void {
    // Heights read as zero outside the page; coming back to it is a resize, which draws.
    if (!this.root.isConnected) return;
    if (!this.columns.isFitted && this.#rows.row(0) !== undefined) {
      this.#fit();
      this.refresh();
      return;
    }
    const { rowCount } = this.#rows;
    const totalWidth = gutterWidth + this.columns.left(this.columns.shown.length);
    const scrolled = this.root.scrollTop * this.#scale;
    const first = Math.max(0, Math.floor(scrolled / rowHeight));
    const last = Math.min(rowCount, first + Math.ceil(this.#seenHeight / rowHeight) + 1);
    this.#canvas.style.width = `${totalWidth}px`;
    this.#canvas.style.height = `${this.#header.offsetHeight + Math.min(rowCount * rowHeight, tallest)}px`;
    this.#rows.want(Math.max(0, first - 50), Math.min(rowCount, last + 50));
    const inSight = this.#columnsInSight();
    const made = Array.from({ length: Math.max(0, last - first) }, (_, at) => this.#toLine(first + at, totalWidth, inSight));
    this.#body.style.transform = `translateY(${this.root.scrollTop - (scrolled - first * rowHeight)}px)`;
    this.#body.replaceChildren(...made);
    this.root.setAttribute('aria-rowcount', String(rowCount + 1));
    this.root.setAttribute('aria-colcount', String(this.columns.shown.length + 1));
    if (document.getElementById('current-cell')) this.root.setAttribute('aria-activedescendant', 'current-cell');
    else this.root.removeAttribute('aria-activedescendant');
  }

  #toLine(index: number, totalWidth: number, { from, to, before }: InSight): HTMLElement {
    const row = this.#rows.row(index);
    const { frozen } = this.columns;
    const still = Array.from({ length: frozen }, (_, position) => this.#toCell(row, index, position));
    const moving = Array.from({ length: to - from }, (_, at) => this.#toCell(row, index, from + at));
    const line = element(
      'div',
      { class: index % 2 === 1 ? 'row odd' : 'row', role: 'row', 'aria-rowindex': index + 2, style: `width:${totalWidth}px` },
      element('div', { class: 'gutter', role: 'rowheader', 'aria-colindex': 1, style: `width:${gutterWidth}px` }, String(index + 1)),
      ...still,
      element('div', { role: 'presentation', style: `width:${before}px;flex:none` }),
      ...moving,
    );
    line.dataset['row'] = String(index);
    return line;
  }

  #toCell(row: readonly ShownCell[] | undefined, index: number, position: number): HTMLElement {
    const { columns } = this;
    const column = columns.shown[position] ?? 0;
    const place = position < columns.frozen ? `;position:sticky;left:${gutterWidth + columns.left(position)}px` : '';
    const cell = element('div', { role: 'gridcell', 'aria-colindex': position + 2, style: `width:${columns.width(column)}px${place}` });
    fillCell(cell, row?.[column], columns.kind(column), columns.isGrouped(column));
    if (position < columns.frozen) cell.classList.add('frozen');
    cell.dataset['column'] = String(position);
    const box = toBox(this.#selection);
    if (index >= box.top && index <= box.bottom && position >= box.left && position <= box.right) {
      cell.classList.add('selected');
      cell.setAttribute('aria-selected', 'true');
    }
    if (index === this.#selection.focus.row && position === this.#selection.focus.column) {
      cell.classList.add('current');
      if (this.#found?.row === index && this.#found.column === position) cell.classList.add('found');
      cell.id = 'current-cell';
    }
    return cell;
  }

  /** The positions that scroll and are in sight; frozen columns always are. */
  #columnsInSight(): InSight {
    const { shown, frozen } = this.columns;
    const left = this.root.scrollLeft;
    const right = left + this.root.clientWidth;
    const widthAt = (position: number): number => this.columns.width(shown[position] ?? 0);
    const still = this.columns.left(frozen);
    let at = still;
    let from = frozen;
    while (from < shown.length - 1 && at + widthAt(from) < left + still) at += widthAt(from++);
    const before = at - still;
    let to = from;
    while (to < shown.length && at < right) at += widthAt(to++);
    return { from, to, before };
  }

  #press(event: KeyboardEvent): void {
    if (event.target !== this.root) return;
    if (event.key === 'c' && (event.ctrlKey || event.metaKey)) {
      keep(event);
      this.events.copy();
      return;
    }
    if (event.key === 'f' && (event.ctrlKey || event.metaKey)) {
      keep(event);
      this.events.search();
      return;
    }
    if (event.key === ' ' && !event.shiftKey && !event.ctrlKey && !event.metaKey) {
      keep(event);
      this.#inspect();
      return;
    }
    if (event.key === 'ArrowDown' && event.altKey) {
      keep(event);
      const { column } = this.current;
      const box = (document.getElementById('current-cell') ?? this.root).getBoundingClientRect();
      this.events.columnMenu({ column, x: box.left, y: box.top });
      return;
    }
    if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
      keep(event);
      const box = (document.getElementById('current-cell') ?? this.root).getBoundingClientRect();
      this.events.menu({ x: box.left, y: box.bottom });
      return;
    }
    if (event.key === 'Enter') {
      const { column } = this.current;
      const { sort } = this.#rows.view;
      keep(event);
      this.events.sort(nextSort(sort, column));
      return;
    }
    const extent = {
      rows: this.#rows.rowCount,
      columns: this.columns.shown.length,
      page: Math.max(1, Math.floor(this.#seenHeight / rowHeight) - 1),
    };
    const moved = extent.rows === 0 ? undefined : moveSelection(this.#selection, event, extent);
    if (moved === undefined) return;
    keep(event);
    this.select(moved);
    this.#bringIntoSight(moved.focus);
  }

  #bringIntoSight({ row, column }: CellAt): void {
    const top = row * rowHeight;
    const scrolled = this.root.scrollTop * this.#scale;
    if (top < scrolled) this.root.scrollTop = top / this.#scale;
    else if (top + rowHeight > scrolled + this.#seenHeight) this.root.scrollTop = (top + rowHeight - this.#seenHeight) / this.#scale;
    if (column < this.columns.frozen) return;
    const still = this.columns.left(this.columns.frozen);
    const left = this.columns.left(column) - still;
    const width = this.columns.width(this.columns.shown[column] ?? 0);
    const seen = this.root.clientWidth - gutterWidth - still;
    if (left < this.root.scrollLeft) this.root.scrollLeft = left;
    else if (left + width > this.root.scrollLeft + seen) this.root.scrollLeft = left + width - seen;
  }

  /** Moves the selection to the cell that a menu is opened on, unless it is part of the selection. */
  #pointAt(target: EventTarget | null): void {
    const at = this.#cellAt(target);
    if (at === undefined) return;
    const { top, bottom, left, right } = toBox(this.#selection);
    if (at.row >= top && at.row <= bottom && (at.column === -1 || (at.column >= left && at.column <= right))) return;
    this.select(at.column === -1 ? this.#wholeRow(at.row) : { anchor: at, focus: at });
    this.root.focus({ preventScroll: true });
  }

  #wholeRow(row: number): Selection {
    return { anchor: { row, column: 0 }, focus: { row, column: this.columns.shown.length - 1 } };
  }

  #point(event: PointerEvent): void {
    if (event.button !== 0) return;
    const start = this.#cellAt(event.target);
    if (start === undefined) return;
    const { selection } = this;
    if (start.column === -1) this.select(this.#wholeRow(start.row));
    else this.select({ anchor: event.shiftKey ? selection.anchor : start, focus: start });
    this.root.focus({ preventScroll: true });
    event.preventDefault();
    const move = (moved: PointerEvent): void => {
      const over = this.#cellAt(document.elementFromPoint(moved.clientX, moved.clientY));
      if (over !== undefined && over.column !== -1) this.select({ anchor: this.#selection.anchor, focus: over });
    };
    const end = (): void => {
      removeEventListener('pointermove', move);
      removeEventListener('pointerup', end);
    };
    addEventListener('pointermove', move);
    addEventListener('pointerup', end);
  }

  /** The cell under the pointer; column -1 is the row's number. */
  #cellAt(target: EventTarget | null): CellAt | undefined {
    if (!(target instanceof HTMLElement)) return undefined;
    const row = target.closest<HTMLElement>('.row')?.dataset['row'];
    if (row === undefined) return undefined;
    return { row: Number(row), column: target.dataset['column'] === undefined ? -1 : Number(target.dataset['column']) };
  }
}

/** Positions of columns, half open, and the width of those before them that scrolled away. */
interface InSight {
  readonly from: number;
  readonly to: number;
  readonly before: number;
}

/** A key that the grid answers is none of the workbench's, which else hears every key of a page. */
function keep(event: KeyboardEvent): void {
  event.preventDefault();
  event.stopPropagation();
}
