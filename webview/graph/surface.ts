import type { Card, GraphView, Scope } from '../../src/core/layout/picture.ts';
import type { NodeId } from '../../src/core/text/ids.ts';
import type { GraphExportFormat, GraphHostCalls } from '../../src/protocol.ts';
import type { Wire } from '../../src/wire.ts';
import type { Camera } from '../canvas/camera.ts';
import { Diagram } from '../canvas/diagram.ts';
import type { Hit } from '../canvas/hit.ts';
import { showKeys } from '../canvas/keys.ts';
import { refine } from '../canvas/refine.ts';
import { Tip } from '../canvas/tip.ts';
import type { MenuItem } from '../ui/controls.ts';
import { iconButton, openMenu } from '../ui/controls.ts';
import { element, replaceChildren } from '../ui/element.ts';
import { recall, remember } from '../ui/host.ts';
import { Finder } from './finder.ts';
import type { History } from './history.ts';
import { goBack, goForward, noHistory, visit } from './history.ts';
import { GraphKeyboard } from './keyboard.ts';
import { graphKeys } from './keys.ts';
import { showLegend } from './legend.ts';
import { Side } from './side.ts';
import { buildStepper, shownAtOnce } from './stepper.ts';
import { toTip } from './tip-text.ts';

interface State {
  readonly history: History;
  readonly camera: Camera;
  readonly locked: boolean;
  readonly side: boolean;
}

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
  #sideShown = innerWidth > 760;
  #abort: AbortController | undefined;
  #saving = 0;
  #shownScope: Scope['kind'] | undefined;

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
      nameOf: (id) => this.diagram.picture?.cards.find((card) => card.id === id)?.name ?? id.split('.').slice(2).join('.'),
      select: (selector) => this.go({ scope: { kind: 'select', selector } }),
      go: (id) => this.#goTo(id),
      leave: () => this.diagram.tree.node.focus(),
    });
    this.#side = new Side({
      actions: (card) => this.#actions(card),
      columns: (id) => this.wire.ask('columns', { node: toId(id) }),
      trace: (id, column) => this.#trace(id, column),
      clear: () => this.#clearColumn(),
    });
    this.#keyboard = new GraphKeyboard(this.diagram, {
      view: () => this.#history.now,
      go: (change) => this.go(change),
      open: (card, column) => void this.wire.ask('open', { node: toId(card.id), column }),
      enter: (card) => this.#enter(card),
      toggle: (id) => this.#toggle(id),
      grow: (card, side) => this.#grow(card, side),
      trace: (node, column) => this.#trace(node, column),
      clearColumn: () => this.#clearColumn(),
      only: (node, side) => this.#only(node, side),
      actions: (card) => this.#actions(card),
      cardMenu: (card, at) => this.#cardMenu(card, at),
      toggleSide: () => this.#toggleSide(),
      travelHistory: (move) => this.#travelHistory(move),
      find: () => this.#finder.focus(),
    });
    const zoom = element(
      'div',
      { class: 'hw-zoom' },
      iconButton('zoomIn', 'Zoom in (+)', () => this.diagram.zoom(1.25)),
      iconButton('zoomOut', 'Zoom out (-)', () => this.diagram.zoom(0.8)),
      iconButton('fit', 'Show everything (0)', () => this.diagram.fit(true)),
    );
    const stage = element('div', { class: 'hw-stage' }, this.diagram.node, this.#legend, this.#notes, zoom, this.#empty);
    this.node = element(
      'main',
      { class: 'hw-surface' },
      this.#toolbar,
      this.#busy,
      element('div', { class: 'hw-body' }, stage, this.#side.node),
    );
    new MutationObserver(() => this.#showLegend()).observe(document.body, { attributes: true, attributeFilter: ['class'] });
  }

  /** Draws what was shown when the page was last seen, else what the host thinks of. */
  async start(): Promise<void> {
    const state = recall<State>();
    if (state?.history.now !== undefined) {
      this.#history = state.history;
      this.#locked = state.locked;
      this.#sideShown = state.side;
    }
    await this.#ask(this.#history.now, state?.camera);
  }

  /** Asks for the present view again, since the project changed. */
  refresh(): void {
    void this.#ask(this.#history.now);
  }

  /** The editor shows another node or column: goes there unless locked. */
  follow(node: string, column: string | undefined): void {
    if (this.#locked) return;
    const at = this.diagram.picture?.cards.findIndex((card) => card.id === node) ?? -1;
    if (at >= 0 && this.#history.now !== undefined) {
      this.diagram.select(at, -1, false);
      const lit = this.#history.now.column;
      if (column !== undefined && lit?.node === node && lit.column === column) return;
      if (column !== undefined) this.go({ column: { node, column } });
      else if (this.#history.now.scope.kind === 'focus') this.#goTo(node, true);
      return;
    }
    this.#goTo(node, true);
  }

  /** Goes to the present view with something changed; a new scope forgets what belonged to the old one. */
  go(change: Partial<GraphView>): void {
    const now = this.#history.now;
    const base: GraphView = now ?? { scope: { kind: 'project', opened: [] }, expanded: [], grown: [], tests: false, sort: 'sql' };
    const fresh = change.scope !== undefined && change.scope.kind !== base.scope.kind ? { grown: [] } : {};
    const { column: _, ...rest } = base;
    const kept = 'column' in change || base.column === undefined ? rest : base;
    const view = { ...kept, ...fresh, ...change };
    if (view.column === undefined) delete view.column;
    void this.#ask(view);
  }

  async #ask(view: GraphView | undefined, camera?: Camera, visiting = true): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#busy.classList.add('running');
    const scopeBefore = this.#shownScope;
    const standing = this.diagram.picture?.cards.map(({ id, x, y }) => ({ id, x, y })) ?? [];
    try {
      const answer = await this.wire.ask('picture', { view, standing: standing.length <= 400 ? standing : [] }, abort.signal);
      if (abort.signal.aborted) return;
      if (visiting) this.#history = visit(this.#history, answer.view);
      this.#shownScope = answer.view.scope.kind;
      const seen = new Set(standing.map((card) => card.id));
      this.diagram.show(answer.picture, camera, scopeBefore !== undefined && scopeBefore !== this.#shownScope);
      const keepOrder = answer.picture.cards.filter((card) => seen.has(card.id)).length * 2 > answer.picture.cards.length;
      void refine(this.diagram, (graph) => this.wire.ask('layout', graph, abort.signal), keepOrder).catch(() => false);
      const { cards, notes } = answer.picture;
      this.#notes.textContent = cards.length > 0 ? notes.join(' ') : '';
      this.#empty.hidden = cards.length > 0;
      replaceChildren(this.#empty, element('strong', {}, 'Nothing to draw'), notes.join(' ') || 'The project has no nodes in this view.');
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

  // ---------------------------------------------------------------------------------------------------------------------- gestures

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
    if (hit.kind === 'handle') this.#grow(card, hit.side);
    else if (hit.kind === 'chevron') this.#toggle(card.id);
    else if (card.folds !== undefined) this.go({ grown: [...(this.#history.now?.grown ?? []), card.folds] });
    else if (hit.kind === 'row') this.#pressRow(card, hit.row, twice, event);
    else if (twice) this.#enter(card);
  }

  #pressRow(card: Card, row: number, twice: boolean, event: PointerEvent): void {
    const column = card.rows[row]?.name;
    if (column === undefined) return;
    if (twice || event.ctrlKey || event.metaKey) void this.wire.ask('open', { node: toId(card.id), column });
    else this.#trace(card.id, column);
  }

  #enter(card: Card): void {
    if (card.kind === 'group') this.#toggle(card.id);
    else if (card.folds !== undefined) this.go({ grown: [...(this.#history.now?.grown ?? []), card.folds] });
    else void this.wire.ask('open', { node: toId(card.id) });
  }

  #toggle(id: string): void {
    const view = this.#history.now;
    if (view === undefined) return;
    const flip = (list: readonly string[]): readonly string[] => (list.includes(id) ? list.filter((at) => at !== id) : [...list, id]);
    if (view.scope.kind === 'project') this.go({ scope: { kind: 'project', opened: flip(view.scope.opened) } });
    else this.go({ expanded: flip(view.expanded) });
  }

  #grow(card: Card, side: 'up' | 'down'): void {
    this.go({ grown: [...(this.#history.now?.grown ?? []), { node: card.id, side }] });
  }

  #trace(node: string, column: string): void {
    const now = this.#history.now?.column;
    if (now?.node === node && now.column === column) this.#clearColumn();
    else this.go({ column: { node, column } });
  }

  #clearColumn(): void {
    const view = this.#history.now;
    if (view?.column === undefined) return;
    const { column: _, ...rest } = view;
    void this.#ask(rest);
  }

  #goTo(id: string, asFocus = false): void {
    const at = this.diagram.picture?.cards.findIndex((card) => card.id === id) ?? -1;
    if (at >= 0 && !asFocus) {
      this.diagram.goTo(at);
      this.diagram.tree.node.focus();
      return;
    }
    const scope = this.#history.now?.scope;
    this.go({
      scope: { kind: 'focus', node: id, up: scope?.kind === 'focus' ? scope.up : 2, down: scope?.kind === 'focus' ? scope.down : 2 },
      grown: [],
    });
  }

  #menu(hit: Hit, at: { readonly x: number; readonly y: number }): void {
    if (!('card' in hit)) {
      openMenu(at, this.#exports());
      return;
    }
    this.diagram.select(hit.card, -1, false);
    const card = this.diagram.picture?.cards[hit.card];
    if (card !== undefined) this.#cardMenu(card, at);
  }

  #cardMenu(card: Card, at: { readonly x: number; readonly y: number }): void {
    const { scope } = this.#history.now ?? {};
    const items: (MenuItem | 'line')[] = this.#actions(card).map(({ label, run, key }) => ({
      label,
      run,
      ...(key ? { detail: key } : {}),
    }));
    if (card.kind !== 'group' && card.kind !== 'more') {
      items.push('line', { label: 'Only upstream', detail: 'u', run: () => this.#only(card.id, 'up') });
      items.push({ label: 'Only downstream', detail: 'd', run: () => this.#only(card.id, 'down') });
      if (scope?.kind === 'focus' && scope.node !== card.id)
        items.push({ label: 'Only the paths from here', run: () => this.go({ scope: { kind: 'path', from: scope.node, to: card.id } }) });
      if (card.kind === 'model' || card.kind === 'snapshot')
        items.push({ label: 'Show the CTEs inside', detail: 'c', run: () => this.go({ scope: { kind: 'ctes', node: card.id } }) });
    }
    if (card.canExpand)
      items.push({ label: card.expanded ? 'Hide columns' : 'Show columns', detail: 'Space', run: () => this.#toggle(card.id) });
    openMenu(at, items);
  }

  #only(node: string, side: 'up' | 'down'): void {
    this.go({ scope: { kind: 'focus', node, up: side === 'up' ? shownAtOnce : 0, down: side === 'down' ? shownAtOnce : 0 }, grown: [] });
  }

  #actions(card: Card): readonly { readonly label: string; readonly key?: string; run(): void }[] {
    if (card.kind === 'group') return [{ label: card.expanded ? 'Close' : 'Open', key: 'Enter', run: () => this.#toggle(card.id) }];
    if (card.kind === 'more' || card.id.startsWith('part ')) return [];
    const node = toId(card.id);
    const ask = (type: 'open' | 'preview' | 'test' | 'compile' | 'docs' | 'tree'): void => void this.wire.ask(type, { node });
    const runs = card.kind === 'model' || card.kind === 'seed' || card.kind === 'snapshot';
    return [
      { label: 'Open file', key: 'Enter', run: () => ask('open') },
      { label: 'Focus', key: 'f', run: () => this.#goTo(card.id, true) },
      ...(runs || card.kind === 'source' ? [{ label: 'Preview', key: 'p', run: () => ask('preview') }] : []),
      ...(card.tests.count > 0 ? [{ label: 'Run tests', key: 't', run: () => ask('test') }] : []),
      ...(card.kind === 'model' ? [{ label: 'Compile', run: () => ask('compile') }] : []),
      { label: 'Docs', key: 'h', run: () => ask('docs') },
      { label: 'Copy name', run: () => void this.wire.ask('copy', { text: card.name }) },
      { label: 'Reveal in tree', run: () => ask('tree') },
    ];
  }

  #travelHistory(move: (history: History) => History): void {
    const moved = move(this.#history);
    if (moved === this.#history) return;
    this.#history = moved;
    void this.#ask(moved.now, undefined, false);
  }

  // ----------------------------------------------------------------------------------------------------------------------- showing

  #showToolbar(): void {
    const view = this.#history.now;
    const scope = view?.scope;
    const back = iconButton('back', 'Back (Alt+Left)', () => this.#travelHistory(goBack));
    const forward = iconButton('forward', 'Forward (Alt+Right)', () => this.#travelHistory(goForward));
    back.disabled = this.#history.back.length === 0;
    forward.disabled = this.#history.forward.length === 0;
    const focused =
      document.activeElement instanceof HTMLElement && this.#toolbar.contains(document.activeElement) ? document.activeElement.title : '';
    replaceChildren(
      this.#toolbar,
      back,
      forward,
      element('h1', { class: 'hw-title', title: this.diagram.picture?.title ?? '' }, this.diagram.picture?.title ?? 'Lineage'),
      scope?.kind === 'focus' && buildStepper(scope, 'up', (to) => this.go({ scope: to })),
      scope?.kind === 'focus' && buildStepper(scope, 'down', (to) => this.go({ scope: to })),
      iconButton('graph', 'Whole project (w)', () => this.go({ scope: { kind: 'project', opened: [] } }), scope?.kind === 'project'),
      element('span', { class: 'hw-spring' }),
      this.#finder.node,
      iconButton('statistics', view?.tests ? 'Hide tests' : 'Show tests', () => this.go({ tests: !view?.tests }), view?.tests ?? false),
      iconButton(
        'lock',
        this.#locked ? 'Follow the editor again' : 'Lock: do not follow the editor',
        () => this.#toggleLock(),
        this.#locked,
      ),
      iconButton('export', 'Export', (event) => openMenu(toBelow(event), this.#exports())),
      iconButton('panel', 'Details (i)', () => this.#toggleSide(), this.#sideShown),
      iconButton('help', 'Keys (?)', () => showKeys('Keys of the lineage graph', graphKeys)),
    );
    if (focused !== '') [...this.#toolbar.querySelectorAll('button')].find((at) => at.title === focused)?.focus();
    this.#finder.setText(scope?.kind === 'select' ? scope.selector : '');
  }

  #showLegend(): void {
    showLegend(this.#legend, this.#history.now?.scope.kind === 'project' ? undefined : this.diagram.picture);
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

  #exports(): (MenuItem | 'line')[] {
    const view = this.#history.now;
    const save = (format: GraphExportFormat, whole: boolean): void =>
      void this.wire.ask('export', { view: whole ? undefined : view, format });
    const png = async (whole: boolean): Promise<void> => {
      await this.wire.ask('save', { name: `${this.diagram.picture?.title ?? 'graph'}.png`, content: await this.diagram.toPng(whole) });
    };
    return [
      { label: 'SVG of this view', run: () => save('svg', false) },
      { label: 'PNG of this view (2×)', run: () => void png(true) },
      { label: 'PNG of what is on the screen (2×)', run: () => void png(false) },
      { label: 'Mermaid of this view', run: () => save('mermaid', false) },
      { label: 'DOT of this view', run: () => save('dot', false) },
      { label: 'JSON of this view', run: () => save('json', false) },
      'line',
      { label: 'Interactive HTML page of the project', run: () => save('html', true) },
      { label: 'DOT of the project', run: () => save('dot', true) },
      { label: 'JSON of the project', run: () => save('json', true) },
      'line',
      { label: 'Print', run: () => print() },
    ];
  }

  #remember(): void {
    clearTimeout(this.#saving);
    this.#saving = setTimeout(() => {
      remember<State>({ history: this.#history, camera: this.diagram.camera, locked: this.#locked, side: this.#sideShown });
    }, 200);
  }
}

/** Ids in pictures are the project's own; the brand is lost only because pictures also hold groups and folds. */
function toId(id: string): NodeId {
  return id as NodeId;
}

function toBelow(event: MouseEvent): { readonly x: number; readonly y: number } {
  const box =
    event.currentTarget instanceof Element ? event.currentTarget.getBoundingClientRect() : new DOMRect(event.clientX, event.clientY, 0, 0);
  return { x: box.left, y: box.bottom + 2 };
}
