import type { CloseGraph } from '../core/layout/closely.ts';
import type { ElkNode } from '../core/layout/elk.ts';
import { fromElk, toElk } from '../core/layout/elk.ts';
import type { Layout } from '../core/layout/layout.ts';
import type { LayoutCalls } from '../protocol.ts';
import type { Handlers } from '../wire.ts';
import { connect } from '../wire.ts';
import type { WorkerPlatform } from './platform.ts';

/** The part of elkjs that is used. */
export interface Elk {
  layout(graph: never): Promise<unknown>;
}

/** elkjs's layout of a graph; undefined when it throws, which it does on shapes that it cannot lay out: the picture stays as it is. */
export async function layoutClosely(elk: Elk, graph: CloseGraph): Promise<Layout | undefined> {
  try {
    return fromElk(graph, (await elk.layout(toElk(graph) as never)) as ElkNode);
  } catch {
    return undefined;
  }
}

/** Answers layouts by elkjs, one after the other; a small one before anybody asks, since the first costs half a second. */
export function serveLayout(platform: Pick<WorkerPlatform, 'port'>, elk: Elk): void {
  const handlers: Handlers<LayoutCalls> = { layout: (graph) => layoutClosely(elk, graph) };
  connect<Record<never, never>, LayoutCalls>(platform.port, handlers);
  const cards = ['a', 'b', 'c'].map((id) => ({ id, width: 160, height: 44 }));
  const links = [
    { from: 0, to: 1 },
    { from: 0, to: 2 },
  ];
  void layoutClosely(elk, { cards, at: cards.map((_, i) => ({ x: i * 200, y: 0 })), links, keepOrder: false });
}
