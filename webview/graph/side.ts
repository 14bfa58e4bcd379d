import type { GrainWords } from '../../src/core/keys/grain-words.ts';
import { toBadgeWords, toLastWords } from '../../src/core/layout/badge.ts';
import type { Layer } from '../../src/core/layout/layer.ts';
import { layerNames, layers } from '../../src/core/layout/layer.ts';
import type { Card, Picture, Reach } from '../../src/core/layout/picture.ts';
import type { ColumnOutline } from '../../src/protocol.ts';
import type { Child } from '../ui/element.ts';
import { element, replaceChildren } from '../ui/element.ts';

export interface SideActions {
  readonly actions: (card: Card) => readonly { readonly label: string; run(): void }[];
  columns(id: string): Promise<readonly ColumnOutline[]>;
  /** The grain; undefined where it is not known. */
  grain(id: string): Promise<GrainWords | undefined>;
  trace(id: string, column: string): void;
  clear(): void;
}

/** What is known of the selected card: words, actions, columns with a search, and what a lit column reaches. */
export class Side {
  readonly node = element('aside', { class: 'hw-side', 'aria-label': 'Details', tabindex: '0' });
  #shown = '';

  constructor(readonly actions: SideActions) {}

  show(picture: Picture | undefined, card: Card | undefined, column: { readonly node: string; readonly column: string } | undefined): void {
    const key = JSON.stringify([card?.id, card?.tests, card?.last, column, picture?.reach, card === undefined && picture?.headings]);
    if (key === this.#shown) return;
    this.#shown = key;
    const reach = picture?.reach;
    if (card === undefined) {
      replaceChildren(this.node, reach && this.#reach(reach), picture && toSummary(picture));
      return;
    }
    const columns = element('div');
    const grain = element('div');
    const kind = [card.kind.replace('_', ' '), card.materialized, layerNames[card.layer]].filter((part) => part !== '').join(' · ');
    const isNode = card.kind !== 'group' && card.kind !== 'more';
    replaceChildren(
      this.node,
      element('h2', {}, card.name),
      element('p', { class: 'hw-quiet' }, isNode ? kind : card.detail),
      card.description !== '' && element('p', {}, card.description),
      card.path !== '' && element('p', { class: 'hw-quiet' }, toBreakable(card.path)),
      card.tags.length > 0 && element('p', { class: 'hw-quiet' }, `Tags: ${card.tags.join(', ')}`),
      card.tests.count > 0 && element('p', {}, toBadgeWords(card.tests)),
      grain,
      card.owner !== undefined && element('p', { class: 'hw-quiet' }, `Owner: ${card.owner}`),
      card.last !== undefined && element('p', {}, toLastWords(card.kind, card.last)),
      element(
        'div',
        { class: 'hw-actions' },
        ...withPrimary(this.actions.actions(card)).map(({ label, run, isPrimary }) =>
          element('button', { type: 'button', class: isPrimary ? 'primary' : 'quiet', on: { click: run } }, label),
        ),
      ),
      reach && this.#reach(reach),
      columns,
    );
    if (isNode) void this.#grain(grain, card);
    if (isNode && card.canExpand) void this.#columns(columns, card, column);
  }

  #reach(reach: Reach): HTMLElement {
    const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
    const lines: Child[] =
      reach.nodes === 0
        ? [element('p', {}, 'Nothing downstream is made of it.')]
        : [
            element(
              'p',
              {},
              `${plural(reach.columns, 'column')} in ${plural(reach.nodes, 'node')}, ${plural(reach.tests, 'test')}, ${plural(reach.exposures, 'exposure')}`,
            ),
            ...reach.layers.map(({ layer, nodes }) => element('p', { class: 'hw-quiet' }, `${layerNames[layer]}: ${nodes}`)),
          ];
    return element(
      'section',
      { 'aria-label': 'Reach' },
      element('h3', {}, `If ${reach.column.column} changes`),
      ...lines,
      element(
        'div',
        { class: 'hw-actions' },
        element('button', { type: 'button', on: { click: () => this.actions.clear() } }, 'Clear the highlight'),
      ),
    );
  }

  async #grain(into: HTMLElement, card: Card): Promise<void> {
    const words = await this.actions.grain(card.id);
    if (words === undefined) return;
    const steps = words.because.map(({ text, path, line }) =>
      element('li', {}, path === undefined ? text : `${text} (${toBreakable(path)}${line === undefined ? '' : `:${line}`})`),
    );
    replaceChildren(
      into,
      element('details', { class: 'hw-grain' }, element('summary', {}, `${words.text} (${words.how})`), element('ul', {}, ...steps)),
    );
  }

  async #columns(into: HTMLElement, card: Card, lit: { readonly node: string; readonly column: string } | undefined): Promise<void> {
    const columns = await this.actions.columns(card.id);
    if (columns.length === 0) return;
    const list = element('ul', { class: 'hw-columns' });
    const fill = (text: string): void => {
      const wanted = text.trim().toLowerCase();
      const rows = columns
        .filter((column) => column.name.toLowerCase().includes(wanted) || column.description.toLowerCase().includes(wanted))
        .map((column) => {
          const pressed = lit?.node === card.id && lit.column.toLowerCase() === column.name.toLowerCase();
          const title = [column.description, ...column.facts].filter((part) => part !== '').join('\n');
          return element(
            'li',
            {},
            element(
              'button',
              { type: 'button', title, 'aria-pressed': String(pressed), on: { click: () => this.actions.trace(card.id, column.name) } },
              column.name,
              element('span', { class: 'hw-quiet' }, column.type),
            ),
          );
        });
      replaceChildren(list, ...rows);
    };
    fill('');
    const search = element('input', { type: 'text', placeholder: 'Search columns', 'aria-label': 'Search columns' });
    search.addEventListener('input', () => fill(search.value));
    replaceChildren(into, element('h3', {}, `Columns (${columns.length})`), columns.length > 8 && search, list);
  }
}

/** What a picture shows, while no card is selected. */
function toSummary(picture: Picture): HTMLElement {
  const layersOf = new Map<Layer, number>();
  for (const card of picture.cards) if (card.kind !== 'more') layersOf.set(card.layer, (layersOf.get(card.layer) ?? 0) + card.count);
  const lines =
    picture.headings.length > 0
      ? picture.headings.map(({ name }) => name)
      : layers.filter((layer) => layersOf.has(layer)).map((layer) => `${layerNames[layer]} · ${layersOf.get(layer)}`);
  return element(
    'section',
    {},
    element('h2', {}, picture.title),
    ...lines.map((line) => element('p', { class: 'hw-quiet' }, line)),
    ...picture.notes.map((note) => element('p', {}, note)),
    element(
      'p',
      {},
      picture.headings.length > 0 ? 'Open a folder to see its nodes; select a card to see what it is.' : 'Select a card to see what it is.',
    ),
  );
}

/** A path that may break behind its slashes, and nowhere else while there is room. */
function toBreakable(path: string): string {
  return path.replaceAll('/', '/\u200b');
}

/** The one action that most come for stands out: to see rows, else what stands first. */
function withPrimary<Action extends { readonly label: string }>(actions: readonly Action[]): readonly (Action & { isPrimary: boolean })[] {
  const wanted = actions.find(({ label }) => label === 'Preview') ?? actions[0];
  return actions.map((action) => ({ ...action, isPrimary: action === wanted }));
}
