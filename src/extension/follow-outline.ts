import { applyListChange } from '../core/text/list-change.ts';
import type { Outline, OutlineUpdate } from '../protocol.ts';

/** The outline that an update leads to; undefined where it follows another than what is known. */
export function followOutline(known: readonly Outline[], update: OutlineUpdate): Outline | undefined {
  if (update.kind === 'whole') return update.outline;
  const { since, nodes, edges, problems, macros, ...rest } = update.change;
  const before = known.find(({ key }) => key.root === rest.key.root);
  if (before?.revision !== since) return undefined;
  return {
    ...rest,
    nodes: applyListChange(before.nodes, nodes),
    edges: applyListChange(before.edges, edges),
    problems: applyListChange(before.problems, problems),
    macros: applyListChange(before.macros, macros),
  };
}
