import type { BandColumn, BandPlace, Weight } from './band-links.ts';
import { toBandLinks } from './band-links.ts';
import { headingSize, toCardSize } from './card-size.ts';
import type { Layer } from './layer.ts';
import { layerNames, layers, toLayer } from './layer.ts';
import { layout, toBounds } from './layout.ts';
import type { Card, Frame, GraphView, Heading, Link, Picture } from './picture.ts';
import type { GraphIndex, GraphNode } from './project-graph.ts';
import type { CardDraft } from './scene.ts';
import { emptyCard, toScene } from './scene.ts';
import { toTextWidth } from './text-width.ts';

interface Group {
  readonly id: string;
  readonly name: string;
  readonly layer: Layer;
  readonly members: string[];
  /** Of a row that stands for the smallest folders: how many. */
  readonly gathers?: number;
}

/** One group or, when it is opened, the frame with its cards, sized but not yet placed. */
interface Block {
  readonly group: Group;
  readonly width: number;
  readonly height: number;
  readonly inside?: { readonly cards: readonly Card[]; readonly links: readonly Link[] };
}

const columnGap = 104;
const rowGap = 20;
const frameTop = 34;
const framePadding = 14;
/** Rows of a column: beyond them the smallest folders stand together in one row until they are asked for. */
const mostRows = 12;

/** The whole project as bands: a column per layer, a row per folder, a height per count, and the heaviest links between them. */
export function buildBands(index: GraphIndex, view: GraphView, opened: readonly string[]): Picture {
  const open = new Set(opened);
  const groups = toGroups(index, view);
  const columns = layers
    .map((layer) =>
      gatherSmall(
        groups.filter((group) => group.layer === layer),
        open,
      ),
    )
    .filter((column) => column.length > 0);
  const weights = toWeights(index, columns.flat());
  sortRows(columns, weights);

  const cards: Card[] = [];
  const frames: Frame[] = [];
  const headings: Heading[] = [];
  const inner: Link[] = [];
  const places = new Map<string, BandPlace>();
  const standing: BandColumn[] = [];
  const blocks = columns.map((column) => column.map((group) => toBlock(index, view, group, open.has(group.id))));
  const tallest = Math.max(0, ...blocks.map(toColumnHeight));
  let x = 0;
  blocks.forEach((column, at) => {
    const { layer } = column[0]!.group;
    const count = column.reduce((sum, block) => sum + block.group.members.length, 0);
    const name = `${layerNames[layer]} · ${count}`;
    const width = Math.ceil(Math.max(toTextWidth(name, headingSize, true), ...column.map((block) => block.width)));
    headings.push({ name, layer, x, y: -34, width });
    let y = Math.round((tallest - toColumnHeight(column)) / 2);
    const gaps = [y - rowGap / 2];
    for (const block of column) {
      const { group, height, inside } = block;
      places.set(group.id, { column: at, x, y, width, height, card: cards.length });
      if (inside) {
        const offset = cards.length;
        frames.push({ id: group.id, name: `${group.name} · ${group.members.length}`, layer: group.layer, x, y, width, height });
        for (const card of inside.cards) cards.push({ ...card, x: card.x + x + framePadding, y: card.y + y + frameTop });
        for (const link of inside.links)
          inner.push({
            ...link,
            from: link.from + offset,
            to: link.to + offset,
            route: link.route.map((value, i) => value + (i % 2 === 0 ? x + framePadding : y + frameTop)),
          });
      } else cards.push({ ...toGroupDraft(group), x, y, width, height });
      y += height + rowGap;
      gaps.push(y - rowGap / 2);
    }
    standing.push({ x, width, gaps });
    x += width + columnGap;
  });
  const { links, left } = toBandLinks([...weights.values()], places, standing);
  const all = [...links, ...inner];
  const bounds = toBounds(
    [...cards, ...frames],
    all.map((link) => link.route),
  );
  const notes = left > 0 ? [`The ${links.length} heaviest of ${links.length + left} links between groups are drawn.`] : [];
  return { title: index.data.project.name, cards, links: all, frames, headings, notes, ...bounds, top: bounds.top - 40 };
}

/** A column with its smallest groups gathered in one, unless that one was opened; then it only offers to gather them again. */
function gatherSmall(column: readonly Group[], open: ReadonlySet<string>): Group[] {
  if (column.length <= mostRows) return [...column];
  const { layer } = column[0]!;
  const id = `gathered ${layer}`;
  if (open.has(id)) return [...column, { id, name: 'Fewer folders', layer, members: [], gathers: 0 }];
  const bySize = [...column].sort((a, b) => b.members.length - a.members.length || (a.id < b.id ? -1 : 1));
  const kept = new Set(bySize.filter((group, i) => i < mostRows - 1 || open.has(group.id)));
  const small = column.filter((group) => !kept.has(group));
  if (small.length === 0) return [...column];
  const members = small.flatMap((group) => group.members);
  return [
    ...column.filter((group) => kept.has(group)),
    { id, name: `${small.length} more folders`, layer, members, gathers: small.length },
  ];
}

