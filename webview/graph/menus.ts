import type { Card, GraphView } from '../../src/core/layout/picture.ts';
import type { GraphExportFormat } from '../../src/protocol.ts';
import type { MenuItem } from '../ui/controls.ts';
import { type ColourBy, colourings } from './colouring.ts';

/** A thing that can be done with a card; `key` does it from the keyboard. */
export interface CardAction {
  readonly label: string;
  readonly key?: string;
  run(): void;
}

/** What menus lead to. */
export interface MenuActions {
  /** There is no editor around the page. */
  readonly alone: boolean;
  view(): GraphView | undefined;
  go(change: Partial<GraphView>): void;
  ask(type: 'open' | 'preview' | 'test' | 'compile' | 'docs' | 'tree', card: Card): void;
  copy(text: string): void;
  focus(id: string): void;
  toggle(id: string): void;
  only(id: string, side: 'up' | 'down'): void;
  countRows(): void;
  colour(): ColourBy;
  colourBy(by: ColourBy): void;
  save(format: GraphExportFormat, whole: boolean): void;
  savePng(whole: boolean): void;
}

/** Whether a card stands for a node of the project, not for a group, a fold or a part of a model. */
export function isNode(card: Card): boolean {
  return card.kind !== 'group' && card.kind !== 'more' && !card.id.startsWith('part ');
}

/** What can be done with a card itself, the most wanted first. */
export function toCardActions(card: Card, does: MenuActions): readonly CardAction[] {
  if (card.kind === 'group') return [{ label: 'Open', key: 'Enter', run: () => does.toggle(card.id) }];
  if (!isNode(card)) return [];
  if (does.alone)
    return [
      { label: 'Focus', key: 'f', run: () => does.focus(card.id) },
      { label: 'Copy name', key: 'y', run: () => does.copy(card.name) },
    ];
  if (card.kind === 'macro') return [{ label: 'Open file', key: 'Enter', run: () => does.ask('open', card) }];
  const builds = card.kind === 'model' || card.kind === 'seed' || card.kind === 'snapshot';
  return [
    { label: 'Open file', key: 'Enter', run: () => does.ask('open', card) },
    { label: 'Focus', key: 'f', run: () => does.focus(card.id) },
    ...(builds || card.kind === 'source' ? [{ label: 'Preview', key: 'p', run: () => does.ask('preview', card) }] : []),
    ...(card.tests.count > 0 || card.freshness !== undefined
      ? [{ label: toTestLabel(card), key: 't', run: () => does.ask('test', card) }]
      : []),
    ...(card.kind === 'model' ? [{ label: 'Compile', key: 'k', run: () => does.ask('compile', card) }] : []),
    { label: 'Docs', key: 'h', run: () => does.ask('docs', card) },
    { label: 'Copy name', key: 'y', run: () => does.copy(card.name) },
    { label: 'Reveal in tree', key: 'r', run: () => does.ask('tree', card) },
  ];
}

function toTestLabel({ tests, freshness }: Card): string {
  if (freshness === undefined) return 'Run tests';
  return tests.count > 0 ? 'Run tests, check freshness' : 'Check freshness';
}

/** The menu of a card: what can be done with it, and the views that begin at it. */
export function toCardMenu(card: Card, does: MenuActions): readonly (MenuItem | 'line')[] {
  const scope = does.view()?.scope;
  const items: (MenuItem | 'line')[] = toCardActions(card, does).map(({ label, run, key }) => ({
    label,
    run,
    ...(key ? { detail: key } : {}),
  }));
  if (isNode(card)) {
    items.push('line', { label: 'Only upstream', detail: 'u', run: () => does.only(card.id, 'up') });
    items.push({ label: 'Only downstream', detail: 'd', run: () => does.only(card.id, 'down') });
    if (scope?.kind === 'focus' && scope.node !== card.id)
      items.push({ label: 'Only the paths from here', run: () => does.go({ scope: { kind: 'path', from: scope.node, to: card.id } }) });
    if (card.kind === 'model' || card.kind === 'snapshot')
      items.push({ label: 'Show the CTEs inside', detail: 'c', run: () => does.go({ scope: { kind: 'ctes', node: card.id } }) });
  }
  if (card.canExpand && card.kind !== 'group')
    items.push({ label: card.expanded ? 'Hide columns' : 'Show columns', detail: 'Space', run: () => does.toggle(card.id) });
  return items;
}

/** What a view shows besides models: each item turns one thing on or off. */
export function toShowMenu(cards: readonly Card[], does: MenuActions): readonly (MenuItem | 'line')[] {
  const view = does.view();
  const mark = (on: boolean): { readonly checked: boolean } => ({ checked: on });
  const open = cards.filter((card) => card.canExpand && card.kind !== 'group').map((card) => card.id);
  const canOpen = view?.scope.kind !== 'project' && open.length > 0;
  return [
    { label: 'Tests', ...mark(view?.tests ?? false), run: () => does.go({ tests: !view?.tests }) },
    { label: 'Macros', ...mark(view?.macros ?? false), run: () => does.go({ macros: !(view?.macros ?? false) }) },
    'line',
    ...(canOpen
      ? [
          { label: 'Columns of every card', run: () => does.go({ expanded: open.slice(0, mostOpened) }) },
          { label: 'No columns', run: () => does.go({ expanded: [] }) },
        ]
      : []),
    { label: 'Columns as in SQL', ...mark(view?.sort !== 'name'), run: () => does.go({ sort: 'sql' }) },
    { label: 'Columns by name', ...mark(view?.sort === 'name'), run: () => does.go({ sort: 'name' }) },
    'line',
    ...colourings.map(([by, label]) => ({ label, ...mark(does.colour() === by), run: () => does.colourBy(by) })),
    'line',
    { label: 'Whole project, by folder', detail: 'w', run: () => does.go({ scope: { kind: 'project', opened: [] } }) },
    { label: 'Every node of the project', run: () => does.go({ scope: { kind: 'all' } }) },
  ];
}

/** Cards that are opened at once at most. */
const mostOpened = 100;

/** The ways to take a picture elsewhere. */
export function toExportMenu(does: MenuActions): readonly (MenuItem | 'line')[] {
  return [
    { label: 'SVG of this view', run: () => does.save('svg', false) },
    { label: 'PNG of this view (2×)', run: () => does.savePng(true) },
    { label: 'PNG of what is on the screen (2×)', run: () => does.savePng(false) },
    { label: 'Mermaid of this view', run: () => does.save('mermaid', false) },
    { label: 'DOT of this view', run: () => does.save('dot', false) },
    { label: 'JSON of this view', run: () => does.save('json', false) },
    'line',
    ...(does.alone ? [] : [{ label: 'Interactive HTML page of the project', run: () => does.save('html', true) }]),
    { label: 'SVG of the project', run: () => does.save('svg', true) },
    { label: 'DOT of the project', run: () => does.save('dot', true) },
    { label: 'JSON of the project', run: () => does.save('json', true) },
    'line',
    { label: 'Print', run: () => print() },
  ];
}
