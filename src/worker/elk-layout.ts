import type { ElkNode } from '../core/layout/elk.ts';
import { fromElk, toElk } from '../core/layout/elk.ts';
import type { Layout, LayoutGraph } from '../core/layout/layout.ts';
import { layout } from '../core/layout/layout.ts';

/** The part of elkjs that is used; it is passed in, so that only the worker that warms it up loads it. */
export interface Elk {
  layout(graph: never): Promise<unknown>;
}

/** Cards above which elkjs is not asked: it takes seconds where ours takes milliseconds. */
const mostCards = 100;

/**
 * The layout for what is read closely: elkjs's for up to a hundred cards, ours when there are more, when it takes longer than allowed or
 * when it fails.
 */
export async function layoutClosely(elk: Elk, graph: LayoutGraph, allowed = 1500): Promise<Layout> {
  if (graph.cards.length === 0 || graph.cards.length > mostCards) return layout(graph);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), allowed);
  });
  try {
    const answer = await Promise.race([elk.layout(toElk(graph) as never), late]);
    return answer === undefined ? layout(graph) : fromElk(graph, answer as ElkNode);
  } catch {
    // elkjs throws on shapes it cannot lay out; a picture by our own layout is better than none.
    return layout(graph);
  } finally {
    clearTimeout(timer);
  }
}
