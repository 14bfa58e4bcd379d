import type { CloseGraph } from '../../src/core/layout/closely.ts';
import { isEasier, measureEffort, toCloseGraph, withLayout } from '../../src/core/layout/closely.ts';
import type { Layout } from '../../src/core/layout/layout.ts';
import type { Picture } from '../../src/core/layout/picture.ts';
import type { Diagram } from './diagram.ts';

type Ask = (graph: CloseGraph) => Promise<Layout | undefined>;

/** A closer layout of a picture, where there is one that is easier to follow. `keepOrder` is for a picture that grew from one the reader had seen. */
export async function findCloser(picture: Picture, ask: Ask, keepOrder: boolean): Promise<Picture | undefined> {
  const graph = toCloseGraph(picture, keepOrder);
  const made = graph && (await ask(graph));
  if (made === undefined) return undefined;
  const closer = withLayout(picture, made);
  return isEasier(measureEffort(closer.links), measureEffort(picture.links)) ? closer : undefined;
}

/** Moves the cards of the picture just drawn to a closer layout, unless something else was drawn meanwhile. */
export async function refine(diagram: Diagram, ask: Ask, keepOrder: boolean): Promise<boolean> {
  const { picture } = diagram;
  const closer = picture && (await findCloser(picture, ask, keepOrder));
  if (closer === undefined || diagram.picture !== picture) return false;
  // A view that nobody has moved since it was fitted shows the new places as well as it showed the old.
  diagram.show(closer, undefined, diagram.isFitted);
  return true;
}
