import type { GraphNode } from './project-graph.ts';

/** The layers of a project from left to right; pictures give each its colour, the overview its column. */
export const layers = [
  'macro',
  'source',
  'seed',
  'staging',
  'intermediate',
  'model',
  'mart',
  'snapshot',
  'report',
  'check',
  'part',
] as const;

export type Layer = (typeof layers)[number];

/** What a layer is called in a legend. */
export const layerNames: Readonly<Record<Layer, string>> = {
  macro: 'Macros',
  source: 'Sources',
  seed: 'Seeds',
  staging: 'Staging',
  intermediate: 'Intermediate',
  model: 'Models',
  mart: 'Marts',
  snapshot: 'Snapshots',
  report: 'Exposures and metrics',
  check: 'Tests',
  part: 'CTEs',
};

const folderLayers: readonly (readonly [RegExp, Layer])[] = [
  [/^(staging|stage|stg|base|raw|bronze|landing|sources?)$/, 'staging'],
  [/^(intermediate|int|prep|preparation|transform|transformations?|silver|core_?prep|workspaces?)$/, 'intermediate'],
  [/^(marts?|mart_.*|.*_marts?|reporting|reports?|gold|presentation|dw|edw|warehouse|analytics|metrics)$/, 'mart'],
];
const nameLayers: readonly (readonly [RegExp, Layer])[] = [
  [/^(stg|base|raw|src|staging)_/, 'staging'],
  [/^(int|prep|tmp|wk)_/, 'intermediate'],
  [/^(fct|fact|dim|mart|rpt|agg|obt|bridge)_/, 'mart'],
];

/** The layer of a node, by its kind, then its folders from the outside in, then the prefix of its name. */
export function toLayer(node: Pick<GraphNode, 'kind' | 'name' | 'folders'>): Layer {
  switch (node.kind) {
    case 'source':
      return 'source';
    case 'seed':
      return 'seed';
    case 'snapshot':
      return 'snapshot';
    case 'exposure':
    case 'metric':
    case 'semantic_model':
    case 'saved_query':
      return 'report';
    case 'test':
    case 'unit_test':
      return 'check';
    case 'cte':
    case 'query':
      return 'part';
    case 'macro':
      return 'macro';
  }
  for (const folder of node.folders ?? [])
    for (const [pattern, layer] of folderLayers) if (pattern.test(folder.toLowerCase())) return layer;
  for (const [pattern, layer] of nameLayers) if (pattern.test(node.name.toLowerCase())) return layer;
  return 'model';
}
