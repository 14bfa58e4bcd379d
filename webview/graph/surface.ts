import { changeView, clearColumn, focusView, growView, onlyView, toggleCard, traceView } from '../../src/core/layout/change-view.ts';
import { unpackPicture } from '../../src/core/layout/pack.ts';
import type { Card, GraphView, Picture, Scope } from '../../src/core/layout/picture.ts';
import type { GraphHostCalls } from '../../src/protocol.ts';
import type { Wire } from '../../src/wire.ts';
import type { Camera } from '../canvas/camera.ts';
import { Diagram } from '../canvas/diagram.ts';
import type { Hit } from '../canvas/hit.ts';
import { refine } from '../canvas/refine.ts';
import { Tip } from '../canvas/tip.ts';
import { toZoomButtons } from '../canvas/zoom-buttons.ts';
import { openMenu } from '../ui/controls.ts';
import { element, replaceChildren } from '../ui/element.ts';
import { pageData, recall, remember, shownProject } from '../ui/host.ts';
import { type ColourBy, colourFor, toLegend } from './colouring.ts';
import { Finder } from './finder.ts';
import type { History } from './history.ts';
import { goBack, goForward, noHistory, visit } from './history.ts';
import { GraphKeyboard } from './keyboard.ts';
import { showLegend } from './legend.ts';
import type { MenuActions } from './menus.ts';
import { isNode, toCardActions, toCardMenu, toExportMenu, toShowMenu } from './menus.ts';
import type { RowCounts } from './row-counts.ts';
import { withRowCounts } from './row-counts.ts';
import { Side } from './side.ts';
import { type State, toId } from './state.ts';
import { toTip } from './tip-text.ts';
import { showToolbar } from './toolbar.ts';

