import type { Rendering } from '../dbt/render.ts';
import type { NodeText } from '../snapshot.ts';

/** The rendering that a node's SQL is read from: its sketch where it asks for data. */
export function toReadable(text: NodeText): Rendering {
  return text.sketch?.rendering ?? text.rendering;
}

/** The same of the other branch of `is_incremental()`. */
export function toReadableIncrement(text: NodeText): Rendering | undefined {
  return text.sketch?.incremental ?? text.incremental;
}
