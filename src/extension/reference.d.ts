import type { Outline, OutlineNode } from '../protocol.ts';
/** What one writes in SQL to read from a node: `ref` or `source` in a dbt project, the bare name elsewhere. */
export declare function toReference(outline: Outline, node: OutlineNode): string;
