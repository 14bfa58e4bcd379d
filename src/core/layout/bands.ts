import { toCardSize } from './card-size.ts';
import type { Layer } from './layer.ts';
import { layerNames, layers, toLayer } from './layer.ts';
import { layout, toBounds } from './layout.ts';
import type { Card, Frame, GraphView, Heading, Link, Picture } from './picture.ts';
import type { GraphIndex, GraphNode } from './project-graph.ts';
import type { CardDraft } from './scene.ts';
import { emptyCard, toScene } from './scene.ts';

interface Group {
  readonly id: string;
  readonly name: string;
  readonly layer: Layer;
  readonly members: string[];
}

/** One group or, when it is opened, the frame with its cards, sized but not yet placed. */
interface Block {
  readonly group: Group;
  readonly width: number;
  readonly height: number;
  readonly inside?: { readonly cards: readonly Card[]; readonly links: readonly Link[] };
}

const columnGap = 130;
const rowGap = 14;
const frameTop = 34;
const framePadding = 14;
/** Links of the overview beyond this many, the lightest first, are left out and counted. */
const mostLinks = 90;

/** The whole project as bands: a column per layer, a row per folder, a height per count, and the heaviest links between them. */
export function buildBands(index: GraphIndex, view: GraphView, opened: readonly string[]): Picture {
  const groups = toGroups(index, view);
  const columns = layers.map((layer) => groups.filter((group) => group.layer === layer)).filter((column) => column.length > 0);
  const weights = toWeights(index, groups);
  sortRows(columns, weights);

  const open = new Set(opened);
  const cards: Card[] = [];
  const frames: Frame[] = [];
  const headings: Heading[] = [];
  const inner: Link[] = [];
  const place = new Map<
    string,
    { readonly x: number; readonly y: number; readonly width: number; readonly height: number; readonly card: number }
  >();
  const blocks = columns.map((column) => column.map((group) => toBlock(index, view, group, open.has(group.id))));
  const tallest = Math.max(0, ...blocks.map(toColumnHeight));
  let x = 0;
  for (const column of blocks) {
    const width = Math.max(...column.map((block) => block.width));
    const first = column[0]!.group;
    const count = column.reduce((sum, block) => sum + block.group.members.length, 0);
    headings.push({ name: `${layerNames[first.layer]} · ${count}`, layer: first.layer, x, y: -34, width });
    let y = Math.round((tallest - toColumnHeight(column)) / 2);
    for (const block of column) {
      if (block.inside) {
        const offset = cards.length;
        frames.push({
          id: block.group.id,
          name: `${block.group.name} · ${block.group.members.length}`,
          layer: block.group.layer,
          x,
          y,
          width,
          height: block.height,
        });
        for (const card of block.inside.cards) cards.push({ ...card, x: card.x + x + framePadding, y: card.y + y + frameTop });
        for (const link of block.inside.links)
          inner.push({
            ...link,
            from: link.from + offset,
            to: link.to + offset,
            route: link.route.map((value, i) => value + (i % 2 === 0 ? x + framePadding : y + frameTop)),
          });
        place.set(block.group.id, { x, y, width, height: block.height, card: offset });
      } else {
        place.set(block.group.id, { x, y, width, height: block.height, card: cards.length });
        cards.push({ ...toGroupDraft(block.group), x, y, width, height: block.height });
      }
      y += block.height + rowGap;
    }
    x += width + columnGap;
  }
  const { links, left } = toBandLinks(weights, place);
  const all = [...links, ...inner];
  const bounds = toBounds(
    [...cards, ...frames],
    all.map((link) => link.route),
  );
  const notes = left > 0 ? [`The ${links.length} heaviest of ${links.length + left} links between groups are drawn.`] : [];
  return { title: index.data.project.name, cards, links: all, frames, headings, notes, ...bounds, top: bounds.top - 40 };
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
    if (!view.tests && index.isTest(node.id)) continue;
    const group = toGroupOf(node);
    const known = groups.get(group.id);
    if (known) known.members.push(node.id);
    else groups.set(group.id, { ...group, members: [node.id] });
  }
  return [...groups.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

type Weights = ReadonlyMap<string, { readonly from: string; readonly to: string; readonly count: number }>;

function toWeights(index: GraphIndex, groups: readonly Group[]): Weights {
  const of = new Map<string, string>();
  for (const group of groups) for (const id of group.members) of.set(id, group.id);
  const weights = new Map<string, { from: string; to: string; count: number }>();
  for (const edge of index.data.edges) {
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
      column.sort((a, b) => wanted.get(a.id)! - wanted.get(b.id)! || (a.id < b.id ? -1 : 1));
      settle(column);
    }
}

function toBlock(index: GraphIndex, view: GraphView, group: Group, open: boolean): Block {
  if (!open) {
    const { width } = toCardSize(group.name, `${group.members.length} models`, '', undefined, 0);
    return { group, width, height: Math.round(44 + Math.min(150, (Math.sqrt(group.members.length) - 1) * 9)) };
  }
  const scene = toScene(index, view, { ids: group.members, folds: [], title: '', notes: [] }, undefined);
  const made = layout(scene.graph, { columnGap: 48, rowGap: 10 });
  const cards = scene.cards.map((draft, i) => {
    const { x, y, width, height } = made.cards[i]!;
    return { ...draft, rows: [], expanded: false, moreRows: 0, x: x - made.left, y: y - made.top, width, height };
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
            : 'model';
  const count = group.members.length;
  return {
    ...emptyCard,
    id: group.id,
    kind: 'group',
    name: group.name,
    layer: group.layer,
    detail: `${count} ${what}${count === 1 ? '' : 's'}`,
    count,
    canExpand: true,
  };
}

function toColumnHeight(column: readonly Block[]): number {
  return column.reduce((sum, block) => sum + block.height, 0) + rowGap * (column.length - 1);
}

function toBandLinks(
  weights: Weights,
  place: ReadonlyMap<
    string,
    { readonly x: number; readonly y: number; readonly width: number; readonly height: number; readonly card: number }
  >,
): { readonly links: Link[]; readonly left: number } {
  const heaviest = [...weights.values()].sort((a, b) => b.count - a.count || (a.from + a.to < b.from + b.to ? -1 : 1));
  const drawn = heaviest.slice(0, mostLinks);
  const most = Math.max(1, drawn[0]?.count ?? 1);
  const links = drawn.map(({ from, to, count }): Link => {
    const a = place.get(from)!;
    const b = place.get(to)!;
    const middle = (at: { readonly y: number; readonly height: number }): number => at.y + at.height / 2;
    // Links within a column, or back to the left, leave and enter on the side where there is room.
    const route =
      b.x > a.x
        ? [a.x + a.width, middle(a), b.x, middle(b)]
        : a.x === b.x
          ? [a.x + a.width, middle(a) + 6, a.x + a.width, middle(b) - 6]
          : [a.x, middle(a), b.x + b.width, middle(b)];
    return {
      from: a.card,
      to: b.card,
      route,
      kind: 'flow',
      emphasis: 'plain',
      weight: 1 + 7 * Math.sqrt(count / most),
      label: String(count),
      detail: `${count} ${count === 1 ? 'edge' : 'edges'} from ${from.split(' ').slice(2).join(' ')} to ${to.split(' ').slice(2).join(' ')}`,
    };
  });
  return { links, left: heaviest.length - drawn.length };
}
