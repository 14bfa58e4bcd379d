import { toBadgeText } from './badge.ts';
import { cardMeasures, toCardSize, toRows } from './card-size.ts';
import type { Choice } from './choose.ts';
import type { LayoutLink } from './digraph.ts';
import type { Growth } from './grow.ts';
import type { Layer } from './layer.ts';
import { toLayer } from './layer.ts';
import type { LayoutCard, LayoutGraph } from './layout.ts';
import type { Card, GraphView, Row } from './picture.ts';
import type { GraphColumn, GraphIndex, GraphNode, TestStatus } from './project-graph.ts';
import type { Trace } from './trace.ts';

/** A card before it has a place. */
export type CardDraft = Omit<Card, 'x' | 'y' | 'width' | 'height'>;

/** What a view shows, with everything known but positions: the layout sees only `graph`. */
export interface Scene {
  readonly cards: readonly CardDraft[];
  /** Per link of the layout: `via` of the edge, or `fold` for a folded hub. */
  readonly vias: readonly string[];
  /** Cards as if all were closed, so that opening one never changes the order of the rest. */
  readonly graph: LayoutGraph;
  readonly growths: ReadonlyMap<string, Growth>;
}

/** The cards and links of chosen nodes. */
export function toScene(index: GraphIndex, view: GraphView, choice: Choice, trace: Trace | undefined): Scene {
  const shown = new Map(choice.ids.map((id, i) => [id, i]));
  const expanded = new Set(view.expanded);
  const cards: CardDraft[] = [];
  const sizes: LayoutCard[] = [];
  const growths = new Map<string, Growth>();
  const counted = (ids: readonly string[]): number => {
    let hidden = 0;
    for (const id of ids) if (!shown.has(id) && index.shows(view, id)) hidden++;
    return hidden;
  };
  for (const id of choice.ids) {
    const node = index.nodes.get(id)!;
    const lit = trace?.columns.get(id);
    const open = expanded.has(id) && node.columns.length > 0;
    const { columns, more } = open ? toShownColumns(node.columns, view, lit) : { columns: [], more: 0 };
    const draft = toCardDraft(node, {
      detail: toDetail(node, open ? undefined : lit),
      rows: open ? toRows(columns, (name) => lit?.has(name.toLowerCase()) ?? false) : [],
      moreRows: more,
      expanded: open,
      hiddenUp: counted(index.parents(id)),
      hiddenDown: counted(index.children(id)),
      tests: index.testsOf(id),
      ...toLast(index, node),
      emphasis: trace ? (trace.nodes.has(id) ? 'lit' : 'dim') : id === choice.anchor ? 'focus' : 'plain',
    });
    const badge = toBadgeText(draft.tests, draft.last);
    cards.push(draft);
    sizes.push({ id, ...toCardSize(node.name, toDetail(node, undefined), badge, undefined, 0) });
    if (open) growths.set(id, toCardSize(node.name, draft.detail, badge, columns, more));
  }
  const links: LayoutLink[] = [];
  const vias: string[] = [];
  // Through the children of the shown, so that a small view of a large project costs only what it shows.
  choice.ids.forEach((id, from) => {
    for (const child of index.children(id)) {
      const to = shown.get(child);
      if (to === undefined) continue;
      links.push({ from, to });
      vias.push('flow');
    }
  });
  for (const fold of choice.folds) {
    const at = cards.length;
    const on = shown.get(fold.node)!;
    const name = `+${fold.count} more`;
    const id = `more ${fold.side} ${fold.node}`;
    cards.push(toFoldDraft(id, name, fold));
    sizes.push({ id, width: cardMeasures.minWidth, height: 28 });
    links.push(fold.side === 'up' ? { from: at, to: on } : { from: on, to: at });
    vias.push('fold');
  }
  return { cards, vias, graph: { cards: sizes, links }, growths };
}

function toFoldDraft(
  id: string,
  name: string,
  fold: { readonly node: string; readonly side: 'up' | 'down'; readonly count: number },
): CardDraft {
  return {
    ...emptyCard,
    id,
    kind: 'more',
    name,
    detail: fold.side === 'up' ? 'parents' : 'children',
    count: fold.count,
    folds: { node: fold.node, side: fold.side },
  };
}

/** How a test, a source's freshness or the build of a relation ended when it last ran. */
function toLast(index: GraphIndex, node: GraphNode): Pick<Card, 'last' | 'freshness'> {
  const last = index.results.get(node.id);
  const { freshness } = node;
  return { ...(last === undefined ? {} : { last }), ...(freshness === undefined ? {} : { freshness }) };
}

/** A card of which nothing is known. */
export const emptyCard: CardDraft = {
  id: '',
  kind: 'model',
  name: '',
  detail: '',
  layer: 'model',
  materialized: '',
  path: '',
  description: '',
  tags: [],
  expanded: false,
  canExpand: false,
  rows: [],
  moreRows: 0,
  hiddenUp: 0,
  hiddenDown: 0,
  tests: { count: 0 },
  emphasis: 'plain',
  count: 1,
};

/** The card of a node, without a place. */
export function toCardDraft(
  node: GraphNode,
  rest: {
    readonly detail: string;
    readonly rows: readonly Row[];
    readonly moreRows: number;
    readonly expanded: boolean;
    readonly hiddenUp: number;
    readonly hiddenDown: number;
    readonly tests: Card['tests'];
    readonly last?: TestStatus;
    readonly freshness?: string;
    readonly emphasis: Card['emphasis'];
    readonly layer?: Layer;
  },
): CardDraft {
  return {
    ...emptyCard,
    id: node.id,
    kind: node.kind,
    name: node.name,
    layer: toLayer(node),
    materialized: node.materialized,
    path: node.path,
    description: node.description,
    tags: node.tags,
    canExpand: node.columns.length > 0,
    ...(node.owner === undefined ? {} : { owner: node.owner }),
    ...(node.modified === undefined ? {} : { modified: node.modified }),
    ...rest,
  };
}

function toDetail(node: GraphNode, lit: ReadonlySet<string> | undefined): string {
  if (lit !== undefined && lit.size > 0) {
    const names = node.columns.filter((column) => lit.has(column.name.toLowerCase())).map((column) => column.name);
    const all = names.length > 0 ? names : [...lit];
    return all.length > 3 ? `${all.slice(0, 3).join(', ')} +${all.length - 3}` : all.join(', ');
  }
  const what = node.kind === 'model' ? node.materialized || 'model' : node.kind.replace('_', ' ');
  const where = (node.folders ?? []).at(-1) ?? '';
  const parts = node.freshness === undefined ? [what, where] : [what, node.freshness];
  return parts.filter((part) => part !== '').join(' · ');
}

/** The columns an open card has room for: lit ones are never left out. */
function toShownColumns(
  columns: readonly GraphColumn[],
  view: GraphView,
  lit: ReadonlySet<string> | undefined,
): { readonly columns: readonly GraphColumn[]; readonly more: number } {
  const sorted = view.sort === 'name' ? [...columns].sort((a, b) => (a.name < b.name ? -1 : 1)) : columns;
  if (sorted.length <= cardMeasures.mostRows) return { columns: sorted, more: 0 };
  const isLit = (column: GraphColumn): boolean => lit?.has(column.name.toLowerCase()) ?? false;
  let room = cardMeasures.mostRows - sorted.filter(isLit).length;
  const shown = sorted.filter((column) => isLit(column) || room-- > 0);
  return { columns: shown, more: sorted.length - shown.length };
}
