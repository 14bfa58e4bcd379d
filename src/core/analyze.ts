import type { PlainRecord, RenderEnvironment } from './dbt/environment.ts';
import type { TemplateEngine } from './dbt/template-engine.ts';
import { analyzeGradually } from './lineage/analyze-lineage.ts';
import { DataMemo } from './lineage/data-memo.ts';
import { columnsAround } from './lineage/nearby-columns.ts';
import { ProblemMemo } from './lineage/problem-memo.ts';
import type { ProjectLineage } from './lineage/project.ts';
import { ColumnMemo, toDataColumns } from './lineage/project-columns.ts';
import { CompletedTexts, SketchMemo, sketchRounds } from './lineage/sketches.ts';
import { checkMetrics } from './metrics/check.ts';
import { loadDbtProject, reviveEnvironment } from './project/dbt-loader.ts';
import { type DbtPackages, findPackages } from './project/dbt-package.ts';
import type { DbtProject } from './project/dbt-project.ts';
import { areSameEdges, type Edge, Graph } from './project/graph.ts';
import { checkNaming, type HeadwaterFile, linkScripts, readHeadwaterFile } from './project/headwater-file.ts';
import type { ProjectNode, SourceData } from './project/node.ts';
import { inferDbtDialect, toGuessProblem } from './project/plain-dialect.ts';
import { loadPlainProject } from './project/plain-project.ts';
import { toDialect } from './project/profile.ts';
import { ReadMemo } from './project/read-memo.ts';
import { toSkippedProblems } from './project/skipped-files.ts';
import { bindSourceData } from './project/source-data.ts';
import type { Sources } from './project/sources.ts';
import { readWorld } from './project/world.ts';
import type { Column, DocsBlock, NodeText, ProjectInfo, Snapshot } from './snapshot.ts';
import { packSnapshot, unpackSnapshot } from './snapshot-cache.ts';
import { type Dialect, dialects } from './sql/dialect.ts';
import { Gradually, type Steps } from './text/gradually.ts';
import { toHash } from './text/hash.ts';
import type { NodeId } from './text/ids.ts';
import { once } from './text/once.ts';
import type { Problem } from './text/problem.ts';
import { sortProblems } from './text/sort-problems.ts';

/** What the user sets; everything else is in the project's files. */
export interface AnalysisSettings {
  readonly dialect?: Dialect;
  readonly adapter?: string;
  /** The name of a project without dbt: that of its folder. */
  readonly folderName?: string;
  readonly target?: string;
  readonly vars: PlainRecord;
  /** What templates see as `flags`, beside dbt's usual ones. */
  readonly flags?: PlainRecord;
  readonly env: Readonly<Record<string, string>>;
  readonly runStartedAt: string;
  readonly invocationId: string;
}

/** A project as its files tell of it, before its columns are traced. */
interface ReadProject {
  readonly info: ProjectInfo;
  readonly nodes: ReadonlyMap<NodeId, ProjectNode>;
  readonly graph: Graph;
  readonly texts: ReadonlyMap<NodeId, NodeText>;
  /** What is read of data when it is asked for. */
  readonly data: () => ReadData;
  readonly docs: readonly DocsBlock[];
  /** What is wrong beside dbt's own nodes, their texts and data. */
  readonly problems: readonly Problem[];
  readonly headwater: HeadwaterFile;
  readonly findNode?: (parts: readonly string[], reader?: NodeId) => NodeId | undefined;
  readonly dbt?: DbtProject;
}

/** What files with rows tell of a project's relations. */
interface ReadData {
  readonly columns: ReadonlyMap<NodeId, readonly Column[]>;
  readonly problems: readonly Problem[];
}

/** What is known of a project once its columns are traced. */
interface Traced {
  readonly texts: ReadonlyMap<NodeId, NodeText>;
  readonly lineage: ProjectLineage;
  readonly problems: Gradually<readonly Problem[]>;
}

/** Turns files into Snapshots, one after the other; what did not change since the last one is not worked out again. */
export class Analyzer {
  readonly #memo = new ReadMemo();
  readonly #data = new DataMemo();
  readonly #columns = new ColumnMemo();
  readonly #problems = new ProblemMemo();
  readonly #sketches = new SketchMemo();
  #before: { readonly sources: Sources; readonly settings: string; readonly project: ReadProject } | undefined;
  /** What was traced last, from which the next lineage is followed; Snapshots that nobody asked for columns are passed over. */
  #traced: { readonly nodes: ReadProject['nodes']; readonly lineage: ProjectLineage } | undefined;
  #revision = 0;

  /** Calls `onStep` before each step of long work. */
  constructor(
    private readonly engine: TemplateEngine,
    private readonly onStep: () => void = () => undefined,
  ) {}

