import type { Location } from '../../src/core/text/span.ts';
import type { ExportFormat, ResultsCalls, ResultsHostCalls, ResultTab, ResultView, SortBy } from '../../src/protocol.ts';
import type { Wire } from '../../src/wire.ts';
import { iconButton, openMenu } from '../ui/controls.ts';
import { element, replaceChildren } from '../ui/element.ts';
import { showCell } from './cell-detail.ts';
import type { ChartChoice } from './chart-choice.ts';
import { ChartView } from './chart-view.ts';
import { toColumnMenu, toValueMenu } from './column-menu.ts';
import { toCopyMenu, toExportMenu } from './copy-menu.ts';
import { readFilter } from './filter-text.ts';
import { Grid } from './grid.ts';
import type { ColumnMenuPlace } from './grid-header.ts';
import { toLiveStrip } from './live-strip.ts';
import { hasNotes, toNoteLines, toNotesButton, toOutcome } from './notes.ts';
import { ProfileView } from './profile-view.ts';
import { Rows } from './rows.ts';
import { SearchBar } from './search-bar.ts';
import { toBox } from './selection.ts';
import { toStatus } from './status-line.ts';
import { showTotals } from './totals.ts';

/** What is seen of a result. */
type ShownPart = 'rows' | 'profile' | 'chart';

const filterDelay = 200;
const totalsDelay = 120;

/** One tab: its toolbar, its grid, its notes and the line at the bottom. */
export class ResultSurface {
  readonly root = element('div', { class: 'result' });
  /** The tools of this tab, which stand beside the tabs to leave the height to the rows. */
  readonly bar = element('div', { class: 'bar', role: 'toolbar', 'aria-label': 'Result' });
  readonly #progress = element('div', { class: 'hw-progress' });
  readonly #notes = element('div', { class: 'notes', role: 'status' });
  readonly #live = element('div', { class: 'live' });
  readonly #place = element('div', { class: 'grid-place' });
  readonly #status = element('div', { class: 'status' });
  readonly #search: SearchBar;
  #tab: ResultTab | undefined;
  #grid: Grid | undefined;
  #view: ResultView = { sort: undefined, filters: [] };
  #showFilters = false;
  #showStatistics = false;
  #shown: ShownPart = 'rows';
  /** The chart that was chosen by hand, for columns of these names and kinds. */
  #charted: { readonly names: string; readonly choice: ChartChoice } | undefined;
  /** The profile that is seen in place of the rows. */
  #profile: ProfileView | undefined;
  #notesOpen = false;
  #timer = 0;
  #totalling = 0;
  /** What the selection comes to, once the engine has said it. */
  #totals = '';
  #clock = 0;
  #runningSince = 0;

