import type { NodeId } from '../text/ids.ts';
import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import type { Edge } from './graph.ts';
import type { ProjectNode } from './node.ts';

/** The sources of a package that nothing reads but tests, each where it is declared. */
export function findUnusedSources(
  nodes: ReadonlyMap<NodeId, ProjectNode>,
  edges: readonly Edge[],
  packageName: string,
): readonly Problem[] {
  const used = new Set<NodeId>();
  for (const { from, to } of edges) if (from.startsWith('source.') && nodes.get(to)?.kind !== 'test') used.add(from);
  const problems: Problem[] = [];
  for (const node of nodes.values()) {
    if (node.kind !== 'source' || !node.enabled || node.package !== packageName || used.has(node.id)) continue;
    const start = { line: node.patch?.line ?? 1, column: 1 };
    const message = `Nothing reads source('${node.sourceName}', '${node.name}'): use it, or take it away.`;
    problems.push(toProblem('source-unused', message, { path: node.path, start, end: start }));
  }
  return problems;
}
