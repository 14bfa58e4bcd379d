import type { Snapshot } from '../snapshot.ts';
import type { GraphEdge, GraphNode, MacroGraph } from './project-graph.ts';

/** The macros of the project and its packages that templates called, and who called them; dbt's own are left out. */
export function toMacroGraph(snapshot: Snapshot): MacroGraph {
  const packages = new Set(snapshot.project.packages.map(({ name }) => name));
  const known = new Map(snapshot.macros.filter((macro) => packages.has(macro.package)).map((macro) => [macro.id, macro]));
  const nodes = new Map<string, GraphNode>();
  const edges: GraphEdge[] = [];
  for (const [id, { rendering }] of snapshot.texts)
    for (const called of rendering.macrosCalled) {
      const macro = known.get(called);
      if (macro === undefined) continue;
      if (!nodes.has(called))
        nodes.set(called, {
          id: called,
          kind: 'macro',
          name: macro.name,
          package: macro.package,
          path: macro.path,
          materialized: '',
          tags: [],
          enabled: true,
          description: '',
          columns: [],
          folders: [macro.package],
        });
      edges.push({ from: called, to: id, via: 'macro' });
    }
  return { nodes: [...nodes.values()].sort((a, b) => (a.id < b.id ? -1 : 1)), edges };
}
