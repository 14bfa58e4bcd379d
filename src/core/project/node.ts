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

/** A data test: generic ones name their macro and arguments, singular ones are a file. */
export interface TestNode extends NodeBase {
  readonly kind: 'test';
  /** Absent for singular tests. */
  readonly generic?: {
    /** As written: `unique`, `dbt_utils.accepted_range`. */
    readonly macro: string;
    readonly package?: string;
    /** The arguments as written, `column_name` included, without those of the configuration. */
    readonly arguments: Readonly<Record<string, unknown>>;
    readonly column?: string;
  };
  /** The node that the test hangs on: the first `ref` or `source` of a singular test has no such claim. */
  readonly attached?: NodeId;
}

export interface UnitTestNode extends NodeBase {
  readonly kind: 'unit_test';
  readonly model: NodeId | undefined;
  readonly given: readonly UnitTestRows[];
  readonly expect: UnitTestRows;
  readonly overrides: {
    readonly macros: Readonly<Record<string, unknown>>;
    readonly vars: Readonly<Record<string, unknown>>;
    readonly envVars: Readonly<Record<string, string>>;
  };
}

export interface UnitTestRows {
  /** `ref('orders')`, `source('a', 'b')` or `this`; empty for `expect`. */
  readonly input: string;
  readonly format: 'dict' | 'csv' | 'sql';
  /** Rows as written: mappings, CSV or SQL text. */
  readonly rows: readonly Readonly<Record<string, unknown>>[] | string;
  readonly fixture?: string;
}

export interface ExposureNode extends NodeBase {
  readonly kind: 'exposure';
  readonly type: string;
  readonly label: string;
  readonly url?: string;
  readonly maturity?: string;
  readonly owner: { readonly name?: string; readonly email?: string };
}

export interface MetricNode extends NodeBase {
  readonly kind: 'metric';
  readonly label: string;
  readonly type: string;
  /** As written in the properties file. */
  readonly definition: Readonly<Record<string, unknown>>;
}

export interface SemanticModelNode extends NodeBase {
  readonly kind: 'semantic_model' | 'saved_query';
  readonly definition: Readonly<Record<string, unknown>>;
}

/** Analyses, hooks (`operation`) and the programs that a project declares beside dbt (`operation` too). */
export interface TextNode extends NodeBase {
  readonly kind: 'analysis' | 'operation';
}

export interface ModelNode extends RelationNode {
  readonly kind: 'model';
  readonly language: 'sql' | 'python';
  readonly access: 'private' | 'protected' | 'public';
  readonly version?: string;
  readonly latestVersion?: string;
  readonly contract: boolean;
}

export interface SeedNode extends RelationNode {
  readonly kind: 'seed';
  readonly delimiter: string;
}

export interface SnapshotNode extends RelationNode {
  readonly kind: 'snapshot';
}

export interface SourceNode extends RelationNode {
  readonly kind: 'source';
  readonly sourceName: string;
  readonly sourceDescription: string;
  readonly loader?: string;
  readonly loadedAtField?: string;
  readonly freshness?: Readonly<Record<string, unknown>>;
  /** The file that holds its rows, when one was found, and why it is believed to. */
  readonly data?: SourceData;
}

/** Rows found for a source or a table that a plain SQL project reads. */
export interface SourceData {
  readonly path: string;
  /** For SQLite files: the table in it. */
  readonly table?: string;
  readonly because: string;
}

export type ProjectNode =
  | ModelNode
  | SeedNode
  | SnapshotNode
  | SourceNode
  | TestNode
  | UnitTestNode
  | ExposureNode
  | MetricNode
  | SemanticModelNode
  | TextNode;

/** Whether a node is a relation: something that rows can be selected from. */
export function isRelation(node: ProjectNode): node is ModelNode | SeedNode | SnapshotNode | SourceNode {
  return node.kind === 'model' || node.kind === 'seed' || node.kind === 'snapshot' || node.kind === 'source';
}