/** The group a node stands in: its layer and the first folder below that names something else. */
export function toGroupOf(node: GraphNode): { readonly id: string; readonly name: string; readonly layer: Layer } {
  const layer = toLayer(node);
  const folders = node.folders ?? [];
  // Folders that only say the layer again say nothing about the subject.
  const telling = folders.filter((folder) => toLayer({ kind: 'model', name: '', folders: [folder] }) === 'model');
  const name =
    node.kind === 'exposure' || node.kind === 'metric' || node.kind === 'semantic_model' || node.kind === 'saved_query'
      ? `${node.kind.replace('_', ' ')}s`
      : (telling[0] ?? folders.at(-1) ?? node.package);
  return { id: `group ${layer} ${name}`, name, layer };
}

function toGroups(index: GraphIndex, view: GraphView): Group[] {
  const groups = new Map<string, Group>();
  for (const node of index.nodes.values()) {
    if (!index.shows(view, node.id)) continue;
    const group = toGroupOf(node);
    const known = groups.get(group.id);
    if (known) known.members.push(node.id);
    else groups.set(group.id, { ...group, members: [node.id] });
  }
  return [...groups.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

type Weights = ReadonlyMap<string, Weight>;

function toWeights(index: GraphIndex, groups: readonly Group[]): Weights {
  const of = new Map<string, string>();
  for (const group of groups) for (const id of group.members) of.set(id, group.id);
  const weights = new Map<string, { from: string; to: string; count: number }>();
  for (const edge of index.edges) {
    const from = of.get(edge.from);
    const to = of.get(edge.to);
    if (from === undefined || to === undefined || from === to) continue;
    const key = `${from}\n${to}`;
    const known = weights.get(key);
    if (known) known.count++;
    else weights.set(key, { from, to, count: 1 });
  }
  return weights;
}

/** Orders the rows of every column by the mean row of what they are linked with. */
function sortRows(columns: Group[][], weights: Weights): void {
  const row = new Map<string, number>();
  const settle = (column: readonly Group[]): void => column.forEach((group, i) => void row.set(group.id, (i + 0.5) / column.length));
  for (const column of columns) settle(column);
  const neighbours = new Map<string, { readonly id: string; readonly count: number }[]>();
  for (const { from, to, count } of weights.values()) {
    neighbours.set(from, [...(neighbours.get(from) ?? []), { id: to, count }]);
    neighbours.set(to, [...(neighbours.get(to) ?? []), { id: from, count }]);
  }
  for (let round = 0; round < 6; round++)
    for (const column of round % 2 === 0 ? columns : [...columns].reverse()) {
      const wanted = new Map<string, number>();
      for (const group of column) {
        let sum = row.get(group.id)! * 0.5;
        let weight = 0.5;
        for (const at of neighbours.get(group.id) ?? []) {
          sum += row.get(at.id)! * at.count;
          weight += at.count;
        }
        wanted.set(group.id, sum / weight);
      }
      // What gathers the rest stays at the foot of its column.
      const foot = (group: Group): number => (group.gathers === undefined ? 0 : 1);
      column.sort((a, b) => foot(a) - foot(b) || wanted.get(a.id)! - wanted.get(b.id)! || (a.id < b.id ? -1 : 1));
      settle(column);
    }
}

function toBlock(index: GraphIndex, view: GraphView, group: Group, open: boolean): Block {
  if (!open || group.gathers !== undefined) {
    const { width } = toCardSize(group.name, `${group.members.length} models`, '', undefined, 0);
    return { group, width, height: Math.round(42 + Math.max(0, Math.min(90, (Math.sqrt(group.members.length) - 1) * 7))) };
  }
  const scene = toScene(index, view, { ids: group.members, folds: [], title: '', notes: [] }, undefined);
  const made = layout(scene.graph, { columnGap: 48, rowGap: 10 });
  const cards = scene.cards.map((draft, i) => {
    const { x, y, width, height } = made.cards[i]!;
    // What a card hides here stands in another group: no handle shows it.
    return {
      ...draft,
      rows: [],
      expanded: false,
      moreRows: 0,
      hiddenUp: 0,
      hiddenDown: 0,
      x: x - made.left,
      y: y - made.top,
      width,
      height,
    };
  });
  const links = scene.graph.links.map(
    (link, i): Link => ({
      from: link.from,
      to: link.to,
      route: made.routes[i]!.map((value, k) => value - (k % 2 === 0 ? made.left : made.top)),
      kind: 'flow',
      emphasis: 'plain',
      weight: 1,
      label: '',
      detail: '',
    }),
  );
  return {
    group,
    width: made.right - made.left + 2 * framePadding,
    height: made.bottom - made.top + frameTop + framePadding,
    inside: { cards, links },
  };
}

function toGroupDraft(group: Group): CardDraft {
  const what =
    group.layer === 'source'
      ? 'table'
      : group.layer === 'seed'
        ? 'seed'
        : group.layer === 'report'
          ? 'node'
          : group.layer === 'check'
            ? 'test'
            : group.layer === 'macro'
              ? 'macro'
              : 'model';
  const count = group.members.length;
  return {
    ...emptyCard,
    id: group.id,
    kind: 'group',
    name: group.name,
    layer: group.layer,
    detail: count === 0 ? '' : `${count} ${what}${count === 1 ? '' : 's'}`,
    count,
    canExpand: true,
  };
}

function toColumnHeight(column: readonly Block[]): number {
  return column.reduce((sum, block) => sum + block.height, 0) + rowGap * (column.length - 1);
}
