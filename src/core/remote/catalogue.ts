import type { EngineColumn } from '../engine/engine.ts';
import type { SourceNode } from '../project/node.ts';
import type { NodeId } from '../text/ids.ts';
import type { StandingRelations } from './standing.ts';

/** A source's columns as the database has them, beside those that the project declares. */
export interface CatalogueEntry {
  readonly node: NodeId;
  /** Whether the source's table stands on the target. */
  readonly stands: boolean;
  readonly columns: readonly EngineColumn[];
  /** Columns that the database has and the project does not declare. */
  readonly undeclared: readonly string[];
  /** Columns that the project declares and the database does not have. */
  readonly gone: readonly string[];
}

/** Compares what the database says of sources with what the project declares of them. */
export function readCatalogue(standing: StandingRelations, sources: readonly SourceNode[]): readonly CatalogueEntry[] {
  return sources.map((node): CatalogueEntry => {
    const found = standing.find(node);
    if (found === undefined) return { node: node.id, stands: false, columns: [], undeclared: [], gone: [] };
    const declared = new Set(node.columns.map((column) => column.name.toLowerCase()));
    const present = new Set(found.columns.map((column) => column.name.toLowerCase()));
    return {
      node: node.id,
      stands: true,
      columns: found.columns,
      undeclared: found.columns.flatMap(({ name }) => (declared.has(name.toLowerCase()) ? [] : [name])),
      gone: node.columns.flatMap(({ name }) => (present.has(name.toLowerCase()) ? [] : [name])),
    };
  });
}
