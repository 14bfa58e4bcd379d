import type { Outline, OutlineNode } from '../protocol.ts';

/** What one writes in SQL to read from a node: `ref` or `source` in a dbt project, the bare name elsewhere. */
export function toReference(outline: Outline, node: OutlineNode): string {
  if (outline.adapter === '') return node.name;
  if (node.kind === 'source') return `{{ source('${node.group}', '${node.name}') }}`;
  return node.package === outline.name ? `{{ ref('${node.name}') }}` : `{{ ref('${node.package}', '${node.name}') }}`;
}
