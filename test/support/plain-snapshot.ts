import type { Snapshot } from '../../src/core/snapshot.ts';

/** Everything of a Snapshot that anybody can see, as plain data. */
export function toPlain(snapshot: Snapshot) {
  return {
    nodes: [...snapshot.nodes.values()],
    edges: snapshot.graph.edges.map((edge) => JSON.stringify(edge)).sort(),
    neighbours: [...snapshot.nodes.keys()].map((id) => [[...snapshot.graph.parents(id)].sort(), [...snapshot.graph.children(id)].sort()]),
    columns: [...snapshot.columns]
      .map(([id, columns]) => [id, columns.map((column) => ({ ...column, tests: [...column.tests].sort() }))] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
    texts: [...snapshot.texts]
      .map(([id, text]) => [
        id,
        text.source,
        text.offset,
        text.rendering.sql,
        text.rendering.status,
        text.rendering.refs,
        text.rendering.sources,
        text.rendering.map.locateSpan({ start: 0, end: text.rendering.sql.length }),
        text.incremental?.sql,
      ])
      .sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1)),
    docs: snapshot.docs,
    macros: snapshot.macros.map((macro) => macro.id).sort(),
    problems: snapshot.problems,
    lineage: [...snapshot.lineage.nodes.values()]
      .map((node) => ({
        id: node.id,
        columns: node.columns,
        edges: node.edges,
        lost: node.lost,
        uses: node.uses,
        reads: node.reads,
        isOpen: node.isOpen,
      }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}