  /** The phases in order; columns are traced when somebody asks the Snapshot for something that needs them. Throws only when cancelled. */
  analyze(sources: Sources, settings: AnalysisSettings, signal?: AbortSignal): Snapshot {
    const key = JSON.stringify(settings);
    signal?.throwIfAborted();
    const project = this.#follow(sources, key) ?? this.#read(sources, settings, signal);
    this.#before = { sources, settings: key, project };
    const { info, nodes, graph, texts } = project;
    const traced = new Gradually(() => this.#trace(project, sources), this.onStep);
    const columns = once(() => this.#columns.columnsOf(nodes, traced.get().lineage, graph));
    const nearby = columnsNearby(project);
    return {
      revision: ++this.#revision,
      project: info,
      headwater: project.headwater,
      sources,
      nodes,
      graph,
      get columns() {
        return columns();
      },
      get lineage() {
        return traced.get().lineage;
      },
      texts: project.dbt === undefined ? texts : new CompletedTexts(texts, () => traced.get().texts),
      macros: project.dbt?.environment.macros.macros ?? [],
      docs: project.docs,
      get problems() {
        return traced.get().problems.get();
      },
      ...(project.findNode === undefined ? {} : { findNode: project.findNode }),
      ...(project.dbt === undefined ? {} : { environment: project.dbt.environment }),
      ...(project.dbt === undefined ? {} : { unsketched: texts }),
      columnsNear: (ids) => (traced.isKnown ? columns() : nearby(ids)),
      advance: () => traced.advance() || traced.get().problems.advance(),
    };
  }

  /** Whether there is a lineage that the next can be followed from, which makes it cheap. */
  get hasTraced(): boolean {
    return this.#traced !== undefined;
  }

  /** Traces the columns; texts that ask for columns are completed with those that were found, until none knows more. */
  *#trace(project: ReadProject, sources: Sources): Steps<Traced> {
    const { info, nodes, graph, findNode, dbt } = project;
    const { columns } = project.data();
    const facts = { dialect: info.dialect, nodes, graph, columns, ...(findNode === undefined ? {} : { findNode }) };
    const before = this.#traced;
    let texts = this.#sketches.recall(project.texts);
    let lineage = yield* analyzeGradually({ ...facts, texts }, before?.lineage);
    for (let round = 0; dbt !== undefined && round < sketchRounds; round++) {
      const renewed = this.#sketches.renew(project.texts, texts, lineage, dbt.sketch);
      if (renewed === texts) break;
      texts = renewed;
      // What changed is told against the lineage before, which here is none that anybody else has seen.
      const { changed: _, ...next } = yield* analyzeGradually({ ...facts, texts }, lineage);
      lineage = next;
    }
    this.#traced = { nodes, lineage };
    const names = { nodes, sources, package: info.name, isDbt: info.kind === 'dbt' };
    // Where the nodes are those of before, only texts of models were changed since.
    const followed = before?.nodes === nodes ? before.lineage : undefined;
    const memo = this.#problems;
    const columnMemo = this.#columns;
    function* problemSteps(): Steps<readonly Problem[]> {
      const ofNames = yield* memo.problemsOf(names, lineage, texts, followed);
      const known = { project: info, nodes, graph, sources, columns: columnMemo.columnsOf(nodes, lineage, graph) };
      const ofMetrics = checkMetrics(known, sources, ({ node }) => node === undefined || lineage.nodes.get(node)?.isOpen !== false);
      return sortProblems([...toSkippedProblems(sources), ...problemsOf(project), ...ofNames, ...ofMetrics]);
    }
    return {
      texts,
      lineage,
      problems: new Gradually(problemSteps, this.onStep),
    };
  }

  /** What a Snapshot is kept as until the next start; undefined where it cannot be. */
  pack(snapshot: Snapshot, settings: AnalysisSettings): Uint8Array | undefined {
    const dbt = this.#before?.project.dbt;
    if (dbt === undefined || snapshot.sources !== this.#before?.sources) return undefined;
    return packSnapshot(snapshot, cacheKey(snapshot.sources, settings), dbt.readsClock() ? clockKey(settings) : '');
  }

  /** The Snapshot that was kept of these very files and settings; undefined where there is none. */
  revive(cache: Uint8Array, sources: Sources, settings: AnalysisSettings): Snapshot | undefined {
    const packages = findPackages(sources);
    const packed = packages && unpackSnapshot(cache, cacheKey(sources, settings), clockKey(settings), sources);
    if (packages === undefined || packed === undefined) return undefined;
    const { info, nodes, texts, docs, problems, edges } = packed;
    const graph = new Graph(edges);
    const lineage: ProjectLineage = {
      nodes: packed.lineage,
      columnCounts: packed.columnCounts,
      reuse: new Map(),
      used: new Map(),
      input: { dialect: info.dialect, nodes: [], findNode: () => undefined },
      order: [...packed.lineage.keys()],
      circular: new Set(),
    };
    const { engine } = this;
    const environment = once(
      (): RenderEnvironment =>
        reviveEnvironment(sources, packages, { ...settings, adapter: info.adapter }, engine, { nodes, texts, edges }),
    );
    return {
      revision: ++this.#revision,
      project: info,
      headwater: readHeadwaterFile(sources),
      sources,
      nodes,
      graph,
      columns: new ColumnMemo().columnsOf(nodes, lineage, graph),
      lineage,
      texts,
      docs,
      problems,
      get environment() {
        return environment();
      },
      get macros() {
        return environment().macros.macros;
      },
    };
  }

  /** The project after changes of models' texts only; undefined where more has changed. */
  #follow(sources: Sources, settings: string): ReadProject | undefined {
    const before = this.#before;
    if (before?.project.dbt === undefined || before.settings !== settings) return undefined;
    const changed = sources.changedSince(before.sources);
    const dbt = before.project.dbt.update(sources, changed, before.project.graph);
    if (dbt === undefined) return undefined;
    let { graph } = before.project;
    const scripts =
      dbt.relinked.length === 0 ? [] : linkScripts(before.project.headwater, before.project.nodes, before.project.info.name).edges;
    for (const id of dbt.relinked)
      graph = graph.withParents(
        id,
        [...dbt.edges, ...scripts].filter((edge) => edge.to === id),
      );
    return {
      ...before.project,
      dbt,
      texts: dbt.texts,
      graph,
    };
  }

  #read(sources: Sources, settings: AnalysisSettings, signal: AbortSignal | undefined): ReadProject {
    const headwater = readHeadwaterFile(sources);
    const dialect = settings.dialect ?? dialects.find((one) => one === headwater.dialect);
    const packages = findPackages(sources);
    const project =
      packages === undefined
        ? this.#readPlain(sources, settings, dialect, headwater)
        : this.#readDbt(sources, packages, settings, dialect, headwater, signal);
    return project;
  }

