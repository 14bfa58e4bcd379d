import type { ErdLayer } from '../../src/core/erd/erd-picture.ts';
import type { ErdView } from '../../src/core/erd/view.ts';
import type { Card, Picture } from '../../src/core/layout/picture.ts';
import type { NodeId } from '../../src/core/text/ids.ts';
import type { ErdExportFormat, ErdHostCalls } from '../../src/protocol.ts';
import type { Wire } from '../../src/wire.ts';
import type { Camera } from '../canvas/camera.ts';
import { Diagram } from '../canvas/diagram.ts';
import type { Hit } from '../canvas/hit.ts';
import { showKeys } from '../canvas/keys.ts';
import { findCloser } from '../canvas/refine.ts';
import { Tip } from '../canvas/tip.ts';
import { findNext, toStart } from '../canvas/travel.ts';
import { toZoomButtons } from '../canvas/zoom-buttons.ts';
import type { MenuItem } from '../ui/controls.ts';
import { iconButton, openMenu } from '../ui/controls.ts';
import { element, replaceChildren } from '../ui/element.ts';
import { recall, remember, shownProject } from '../ui/host.ts';
import { icon } from '../ui/icon.ts';
import { toChips } from './chips.ts';
import { showErdLegend } from './legend.ts';
import { type Asking, erdKeys, matches, toChange } from './words.ts';

interface State {
  /** The project, for the host that opens this page again after a reload. */
  readonly folder: string;
  readonly root: string;
  readonly view: ErdView;
  readonly camera: Camera;
}

/** How long the first sight of a picture waits for a closer layout. */
const patienceMs = 700;

/** The entity diagram's page: asks for pictures and draws the last one it got. */
export class ErdSurface {
  readonly node: HTMLElement;
  readonly diagram: Diagram;
  readonly #toolbar = element('div', { class: 'hw-toolbar', role: 'toolbar', 'aria-label': 'Entity diagram' });
  readonly #notes = element('div', { class: 'hw-notes', role: 'status' });
  readonly #evidence = element('div', { class: 'hw-evidence', role: 'status' });
  readonly #legend = element('div', { class: 'hw-legend hw-erd-legend', 'aria-label': 'Legend', role: 'group' });
  readonly #empty = element('div', { class: 'hw-empty', hidden: true });
  readonly #search: HTMLInputElement;
  readonly #found: HTMLOutputElement = element('output', { 'aria-live': 'polite' });
  readonly #tip = new Tip();
  #view: ErdView | undefined;
  #abort: AbortController | undefined;
  #layers: readonly ErdLayer[] = [];
  #isPlaced = false;
  #hits: readonly number[] = [];
  #hit = 0;
  #saving = 0;

