import type { CloseGraph } from '../../src/core/layout/closely.ts';
import { isEasier, measureEffort, toCloseGraph, withLayout } from '../../src/core/layout/closely.ts';
import type { Layout } from '../../src/core/layout/layout.ts';
import type { Diagram } from './diagram.ts';

/**
 * Asks for a closer layout of the picture just drawn and moves the cards there when it is easier to follow and nothing else was drawn
 * meanwhile. `keepOrder` is for a picture that grew from one the reader had seen.
 */
export async function refine(
  diagram: Diagram,
  ask: (graph: CloseGraph) => Promise<Layout | undefined>,
  keepOrder: boolean,
): Promise<boolean> {
  const { picture } = diagram;
  const graph = picture && toCloseGraph(picture, keepOrder);
  if (picture === undefined || graph === undefined) return false;
  const made = await ask(graph);
  if (made === undefined || diagram.picture !== picture) return false;
  const closer = withLayout(picture, made);
  if (!isEasier(measureEffort(closer.links), measureEffort(picture.links))) return false;
  // A view that nobody has moved since it was fitted shows the new places as well as it showed the old.
  diagram.show(closer, undefined, diagram.isFitted);
  return true;
}
