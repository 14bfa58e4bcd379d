import type { NodeId } from '../text/ids.ts';
import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import type { Edge } from './graph.ts';
import type { ProjectNode } from './node.ts';

/** Each cycle once, at the first of its members by id, with all members named in order; the same whatever the order of the edges. */
export function findCycles(nodes: ReadonlyMap<NodeId, ProjectNode>, edges: readonly Edge[]): readonly Problem[] {
  const next = new Map<NodeId, NodeId[]>();
  for (const { from, to } of knotted(edges)) {
    const list = next.get(from);
    if (list) list.push(to);
    else next.set(from, [to]);
  }
  for (const list of next.values()) list.sort();
  const state = new Map<NodeId, 'open' | 'done'>();
  const problems: Problem[] = [];
  for (const start of [...next.keys()].sort()) {
    if (state.has(start)) continue;
    const path: { id: NodeId; at: number }[] = [{ id: start, at: 0 }];
    state.set(start, 'open');
    while (path.length > 0) {
      const top = path.at(-1) as { id: NodeId; at: number };
      const child = next.get(top.id)?.[top.at++];
      if (child === undefined) {
        state.set(top.id, 'done');
        path.pop();
      } else if (state.get(child) === 'open') {
        const members = path.slice(path.findIndex((one) => one.id === child)).map((one) => nodes.get(one.id));
        const names = members.map((node) => node?.name ?? '');
        const first = members[0];
        if (first)
          problems.push({
            ...toProblem(
              'model-cycle',
              `These depend on each other in a circle: ${[...names, names[0]].join(' → ')}. Take one of the references away.`,
              first.path,
            ),
            related: members.slice(1).flatMap((node) =>
              node
                ? [
                    {
                      location: { path: node.path, start: { line: 1, column: 1 }, end: { line: 1, column: 1 } },
                      message: `'${node.name}' is part of the circle.`,
                    },
                  ]
                : [],
            ),
          });
      } else if (!state.has(child)) {
        state.set(child, 'open');
        path.push({ id: child, at: 0 });
      }
    }
  }
  return problems;
}

/** The edges that are left when nodes without parents are taken away, again and again: none where there is no cycle. */
function knotted(edges: readonly Edge[]): readonly Edge[] {
  const waiting = new Map<NodeId, number>();
  const children = new Map<NodeId, NodeId[]>();
  for (const { from, to } of edges) {
    waiting.set(to, (waiting.get(to) ?? 0) + 1);
    const list = children.get(from);
    if (list === undefined) children.set(from, [to]);
    else list.push(to);
  }
  const free = [...children.keys()].filter((id) => !waiting.has(id));
  for (let at = free.pop(); at !== undefined; at = free.pop())
    for (const child of children.get(at) ?? []) {
      const left = (waiting.get(child) ?? 0) - 1;
      waiting.set(child, left);
      if (left === 0) free.push(child);
    }
  return edges.filter(({ from, to }) => (waiting.get(from) ?? 0) > 0 && (waiting.get(to) ?? 0) > 0);
}