  constructor(
    private readonly id: number,
    private readonly host: Wire<ResultsHostCalls>,
  ) {
    this.#search = new SearchBar(
      (search) => this.host.ask('find', { tab: this.id, view: this.#view, search }),
      () => this.#grid,
    );
    this.root.append(this.#progress, this.#search.root, this.#notes, this.#live, this.#place, this.#status);
  }

  /** The rows that are selected, in the view that is seen. */
  get picked(): ResultsCalls['selection']['answer'] {
    if (this.#grid === undefined || this.#tab?.state !== 'rows' || this.#grid.rowCount === 0) return undefined;
    const { top, bottom } = toBox(this.#grid.selection);
    return { tab: this.id, picked: { view: this.#view, rows: [top, bottom + 1] } };
  }

  /** Draws a new state of the tab; rows stay where only its title or pin changed. */
  show(tab: ResultTab): void {
    const before = this.#tab;
    this.#tab = tab;
    const same = before?.columns === tab.columns || JSON.stringify(before?.columns) === JSON.stringify(tab.columns);
    this.#progress.classList.toggle('running', tab.state === 'running' || tab.live?.isRunning === true);
    this.#watch(before, tab);
    if (tab.state === 'rows' && (before?.state !== 'rows' || !same || before.version !== tab.version)) {
      if (!same) this.#view = { sort: undefined, filters: [] };
      if (tab.live !== undefined && this.#grid !== undefined) void this.#renew(tab, same);
      else this.#makeGrid(tab);
    } else if (tab.state !== 'rows' && (tab.state !== 'running' || this.#grid === undefined)) this.#showState(tab);
    this.#place.classList.toggle('stale', tab.state === 'running');
    this.#drawBar(tab);
    this.#drawNotes(tab);
    this.#drawStatus();
    const goTo = (cte: string): void => void this.host.ask('goToStep', { tab: this.id, cte });
    replaceChildren(this.#live, ...toLiveStrip(tab, this.#open, goTo));
  }

  /** Counts the seconds beside what is being done, so that a long wait never looks like a stop. */
  #watch(before: ResultTab | undefined, tab: ResultTab): void {
    if (tab.state === 'running' && before?.state !== 'running') this.#runningSince = Date.now();
    clearInterval(this.#clock);
    if (tab.state !== 'running') return;
    this.#clock = window.setInterval(() => {
      if (!this.bar.isConnected) return;
      this.#drawBar(tab);
      if (this.#grid === undefined) this.#showState(tab);
    }, 1000);
  }

  /** What is being done and for how long. */
  #doing(tab: ResultTab): string {
    const seconds = Math.floor((Date.now() - this.#runningSince) / 1000);
    const time = seconds < 1 ? '' : ` · ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
    return `${tab.progress || 'Running…'}${time}`;
  }

  /** Newer rows of what follows the cursor: those before stay until the first of them are here. */
  async #renew(tab: ResultTab, isSame: boolean): Promise<void> {
    const grid = this.#grid;
    const rows = this.#toRows(await this.#countRows(tab));
    await rows.ready(isSame ? Math.min(grid?.top ?? 0, Math.max(0, rows.rowCount - 1)) : 0);
    if (this.#tab?.version !== tab.version) return;
    if (!isSame || grid === undefined || grid !== this.#grid) this.#makeGrid(tab, rows);
    else {
      grid.renewRows(rows);
      if (this.#showStatistics) this.#countColumns();
      if (this.#shown !== 'rows') this.#showView();
    }
    this.#drawStatus();
  }

  async #countRows(tab: ResultTab): Promise<number> {
    if (this.#view.filters.length === 0) return tab.rowCount;
    const ask = { tab: this.id, version: tab.version, view: this.#view, offset: 0, limit: 1 };
    return (await this.host.ask('page', ask)).rowCount;
  }

  #makeGrid(tab: ResultTab, rows = this.#toRows(tab.rowCount)): void {
    const grid = new Grid(tab, rows, {
      sort: (sort) => this.#sort(sort),
      filter: (column, text) => this.#filter(column, text),
      choose: (column, text) => this.#setFilter(column, text),
      columnMenu: (place) => this.#openColumnMenu(place),
      select: () => this.#total(),
      copy: () => this.#copy('tsv', false),
      menu: (at) => this.#openCopyMenu(at),
      search: () => this.#search.open(),
      inspect: (column, value, at) => showCell(tab.columns[column]?.name ?? '', value, at),
    });
    this.#grid = grid;
    grid.showFilters = this.#showFilters;
    grid.refresh();
    if (this.#showStatistics) this.#countColumns();
    this.#showView();
  }

  /** Puts the rows in place, or a new profile of them where that is wanted. */
  #showView(): void {
    const grid = this.#grid;
    if (grid === undefined) return;
    this.#profile?.stop();
    this.#profile = undefined;
    if (grid.tab.columns.length === 0) this.#showMessage('This result has no columns.');
    else if (this.#shown === 'rows') replaceChildren(this.#place, grid.root);
    else if (this.#shown === 'chart') replaceChildren(this.#place, this.#toChart(grid).root);
    else {
      const view = this.#view;
      this.#profile = new ProfileView(grid.tab, view, grid.rowCount, {
        ask: (column, signal) => this.host.ask('profile', { tab: this.id, view, column }, signal),
        filter: (column, text) => {
          this.#choose('rows');
          this.#setFilter(column, text);
        },
      });
      replaceChildren(this.#place, this.#profile.root);
    }
  }

  #toChart(grid: Grid): ChartView {
    const view = this.#view;
    const columns = grid.tab.columns.map(({ name }, at) => ({ name, kind: grid.columns.kind(at) }));
    const names = JSON.stringify(columns);
    const choice = this.#charted?.names === names ? this.#charted.choice : undefined;
    return new ChartView(grid.tab, view, columns, choice, {
      ask: (question) => this.host.ask('chart', { tab: this.id, view, question }),
      statistics: (column) => this.host.ask('statistics', { tab: this.id, view, column }),
      copyText: (text) => void this.host.ask('copyText', { text }),
      chosen: (chosen) => {
        this.#charted = { names, choice: chosen };
      },
    });
  }

  #choose(shown: ShownPart): void {
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#showView();
    if (this.#tab !== undefined) this.#drawBar(this.#tab);
  }

  #toViews(): HTMLElement {
    const parts = [
      ['rows', 'Rows'],
      ['profile', 'Profile'],
      ['chart', 'Chart'],
    ] as const;
    return element(
      'div',
      { class: 'views', role: 'group', 'aria-label': 'View' },
      ...parts.map(([part, name]) =>
        element('button', { type: 'button', 'aria-pressed': String(part === this.#shown), on: { click: () => this.#choose(part) } }, name),
      ),
    );
  }

  #toRows(rowCount: number): Rows {
    const version = this.#tab?.version ?? 0;
    return new Rows(
      this.#view,
      rowCount,
      (view, offset, limit) => this.host.ask('page', { tab: this.id, version, view, offset, limit }),
      () => {
        this.#grid?.schedule();
        this.#drawStatus();
      },
    );
  }

  #sort(sort: SortBy | undefined): void {
    this.#view = { ...this.#view, sort };
    this.#reload(this.#grid?.rowCount ?? 0);
  }

  #filter(column: number, text: string): void {
    const grid = this.#grid;
    if (grid === undefined) return;
    grid.filterTexts[column] = text;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#readFilters(grid), filterDelay);
  }

  /** Takes over what the filter fields say; a field that cannot be understood says why and filters nothing. */
  #readFilters(grid: Grid): void {
    const readings = grid.filterTexts.map((typed, index) => readFilter(index, grid.columns.kind(index), typed));
    const problems = readings.map((reading) => (reading.kind === 'unclear' ? reading.problem : undefined));
    const isNew = JSON.stringify(problems) !== JSON.stringify(grid.filterProblems);
    grid.filterProblems = problems;
    const filters = readings.flatMap((reading) => (reading.kind === 'filter' ? [reading.filter] : []));
    if (JSON.stringify(filters) !== JSON.stringify(this.#view.filters)) {
      this.#view = { ...this.#view, filters };
      void this.#recount();
    } else if (isNew) {
      grid.refresh();
      this.#drawStatus();
    }
  }

  /** Fills the filter field of a column, and shows the fields. */
  #setFilter(column: number, text: string): void {
    const grid = this.#grid;
    if (grid === undefined || this.#tab === undefined) return;
    grid.filterTexts[column] = text;
    this.#showFilters = true;
    grid.showFilters = true;
    this.#readFilters(grid);
    grid.refresh();
    this.#drawBar(this.#tab);
  }

  async #recount(): Promise<void> {
    const view = this.#view;
    if (this.#tab === undefined) return;
    const rowCount = await this.#countRows(this.#tab);
    if (view === this.#view) this.#reload(rowCount);
  }

  #reload(rowCount: number): void {
    this.#grid?.setRows(this.#toRows(rowCount));
    if (this.#shown !== 'rows') this.#showView();
    if (this.#showStatistics) this.#countColumns();
    this.#drawStatus();
  }

  #countColumns(): void {
    const grid = this.#grid;
    if (grid === undefined) return;
    const view = this.#view;
    const found = grid.tab.columns.map(() => undefined) as (NonNullable<Grid['statistics']>[number] | undefined)[];
    grid.statistics = found;
    grid.refresh();
    void (async () => {
      for (let column = 0; column < found.length; column++) {
        if (view !== this.#view || grid !== this.#grid || !this.#showStatistics) return;
        found[column] = await this.host.ask('statistics', { tab: this.id, view, column });
        grid.refresh();
      }
    })();
  }

  #drawBar(tab: ResultTab): void {
    const rows = tab.state === 'rows';
    const grid = rows && this.#shown === 'rows';
    const toggleFilters = (): void => {
      this.#showFilters = !this.#showFilters;
      if (this.#grid !== undefined) this.#grid.showFilters = this.#showFilters;
      if (!this.#showFilters && this.#view.filters.length > 0) {
        this.#grid?.filterTexts.fill('');
        if (this.#grid !== undefined) this.#grid.filterProblems = [];
        this.#view = { ...this.#view, filters: [] };
        void this.#recount();
      }
      this.#grid?.refresh();
      this.#drawBar(tab);
    };
    const below = (event: MouseEvent): { x: number; y: number } => {
      const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
      return { x: box.left, y: box.bottom + 2 };
    };
    replaceChildren(
      this.bar,
      element('span', { class: 'hw-quiet doing', 'aria-live': 'polite' }, tab.state === 'running' ? this.#doing(tab) : ''),
      rows && this.#toViews(),
      iconButton('table', 'Open the file', () => void this.host.ask('open', { tab: this.id })),
      this.#toNotesButton(tab),
      grid && iconButton('search', 'Search (Ctrl+F)', () => this.#search.open()),
      grid && iconButton('filter', 'Filter columns', toggleFilters, this.#showFilters),
      grid && iconButton('statistics', 'Statistics of each column', () => this.#toggleStatistics(), this.#showStatistics),
      rows && iconButton('copy', 'Copy', (event) => this.#openCopyMenu(below(event))),
      rows && iconButton('export', 'Export to a file', (event) => this.#openExportMenu(below(event))),
      tab.state === 'running'
        ? iconButton('stop', 'Cancel', () => void this.host.ask('cancel', { tab: this.id }))
        : iconButton('refresh', 'Run again', () => void this.host.ask('rerun', { tab: this.id })),
    );
  }

  #toggleStatistics(): void {
    this.#showStatistics = !this.#showStatistics;
    if (this.#showStatistics) this.#countColumns();
    else if (this.#grid !== undefined) {
      this.#grid.statistics = undefined;
      this.#grid.refresh();
    }
    if (this.#tab !== undefined) this.#drawBar(this.#tab);
  }

  #openColumnMenu({ column, x, y }: ColumnMenuPlace): void {
    const grid = this.#grid;
    if (grid === undefined) return;
    const arrange = (change: () => void) => () => {
      change();
      grid.arrange();
    };
    const items = toColumnMenu(column, grid.columns, {
      sort: (sort) => this.#sort(sort),
      filterByValue: () => void this.#offerValues(column, { x, y }),
      filter: (text) => this.#setFilter(column, text),
      filterText: grid.filterTexts[column] ?? '',
      sorted: this.#view.sort,
      arrange,
      select: () => grid.selectColumn(column),
      statistics: this.#showStatistics,
      toggleStatistics: () => this.#toggleStatistics(),
      lineage: this.#tab?.isRelation === true ? () => void this.host.ask('lineage', { tab: this.id, column }) : undefined,
    });
    openMenu({ x, y }, items);
  }

  /** The most frequent values of a column; one that is chosen becomes its filter. */
  async #offerValues(column: number, at: { readonly x: number; readonly y: number }): Promise<void> {
    const found = await this.host.ask('values', { tab: this.id, view: this.#view, column });
    openMenu(
      at,
      toValueMenu(found, (text) => this.#setFilter(column, text)),
    );
  }

  #openCopyMenu(at: { readonly x: number; readonly y: number }): void {
    const { picked } = this;
    const unitTest = this.#tab?.isRelation === true && picked !== undefined ? () => void this.host.ask('unitTest', picked) : undefined;
    openMenu(
      at,
      toCopyMenu((format, header) => this.#copy(format, header), unitTest),
    );
  }

  #openExportMenu(at: { readonly x: number; readonly y: number }): void {
    openMenu(
      at,
      toExportMenu((format) => void this.host.ask('export', { tab: this.id, view: this.#view, format })),
    );
  }

  /** Copies the selected rectangle; a single cell is copied as it is. */
  #copy(format: ExportFormat, header: boolean): void {
    const grid = this.#grid;
    if (grid === undefined) return;
    const { top, bottom } = toBox(grid.selection);
    const range = { rows: [top, bottom + 1] as const, columns: grid.selectedColumns, header };
    void this.host.ask('copy', { tab: this.id, view: this.#view, format, range });
  }

  /** Asks what the selected cells come to, once the selection rests. */
  #total(): void {
    this.#totals = '';
    this.#drawStatus();
    clearTimeout(this.#totalling);
    const grid = this.#grid;
    if (grid === undefined || grid.rowCount === 0) return;
    const { top, bottom } = toBox(grid.selection);
    const range = { rows: [top, bottom + 1] as const, columns: grid.selectedColumns, header: false };
    if ((bottom - top + 1) * range.columns.length < 2) return;
    const view = this.#view;
    this.#totalling = window.setTimeout(async () => {
      const totals = await this.host.ask('totals', { tab: this.id, view, range });
      if (view !== this.#view || grid !== this.#grid || JSON.stringify(grid.selectedColumns) !== JSON.stringify(range.columns)) return;
      this.#totals = showTotals(totals);
      this.#drawStatus();
    }, totalsDelay);
  }

  #toNotesButton(tab: ResultTab): HTMLElement | undefined {
    return toNotesButton(tab, this.#notesOpen, () => {
      this.#notesOpen = !this.#notesOpen;
      this.#drawNotes(tab);
      this.#drawBar(tab);
    });
  }

  #drawNotes(tab: ResultTab): void {
    replaceChildren(this.#notes, ...(this.#notesOpen && hasNotes(tab) ? toNoteLines(tab, this.#open) : []));
  }

  readonly #open = (location: Location): void => void this.host.ask('open', { tab: this.id, location });

  #showState(tab: ResultTab): void {
    this.#grid = undefined;
    if (tab.state === 'running') {
      this.#showMessage(this.#doing(tab));
      return;
    }
    replaceChildren(
      this.#place,
      toOutcome(tab, this.#open, () => void this.host.ask('rerun', { tab: this.id })),
    );
  }

  #showMessage(text: string): void {
    replaceChildren(this.#place, element('div', { class: 'hw-empty' }, text));
  }

  #drawStatus(): void {
    const tab = this.#tab;
    const grid = this.#grid;
    if (tab === undefined || tab.state !== 'rows' || grid === undefined) {
      replaceChildren(this.#status);
      return;
    }
    replaceChildren(this.#status, ...toStatus(tab, grid, this.#view, this.#totals));
  }
}
