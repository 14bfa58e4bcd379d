import { toDot, toMermaid, toSubgraph } from '../../core/docs/graph-text.ts';
import { toPage } from '../../core/docs/page-html.ts';
import { toSvg } from '../../core/docs/picture-svg.ts';
import { buildPicture } from '../../core/layout/build.ts';
import { toProjectGraph } from '../../core/layout/from-snapshot.ts';
import type { ProjectGraph } from '../../core/layout/project-graph.ts';
import { GraphIndex } from '../../core/layout/project-graph.ts';
import { toColumnFlow, toViewSources } from '../../core/layout/sources-of-snapshot.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { withNearest } from '../../core/text/nearest.ts';
import type { Command } from '../command.ts';
import { exitCodes, UsageError } from '../command.ts';
import { readPageCode } from '../page-code.ts';
import { openProject } from '../project.ts';
import { selectIds, selectionOptions } from '../selection.ts';

const formats = ['json', 'mermaid', 'dot', 'svg', 'html'];

export const graphCommand: Command = {
  name: 'graph',
  summary: 'Print the nodes, edges and columns of a project.',
  usage: `headwater graph [--project DIR] [--select S] [--format ${formats.join('|')}]`,
  options: [...selectionOptions, { name: 'format', value: 'F', summary: `${formats.join(', ')} (default: json)` }],
  async run(invocation) {
    const format = invocation.option('format') ?? 'json';
    if (!formats.includes(format)) throw new UsageError(withNearest(`There is no format '${format}'.`, format, formats));
    const opened = await openProject(invocation);
    const ids = await selectIds(opened, invocation);
    if (ids.length === 0) invocation.say('The selection holds no node.');
    const graph = toSubgraph(toProjectGraph(opened.snapshot), new Set<string>(ids));
    if (format === 'mermaid') invocation.print(toMermaid(graph));
    else if (format === 'dot') invocation.print(toDot(graph));
    else if (format === 'svg')
      invocation.print(
        toSvg(buildPicture(new GraphIndex(graph), { scope: { kind: 'all' }, expanded: [], grown: [], tests: false, sort: 'sql' })),
      );
    else if (format === 'html') invocation.print(toHtml(opened.snapshot, graph));
    else {
      const nodes = graph.nodes.map((node) => ({
        ...node,
        name: opened.snapshot.nodes.get(node.id as (typeof ids)[number])?.name ?? node.name,
      }));
      invocation.print(
        `${JSON.stringify({ version: 1, project: { ...graph.project, ...guessOf(opened.snapshot) }, nodes, edges: graph.edges, problems: opened.snapshot.problems })}\n`,
      );
    }
    return ids.length === 0 ? exitCodes.findings : exitCodes.fine;
  },
};

/** A page of its own over the selection, with the column lineage and the inside of its models. */
function toHtml(snapshot: Snapshot, graph: ProjectGraph): string {
  const kept = new Set(graph.nodes.map((node) => node.id));
  const flow = toColumnFlow(snapshot);
  const sources = toViewSources(snapshot);
  const data = {
    alone: true,
    graph,
    flow: {
      edges: flow.edges.filter((edge) => kept.has(edge.from.node) && kept.has(edge.to.node)),
      uses: flow.uses.filter((use) => kept.has(use.from.node) && kept.has(use.to)),
    },
    parts: Object.fromEntries(
      graph.nodes
        .filter((node) => node.kind === 'model' || node.kind === 'snapshot')
        .flatMap((node) => {
          const parts = sources.parts?.(node.id);
          return parts === undefined ? [] : [[node.id, parts]];
        }),
    ),
  };
  return toPage(`${graph.project.name}: lineage`, data, readPageCode('graph'));
}

/** What the dialect rests on where nothing names it. */
function guessOf({ project: { isGuessed, dialectBecause } }: Snapshot): object {
  return isGuessed ? { guessed: true, because: [{ text: dialectBecause }] } : {};
}
