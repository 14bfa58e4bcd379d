import { layerNames, layers, toLayer } from '../layout/layer.ts';
import type { ProjectGraph } from '../layout/project-graph.ts';
import { toMermaidText } from './export-words.ts';

const layerColours = {
  macro: '#e8dcf4',
  source: '#cdeee3',
  seed: '#f3ecc4',
  staging: '#cfe6f8',
  intermediate: '#d9dcfa',
  model: '#e3e7eb',
  mart: '#fbe0c2',
  snapshot: '#f8d6cc',
  report: '#f2d9ea',
  check: '#e6e6e6',
  part: '#dcebe9',
} as const;

/** The graph as a Mermaid flowchart, nodes coloured by their layer. */
export function toMermaid(graph: ProjectGraph): string {
  const ids = new Map(graph.nodes.map((node, i) => [node.id, `n${i}`]));
  const lines = ['flowchart LR'];
  for (const node of graph.nodes) {
    const label = toMermaidText(node.name);
    const [open, close] =
      node.kind === 'source'
        ? ['[("', '")]']
        : node.kind === 'seed'
          ? ['[/"', '"/]']
          : node.kind === 'exposure'
            ? ['(["', '"])']
            : ['["', '"]'];
    lines.push(`  ${ids.get(node.id)}${open}${label}${close}:::${toLayer(node)}`);
  }
  for (const { from, to, via } of graph.edges) {
    const [a, b] = [ids.get(from), ids.get(to)];
    if (a !== undefined && b !== undefined)
      lines.push(`  ${a} ${via === 'test' || via === 'exposure' || via === 'metric' ? '-.->' : '-->'} ${b}`);
  }
  const used = new Set(graph.nodes.map(toLayer));
  for (const layer of layers)
    if (used.has(layer)) lines.push(`  classDef ${layer} fill:${layerColours[layer]},stroke:#5c6370,color:#1f2328`);
  return `${lines.join('\n')}\n`;
}

/** The graph for Graphviz, a cluster per layer in the legend's words. */
export function toDot(graph: ProjectGraph): string {
  const name = graph.project.name === '' ? 'headwater' : graph.project.name;
  const lines = [
    `digraph ${quote(name)} {`,
    '  rankdir=LR;',
    '  node [shape=box, style="rounded,filled", fontname="Helvetica", fontsize=11, color="#5c6370"];',
    '  edge [color="#8a919e", arrowsize=0.7];',
  ];
  for (const node of graph.nodes) {
    const layer = toLayer(node);
    const shape = node.kind === 'source' || node.kind === 'seed' ? ', shape=cylinder' : '';
    lines.push(
      `  ${quote(node.id)} [label=${quote(node.name)}, fillcolor="${layerColours[layer]}", tooltip=${quote(layerNames[layer])}${shape}];`,
    );
  }
  const known = new Set(graph.nodes.map((node) => node.id));
  for (const { from, to, via } of graph.edges)
    if (known.has(from) && known.has(to)) lines.push(`  ${quote(from)} -> ${quote(to)}${via === 'test' ? ' [style=dashed]' : ''};`);
  lines.push('}');
  return `${lines.join('\n')}\n`;
}

/** The part of a graph between nodes for which `keep` holds. */
export function toSubgraph(graph: ProjectGraph, keep: ReadonlySet<string>): ProjectGraph {
  return {
    ...graph,
    nodes: graph.nodes.filter((node) => keep.has(node.id)),
    edges: graph.edges.filter(({ from, to }) => keep.has(from) && keep.has(to)),
  };
}

function quote(text: string): string {
  return `"${text
    .replace(/\\/g, '\\\\')
    .replace(/"/g, '\\"')
    .replace(/[\p{Cc}\p{Cs}\u2028\u2029]/gu, ' ')}"`;
}
