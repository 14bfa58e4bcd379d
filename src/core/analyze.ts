import type { PlainRecord } from './dbt/environment.ts';
import type { TemplateEngine } from './dbt/template-engine.ts';
import { analyzeLineage } from './lineage/analyze-lineage.ts';
import { lineageProblems } from './lineage/lineage-problems.ts';
import type { ProjectLineage } from './lineage/project.ts';
import { type DataShapes, toColumns, toDataColumns } from './lineage/project-columns.ts';
import { type CsvShape, sniffCsv } from './project/csv-columns.ts';
import { loadDbtProject } from './project/dbt-loader.ts';
import { findPackages } from './project/dbt-package.ts';
import { RenderMemo } from './project/dbt-render.ts';
import type { DdlTable } from './project/ddl.ts';
import { Graph } from './project/graph.ts';
import { checkNaming, linkScripts, readHeadwaterFile } from './project/headwater-file.ts';
import type { ProjectNode } from './project/node.ts';
import { toDialect } from './project/profile.ts';
import type { Sources } from './project/sources.ts';
import { readSqliteSchema } from './project/sqlite-file.ts';
import type { Snapshot } from './snapshot.ts';
import type { Dialect } from './sql/dialect.ts';
import type { NodeId } from './text/ids.ts';
import type { Problem } from './text/problem.ts';

/** What the user sets; everything else is in the project's files. */
export interface AnalysisSettings {
  readonly dialect?: Dialect;
  readonly adapter?: string;
  readonly target?: string;
  readonly vars: PlainRecord;
  readonly env: Readonly<Record<string, string>>;
  readonly runStartedAt: string;
  readonly invocationId: string;
}

/** Turns files into Snapshots, one after the other; what did not change since the last one is not worked out again. */
export class Analyzer {
  readonly #memo = new RenderMemo();
  readonly #data = new DataMemo();
  #lineage: ProjectLineage | undefined;
  #revision = 0;

  constructor(private readonly engine: TemplateEngine) {}

  /** The phases in order. Throws only when cancelled. */
  analyze(sources: Sources, settings: AnalysisSettings, signal?: AbortSignal): Snapshot {
    const packages = findPackages(sources);
    if (packages === undefined) throw new Error('a project without dbt_project.yml came here');
    const inferred = { adapter: 'postgres', because: 'Nothing tells the dialect.' };
    const project = loadDbtProject(
      sources,
      packages,
      { ...settings, ...(settings.adapter === undefined && settings.dialect !== undefined ? { adapter: settings.dialect } : {}) },
      inferred,
      this.engine,
      this.#memo,
      signal,
    );
    const dialect = settings.dialect ?? toDialect(project.target.type);
    const nodes = new Map<NodeId, ProjectNode>(project.nodes.map((node) => [node.id, node]));
    const own = readHeadwaterFile(sources);
    const scripts = linkScripts(own, nodes, packages.root.name);
    for (const script of scripts.nodes) nodes.set(script.id, script);
    const graph = new Graph([...project.edges, ...scripts.edges]);
    const problems: Problem[] = [
      ...project.problems,
      ...own.problems,
      ...scripts.problems,
      ...checkNaming(own, nodes.values(), packages.root.name),
    ];
    const data = toDataColumns(nodes.values(), this.#data.shapesOf(sources, problems), dialect);
    const lineage = analyzeLineage({ dialect, nodes, graph, texts: project.texts, columns: data }, this.#lineage);
    this.#lineage = lineage;
    problems.push(...lineageProblems(lineage, project.texts, sources));
    return {
      revision: ++this.#revision,
      project: {
        name: packages.root.name,
        kind: 'dbt',
        adapter: project.target.type,
        dialect,
        dialectBecause: project.target.because,
        target: { name: project.target.name, schema: project.target.schema, database: project.target.database },
        packages: packages.all.map((one) => ({ name: one.name, root: one.root })),
      },
      headwater: own,
      sources,
      nodes,
      graph,
      columns: toColumns(nodes, lineage, graph),
      lineage,
      texts: project.texts,
      macros: project.environment.macros.macros,
      docs: project.docs,
      problems: sortProblems(problems),
      environment: project.environment,
    };
  }
}

/** What data files hold, remembered by their content. */
class DataMemo {
  readonly #csv = new Map<string, CsvShape>();
  readonly #sqlite = new Map<string, ReturnType<typeof readSqliteSchema>>();

  shapesOf(sources: Sources, problems: Problem[]): DataShapes {
    const told = new Set<string>();
    const tell = (path: string, found: readonly Problem[]) => {
      if (!told.has(path)) problems.push(...found);
      told.add(path);
    };
    return {
      csv: (path, delimiter) => {
        const file = sources.find(path);
        if (!file) return undefined;
        const key = `${path} ${delimiter ?? ''} ${file.hash}`;
        const shape = this.#csv.get(key) ?? sniffCsv(file.bytes, { path, ...(delimiter === undefined ? {} : { delimiter }) });
        this.#csv.set(key, shape);
        tell(path, shape.problems);
        return shape;
      },
      table: (path, name): DdlTable | undefined => {
        const file = sources.find(path);
        if (!file) return undefined;
        const key = `${path} ${file.hash}`;
        const schema = this.#sqlite.get(key) ?? readSqliteSchema(file.bytes, path);
        this.#sqlite.set(key, schema);
        tell(path, schema.problems);
        return schema.tables.find((table) => table.name.toLowerCase() === name.toLowerCase());
      },
    };
  }
}

function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  return [...problems].sort(
    (a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0) || a.start.line - b.start.line || a.start.column - b.start.column,
  );
}
