import { buildBands } from './bands.ts';
import { cardMeasures } from './card-size.ts';
import type { ViewSources } from './choose.ts';
import { chooseNodes } from './choose.ts';
import { growCards } from './grow.ts';
import type { Layout, LayoutGraph, LayoutView, Point } from './layout.ts';
import { layout } from './layout.ts';
import { buildPartsPicture } from './parts.ts';
import type { Card, GraphView, Link, Picture } from './picture.ts';
import type { ColumnRef, GraphIndex } from './project-graph.ts';
import type { Scene } from './scene.ts';
import { toScene } from './scene.ts';
import type { Trace } from './trace.ts';
import { traceColumn } from './trace.ts';

/** The picture of a view; `standing` holds where cards stood before, whose order is kept. `lay` may know the layout already. */
export function buildPicture(
  index: GraphIndex,
  view: GraphView,
  sources: ViewSources = {},
  standing?: ReadonlyMap<string, Point>,
  lay: (graph: LayoutGraph, how: LayoutView) => Layout = layout,
): Picture {
  const scope = view.scope;
  if (scope.kind === 'project') return buildBands(index, view, scope.opened);
  if (scope.kind === 'ctes') return buildPartsPicture(index, view, scope.node, sources.parts?.(scope.node));
  const trace = view.column && sources.flow ? traceColumn(index, sources.flow, view.column) : undefined;
  const choice = chooseNodes(index, view, sources, trace);
  const scene = toScene(index, view, choice, trace);
  const made = lay(
    scene.graph,
    standing && standing.size > 0 ? { previous: standing, ...(choice.anchor ? { anchor: choice.anchor } : {}) } : {},
  );
  const notes = [...choice.notes];
  if (view.column && !sources.flow) notes.push('The lineage of columns is not known for this project.');
  else if (trace && trace.edges.length === 0 && trace.uses.length === 0)
    notes.push(
      `No lineage is known for the column ${trace.column.column} of ${index.nodes.get(trace.column.node)?.name ?? trace.column.node}.`,
    );
  return toPicture(scene, made, { title: choice.title, notes, ...(choice.anchor ? { anchor: choice.anchor } : {}) }, trace);
}

/** A scene drawn at the positions of a layout: ours, or one that came back from elkjs. */
export function toPicture(
  scene: Scene,
  made: Layout,
  about: Pick<Picture, 'title' | 'notes' | 'anchor'>,
  trace: Trace | undefined,
): Picture {
  const grown = growCards(made, scene.growths);
  const cards: Card[] = scene.cards.map((draft, i) => {
    const { x, y, width, height } = grown.cards[i]!;
    return { ...draft, x, y, width, height };
  });
  const links: Link[] = scene.graph.links.map((link, i) => ({
    from: link.from,
    to: link.to,
    route: grown.routes[i]!,
    kind: 'flow',
    emphasis: trace ? 'dim' : 'plain',
    weight: 1,
    label: '',
    detail: '',
  }));
  if (trace) links.push(...toColumnLinks(cards, links, trace));
  return {
    ...about,
    cards,
    links,
    frames: [],
    headings: [],
    left: grown.left,
    top: grown.top,
    right: grown.right,
    bottom: grown.bottom,
    ...(trace ? { reach: trace.reach } : {}),
  };
}

function toColumnLinks(cards: readonly Card[], flows: readonly Link[], trace: Trace): Link[] {
  const at = new Map(cards.map((card, i) => [card.id, i]));
  const between = new Map(flows.map((link) => [`${link.from} ${link.to}`, link]));
  const made: Link[] = [];
  const add = (from: ColumnRef, to: ColumnRef | string, kind: 'data' | 'use', label: string, detail: string): void => {
    const a = at.get(from.node);
    const b = at.get(typeof to === 'string' ? to : to.node);
    if (a === undefined || b === undefined || a === b) return;
    const flow = between.get(`${a} ${b}`);
    const toColumn = typeof to === 'string' ? undefined : to.column;
    made.push({
      from: a,
      to: b,
      route: toPortRoute(flow?.route, cards[a]!, from.column, cards[b]!, toColumn),
      kind,
      emphasis: 'lit',
      weight: 1.5,
      label,
      detail,
      fromColumn: from.column,
      ...(toColumn === undefined ? {} : { toColumn }),
    });
  };
  for (const edge of trace.edges) {
    const where = edge.path === undefined ? '' : `\n${edge.path}${edge.line === undefined ? '' : `:${edge.line}`}`;
    const sure = edge.confidence === undefined || edge.confidence === 'exact' ? '' : ` (${edge.confidence})`;
    add(
      edge.from,
      edge.to,
      'data',
      edge.kind,
      `${edge.from.column} → ${edge.to.column}: ${edge.kind}${sure}${edge.expression ? `\n${edge.expression}` : ''}${where}`,
    );
  }
  for (const use of trace.uses) add(use.from, use.to, 'use', use.kind, `${use.from.column} decides the rows: ${use.kind}`);
  return made;
}

/** The route of a link between two cards, with its ends moved to the rows of columns where those are open. */
export function toPortRoute(
  route: readonly number[] | undefined,
  a: Card,
  fromColumn: string | undefined,
  b: Card,
  toColumn: string | undefined,
): readonly number[] {
  const from = a.y + toPort(a, fromColumn);
  const to = b.y + toPort(b, toColumn);
  if (route === undefined || route.length < 4) return [a.x + a.width, from, b.x, to];
  const points = [...route];
  points[1] = from;
  points[points.length - 1] = to;
  return points;
}

function toPort(card: Card, column: string | undefined): number {
  const name = column?.toLowerCase();
  const row = name === undefined ? undefined : card.rows.find((at) => at.name.toLowerCase() === name);
  return row?.y ?? Math.min(card.height, cardMeasures.header) / 2;
}
