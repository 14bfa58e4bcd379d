import type { Layout, LayoutGraph, Placed } from './layout.ts';
import { toBounds } from './layout.ts';

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
  'elk.layered.layering.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
  'elk.layered.spacing.nodeNodeBetweenLayers': '90',
  'elk.spacing.nodeNode': '22',
  'elk.layered.spacing.edgeNodeBetweenLayers': '24',
  'elk.randomSeed': '1',
};

/** ELK's input for a graph: cards as nodes, each row that a link meets as a port in its place. */
export function toElk(graph: LayoutGraph): ElkNode {
  const ports = graph.cards.map(() => new Map<string, ElkPort>());
  const port = (card: number, side: 'WEST' | 'EAST', at: number | undefined): string => {
    const size = graph.cards[card]!;
    const y = at ?? size.height / 2;
    const id = `${card}:${side}:${y}`;
    const layoutOptions = { 'elk.port.side': side };
    if (!ports[card]!.has(id)) ports[card]!.set(id, { id, x: side === 'WEST' ? 0 : size.width, y, width: 0, height: 0, layoutOptions });
    return id;
  };
  const edges = graph.links.map(
    (link, i): ElkEdge => ({
      id: `e${i}`,
      sources: [port(link.from, 'EAST', link.fromPort)],
      targets: [port(link.to, 'WEST', link.toPort)],
    }),
  );
  return {
    id: 'root',
    layoutOptions: options,
    children: graph.cards.map((card, i) => ({
      id: String(i),
      width: card.width,
      height: card.height,
      ports: [...ports[i]!.values()],
      layoutOptions: { 'elk.portConstraints': 'FIXED_POS' },
    })),
    edges,
  };
}

/** The layout that ELK answered. Bends become pairs of equal height, so that routes are drawn like our own. */
export function fromElk(graph: LayoutGraph, answer: ElkNode): Layout {
  const children = new Map((answer.children ?? []).map((child) => [child.id, child]));
  const columns = [...new Set([...children.values()].map((child) => Math.round(child.x ?? 0)))].sort((a, b) => a - b);
  const cards = graph.cards.map((card, i): Placed => {
    const child = children.get(String(i));
    const x = Math.round(child?.x ?? 0);
    return { id: card.id, x, y: Math.round(child?.y ?? 0), width: card.width, height: card.height, layer: columns.indexOf(x) };
  });
  const edges = new Map((answer.edges ?? []).map((edge) => [edge.id, edge]));
  const routes = graph.links.map((link, i): readonly number[] => {
    const section = edges.get(`e${i}`)?.sections?.[0];
    const from = cards[link.from]!;
    const to = cards[link.to]!;
    const start = [from.x + from.width, from.y + (link.fromPort ?? from.height / 2)] as const;
    const end = [to.x, to.y + (link.toPort ?? to.height / 2)] as const;
    const bends = section?.bendPoints ?? [];
    const points: number[] = [...start];
    // Two bends of one height enclose a stretch beside cards, which runs straight; any other bend is passed in a curve.
    for (let k = 0; k < bends.length; k++) {
      const bend = bends[k]!;
      const next = bends[k + 1];
      if (next !== undefined && Math.abs(next.y - bend.y) < 1) {
        points.push(bend.x, bend.y, next.x, next.y);
        k++;
      } else points.push(bend.x, bend.y, bend.x, bend.y);
    }
    points.push(...end);
    return points;
  });
  return { cards, routes, ...toBounds(cards, routes) };
}