/** The graph's page: a toolbar, the diagram, the details beside it. It asks for pictures and draws the last one it got. */
export class GraphSurface {
  readonly node: HTMLElement;
  readonly diagram: Diagram;
  readonly #toolbar = element('div', { class: 'hw-toolbar', role: 'toolbar', 'aria-label': 'Lineage graph' });
  readonly #legend = element('div', { class: 'hw-legend', 'aria-hidden': 'true' });
  readonly #notes = element('div', { class: 'hw-notes', role: 'status' });
  readonly #busy = element('div', { class: 'hw-progress', 'aria-hidden': 'true' });
  readonly #empty = element('div', { class: 'hw-empty', hidden: true });
  readonly #tip = new Tip();
  readonly #finder: Finder;
  readonly #side: Side;
  readonly #keyboard: GraphKeyboard;
  #history: History = noHistory;
  #locked = false;
  #sideShown = innerWidth > 1000;
  #colour: ColourBy = 'layer';
  #abort: AbortController | undefined;
  #saving = 0;
  #shownScope: Scope['kind'] | undefined;
  /** The group that was opened last, to be brought into sight with its cards. */
  #opening: string | undefined;
  /** Rows of CTEs that were counted, by model, until the project changes. */
  #counts = new Map<string, RowCounts>();
  readonly #does: MenuActions = {
    alone: pageData('alone') !== '',
    view: () => this.#history.now,
    go: (change) => this.go(change),
    ask: (type, card) => void this.wire.ask(type, { node: toId(card.id) }),
    copy: (text) => void this.wire.ask('copy', { text }),
    focus: (id) => this.#goTo(id, true),
    toggle: (id) => this.#toggle(id),
    only: (id, side) => void this.#ask(onlyView(this.#history.now, id, side)),
    countRows: () => void this.#countRows(),
    colour: () => this.#colour,
    colourBy: (by) => this.#colourBy(by),
    save: (format, whole) => void this.wire.ask('export', { view: whole ? undefined : this.#history.now, format }),
    savePng: async (whole) =>
      void this.wire.ask('save', { name: `${this.diagram.picture?.title ?? 'graph'}.png`, content: await this.diagram.toPng(whole) }),
  };

  constructor(readonly wire: Wire<GraphHostCalls>) {
    this.diagram = new Diagram('Lineage graph', {
      press: (hit, twice, event) => this.#press(hit, twice, event),
      menu: (hit, at) => this.#menu(hit, at),
      hover: (hit, at) => this.#tip.show(toTip(this.diagram.picture, hit), at),
      key: (event) => this.#keyboard.press(event),
      selected: () => this.#showSide(),
      moved: () => this.#remember(),
    });
    this.#finder = new Finder({
      ask: (text) => this.wire.ask('filter', { text }),
      isShown: (id) => this.diagram.picture?.cards.some((card) => card.id === id) === true,
      point: (id) => this.#point(id),
      nameOf: (id) => this.diagram.picture?.cards.find((card) => card.id === id)?.name ?? id.split('.').slice(2).join('.'),
      // The keyboard goes where the picture went.
      select: (selector) => {
        this.go({ scope: { kind: 'select', selector } });
        this.diagram.tree.node.focus();
      },
      go: (id) => {
        this.#goTo(id);
        this.diagram.tree.node.focus();
      },
      leave: () => this.diagram.tree.node.focus(),
    });
    this.#side = new Side({
      actions: (card) => toCardActions(card, this.#does),
      columns: (id) => this.wire.ask('columns', { node: toId(id) }),
      grain: (id) => this.wire.ask('grain', { node: toId(id) }),
      trace: (id, column) => this.#trace(id, column),
      clear: () => this.#clearColumn(),
    });
    this.#keyboard = new GraphKeyboard(this.diagram, {
      view: () => this.#history.now,
      go: (change) => this.go(change),
      open: (card, column) => void this.wire.ask('open', { node: toId(card.id), column }),
      enter: (card) => this.#enter(card),
      toggle: (id) => this.#toggle(id),
      grow: (card, side) => this.#grow(card.id, side),
      trace: (node, column) => this.#trace(node, column),
      clearColumn: () => this.#clearColumn(),
      only: (node, side) => this.#does.only(node, side),
      actions: (card) => toCardActions(card, this.#does),
      cardMenu: (card, at) => openMenu(at, toCardMenu(card, this.#does)),
      toggleSide: () => this.#toggleSide(),
      travelHistory: (move) => this.#travelHistory(move),
      find: () => this.#finder.focus(),
    });
    const stage = element('div', { class: 'hw-stage' }, this.diagram.node, this.#notes, toZoomButtons(this.diagram), this.#empty);
    this.node = element(
      'main',
      { class: 'hw-surface' },
      this.#toolbar,
      this.#busy,
      this.#legend,
      element('div', { class: 'hw-body' }, stage, this.#side.node),
    );
    this.#side.node.hidden = !this.#sideShown;
    new MutationObserver(() => this.#showLegend()).observe(document.body, { attributes: true, attributeFilter: ['class'] });
  }

  /** Draws what was shown when the page was last seen, else what the host thinks of. */
  async start(): Promise<void> {
    const state = recall<State>();
    if (state?.history.now !== undefined) {
      this.#history = state.history;
      this.#locked = state.locked;
      this.#sideShown = state.side;
      this.#side.node.hidden = !this.#sideShown;
      if (state.colour !== undefined) this.#colourBy(state.colour);
    }
    await this.#ask(this.#history.now, { camera: state?.camera });
    if (state === undefined) await this.#narrow();
    // The keys work at once, without a press on the picture first.
    if (document.activeElement === document.body) this.diagram.tree.node.focus({ preventScroll: true });
  }

  /** A narrow panel begins with one step each way, which can be seen whole; the steppers show more. */
  async #narrow(): Promise<void> {
    const view = this.#history.now;
    if (view?.scope.kind !== 'focus' || view.scope.up + view.scope.down <= 2 || this.diagram.isWhole) return;
    await this.#ask({ ...view, scope: { ...view.scope, up: 1, down: 1 } }, { visit: 'replace' });
    this.diagram.fit();
  }

  /** Asks for the present view again, since the project changed. */
  refresh(): void {
    this.#counts.clear();
    void this.#ask(this.#history.now);
  }

  /** The editor shows another node or column: goes there unless locked. */
  follow(node: string, column: string | undefined): void {
    if (this.#locked) return;
    const view = this.#history.now;
    const at = this.diagram.picture?.cards.findIndex((card) => card.id === node) ?? -1;
    if (at < 0 || view === undefined) {
      this.#goTo(node, true);
      return;
    }
    this.diagram.select(at, -1, false);
    if (column !== undefined) {
      // Where the cursor goes is no step of the reader's own: the way back leads past it.
      if (view.column?.node !== node || view.column.column !== column)
        void this.#ask({ ...view, column: { node, column } }, { visit: 'replace' });
    } else if (view.scope.kind === 'focus' && view.scope.node !== node) this.#goTo(node, true);
  }

  /** Goes to the present view with something changed; a new scope forgets what belonged to the old one. */
  go(change: Partial<GraphView>): void {
    void this.#ask(changeView(this.#history.now, change));
  }

  async #ask(
    view: GraphView | undefined,
    how: { readonly camera?: Camera | undefined; readonly visit?: 'push' | 'replace' | 'none' } = {},
  ): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#busy.classList.add('running');
    const standing = this.diagram.picture?.cards.map(({ id, x, y }) => ({ id, x, y })) ?? [];
    try {
      const answer = await this.wire.ask('picture', { view, standing: standing.length <= 400 ? standing : [] }, abort.signal);
      if (abort.signal.aborted) return;
      if (how.visit === 'replace') this.#history = { ...this.#history, now: answer.view };
      else if (how.visit !== 'none') this.#history = visit(this.#history, answer.view);
      const picture = answer.picture instanceof Uint8Array ? unpackPicture(answer.picture) : answer.picture;
      this.#draw(answer.view, picture, how.camera);
      const seen = new Set(standing.map((card) => card.id));
      const keepOrder = picture.cards.filter((card) => seen.has(card.id)).length * 2 > picture.cards.length;
      void refine(this.diagram, (graph) => this.wire.ask('layout', graph, abort.signal), keepOrder).catch(() => false);
    } catch (error) {
      if (abort.signal.aborted) return;
      this.#notes.textContent = `The graph could not be drawn: ${error instanceof Error ? error.message : String(error)}`;
    } finally {
      if (this.#abort === abort) this.#busy.classList.remove('running');
    }
    this.#showToolbar();
    this.#showLegend();
    this.#showSide();
    this.#remember();
  }

  #draw({ scope }: GraphView, answered: Picture, camera: Camera | undefined): void {
    const counts = scope.kind === 'ctes' ? this.#counts.get(scope.node) : undefined;
    const picture = counts === undefined ? answered : withRowCounts(answered, counts);
    const before = this.#shownScope;
    this.#shownScope = scope.kind;
    this.diagram.show(picture, camera, before !== undefined && before !== scope.kind);
    const frame = picture.frames.find((at) => at.id === this.#opening);
    if (frame !== undefined)
      this.diagram.showBox({ left: frame.x, top: frame.y, right: frame.x + frame.width, bottom: frame.y + frame.height });
    this.#opening = undefined;
    const { cards, notes } = picture;
    this.#notes.textContent = cards.length > 0 ? notes.join(' ') : '';
    this.#empty.hidden = cards.length > 0;
    replaceChildren(this.#empty, element('strong', {}, 'Nothing to draw'), notes.join(' ') || 'The project has no nodes in this view.');
  }

  /** Counts the rows of the CTEs that are shown, over the data that previews run on. */
  async #countRows(): Promise<void> {
    const scope = this.#history.now?.scope;
    if (scope?.kind !== 'ctes') return;
    this.#busy.classList.add('running');
    this.#notes.textContent = 'Counting rows…';
    try {
      const { counts, problem } = await this.wire.ask('countRows', { node: toId(scope.node) });
      this.#counts.set(scope.node, new Map(counts.map(({ cte, rows }) => [cte.toLowerCase(), rows])));
      await this.#ask(this.#history.now, { camera: this.diagram.camera, visit: 'none' });
      if (problem !== undefined) this.#notes.textContent = problem;
    } catch (error) {
      this.#notes.textContent = `The rows could not be counted: ${error instanceof Error ? error.message : String(error)}`;
    } finally {
      this.#busy.classList.remove('running');
    }
  }

  #press(hit: Hit, twice: boolean, event: PointerEvent): void {
    this.#tip.hide();
    if (hit.kind === 'ground') {
      this.diagram.select(-1, -1, false);
      return;
    }
    if (hit.kind === 'link') {
      const link = this.diagram.picture?.links[hit.link];
      const to = link && this.diagram.picture?.cards[link.to];
      if (link?.toColumn !== undefined && to) void this.wire.ask('open', { node: toId(to.id), column: link.toColumn });
      return;
    }
    if (hit.kind === 'frame') {
      this.#toggle(hit.id);
      return;
    }
    const card = this.diagram.picture?.cards[hit.card];
    if (card === undefined) return;
    this.diagram.select(hit.card, hit.kind === 'row' ? hit.row : -1, false);
    if (hit.kind === 'handle') this.#grow(card.id, hit.side);
    else if (hit.kind === 'chevron') this.#toggle(card.id);
    else if (card.folds !== undefined) this.#grow(card.folds.node, card.folds.side);
    else if (hit.kind === 'row') this.#pressRow(card, hit.row, twice, event);
    else if (twice) this.#enter(card);
    else if (isNode(card)) void this.wire.ask('selected', { node: toId(card.id) });
  }

  #pressRow(card: Card, row: number, twice: boolean, event: PointerEvent): void {
    const column = card.rows[row]?.name;
    if (column === undefined) return;
    if (twice || event.ctrlKey || event.metaKey) void this.wire.ask('open', { node: toId(card.id), column });
    else this.#trace(card.id, column);
  }

  #enter(card: Card): void {
    if (card.kind === 'group') this.#toggle(card.id);
    else if (card.folds !== undefined) this.#grow(card.folds.node, card.folds.side);
    else if (this.#does.alone) this.#toggle(card.id);
    else void this.wire.ask('open', { node: toId(card.id) });
  }

  #toggle(id: string): void {
    const view = this.#history.now;
    if (view === undefined) return;
    if (view.scope.kind === 'project') this.#opening = view.scope.opened.includes(id) ? undefined : id;
    void this.#ask(toggleCard(view, id));
  }

  #grow(node: string, side: 'up' | 'down'): void {
    void this.#ask(growView(this.#history.now, node, side));
  }

  #trace(node: string, column: string): void {
    void this.#ask(traceView(this.#history.now, node, column));
  }

  #clearColumn(): void {
    const view = this.#history.now;
    if (view?.column !== undefined) void this.#ask(clearColumn(view));
  }

  #goTo(id: string, asFocus = false): void {
    if (!asFocus && this.#point(id)) this.diagram.tree.node.focus();
    else void this.#ask(focusView(this.#history.now, id));
  }

  /** Brings a card into the middle, where the picture has it. */
  #point(id: string): boolean {
    const at = this.diagram.picture?.cards.findIndex((card) => card.id === id) ?? -1;
    if (at >= 0) this.diagram.goTo(at);
    return at >= 0;
  }

  #menu(hit: Hit, at: { readonly x: number; readonly y: number }): void {
    const card = 'card' in hit ? this.diagram.picture?.cards[hit.card] : undefined;
    if (card === undefined || !('card' in hit)) {
      openMenu(at, toExportMenu(this.#does));
      return;
    }
    this.diagram.select(hit.card, -1, false);
    openMenu(at, toCardMenu(card, this.#does));
  }

  #travelHistory(move: (history: History) => History): void {
    const moved = move(this.#history);
    if (moved === this.#history) return;
    this.#history = moved;
    void this.#ask(moved.now, { visit: 'none' });
  }

  #showToolbar(): void {
    const view = this.#history.now;
    const title = this.diagram.picture?.title ?? 'Lineage';
    const state = { title, view, history: this.#history, locked: this.#locked, sideShown: this.#sideShown, alone: this.#does.alone };
    showToolbar(this.#toolbar, this.#finder.node, state, {
      back: () => this.#travelHistory(goBack),
      forward: () => this.#travelHistory(goForward),
      go: (scope) => this.go({ scope }),
      toggleLock: () => this.#toggleLock(),
      toggleSide: () => this.#toggleSide(),
      countRows: () => void this.#countRows(),
      showMenu: () => toShowMenu(this.diagram.picture?.cards ?? [], this.#does),
      exportMenu: () => toExportMenu(this.#does),
    });
    this.#finder.setText(view?.scope.kind === 'select' ? view.scope.selector : '');
  }

  #showLegend(): void {
    const isProject = this.#history.now?.scope.kind === 'project';
    showLegend(this.#legend, isProject ? [] : toLegend(this.#colour, this.diagram.picture));
  }

  #colourBy(by: ColourBy): void {
    this.#colour = by;
    this.diagram.colourBy(colourFor(by));
    this.#showLegend();
    this.#remember();
  }

  #showSide(): void {
    this.#side.node.hidden = !this.#sideShown;
    if (this.#sideShown) this.#side.show(this.diagram.picture, this.diagram.selectedCard, this.#history.now?.column);
  }

  #toggleSide(): void {
    this.#sideShown = !this.#sideShown;
    this.#showSide();
    this.#showToolbar();
    this.#remember();
  }

  #toggleLock(): void {
    this.#locked = !this.#locked;
    this.#showToolbar();
    this.#remember();
  }

  #remember(): void {
    clearTimeout(this.#saving);
    this.#saving = setTimeout(() => {
      remember<State>({
        ...shownProject(),
        history: this.#history,
        camera: this.diagram.camera,
        locked: this.#locked,
        side: this.#sideShown,
        colour: this.#colour,
      });
    }, 200);
  }
}
