import { toD2, toDbml, toDdl, toErdMermaid, toPlantUml } from '../core/docs/erd-text.ts';
import { toDot, toMermaid, toSubgraph } from '../core/docs/graph-text.ts';
import type { PageCode } from '../core/docs/page-html.ts';
import { toPage } from '../core/docs/page-html.ts';
import { toSvg } from '../core/docs/picture-svg.ts';
import type { Erd } from '../core/erd/erd.ts';
import { buildErdPicture } from '../core/erd/erd-picture.ts';
import type { ErdView } from '../core/erd/view.ts';
import { toErdView } from '../core/erd/view.ts';
import { buildPicture } from '../core/layout/build.ts';
import type { ModelParts, ViewSources } from '../core/layout/choose.ts';
import type { GraphView } from '../core/layout/picture.ts';
import type { GraphIndex } from '../core/layout/project-graph.ts';
import { unreachable } from '../core/text/unreachable.ts';
import type { ErdExportFormat, ExportedFile, GraphExportFormat } from '../protocol.ts';

const allNodes: GraphView = { scope: { kind: 'all' }, expanded: [], grown: [], tests: false, sort: 'sql' };

/** The graph as a file: what a view shows, else the whole project. */
export function exportGraph(
  index: GraphIndex,
  sources: ViewSources,
  view: GraphView | undefined,
  format: GraphExportFormat,
  code: PageCode | undefined,
): ExportedFile {
  const picture = buildPicture(index, view ?? allNodes, sources);
  const graph = view === undefined ? index.data : toSubgraph(index.data, new Set(picture.cards.map((card) => card.id)));
  const name = `${index.data.project.name}-lineage`;
  switch (format) {
    case 'svg':
      return { name: `${name}.svg`, content: toSvg(picture) };
    case 'mermaid':
      return { name: `${name}.mmd`, content: toMermaid(graph) };
    case 'dot':
      return { name: `${name}.dot`, content: toDot(graph) };
    case 'json':
      return { name: `${name}.json`, content: `${JSON.stringify(graph, undefined, 2)}\n` };
    case 'html':
      // Without the bundles beside the worker there is still the picture.
      return {
        name: `${name}.html`,
        content: code
          ? toGraphPage(index, sources, name, code)
          : `<!doctype html><meta charset="utf-8"><title>${name}</title>${toSvg(picture)}\n`,
      };
    default:
      return unreachable(format);
  }
}

/** The entities as a file: the picture as shown, the texts for the whole project. */
export function exportErd(erd: Erd, view: ErdView | undefined, format: ErdExportFormat): ExportedFile {
  const texts = {
    mermaid: ['mmd', toErdMermaid],
    dbml: ['dbml', toDbml],
    d2: ['d2', toD2],
    plantuml: ['puml', toPlantUml],
    ddl: ['sql', toDdl],
  } as const;
  if (format === 'svg') return { name: 'erd.svg', content: toSvg(buildErdPicture(erd, view ?? toErdView())) };
  if (format === 'json') return { name: 'erd.json', content: `${JSON.stringify(erd, undefined, 2)}\n` };
  const [extension, write] = texts[format];
  return { name: `erd.${extension}`, content: write(erd) };
}

/** The whole project as a page that can be explored without the extension. */
function toGraphPage(index: GraphIndex, sources: ViewSources, title: string, code: PageCode): string {
  const parts: Record<string, ModelParts> = {};
  for (const node of index.nodes.values()) {
    if (node.kind !== 'model' && node.kind !== 'snapshot') continue;
    const found = sources.parts?.(node.id);
    if (found !== undefined) parts[node.id] = found;
  }
  return toPage(title, { alone: true, graph: index.data, parts, ...(sources.flow ? { flow: sources.flow } : {}) }, code);
}