  constructor(readonly wire: Wire<ErdHostCalls>) {
    this.diagram = new Diagram('Entity diagram', {
      press: (hit, twice, event) => this.#press(hit, twice, event),
      menu: (hit, at) => this.#menu(hit, at),
      hover: (hit, at) => this.#tip.show(this.#toTip(hit), at),
      key: (event) => this.#key(event),
      selected: () => undefined,
      moved: () => this.#remember(),
      placed: () => this.#place(),
    });
    this.#search = element('input', {
      type: 'text',
      'aria-label': 'Find a table or column',
      placeholder: 'Find a table or column',
      spellcheck: 'false',
    });
    this.#search.addEventListener('input', () => this.#find(0));
    this.#search.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') this.#find(event.shiftKey ? -1 : 1);
      else if (event.key === 'Escape') this.diagram.tree.node.focus();
      else return;
      event.preventDefault();
    });
    const stage = element(
      'div',
      { class: 'hw-stage' },
      this.diagram.node,
      this.#notes,
      this.#evidence,
      toZoomButtons(this.diagram),
      this.#empty,
    );
    this.node = element('main', { class: 'hw-surface' }, this.#toolbar, this.#legend, element('div', { class: 'hw-body' }, stage));
  }

  async start(): Promise<void> {
    const state = recall<State>();
    await this.#ask(state?.view, state?.camera);
    // The keys work at once, without a press on the picture first.
    if (document.activeElement === document.body) this.diagram.tree.node.focus({ preventScroll: true });
  }

  refresh(): void {
    void this.#ask(this.#view, this.diagram.camera, { stays: true, because: 'The project changed.' });
  }

  /** The editor shows another node: selects its table when it is drawn. */
  follow(node: string): void {
    const at = this.diagram.picture?.cards.findIndex((card) => card.id === node) ?? -1;
    if (at >= 0) this.diagram.goTo(at);
    else if (this.#view?.focus !== undefined) this.#change({ focus: node });
    else void this.#ask(this.#view, undefined, { stays: true, because: 'Another file is open.' });
  }

  async #ask(view: ErdView | undefined, camera?: Camera, how: Asking = {}): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    const before = this.diagram.picture?.cards ?? [];
    const standing = before.map(({ id, x, y }) => ({ id, x, y }));
    const { measured = false, stays = false } = how;
    try {
      const answer = await this.wire.ask('picture', { view, standing, measured, ...(stays ? { stays } : {}) }, abort.signal);
      const picture = answer.isPlaced ? answer.picture : await this.#closer(answer.picture, before, abort.signal);
      if (abort.signal.aborted) return;
      this.#view = answer.view;
      this.#layers = answer.layers;
      this.#isPlaced = answer.isPlaced;
      const change = stays && before.length > 0 ? toChange(before, picture.cards) : '';
      // Where tables came or went and the reader has not moved, the picture is fitted again.
      this.diagram.show(picture, camera, change !== '' && this.diagram.isFitted);
      const { cards, notes } = picture;
      const counting = answer.measured ? [] : ['Counting values to check keys and relations…'];
      const reason = change === '' ? [] : [`${how.because ?? 'The project changed.'} ${change}`];
      this.#notes.textContent = cards.length > 0 ? [...reason, ...notes, ...counting].join(' ') : '';
      if (!answer.measured) void this.#askMeasured(answer.view, abort.signal);
      this.#showEvidence('');
      this.#empty.hidden = cards.length > 0;
      replaceChildren(this.#empty, element('strong', {}, 'Nothing to draw'), notes.join(' '));
    } catch (error) {
      if (abort.signal.aborted) return;
      this.#notes.textContent = `The diagram could not be drawn: ${error instanceof Error ? error.message : String(error)}`;
    }
    this.#showToolbar();
    showErdLegend(this.#legend, this.diagram.picture);
    this.#remember();
  }

  /** The picture as it is shown first, so that nothing moves afterwards: laid out closely where that does not take long. */
  async #closer(picture: Picture, before: readonly Card[], signal: AbortSignal): Promise<Picture> {
    const seen = new Set(before.map((card) => card.id));
    const keepOrder = picture.cards.filter((card) => seen.has(card.id)).length * 2 > picture.cards.length;
    const late = new Promise<undefined>((resolve) => setTimeout(resolve, patienceMs));
    const closer = findCloser(picture, (graph) => this.wire.ask('layout', graph, signal), keepOrder).catch(() => undefined);
    return (await Promise.race([closer, late])) ?? picture;
  }

  /** Everything stays where it is once somebody has put one table elsewhere. */
  #place(): void {
    this.#isPlaced = true;
    void this.wire.ask('place', { places: this.#places() });
    this.#showToolbar();
    this.#remember();
  }

  #places(): readonly { readonly id: string; readonly x: number; readonly y: number }[] {
    return (this.diagram.picture?.cards ?? []).map(({ id, x, y }) => ({ id, x: Math.round(x), y: Math.round(y) }));
  }

  async #forgetPlaces(): Promise<void> {
    await this.wire.ask('place', { places: [] });
    void this.#ask(this.#view);
  }

  async #savePlaces(): Promise<void> {
    const name = await this.wire.ask('savePlaces', { places: this.#places() });
    if (name !== undefined) this.#notes.textContent = `The places are in ${name}.`;
  }

  /** Waits for the values to be counted, and draws again what they changed. */
  async #askMeasured(view: ErdView, signal: AbortSignal): Promise<void> {
    try {
      await this.wire.ask('picture', { view, standing: [], measured: true }, signal);
      if (!signal.aborted) await this.#ask(view, undefined, { measured: true, stays: true, because: 'Values were counted.' });
    } catch (error) {
      if (signal.aborted) return;
      this.#notes.textContent = `The values could not be counted: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  #change(change: Partial<ErdView>): void {
    const base: ErdView = this.#view ?? { steps: 1, detail: 'keys', loose: false, candidates: true };
    void this.#ask({ ...base, ...change });
  }

  #showAll(): void {
    if (this.#view === undefined) return;
    const { focus: _, ...rest } = this.#view;
    void this.#ask(rest);
  }

  #showToolbar(): void {
    const view = this.#view;
    const detail = view?.detail ?? 'keys';
    const next = { keys: 'all', all: 'names', names: 'keys' } as const;
    const words = { keys: 'Keys', all: 'All columns', names: 'Names' } as const;
    replaceChildren(
      this.#toolbar,
      element('h1', { class: 'hw-title' }, this.diagram.picture?.title ?? 'Entities'),
      view?.focus !== undefined && iconButton('back', 'All tables (a)', () => this.#showAll()),
      element(
        'button',
        {
          type: 'button',
          class: 'hw-link',
          title: 'Which columns the tables show',
          on: { click: () => this.#change({ detail: next[detail] }) },
        },
        words[detail],
      ),
      iconButton(
        'table',
        view?.loose ? 'Hide tables without relations' : 'Show tables without relations',
        () => this.#change({ loose: !view?.loose }),
        view?.loose ?? false,
      ),
      iconButton(
        'filter',
        view?.candidates ? 'Hide relations that only names suggest (dashed)' : 'Show relations that only names suggest (dashed)',
        () => this.#change({ candidates: !view?.candidates }),
        view?.candidates ?? true,
      ),
      view?.focus === undefined && this.#layers.length > 1 && toChips(this.#layers, (layers) => this.#change({ layers })),
      element('span', { class: 'hw-spring' }),
      element('div', { class: 'hw-find', role: 'search' }, icon('search'), this.#search, this.#found),
      iconButton('export', 'Export', (event) => openMenu({ x: event.clientX, y: event.clientY + 12 }, this.#exports())),
      iconButton('help', 'Keys (?)', () => showKeys('Keys of the entity diagram', erdKeys)),
    );
  }

  #find(step: number): void {
    const text = this.#search.value.trim().toLowerCase();
    const cards = this.diagram.picture?.cards ?? [];
    this.#hits = text === '' ? [] : cards.flatMap((card, i) => (matches(card, text) ? [i] : []));
    this.#hit = this.#hits.length === 0 ? 0 : (step === 0 ? 0 : this.#hit + step + this.#hits.length) % this.#hits.length;
    this.#found.textContent = text === '' ? '' : this.#hits.length === 0 ? 'none' : `${this.#hit + 1} of ${this.#hits.length}`;
    const at = this.#hits[this.#hit];
    if (at === undefined) return;
    this.diagram.goTo(at);
    const row = cards[at]?.rows.findIndex((candidate) => candidate.name.toLowerCase().includes(text)) ?? -1;
    if (row >= 0 && !cards[at]?.name.toLowerCase().includes(text)) this.diagram.select(at, row, true);
  }

  #press(hit: Hit, twice: boolean, event: PointerEvent): void {
    this.#tip.hide();
    this.#showEvidence(hit.kind === 'link' ? (this.diagram.picture?.links[hit.link]?.detail ?? '') : '', event);
    if (!('card' in hit)) {
      if (hit.kind === 'ground') this.diagram.select(-1, -1, false);
      return;
    }
    const card = this.diagram.picture?.cards[hit.card];
    if (card === undefined) return;
    const row = hit.kind === 'row' ? hit.row : -1;
    this.diagram.select(hit.card, row, false);
    if (twice) this.#open(card, row);
  }

  #open(card: Card, row: number): void {
    const column = card.rows[row]?.name;
    void this.wire.ask('open', { node: card.id as NodeId, ...(column === undefined ? {} : { column }) });
  }

  #menu(hit: Hit, at: { readonly x: number; readonly y: number }): void {
    const card = 'card' in hit ? this.diagram.picture?.cards[hit.card] : undefined;
    if (card === undefined || !('card' in hit)) {
      openMenu(at, this.#exports());
      return;
    }
    this.diagram.select(hit.card, -1, false);
    openMenu(at, this.#actions(card));
  }

  #actions(card: Card): readonly MenuItem[] {
    const node = card.id as NodeId;
    return [
      { label: 'Open file', detail: 'Enter', run: () => this.#open(card, -1) },
      { label: 'Only this and its relations', detail: 'f', run: () => this.#change({ focus: card.id }) },
      { label: 'Show in the lineage graph', detail: 'g', run: () => void this.wire.ask('reveal', { node, surface: 'graph' }) },
      { label: 'Relations and their evidence', detail: 'r', run: () => this.#listRelations(card) },
      { label: 'Preview', detail: 'p', run: () => void this.wire.ask('preview', { node }) },
      { label: 'Copy name', run: () => void this.wire.ask('copy', { text: card.name }) },
    ];
  }

  /** The relations of a table to choose from; the chosen one's evidence is shown until something else is pressed. */
  #listRelations(card: Card): void {
    const picture = this.diagram.picture;
    const at = picture?.cards.indexOf(card) ?? -1;
    const relations = picture?.links.filter((link) => link.from === at || link.to === at) ?? [];
    const toItem = ({ detail }: { readonly detail: string }): MenuItem => ({
      label: detail.split('\n')[0] ?? '',
      run: () => this.#showEvidence(detail),
    });
    const none: MenuItem = { label: 'No relation of this table is shown', run: () => undefined };
    openMenu(this.diagram.toScreen(at), relations.length > 0 ? relations.map(toItem) : [none]);
  }

  /** At the relation that was pressed; without a place, in the corner. */
  #showEvidence(text: string, at?: { readonly clientX: number; readonly clientY: number }): void {
    const { style } = this.#evidence;
    this.#evidence.textContent = text;
    style.left = style.top = '';
    const stage = this.diagram.node.getBoundingClientRect();
    const box = this.#evidence.getBoundingClientRect();
    if (at === undefined || text === '') return;
    style.left = `${Math.max(12, Math.min(at.clientX - stage.left + 12, stage.width - box.width - 12))}px`;
    style.top = `${Math.max(10, Math.min(at.clientY - stage.top + 12, stage.height - box.height - 12))}px`;
  }

  #key(event: KeyboardEvent): void {
    const picture = this.diagram.picture;
    if (picture === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const { card: at, row } = this.diagram.selection;
    const card = picture.cards[at];
    if (event.key.startsWith('Arrow')) this.#travel(event.key, card, at, row);
    else if (event.key === '/') this.#search.focus();
    else if (event.key === '?') showKeys('Keys of the entity diagram', erdKeys);
    else if (event.key === '+' || event.key === '=') this.diagram.zoom(1.25);
    else if (event.key === '-') this.diagram.zoom(0.8);
    else if (event.key === '0') this.diagram.fit(true);
    else if (event.key === 'a') this.#showAll();
    else if (event.key === 'Escape' && this.#evidence.textContent !== '') this.#showEvidence('');
    else if (event.key === 'Escape') this.diagram.select(-1, -1, true);
    else if (card !== undefined && event.key === 'Enter') this.#open(card, row);
    else if (card !== undefined && (event.key === 'm' || event.key === 'ContextMenu'))
      openMenu(this.diagram.toScreen(at), this.#actions(card));
    else {
      const action = card && this.#actions(card).find((found) => found.detail === event.key);
      if (action === undefined) return;
      action.run();
    }
    event.preventDefault();
  }

  #travel(key: string, card: Card | undefined, at: number, row: number): void {
    const picture = this.diagram.picture!;
    if (card === undefined) {
      if (picture.cards.length > 0) this.diagram.select(toStart(picture), -1, true);
      return;
    }
    const step = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && row + step >= -1 && row + step < card.rows.length && (row >= 0 || step > 0)) {
      this.diagram.select(at, row + step, true);
      return;
    }
    const next = findNext(picture, at, key === 'ArrowLeft' ? 'left' : key === 'ArrowRight' ? 'right' : step > 0 ? 'down' : 'up');
    if (next !== undefined) this.diagram.select(next, -1, true);
  }

  #exports(): (MenuItem | 'line')[] {
    const save = (format: ErdExportFormat): void => void this.wire.ask('export', { view: this.#view, format });
    const png = async (): Promise<void> => {
      await this.wire.ask('save', { name: 'erd.png', content: await this.diagram.toPng(true) });
    };
    return [
      { label: 'SVG', run: () => save('svg') },
      { label: 'PNG (2×)', run: () => void png() },
      'line',
      { label: 'Mermaid', run: () => save('mermaid') },
      { label: 'DBML', run: () => save('dbml') },
      { label: 'D2', run: () => save('d2') },
      { label: 'PlantUML', run: () => save('plantuml') },
      { label: 'DDL', run: () => save('ddl') },
      { label: 'JSON', run: () => save('json') },
      'line',
      { label: 'Save places to a file', run: () => void this.#savePlaces() },
      ...(this.#isPlaced ? [{ label: 'Forget places and arrange again', run: () => void this.#forgetPlaces() }] : []),
      'line',
      { label: 'Print', run: () => print() },
    ];
  }

  #toTip(hit: Hit | undefined): string {
    const picture = this.diagram.picture;
    if (hit === undefined || picture === undefined) return '';
    if (hit.kind === 'link') return picture.links[hit.link]?.detail ?? '';
    if (!('card' in hit)) return '';
    const card = picture.cards[hit.card];
    const row = hit.kind === 'row' ? card?.rows[hit.row] : undefined;
    if (row !== undefined)
      return [`${row.name} ${row.type}`.trim(), row.because ?? (row.key ? `${row.key} key` : ''), row.description]
        .filter((part) => part !== '')
        .join('\n');
    return card === undefined ? '' : [card.name, card.description, card.path].filter((part) => part !== '').join('\n');
  }

  #remember(): void {
    clearTimeout(this.#saving);
    this.#saving = setTimeout(() => {
      if (this.#view !== undefined) remember<State>({ ...shownProject(), view: this.#view, camera: this.diagram.camera });
    }, 200);
  }
}
