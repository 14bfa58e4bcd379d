import { rowEndings, rowFormatOf } from '../data/formats.ts';
import type { Column, NodeText, ProjectInfo } from '../snapshot.ts';
import type { Dialect } from '../sql/dialect.ts';
import type { NodeId } from '../text/ids.ts';
import { toNodeId } from '../text/ids.ts';
import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import { readFileColumns, typeTextOf } from './file-columns.ts';
import type { Edge } from './graph.ts';
import type { MarkdownTable } from './markdown-dictionary.ts';
import { readMarkdownDictionary } from './markdown-dictionary.ts';
import type { DeclaredColumn, ModelNode, ProjectNode, Provenance, RelationNode, SeedNode, SourceNode } from './node.ts';
import type { Documented } from './plain-columns.ts';
import { addDictionary, toBareColumn, toColumn, toDialectType } from './plain-columns.ts';
import { inferDialect } from './plain-dialect.ts';
import { findReads } from './plain-reads.ts';
import type { DeclaredTable, MadeTable, PlainStatements } from './plain-statements.ts';
import { findMade, isSuffix, readStatements, toParts } from './plain-statements.ts';
import { toPlainText } from './plain-text.ts';
import { findDataFile, listRowFiles, stemOf } from './source-data.ts';
import type { Sources } from './sources.ts';
import { readSqliteSchema } from './sqlite-file.ts';

export interface PlainSettings {
  /** The project's name, usually that of its folder. */
  readonly name: string;
  /** Set by the user; inferred otherwise. */
  readonly dialect?: Dialect;
}

/** A project without dbt, as far as it is known before its columns are traced. */
export interface PlainProject {
  readonly info: ProjectInfo;
  /** Ordered by id. */
  readonly nodes: ReadonlyMap<NodeId, ProjectNode>;
  readonly edges: readonly Edge[];
  readonly texts: ReadonlyMap<NodeId, NodeText>;
  /** The columns of what has them without a query: CSV and SQLite files, DDL, and tables known only by their use. */
  readonly columns: ReadonlyMap<NodeId, readonly Column[]>;
  readonly problems: readonly Problem[];
  /** The node that a table's name means, for a query that stands in some model; a model never means itself. */
  readonly findNode: (parts: readonly string[], reader?: NodeId) => NodeId | undefined;
}

/** Makes a project of a folder of SQL files and files with rows. Never throws for what stands in them. */
export function loadPlainProject(sources: Sources, settings: PlainSettings): PlainProject {
  return new Loader(sources, settings).load();
}

class Loader {
  readonly #nodes = new Map<NodeId, ProjectNode>();
  readonly #origins = new Map<NodeId, Column['origin']>();
  readonly #texts = new Map<NodeId, NodeText>();
  readonly #models = new Map<MadeTable, NodeId>();
  readonly #problems: Problem[] = [];
  readonly #package: string;
  readonly #dictionary: readonly MarkdownTable[];
  #made: readonly MadeTable[] = [];
  #dialect: Dialect = 'generic';

  constructor(
    readonly sources: Sources,
    readonly settings: PlainSettings,
  ) {
    this.#package = settings.name.replace(/[^\w]+/g, '_') || 'project';
    this.#dictionary = this.#below('.md').flatMap((path) => readMarkdownDictionary(sources.find(path)?.text ?? '', path));
  }

