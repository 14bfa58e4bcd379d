import type { CloseGraph } from './closely.ts';
import type { Layout, Placed } from './layout.ts';
import { toBounds, toLoop } from './layout.ts';

/** The part of ELK's JSON that we write and read. */
export interface ElkNode {
  readonly id: string;
  readonly width?: number;
  readonly height?: number;
  readonly x?: number;
  readonly y?: number;
  readonly layoutOptions?: Readonly<Record<string, string>>;
  readonly children?: readonly ElkNode[];
  readonly ports?: readonly ElkPort[];
  readonly edges?: readonly ElkEdge[];
}

export interface ElkPort {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly layoutOptions?: Readonly<Record<string, string>>;
}

export interface ElkEdge {
  readonly id: string;
  readonly sources: readonly string[];
  readonly targets: readonly string[];
  readonly sections?: readonly {
    readonly startPoint: { readonly x: number; readonly y: number };
    readonly endPoint: { readonly x: number; readonly y: number };
    readonly bendPoints?: readonly { readonly x: number; readonly y: number }[];
  }[];
}

const options: Readonly<Record<string, string>> = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.edgeRouting': 'POLYLINE',
  // Columns stay those that the reader sees already: only the order within them, the places and the routes are made better.
  'elk.layered.cycleBreaking.strategy': 'INTERACTIVE',
  'elk.layered.layering.strategy': 'INTERACTIVE',
  'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
  'elk.layered.nodePlacement.bk.fixedAlignment': 'BALANCED',
  'elk.layered.spacing.nodeNodeBetweenLayers': '64',
  'elk.spacing.nodeNode': '18',
  'elk.layered.spacing.edgeNodeBetweenLayers': '18',
  'elk.randomSeed': '1',
};

/** ELK's input for a graph: cards with links as nodes, each row that a link meets as a port in its place. */
export function toElk(graph: CloseGraph): ElkNode {
  const ports = graph.cards.map(() => new Map<string, ElkPort>());
  const port = (card: number, side: 'WEST' | 'EAST', at: number | undefined): string => {
    const size = graph.cards[card]!;
    const y = at ?? size.height / 2;
    const id = `${card}:${side}:${y}`;
    const layoutOptions = { 'elk.port.side': side };
    if (!ports[card]!.has(id)) ports[card]!.set(id, { id, x: side === 'WEST' ? 0 : size.width, y, width: 0, height: 0, layoutOptions });
    return id;
  };
  const edges = graph.links.flatMap((link, i): ElkEdge[] => {
    if (link.from === link.to) return [];
    // What runs from right to left is laid out the other way round, and turned again when the routes come back.
    const ends = [port(link.from, isBackwards(graph, i) ? 'WEST' : 'EAST', link.fromPort)];
    const others = [port(link.to, isBackwards(graph, i) ? 'EAST' : 'WEST', link.toPort)];
    return [{ id: `e${i}`, ...(isBackwards(graph, i) ? { sources: others, targets: ends } : { sources: ends, targets: others }) }];
  });
  const order = graph.keepOrder ? { 'elk.layered.crossingMinimization.strategy': 'INTERACTIVE' } : {};
  return {
    id: 'root',
    layoutOptions: { ...options, ...order },
    children: graph.cards.flatMap((card, i) =>
      ports[i]!.size === 0
        ? []
        : [
            {
              id: String(i),
              ...graph.at[i]!,
              width: card.width,
              height: card.height,
              ports: [...ports[i]!.values()],
              layoutOptions: { 'elk.portConstraints': 'FIXED_POS' },
            },
          ],
    ),
    edges,
  };
}

/**
 * The layout that ELK answered. Bends become pairs of equal height, so that routes are drawn like our own; cards without links stay
 * below the rest.
 */
export function fromElk(graph: CloseGraph, answer: ElkNode): Layout {
  const children = new Map((answer.children ?? []).map((child) => [child.id, child]));
  const columns = [...new Set([...children.values()].map((child) => Math.round(child.x ?? 0)))].sort((a, b) => a - b);
  const placed = [...children].map(([id, child]) => ({ child, card: graph.cards[Number(id)]!, at: graph.at[Number(id)]! }));
  const left = Math.min(...placed.map(({ at }) => at.x));
  const bottom = Math.max(...placed.map(({ at, card }) => at.y + card.height));
  const bottomNow = Math.max(...placed.map(({ child, card }) => (child.y ?? 0) + card.height));
  const cards = graph.cards.map((card, i): Placed => {
    const child = children.get(String(i));
    const { x, y } = graph.at[i]!;
    if (child === undefined) return { ...card, x: x - left, y: Math.round(y - bottom + bottomNow), layer: -1 };
    const column = Math.round(child.x ?? 0);
    return { ...card, x: column, y: Math.round(child.y ?? 0), layer: columns.indexOf(column) };
  });
  const edges = new Map((answer.edges ?? []).map((edge) => [edge.id, edge]));
  const routes = graph.links.map((link, i): readonly number[] => {
    const from = cards[link.from]!;
    const to = cards[link.to]!;
    if (link.from === link.to) return toLoop(from);
    const backwards = isBackwards(graph, i);
    const bends = [...(edges.get(`e${i}`)?.sections?.[0]?.bendPoints ?? [])];
    if (backwards) bends.reverse();
    const points: number[] = [backwards ? from.x : from.x + from.width, from.y + (link.fromPort ?? from.height / 2)];
    // Two bends of one height enclose a stretch beside cards, which runs straight; any other bend is passed in a curve.
    for (let k = 0; k < bends.length; k++) {
      const bend = bends[k]!;
      const next = bends[k + 1];
      if (next !== undefined && Math.abs(next.y - bend.y) < 1) {
        points.push(bend.x, bend.y, next.x, next.y);
        k++;
      } else points.push(bend.x, bend.y, bend.x, bend.y);
    }
    points.push(backwards ? to.x + to.width : to.x, to.y + (link.toPort ?? to.height / 2));
    return points;
  });
  return { cards, routes, ...toBounds(cards, routes) };
}

function isBackwards(graph: CloseGraph, link: number): boolean {
  const { from, to } = graph.links[link]!;
  return graph.at[from]!.x > graph.at[to]!.x;
}
