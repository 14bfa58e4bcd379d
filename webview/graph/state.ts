import type { NodeId } from '../../src/core/text/ids.ts';
import type { Camera } from '../canvas/camera.ts';
import type { ColourBy } from './colouring.ts';
import type { History } from './history.ts';

/** What a page of the graph leaves behind for the next time it is drawn. */
export interface State {
  /** The project, for the host that opens this page again after a reload. */
  readonly folder: string;
  readonly root: string;
  readonly history: History;
  readonly camera: Camera;
  readonly locked: boolean;
  readonly side: boolean;
  readonly colour?: ColourBy;
}

/** Ids in pictures are the project's own; the brand is lost only because pictures also hold groups and folds. */
export function toId(id: string): NodeId {
  return id as NodeId;
}
