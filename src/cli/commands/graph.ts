import { toDot, toMermaid, toSubgraph } from '../../core/docs/graph-text.ts';
import { toSvg } from '../../core/docs/picture-svg.ts';
import { buildPicture } from '../../core/layout/build.ts';
import { toProjectGraph } from '../../core/layout/from-snapshot.ts';
import { GraphIndex } from '../../core/layout/project-graph.ts';
import { withNearest } from '../../core/text/nearest.ts';
import type { Command } from '../command.ts';
import { exitCodes, UsageError } from '../command.ts';
import { openProject } from '../project.ts';
import { selectIds, selectionOptions } from '../selection.ts';

const formats = ['json', 'mermaid', 'dot', 'svg'];

export const graphCommand: Command = {
  name: 'graph',
  summary: 'Print the nodes, edges and columns of a project.',
  usage: `headwater graph [--project DIR] [--select S] [--format ${formats.join('|')}]`,
  options: [...selectionOptions, { name: 'format', value: 'F', summary: `${formats.join(', ')} (default: json)` }],
  async run(invocation) {
    const format = invocation.option('format') ?? 'json';
    if (!formats.includes(format)) throw new UsageError(withNearest(`There is no format '${format}'.`, format, formats));
    const opened = await openProject(invocation);
    const ids = selectIds(opened, invocation);
    if (ids.length === 0) invocation.say('The selection holds no node.');
    const graph = toSubgraph(toProjectGraph(opened.snapshot), new Set<string>(ids));
    if (format === 'mermaid') invocation.print(toMermaid(graph));
    else if (format === 'dot') invocation.print(toDot(graph));
    else if (format === 'svg')
      invocation.print(
        toSvg(buildPicture(new GraphIndex(graph), { scope: { kind: 'all' }, expanded: [], grown: [], tests: false, sort: 'sql' })),
      );
    else {
      const nodes = graph.nodes.map((node) => ({
        ...node,
        name: opened.snapshot.nodes.get(node.id as (typeof ids)[number])?.name ?? node.name,
      }));
      invocation.print(
        `${JSON.stringify({ version: 1, project: graph.project, nodes, edges: graph.edges, problems: opened.snapshot.problems })}\n`,
      );
    }
    return ids.length === 0 ? exitCodes.findings : exitCodes.fine;
  },
};
