import { toPage } from '../../src/core/docs/page-html.ts';
import type { SiteIndex, SiteNode } from '../../src/core/docs/site-data.ts';
import type { ColumnEdge, GraphNode } from '../../src/core/layout/project-graph.ts';
import { readChunk, readGraphCode } from './archive.ts';
import { make } from './markup.ts';

const mostColumns = 400;

/** The graph around a node, with the columns of its neighbours and their lineage; or that of the whole project. */
export async function toGraphFrame(index: SiteIndex, focus?: SiteNode): Promise<HTMLElement> {
  const near = focus === undefined ? index.nodes : around(index, focus);
  const kept = new Set(near);
  const details = new Map<string, Awaited<ReturnType<typeof readChunk>>[string]>();
  if (focus !== undefined)
    for (const node of near.slice(0, mostColumns)) {
      const detail = (await readChunk(node.chunk))[node.id];
      if (detail !== undefined) details.set(node.id, detail);
    }
  const nodes = near.map(
    (node): GraphNode => ({
      id: node.id,
      kind: node.kind,
      name: node.name,
      package: node.package,
      path: node.path,
      materialized: node.materialized,
      tags: node.tags,
      enabled: true,
      description: node.summary,
      folders: node.folders,
      columns: (details.get(node.id)?.columns ?? []).map(({ name, type, description }) => ({ name, type, description })),
      ...(node.tests > 0 ? { tests: { count: node.tests } } : {}),
    }),
  );
  const ids = new Set(near.map(({ id }) => id));
  const flow = [...details].flatMap(([id, { columns }]) =>
    columns.flatMap(({ name, from }) =>
      from
        .filter(([parent]) => ids.has(parent))
        .map(
          ([node, column, kind, confidence]): ColumnEdge => ({ from: { node, column }, to: { node: id, column: name }, kind, confidence }),
        ),
    ),
  );
  const edges = index.edges.flatMap(([from, to]) => {
    const ends = [index.nodes[from], index.nodes[to]] as const;
    return ends[0] !== undefined && ends[1] !== undefined && kept.has(ends[0]) && kept.has(ends[1])
      ? [{ from: ends[0].id, to: ends[1].id, via: 'ref' }]
      : [];
  });
  const { graph: code } = await readGraphCode();
  const { name, adapter, dialect } = index.project;
  const data = {
    alone: true,
    graph: { project: { name, adapter, dialect }, nodes, edges },
    flow: { edges: flow, uses: [] },
    ...(focus === undefined ? {} : { focus: focus.id }),
  };
  const frame = make('iframe', {
    title: focus === undefined ? 'Graph of the project' : `Graph around ${focus.name}`,
    class: focus === undefined ? 'whole' : 'near',
  });
  frame.setAttribute('srcdoc', toPage(`${name}: lineage`, data, code));
  return frame;
}

/** Three steps up and down. */
function around(index: SiteIndex, focus: SiteNode): readonly SiteNode[] {
  const start = index.nodes.indexOf(focus);
  const found = new Set([start]);
  for (const direction of [0, 1] as const) {
    let layer = [start];
    for (let step = 0; step < 3 && layer.length > 0 && found.size < 600; step++) {
      const reached = new Set(layer);
      layer = index.edges
        .flatMap((edge) => (reached.has(edge[direction === 0 ? 1 : 0]) ? [edge[direction]] : []))
        .filter((at) => !found.has(at));
      for (const at of layer) found.add(at);
    }
  }
  return [...found].flatMap((at) => index.nodes[at] ?? []);
}
