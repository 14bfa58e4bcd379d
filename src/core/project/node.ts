import type { NodeId, NodeKind } from '../text/ids.ts';
import type { Span } from '../text/span.ts';

/** Where a piece of documentation or a declared fact was written. */
export interface Provenance {
  readonly path: string;
  readonly line: number;
  /** `properties`, `docs-block`, `sql-comment`, `ddl`, `markdown`, `csv-header`, `sqlite`, `manifest`. */
  readonly kind: string;
}

export interface DeclaredColumn {
  readonly name: string;
  readonly type?: string;
  readonly description?: string;
  readonly descriptionFrom?: Provenance;
  readonly quoted?: boolean;
  readonly tags: readonly string[];
  readonly meta: Readonly<Record<string, unknown>>;
  readonly constraints: readonly DeclaredConstraint[];
  readonly from: Provenance;
}

export interface DeclaredConstraint {
  readonly kind: 'not_null' | 'unique' | 'primary_key' | 'foreign_key' | 'check' | 'custom';
  readonly columns: readonly string[];
  readonly expression?: string;
  /** For foreign keys: the entity as named, and its columns. */
  readonly to?: string;
  readonly toColumns?: readonly string[];
  readonly from: Provenance;
}

/** What every node of a project has, whatever its kind. Kinds with more to say extend it below. */
export interface NodeBase {
  readonly id: NodeId;
  readonly kind: NodeKind;
  readonly name: string;
  readonly package: string;
  /** The file that defines it, relative to the project's root. */
  readonly path: string;
  /** The place in that file, when a file defines several nodes. */
  readonly span?: Span;
  readonly fqn: readonly string[];
  readonly tags: readonly string[];
  readonly meta: Readonly<Record<string, unknown>>;
  readonly enabled: boolean;
  readonly description: string;
  readonly descriptionFrom?: Provenance;
  readonly columns: readonly DeclaredColumn[];
  readonly group?: string;
  /** The resolved configuration, dbt's keys, without `+`. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The properties file that speaks of it, and its line there. */
  readonly patch?: { readonly path: string; readonly line: number };
}

/** A node that lives in the database as a relation: what `ref` and `source` name. */
export interface RelationNode extends NodeBase {
  readonly kind: 'model' | 'seed' | 'snapshot' | 'source';
  readonly database: string;
  readonly schema: string;
  /** The alias of a model, the identifier of a source. */
  readonly identifier: string;
  readonly materialized: string;
  readonly constraints: readonly DeclaredConstraint[];
}

export type { NodeId, NodeKind };