  #readPlain(sources: Sources, settings: AnalysisSettings, dialect: Dialect | undefined, headwater: HeadwaterFile): ReadProject {
    const plain = loadPlainProject(sources, { name: settings.folderName ?? 'project', ...(dialect === undefined ? {} : { dialect }) });
    const linked = this.#addScripts(plain.nodes, headwater, plain.info.name);
    return {
      info: plain.info,
      nodes: linked.nodes,
      graph: new Graph([...plain.edges, ...linked.edges]),
      texts: plain.texts,
      data: () => ({ columns: plain.columns, problems: [] }),
      docs: [],
      problems: [...plain.problems, ...linked.problems, ...guessOf(plain.info, sources)],
      headwater,
      findNode: plain.findNode,
    };
  }

  #readDbt(
    sources: Sources,
    packages: DbtPackages,
    settings: AnalysisSettings,
    dialect: Dialect | undefined,
    headwater: HeadwaterFile,
    signal: AbortSignal | undefined,
  ): ReadProject {
    const adapter = settings.adapter ?? dialect;
    const inferred = (): { adapter: string; because: string } => {
      const found = inferDbtDialect(sources);
      const isUnknown = found.dialect === 'generic';
      return {
        adapter: isUnknown ? 'postgres' : found.dialect,
        because: `No profile names an adapter. ${isUnknown ? 'Nothing in the SQL is peculiar to one dialect, so it is taken for that of PostgreSQL.' : found.because}`,
      };
    };
    const dbt = loadDbtProject(
      sources,
      packages,
      adapter === undefined ? settings : { ...settings, adapter },
      inferred,
      this.engine,
      this.#memo,
      () => {
        this.onStep();
        signal?.throwIfAborted();
      },
    );
    const later = new Set(headwater.batches.slice(1).flatMap((batch) => batch.files));
    const bound = withData(dbt.nodes, bindSourceData(dbt.nodes.values(), sources, later), readWorld(sources)?.types);
    const linked = this.#addScripts(bound, headwater, packages.root.name);
    const spoken = dialect ?? toDialect(dbt.target.type);
    return {
      info: {
        name: packages.root.name,
        kind: 'dbt',
        adapter: dbt.target.type,
        dialect: spoken,
        dialectBecause: dbt.target.because,
        isGuessed: dbt.target.isGuessed === true,
        target: { name: dbt.target.name, schema: dbt.target.schema, database: dbt.target.database },
        packages: packages.all.map((one) => ({ name: one.name, root: one.root })),
      },
      nodes: linked.nodes,
      graph: this.#graphOf([...dbt.edges, ...linked.edges]),
      texts: dbt.texts,
      data: once(() => {
        const problems: Problem[] = [];
        return { columns: toDataColumns(linked.nodes.values(), this.#data.shapesOf(sources, spoken, problems), spoken), problems };
      }),
      docs: dbt.docs,
      problems: dbt.target.isGuessed
        ? [...linked.problems, toGuessProblem(dbt.target.because, spoken, 'dbt_project.yml')]
        : linked.problems,
      headwater,
      dbt,
    };
  }

  /** The graph of before where it has these very edges. */
  #graphOf(edges: readonly Edge[]): Graph {
    const before = this.#before?.project.graph;
    return before !== undefined && areSameEdges(before.edges, edges) ? before : new Graph(edges);
  }

  /** Adds what the project's own `headwater.yml` declares. */
  #addScripts(nodes: ReadonlyMap<NodeId, ProjectNode>, headwater: HeadwaterFile, name: string) {
    const scripts = linkScripts(headwater, nodes, name);
    return {
      nodes: scripts.nodes.length === 0 ? nodes : new Map([...nodes, ...scripts.nodes.map((script) => [script.id, script] as const)]),
      edges: scripts.edges,
      problems: [...headwater.problems, ...scripts.problems, ...checkNaming(headwater, nodes.values(), name)],
    };
  }
}

