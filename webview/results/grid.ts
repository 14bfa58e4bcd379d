import type { ColumnStatistics, ResultTab, ShownCell, SortBy } from '../../src/protocol.ts';
import { element } from '../ui/element.ts';
import type { CellKind } from './cells.ts';
import { fillCell, toCellKind, toColumnWidth } from './cells.ts';
import { drawHeader, drawStatistics } from './grid-header.ts';
import type { Rows } from './rows.ts';
import type { CellAt, Selection } from './selection.ts';
import { moveSelection, toBox } from './selection.ts';
import { nextSort } from './sort.ts';

/** What the grid tells its surroundings. */
export interface GridEvents {
  sort(sort: SortBy | undefined): void;
  filter(column: number, text: string): void;
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
  readonly #widths: number[];
  readonly #fitted: boolean[];
  #kinds: CellKind[];
  #selection: Selection = { anchor: { row: 0, column: 0 }, focus: { row: 0, column: 0 } };
  #frame = 0;
  #found: CellAt | undefined;
  #rows: Rows;
  showFilters = false;
  statistics: readonly (ColumnStatistics | undefined)[] | undefined;
  filterTexts: string[];

  constructor(
    readonly tab: ResultTab,
    rows: Rows,
    private readonly events: GridEvents,
  ) {
    this.#rows = rows;
    this.#widths = tab.columns.map((column) => toColumnWidth(column, []));
    this.#fitted = tab.columns.map(() => false);
    this.#kinds = tab.columns.map((column) => toCellKind(column, []));
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
      this.events.menu({ x: event.clientX, y: event.clientY });
    });
    new ResizeObserver(() => this.schedule()).observe(this.root);
  }

  get selection(): Selection {
    return this.#selection;
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

  /** Draws everything again: header, filters, statistics, cells. */
  refresh(): void {
    this.#fit();
    drawHeader(this.#header, {
      tab: this.tab,
      view: this.#rows.view,
      widths: this.#widths,
      kinds: this.#kinds,
      gutterWidth,
      filters: this.showFilters ? this.filterTexts : undefined,
      sort: (sort) => this.events.sort(sort),
      filter: (column, text) => this.events.filter(column, text),
      resize: (column, width) => {
        this.#widths[column] = Math.max(36, width);
        this.#fitted[column] = true;
        this.refresh();
      },
      selectColumn: (column) => this.select({ anchor: { row: 0, column }, focus: { row: this.#rows.rowCount - 1, column } }),
    });
    if (this.statistics !== undefined) drawStatistics(this.#header, this.statistics, this.#widths, gutterWidth, this.#rows.rowCount);
    this.schedule();
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

  /** Goes to a cell that a search found. */
  goTo(at: CellAt): void {
    this.#found = at;
    this.select({ anchor: at, focus: at });
    this.#bringIntoSight(at);
  }

  #inspect(): void {
    // The cell has to stand where it is seen, not where it will be after the next frame.
    this.#draw();
    const { row, column } = this.#selection.focus;
    const cell = document.getElementById('current-cell') ?? this.root;
    this.events.inspect(column, this.#rows.row(row)?.[column], cell.getBoundingClientRect());
  }

  #fit(): void {
    this.tab.columns.forEach((column, index) => {
      if (this.#fitted[index]) return;
      const values = this.#rows.sample(index);
      if (values.length === 0) return;
      this.#widths[index] = toColumnWidth(column, values);
      this.#kinds[index] = toCellKind(column, values);
      this.#fitted[index] = true;
    });
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
    if (this.#fitted.includes(false) && this.#rows.row(0) !== undefined) {
      this.#fit();
      this.refresh();
      return;
    }
    const { rowCount } = this.#rows;
    const totalWidth = gutterWidth + this.#widths.reduce((sum, width) => sum + width, 0);
    const scrolled = this.root.scrollTop * this.#scale;
    const first = Math.max(0, Math.floor(scrolled / rowHeight));
    const last = Math.min(rowCount, first + Math.ceil(this.#seenHeight / rowHeight) + 1);
    this.#canvas.style.width = `${totalWidth}px`;
    this.#canvas.style.height = `${this.#header.offsetHeight + Math.min(rowCount * rowHeight, tallest)}px`;
    this.#rows.want(Math.max(0, first - 50), Math.min(rowCount, last + 50));
    const { from, to, before } = this.#columnsInSight();
    const box = toBox(this.#selection);
    const made: HTMLElement[] = [];
    for (let index = first; index < last; index++) {
      const row = this.#rows.row(index);
      const cells: HTMLElement[] = [];
      for (let column = from; column < to; column++) {
        const cell = element('div', { role: 'gridcell', 'aria-colindex': column + 2, style: `width:${this.#widths[column]}px` });
        fillCell(cell, row?.[column], this.#kinds[column] ?? 'text');
        cell.dataset['column'] = String(column);
        const inside = index >= box.top && index <= box.bottom && column >= box.left && column <= box.right;
        if (inside) {
          cell.classList.add('selected');
          cell.setAttribute('aria-selected', 'true');
        }
        if (index === this.#selection.focus.row && column === this.#selection.focus.column) {
          cell.classList.add('current');
          if (this.#found?.row === index && this.#found.column === column) cell.classList.add('found');
          cell.id = 'current-cell';
        }
        cells.push(cell);
      }
      const gutter = element(
        'div',
        { class: 'gutter', role: 'rowheader', 'aria-colindex': 1, style: `width:${gutterWidth}px` },
        String(index + 1),
      );
      const spacer = element('div', { role: 'presentation', style: `width:${before}px;flex:none` });
      const line = element(
        'div',
        { class: index % 2 === 1 ? 'row odd' : 'row', role: 'row', 'aria-rowindex': index + 2, style: `width:${totalWidth}px` },
        gutter,
        spacer,
        ...cells,
      );
      line.dataset['row'] = String(index);
      made.push(line);
    }
    this.#body.style.transform = `translateY(${this.root.scrollTop - (scrolled - first * rowHeight)}px)`;
    this.#body.replaceChildren(...made);
    this.root.setAttribute('aria-rowcount', String(rowCount + 1));
    this.root.setAttribute('aria-colcount', String(this.tab.columns.length + 1));
    if (document.getElementById('current-cell')) this.root.setAttribute('aria-activedescendant', 'current-cell');
    else this.root.removeAttribute('aria-activedescendant');
  }

  #columnsInSight(): { readonly from: number; readonly to: number; readonly before: number } {
    const left = this.root.scrollLeft;
    const right = left + this.root.clientWidth;
    let at = 0;
    let from = 0;
    while (from < this.#widths.length - 1 && at + (this.#widths[from] ?? 0) < left) at += this.#widths[from++] ?? 0;
    const before = at;
    let to = from;
    while (to < this.#widths.length && at < right) at += this.#widths[to++] ?? 0;
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
    if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
      keep(event);
      const box = (document.getElementById('current-cell') ?? this.root).getBoundingClientRect();
      this.events.menu({ x: box.left, y: box.bottom });
      return;
    }
    if (event.key === 'Enter') {
      const { column } = this.#selection.focus;
      const { sort } = this.#rows.view;
      keep(event);
      this.events.sort(nextSort(sort, column));
      return;
    }
    const extent = {
      rows: this.#rows.rowCount,
      columns: this.tab.columns.length,
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
    const left = this.#widths.slice(0, column).reduce((sum, width) => sum + width, 0);
    const width = this.#widths[column] ?? 0;
    const seen = this.root.clientWidth - gutterWidth;
    if (left < this.root.scrollLeft) this.root.scrollLeft = left;
    else if (left + width > this.root.scrollLeft + seen) this.root.scrollLeft = left + width - seen;
  }

  #point(event: PointerEvent): void {
    if (event.button !== 0) return;
    const start = this.#cellAt(event.target);
    if (start === undefined) return;
    const { selection } = this;
    if (start.column === -1)
      this.select({ anchor: { row: start.row, column: 0 }, focus: { row: start.row, column: this.tab.columns.length - 1 } });
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

/** A key that the grid answers is none of the workbench's, which else hears every key of a page. */
function keep(event: KeyboardEvent): void {
  event.preventDefault();
  event.stopPropagation();
}
