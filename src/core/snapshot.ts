import type { RenderEnvironment } from './dbt/environment.ts';
import type { Macro } from './dbt/macro-library.ts';
import type { Rendering } from './dbt/render.ts';
import type { ProjectLineage } from './lineage/project.ts';
import type { Graph } from './project/graph.ts';
import type { HeadwaterFile } from './project/headwater-file.ts';
import type { ProjectNode, Provenance } from './project/node.ts';
import type { Sources } from './project/sources.ts';
import type { Dialect } from './sql/dialect.ts';
import type { NodeId } from './text/ids.ts';
import type { Problem } from './text/problem.ts';

export interface ProjectInfo {
  readonly name: string;
  readonly kind: 'dbt' | 'sql';
  /** dbt's adapter type, or the dialect of a project without dbt. */
  readonly adapter: string;
  readonly dialect: Dialect;
  /** Why we believe it is that dialect, in one sentence. */
  readonly dialectBecause: string;
  /** Whether nothing names the dialect, so that it may be another one. */
  readonly isGuessed: boolean;
  readonly target: { readonly name: string; readonly schema: string; readonly database: string };
  /** Every installed package by its own name, the root's included, with the folder it lies in. */
  readonly packages: readonly { readonly name: string; readonly root: string }[];
}

/** A column of a relation as far as anything tells of it. */
export interface Column {
  readonly name: string;
  /** In the project's dialect; empty where unknown. */
  readonly type: string;
  readonly nullable?: boolean;
  readonly description: string;
  readonly descriptionFrom?: Provenance;
  /** Where we know from that the column exists. */
  readonly origin: 'sql' | 'properties' | 'csv' | 'sqlite' | 'ddl' | 'contract' | 'use' | 'snapshot' | 'markdown';
  /** The tests on it, by node. */
  readonly tests: readonly NodeId[];
}

/** The text of a node before and after rendering. */
export interface NodeText {
  readonly path: string;
  /** The template as the user wrote it, and where it begins in its file. */
  readonly source: string;
  readonly offset: number;
  /** As dbt would compile it, with queries unanswered where a template asks for data. */
  readonly rendering: Rendering;
  /** Of an incremental model: the text of the other branch of `is_incremental()`. */
  readonly incremental?: Rendering | undefined;
  /**
   * Where templates ask for data: their texts to the end, for those who read them and do not run them. Questions about columns are
   * answered from the columns that the project's SQL makes; what else is asked stands as unknown.
   */
  readonly sketch?: Sketch | undefined;
}

export interface Sketch {
  readonly rendering?: Rendering;
  readonly incremental?: Rendering;
}

export interface DocsBlock {
  readonly name: string;
  readonly package: string;
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

/** Everything the core knows of one project at one moment; trees, hovers, pictures and tests are functions of it. */
export interface Snapshot {
  readonly revision: number;
  readonly project: ProjectInfo;
  /** What the project's own `headwater.yml` says. */
  readonly headwater: HeadwaterFile;
  readonly sources: Sources;
  /** In the order of their ids. Disabled nodes are among them, with `enabled: false` and no edges. */
  readonly nodes: ReadonlyMap<NodeId, ProjectNode>;
  readonly graph: Graph;
  /** The columns of relations, in the order in which the relation has them. */
  readonly columns: ReadonlyMap<NodeId, readonly Column[]>;
  /** Where every column comes from, and what decides which rows there are. */
  readonly lineage: ProjectLineage;
  readonly texts: ReadonlyMap<NodeId, NodeText>;
  /** The relation that a table's name in a node's SQL means, where nodes see different ones by the same name. */
  readonly findNode?: (parts: readonly string[], reader?: NodeId) => NodeId | undefined;
  readonly macros: readonly Macro[];
  readonly docs: readonly DocsBlock[];
  /** Ordered by path and position. */
  readonly problems: readonly Problem[];
  /** What templates are rendered with; absent in projects without dbt. */
  readonly environment?: RenderEnvironment;
  /** The texts as they were rendered, without what completes those that ask for data: enough for whoever answers the questions. */
  readonly unsketched?: ReadonlyMap<NodeId, NodeText>;
  /** The columns of relations that only their readers tell of, found without tracing the whole project where it is not traced yet. */
  readonly columnsNear?: (ids: readonly NodeId[]) => ReadonlyMap<NodeId, readonly Column[]>;
  /** Works for a moment on what nobody has asked for yet; false once nothing is left. Absent where all is known. */
  readonly advance?: () => boolean;
}

/** The text of a node for whoever runs it and answers what its template asks. */
export function textToRun({ texts, unsketched }: Snapshot, id: NodeId): NodeText | undefined {
  return unsketched?.get(id) ?? texts.get(id);
}