/** The columns of some relations as those see them that read them, without tracing the whole project. */
function columnsNearby({
  info,
  nodes,
  graph,
  texts,
  data,
  findNode,
}: ReadProject): (ids: readonly NodeId[]) => ReadonlyMap<NodeId, readonly Column[]> {
  const known = new Map<NodeId, readonly Column[]>();
  return (ids) => {
    const asked = ids.filter((id) => !known.has(id));
    const facts = { dialect: info.dialect, nodes, graph, texts, columns: data().columns, ...(findNode === undefined ? {} : { findNode }) };
    if (asked.length > 0) for (const [id, columns] of columnsAround(facts, asked)) known.set(id, columns);
    return known;
  };
}

/** What is wrong with a project beside the names of columns. */
function problemsOf({ problems, dbt, data }: ReadProject): readonly Problem[] {
  return [...(dbt?.problems ?? []), ...(dbt?.texts.problems() ?? []), ...data().problems, ...problems];
}

/** What a folder of SQL is told of its dialect: in headwater.yml, else in its first file. */
function guessOf({ isGuessed, dialect, dialectBecause }: ProjectInfo, sources: Sources): readonly Problem[] {
  const path = sources.find('headwater.yml')?.path ?? sources.below('', '.sql')[0];
  return isGuessed && path !== undefined ? [toGuessProblem(dialectBecause, dialect, path)] : [];
}

/** Tells apart what Snapshots are made of, the time left out. */
function cacheKey(sources: Sources, { runStartedAt: _, invocationId: __, ...settings }: AnalysisSettings): string {
  const skipped = [...sources.skipped].map((entry) => entry.join(' ')).sort();
  return toHash(
    `${JSON.stringify(settings)}\n${skipped.join('\n')}\n${sources.paths.map((path) => `${path} ${sources.find(path)?.hash}`).join('\n')}`,
  );
}

function clockKey({ runStartedAt, invocationId }: AnalysisSettings): string {
  return `${runStartedAt} ${invocationId}`;
}

/** The nodes, with the files that were found to hold the rows of sources, and the types that a world gives their columns. */
function withData(
  nodes: ReadonlyMap<NodeId, ProjectNode>,
  data: ReadonlyMap<NodeId, SourceData>,
  types: ReadonlyMap<NodeId, Readonly<Record<string, string>>> = new Map(),
): ReadonlyMap<NodeId, ProjectNode> {
  if (data.size === 0) return nodes;
  return new Map(
    [...nodes].map(([id, node]) => {
      const found = node.kind === 'source' ? data.get(id) : undefined;
      if (node.kind !== 'source' || found === undefined) return [id, node];
      return [id, { ...node, data: found, columns: typed(node.columns, types.get(id) ?? {}, found.path) }];
    }),
  );
}

/** The columns of a source, with types for those that have none of their own. */
function typed(columns: ProjectNode['columns'], types: Readonly<Record<string, string>>, path: string): ProjectNode['columns'] {
  const own = columns.map((column) => {
    const type = column.type ?? types[column.name.toLowerCase()];
    return type === undefined ? column : { ...column, type };
  });
  const declared = new Set(columns.map((column) => column.name.toLowerCase()));
  const from = { kind: 'world', path, line: 1 };
  const more = Object.entries(types).filter(([name]) => !declared.has(name));
  return [...own, ...more.map(([name, type]) => ({ name, type, description: '', tags: [], meta: {}, constraints: [], from }))];
}
