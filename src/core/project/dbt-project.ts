import type { PlainRecord, RelationName, RenderEnvironment, RenderSubject } from '../dbt/environment.ts';
import type { Rendering } from '../dbt/render.ts';
import type { DocsBlock, Sketch } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import type { Problem } from '../text/problem.ts';
import type { CompiledTexts } from './compiled-texts.ts';
import type { HookCalls } from './dbt-hooks.ts';
import type { NodeFile, VersionEntry } from './dbt-nodes.ts';
import type { DbtPackages } from './dbt-package.ts';
import type { ColumnsOf } from './dbt-render.ts';
import type { BuiltTest } from './dbt-tests.ts';
import type { Edge, Graph } from './graph.ts';
import type { ProjectNode } from './node.ts';
import type { ProfileTarget } from './profile.ts';
import type { Entry } from './properties.ts';
import type { Sources } from './sources.ts';

/** What the user sets, beside what the project's files say. */
export interface DbtSettings {
  readonly target?: string;
  readonly adapter?: string;
  readonly vars: PlainRecord;
  readonly flags?: PlainRecord;
  readonly env: Readonly<Record<string, string>>;
  readonly runStartedAt: string;
  readonly invocationId: string;
}

/** A dbt project as it was read. */
export interface DbtProject {
  readonly packages: DbtPackages;
  readonly target: ProfileTarget;
  /** In the order of their ids. */
  readonly nodes: ReadonlyMap<NodeId, ProjectNode>;
  readonly edges: readonly Edge[];
  /** The nodes whose edges differ from those of the project that this one follows. */
  readonly relinked: readonly NodeId[];
  readonly texts: CompiledTexts;
  readonly docs: readonly DocsBlock[];
  readonly environment: RenderEnvironment;
  /** What is wrong with all but the compiled texts, which say that themselves. */
  readonly problems: readonly Problem[];
  readonly tests: readonly BuiltTest[];
  readonly relationOf: (node: ProjectNode) => RelationName;
  /** Whether any of its templates has asked for the time, or for the invocation's id. */
  readonly readsClock: () => boolean;
  /** The project after a change of its models' texts only; undefined when it must be read anew. */
  update(sources: Sources, changed: readonly string[], graph: Graph): DbtProject | undefined;
  /** The texts of a node that asks for data, to their ends; the same as before where `isTold` and nothing else that they depend on has changed. */
  sketch(id: NodeId, columnsOf: ColumnsOf, isTold: boolean): Sketch | undefined;
}

/** A node whose text is rendered. */
export interface Parsed {
  readonly file: NodeFile;
  readonly kind: 'model' | 'snapshot' | 'analysis' | 'test' | 'operation';
  readonly text: string;
  readonly fileText: string;
  readonly patch: Entry | undefined;
  readonly version: VersionEntry | undefined;
  readonly rendering: Rendering;
  /** What was rendered in the parse phase. */
  readonly subject: RenderSubject;
  /** What its hooks name; the rendering has it too. */
  readonly hooks?: HookCalls;
  node: ProjectNode;
}