  load(): PlainProject {
    const { sources, settings } = this;
    const files = this.#below('.sql').flatMap((path) => {
      const file = sources.find(path);
      if (file === undefined || !/\{\{-?\s*(ref|source)\s*\(|\{%-?\s*(macro|snapshot|test)\s/.test(file.text ?? '')) return file ?? [];
      this.#problems.push(
        toProblem(
          'template-without-dbt',
          'This file is a template for dbt, but no dbt_project.yml stands above it, so it is not read.',
          path,
        ),
      );
      return [];
    });
    const sqlite = this.#below('.sqlite', '.sqlite3', '.db');
    const inferred = inferDialect(
      files.flatMap((file) => file.text ?? []),
      sqlite.length > 0,
    );
    this.#dialect = settings.dialect ?? inferred.dialect;
    const statements = readStatements(files, this.#dialect);
    this.#made = statements.made;
    this.#problems.push(...statements.problems);
    this.#addData(sqlite);
    this.#addDeclared(statements);
    this.#addModels(statements);
    const edges = this.#link();
    const nodes = new Map([...this.#nodes].sort(([a], [b]) => (a < b ? -1 : 1)));
    const columns = new Map(
      [...nodes].flatMap(([id, node]) => (node.columns.length > 0 && this.#origins.has(id) ? [[id, this.#toColumns(node)] as const] : [])),
    );
    // Generic SQL is taken for nothing in particular, which is no guess.
    const isGuessed = settings.dialect === undefined && inferred.dialect !== 'generic' && files.length > 0;
    const because = settings.dialect === undefined ? inferred.because : `The settings say ${settings.dialect}.`;
    return {
      info: {
        name: this.#package,
        kind: 'sql',
        adapter: this.#dialect,
        dialect: this.#dialect,
        dialectBecause: because,
        isGuessed,
        target: { name: '', schema: '', database: '' },
        packages: [{ name: this.#package, root: '' }],
      },
      nodes,
      edges,
      texts: this.#texts,
      columns,
      problems: this.#problems.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.start.line - b.start.line)),
      findNode: (parts, reader) => this.#find(parts, reader),
    };
  }

  /** The files of the project with some ending; what lies in a dbt project further down is a project of its own. */
  #below(...endings: readonly string[]): readonly string[] {
    const folders = this.sources.below('', 'dbt_project.yml').map((path) => path.slice(0, -'dbt_project.yml'.length));
    return this.sources.below('', ...endings).filter((path) => !folders.some((folder) => folder !== '' && path.startsWith(folder)));
  }

  #toColumns(node: ProjectNode): readonly Column[] {
    const origin = this.#origins.get(node.id) ?? 'ddl';
    return node.columns.map((column) => toColumn(column, origin));
  }

  /** Seeds for files with the rows of one table, sources for the tables of SQLite files. */
  #addData(sqlite: readonly string[]): void {
    const rows = new Set(listRowFiles(this.sources));
    for (const path of this.#below(...rowEndings)) {
      if (!rows.has(path)) continue;
      const file = this.sources.find(path);
      if (file === undefined) continue;
      const shape = readFileColumns(file, this.#dialect, { maxRows: 50_000 });
      this.#problems.push(...shape.problems);
      const from: Provenance = { path, line: 1, kind: 'csv-header' };
      const columns = shape.columns.map((column) =>
        toBareColumn(column.name, from, typeTextOf(column, this.#dialect) ?? toDialectType(column.csv ?? 'text', this.#dialect)),
      );
      const base = this.#relation('seed', this.#freeName('seed', stemOf(path), path), path, { description: '', columns, constraints: [] });
      const node: SeedNode = { ...base, kind: 'seed', materialized: 'seed', delimiter: shape.delimiter };
      this.#add(node, 'csv');
    }
    for (const path of sqlite) {
      const { tables, problems } = readSqliteSchema(this.sources.find(path)?.bytes ?? new Uint8Array(), path);
      this.#problems.push(...problems);
      for (const table of tables) {
        const known = { description: table.comment, columns: table.columns, constraints: table.constraints };
        this.#addSource(stemOf(path), table.name, path, known, 'sqlite', {
          path,
          table: table.name,
          because: `the table ${table.name} in ${path} has this name`,
        });
      }
    }
  }

  /** DDL says more of tables whose rows a file holds; of others it makes sources, unless statements fill them. */
  #addDeclared({ declared, made }: PlainStatements): void {
    for (const table of declared) {
      const { ddl, path, parts } = table;
      if (made.some((each) => isSuffix(each.parts, parts))) continue;
      const name = parts.at(-1) ?? ddl.name;
      const data = this.#findData(name);
      const node = data && this.#nodes.get(data);
      if (node !== undefined && (node.kind === 'seed' || node.kind === 'source')) this.#nodes.set(node.id, withDdl(node, table));
      else {
        const known = {
          description: ddl.comment,
          ...(ddl.comment && { descriptionFrom: table.from }),
          columns: ddl.columns,
          constraints: ddl.constraints,
        };
        this.#addSource(stemOf(path), name, path, known, 'ddl');
      }
    }
  }

  #addModels({ made, declared }: PlainStatements): void {
    for (const table of made) {
      const ddl = declared.find((each) => isSuffix(each.parts, table.parts))?.ddl;
      const text = toPlainText(table.fillings);
      const comments = table.comments.findLast((each) => each.description !== '') ?? table.comments.at(-1);
      const said = new Map(table.comments.flatMap((each) => [...each.columns]));
      const from: Provenance = { path: table.path, line: comments?.line ?? 1, kind: 'sql-comment' };
      const documented = [...said].map(([name, { text: description, line }]) => {
        const at = { ...from, line };
        return { ...toBareColumn(name, at), description, descriptionFrom: at };
      });
      const columns =
        ddl === undefined
          ? documented
          : ddl.columns.map((column) => documented.find(({ name }) => name === column.name.toLowerCase() && !column.description) ?? column);
      const description = comments?.description || ddl?.comment || '';
      const known: Documented = {
        description,
        ...(description && { descriptionFrom: from }),
        columns,
        constraints: ddl?.constraints ?? [],
      };
      const wanted = table.parts.at(-1)?.replace(/^#+/, '') ?? '';
      const base = this.#relation('model', this.#freeName('model', wanted, table.path, table.parts), table.path, known, table.parts);
      const node: ModelNode = {
        ...base,
        kind: 'model',
        span: { start: text.offset, end: text.offset + text.source.length },
        materialized: table.materialized,
        config: { materialized: table.materialized },
        language: 'sql',
        access: 'protected',
        contract: false,
      };
      this.#models.set(table, node.id);
      this.#nodes.set(node.id, node);
      // What a comment says of a column does not make it one: those of a query are traced.
      if (ddl !== undefined) this.#origins.set(node.id, 'ddl');
      this.#texts.set(node.id, text);
    }
  }

  #link(): readonly Edge[] {
    const edges: Edge[] = [];
    const unknown = new Map<
      string,
      { readonly parts: readonly string[]; readonly path: string; readonly columns: Set<string>; readonly readers: Set<NodeId> }
    >();
    for (const [table, to] of this.#models) {
      const seen = new Set<NodeId>();
      for (const filling of table.fillings)
        for (const read of findReads(filling.query)) {
          const parts = toParts(read.parts);
          const from = this.#find(parts, to);
          if (from !== undefined) {
            if (!seen.has(from)) edges.push({ from, to, via: 'read' });
            seen.add(from);
            continue;
          }
          // A statement that reads the table it fills reads nothing else by that name.
          if (table.materialized !== 'query' && findMade(this.#made, parts, table.path) === table) continue;
          const key = parts.join('.').toLowerCase();
          const entry = unknown.get(key) ?? { parts, path: filling.path, columns: new Set<string>(), readers: new Set<NodeId>() };
          for (const column of read.columns) entry.columns.add(column);
          entry.readers.add(to);
          unknown.set(key, entry);
        }
    }
    for (const { parts, path, columns, readers } of unknown.values()) {
      const from: Provenance = { path, line: 1, kind: 'sql' };
      const known = { description: '', columns: withoutCase(columns).map((name) => toBareColumn(name, from)), constraints: [] };
      const id = this.#addSource(parts.at(-2) ?? 'external', parts.at(-1) ?? '', path, known, 'use');
      for (const to of readers) edges.push({ from: id, to, via: 'read' });
    }
    return edges;
  }

  /** What a name means: the file of that path, a model, else the rows of a file, else a declared table. */
  #find(parts: readonly string[], reader?: NodeId): NodeId | undefined {
    const path = parts.join('.');
    const file = rowFormatOf(path) === undefined ? undefined : this.#findFile(path, reader);
    if (file !== undefined) return file;
    const readerPath = reader && this.#nodes.get(reader)?.path;
    const others = this.#made.filter((table) => this.#models.get(table) !== reader);
    const made = findMade(others, parts, readerPath ?? '');
    const model = made && this.#models.get(made);
    if (model !== undefined) return model;
    const name = parts.at(-1) ?? '';
    const qualifier = parts.at(-2)?.toLowerCase();
    const sources = [...this.#nodes.values()].filter(
      (node): node is SourceNode => node.kind === 'source' && node.identifier.toLowerCase() === name.toLowerCase(),
    );
    return (
      (sources.find((node) => node.sourceName.toLowerCase() === qualifier) ?? sources.find((node) => node.data !== undefined))?.id ??
      this.#findData(name, parts.at(-2)) ??
      sources[0]?.id
    );
  }

  /** The seed of the file that SQL names by its path: from the project's root, from beside the reader, else by the end of its path. */
  #findFile(written: string, reader?: NodeId): NodeId | undefined {
    const path = written.replace(/^\.\//, '');
    const folder = (reader && this.#nodes.get(reader)?.path.replace(/[^/]*$/, '')) ?? '';
    const seeds = [...this.#nodes.values()].filter((node) => node.kind === 'seed');
    const found =
      seeds.find((node) => node.path === path) ??
      seeds.find((node) => node.path === resolvePath(folder, path)) ??
      seeds.find((node) => node.path.endsWith(`/${path.replace(/^(\.\.?\/)+/, '')}`));
    return found?.id;
  }

  /** The seed or SQLite table that is named like a table, or nearly so. */
  #findData(name: string, qualifier?: string): NodeId | undefined {
    const files = [...this.#nodes.values()].flatMap((node) => {
      if (node.kind === 'seed') return [{ path: node.path, name: node.name, id: node.id }];
      return node.kind === 'source' && node.data ? [{ path: node.data.path, name: node.name, id: node.id }] : [];
    });
    const stem = name.replace(/\.(csv|tsv)$/i, '');
    return findDataFile([stem, ...(qualifier === undefined ? [] : [`${qualifier}_${stem}`])], files)?.file.id;
  }

  #addSource(
    sourceName: string,
    name: string,
    path: string,
    known: Documented,
    origin: Column['origin'],
    data?: SourceNode['data'],
  ): NodeId {
    const base = this.#relation('source', name, path, known, [sourceName, name]);
    const id = toNodeId('source', this.#package, sourceName, name);
    const node: SourceNode = {
      ...base,
      id,
      kind: 'source',
      fqn: [this.#package, sourceName, name],
      materialized: 'source',
      sourceName,
      sourceDescription: '',
      ...(data && { data }),
    };
    this.#add(node, origin);
    return id;
  }

  #add(node: ProjectNode, origin: Column['origin']): void {
    this.#nodes.set(node.id, node);
    this.#origins.set(node.id, origin);
  }

  #relation(kind: RelationNode['kind'], name: string, path: string, known: Documented, parts: readonly string[] = [name]): RelationNode {
    const tables = this.#dictionary.filter(
      ({ name: said, file }) =>
        said.toLowerCase() === name.toLowerCase() ||
        (kind === 'seed' && file !== undefined && file.toLowerCase() === path.slice(path.lastIndexOf('/') + 1).toLowerCase()),
    );
    const { columns, constraints, description, descriptionFrom } = tables.reduce<Documented>(addDictionary, known);
    const folders = path.split('/').slice(0, -1);
    return {
      id: toNodeId(kind, this.#package, name),
      kind, name, package: this.#package, path, fqn: [this.#package, ...folders, name], tags: [], meta: {}, enabled: true,
      description, ...(descriptionFrom && { descriptionFrom }), columns, constraints, config: {},
      database: parts.at(-3) ?? '', schema: parts.at(-2) ?? '', identifier: parts.at(-1) ?? name, materialized: kind,
    }; // biome-ignore format: a table
  }

  /** A name that no other node of the kind has: with its qualifier or its file in front where it must be told apart. */
  #freeName(kind: 'model' | 'seed', name: string, path: string, parts: readonly string[] = []): string {
    const isFree = (candidate: string) => !this.#nodes.has(toNodeId(kind, this.#package, candidate));
    if (isFree(name)) return name;
    const folder = path.split('/').at(-2);
    const candidates = [
      parts.slice(-2).join('_'),
      ...(stemOf(path) === name ? [] : [`${stemOf(path)}_${name}`]),
      ...(folder === undefined ? [] : [`${folder}_${name}`]),
    ];
    const first = this.#nodes.get(toNodeId(kind, this.#package, name));
    let unique = candidates.find((candidate) => candidate !== name && candidate !== '' && isFree(candidate)) ?? name;
    for (let n = 2; !isFree(unique); n++) unique = `${name}_${n}`;
    const what = kind === 'seed' ? 'is the name of another file too' : 'is made elsewhere too';
    this.#problems.push(
      toProblem('model-duplicate-name', `'${name}' ${what} (${first?.path ?? ''}); this one is called '${unique}' here.`, path, 'warning'),
    );
    return unique;
  }
}

/** A node whose columns have the types and keys that DDL gives them. */
function withDdl<T extends SeedNode | SourceNode>(node: T, { ddl, from }: DeclaredTable): T {
  const declared = new Map(ddl.columns.map((column) => [column.name.toLowerCase(), column]));
  const columns = node.columns.map((column): DeclaredColumn => {
    const said = declared.get(column.name.toLowerCase());
    return said === undefined
      ? column
      : { ...column, ...said, name: column.name, constraints: [...column.constraints, ...said.constraints] };
  });
  return {
    ...node,
    columns,
    constraints: [...node.constraints, ...ddl.constraints],
    ...(!node.description && ddl.comment && { description: ddl.comment, descriptionFrom: from }),
  };
}

/** A path from a folder, its `..` followed. */
function resolvePath(folder: string, path: string): string {
  const parts = folder.split('/').filter((part) => part !== '');
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

function withoutCase(names: ReadonlySet<string>): readonly string[] {
  return [...new Map([...names].map((name) => [name.toLowerCase(), name])).values()];
}
