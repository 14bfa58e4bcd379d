import type { Layer } from '../layout/layer.ts';

/** What part of the entity diagram a picture shows: plain data, so that it is remembered and shared. */
export interface ErdView {
  /** The entity in the middle, with everything within so many relations of it; without one, every entity that has a relation. */
  readonly focus?: string;
  /** The layers whose entities are shown; without them, those of all. */
  readonly layers?: readonly Layer[];
  readonly steps: number;
  /** Whether entities show all columns, keys only, or their names. */
  readonly detail: 'all' | 'keys' | 'names';
  /** Shows entities without relations as well. */
  readonly loose: boolean;
  /** Shows relations that only names suggest. */
  readonly candidates: boolean;
}

/** The view an entity diagram begins with. */
export function toErdView(focus?: string): ErdView {
  return { ...(focus === undefined ? {} : { focus }), steps: 1, detail: 'keys', loose: false, candidates: true };
}
