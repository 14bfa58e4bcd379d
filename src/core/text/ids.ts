/** A node's id in dbt's own spelling: `model.shop.orders`, `source.shop.raw.orders`. */
export type NodeId = string & { readonly __id: 'node' };

export const nodeKinds = [
  'model',
  'seed',
  'snapshot',
  'source',
  'test',
  'unit_test',
  'analysis',
  'operation',
  'exposure',
  'metric',
  'semantic_model',
  'saved_query',
] as const;

export type NodeKind = (typeof nodeKinds)[number];

/** The id of a node; `parts` follow the package, such as source and table. */
export function toNodeId(kind: NodeKind, packageName: string, ...parts: readonly string[]): NodeId {
  return [kind, packageName, ...parts].join('.') as NodeId;
}
