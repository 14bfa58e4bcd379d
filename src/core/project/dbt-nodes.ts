import type { GenericTestCall, Rendering } from '../dbt/render.ts';
import type { NodeId } from '../text/ids.ts';
import type { Span } from '../text/span.ts';
import { type Config, type ConfigSection, isEnabled, resolveConfig, toMeta, toTags } from './config.ts';
import type { DbtPackage } from './dbt-package.ts';
import { folderParts } from './dbt-tests.ts';
import type { ModelNode, NodeBase, ProjectNode, SeedNode, SnapshotNode, SourceNode, TextNode } from './node.ts';
import { type Entry, entryColumns, entryConfig, toConstraints } from './properties.ts';
import { isMap, toMaps, toText, toTexts, type YamlMap } from './yaml.ts';

/** What building nodes needs of the project, besides what each node says itself. */
export interface NodeContext {
  readonly root: DbtPackage;
  /** Resolves docs blocks and other templates in a description. */
  describe(text: string, packageName: string): string;
  /** Renders templates in values of a properties file. */
  render(value: unknown, packageName: string): unknown;
  /** Renders templates in values of a dbt_project.yml, which sees no vars but those of the invocation. */
  renderProject(value: unknown, packageName: string): unknown;
  /** What the macro of a generic test configures and names by itself; undefined where it does neither. */
  readTest(name: string, packageName: string, path: string, call: GenericTestCall): Rendering | undefined;
  /** A name as the adapter quotes it. */
  quote(name: string): string;
  readonly targetSchema: string;
  readonly targetDatabase: string;
  /** `generate_schema_name` and its like, the project's own where it has them. */
  nameOf(
    part: 'schema' | 'alias' | 'database',
    custom: string | undefined,
    node: { readonly name: string; readonly package: string; readonly config: Config; readonly version?: string; readonly kind: string },
  ): string;
}

/** A file, or a block of one, that becomes a node. */
export interface NodeFile {
  readonly own: DbtPackage;
  readonly path: string;
  readonly name: string;
  readonly span?: Span;
}

type TextKind = 'model' | 'seed' | 'snapshot' | 'analysis' | 'operation' | 'test';

const sections: Readonly<Record<TextKind, ConfigSection>> = {
  model: 'models',
  seed: 'seeds',
  snapshot: 'snapshots',
  analysis: 'models',
  operation: 'models',
  test: 'data_tests',
};

const materializedDefault: Readonly<Record<TextKind, string>> = {
  model: 'view',
  seed: 'seed',
  snapshot: 'snapshot',
  analysis: 'view',
  operation: 'operation',
  test: 'test',
};

/** The path parts that configuration is looked up by: the package, the folders, the name. */
export function toFqn(kind: TextKind, file: NodeFile, version?: string): readonly string[] {
  // dbt files hooks and analyses below folders of those names, and a snapshot's block below its file.
  const folders = kind === 'operation' ? ['hooks'] : folderParts(file.path, file.own);
  const under = kind === 'analysis' ? ['analysis', ...folders] : folders;
  const stem =
    file.path
      .split('/')
      .at(-1)
      ?.replace(/\.[^.]*$/, '') ?? '';
  const base = [file.own.name, ...under, ...(kind === 'snapshot' && file.span !== undefined ? [stem] : [])];
  return version === undefined ? [...base, file.name] : [...base, file.name, `v${version}`];
}

/** A node's configuration; `calls` are those of `config(…)` in its template. */
export function nodeConfig(
  context: NodeContext,
  kind: TextKind,
  file: NodeFile,
  patch: Entry | undefined,
  calls: readonly Config[],
  version?: VersionEntry,
): Config {
  const fromPatch = patch === undefined ? {} : (context.render(entryConfig(patch.map), file.own.name) as Config);
  const fromVersion = version === undefined ? {} : (context.render(entryConfig(version.map), file.own.name) as Config);
  return resolveConfig({
    root: context.root,
    own: file.own,
    section: sections[kind],
    fqn: toFqn(kind, file, version?.name),
    defaults: { enabled: true, materialized: materializedDefault[kind], ...(kind === 'test' ? { severity: 'ERROR' } : {}) },
    patch: { ...fromPatch, ...fromVersion },
    calls,
    render: context.renderProject,
  });
}

/** One of the versions that a properties file declares for a model. */
export interface VersionEntry {
  readonly name: string;
  /** To dbt's Python a version 0 is none, so that the model's relation goes by the bare name. */
  readonly isZero: boolean;
  readonly map: YamlMap;
  readonly definedIn: string;
}

/** The versions of a model with the file that defines each. */
export function toVersions(patch: Entry | undefined): readonly VersionEntry[] {
  if (patch === undefined) return [];
  const model = toText(patch.map.name) ?? '';
  return toMaps(patch.map.versions).flatMap((map) => {
    const name = toText(map.v);
    if (name === undefined) return [];
    return [{ name, isZero: map.v === 0, map, definedIn: toText(map.defined_in) ?? `${model}_v${name}` }];
  });
}

/** What a node has in common with all others. */
export function toBase(
  context: NodeContext,
  kind: TextKind,
  file: NodeFile,
  config: Config,
  patch: Entry | undefined,
  version?: VersionEntry,
): NodeBase {
  const packageName = file.own.name;
  const description = toText(version?.map.description) ?? toText(patch?.map.description) ?? '';
  const id = version === undefined ? `${kind}.${packageName}.${file.name}` : `${kind}.${packageName}.${file.name}.v${version.name}`;
  const group = toText(config.group);
  return {
    id: id as NodeId,
    kind,
    name: file.name,
    package: packageName,
    path: file.path,
    ...(file.span === undefined ? {} : { span: file.span }),
    fqn: toFqn(kind, file, version?.name),
    tags: toTags(config),
    meta: toMeta(config),
    enabled: isEnabled(config),
    description: description === '' ? '' : context.describe(description, packageName),
    ...(description === '' || patch === undefined ? {} : { descriptionFrom: { path: patch.path, line: patch.line, kind: 'properties' } }),
    columns:
      patch === undefined
        ? []
        : entryColumns(
            patch,
            versionColumns(patch, version),
            (text) => context.describe(text, packageName),
            (value) => toText(context.render(value, packageName)),
          ),
    ...(group === undefined ? {} : { group }),
    config,
    ...(patch === undefined ? {} : { patch: { path: patch.path, line: patch.line } }),
  };
}

/** A version may list its own columns, with `include: all` standing for those of the model. */
export function versionColumns(patch: Entry, version: VersionEntry | undefined): unknown {
  const own = version === undefined ? undefined : version.map.columns;
  if (!Array.isArray(own)) return patch.map.columns;
  const shared = toMaps(patch.map.columns);
  return own.flatMap((item) => {
    if (!isMap(item) || item.include === undefined) return [item];
    const except = Array.isArray(item.exclude) ? item.exclude : [];
    const all = item.include === '*' || item.include === 'all';
    return shared.filter(
      (column) => !except.includes(column.name) && (all || (Array.isArray(item.include) && item.include.includes(column.name))),
    );
  });
}

function toPlace(context: NodeContext, base: NodeBase, version?: VersionEntry) {
  const asked = {
    name: base.name,
    package: base.package,
    config: base.config,
    kind: base.kind,
    ...(version === undefined || version.isZero ? {} : { version: version.name }),
  };
  return {
    database: context.nameOf('database', toText(base.config.database), asked),
    schema: context.nameOf('schema', toText(base.config.schema), asked),
    identifier: context.nameOf('alias', toText(base.config.alias), asked),
    materialized: toText(base.config.materialized) ?? 'view',
  };
}

export function toModel(
  context: NodeContext,
  base: NodeBase,
  language: 'sql' | 'python',
  patch: Entry | undefined,
  version?: VersionEntry,
): ModelNode {
  const access = toText(base.config.access);
  const contract = isMap(base.config.contract) && base.config.contract.enforced === true;
  const latest = toText(patch?.map.latest_version) ?? (version === undefined ? undefined : lastVersion(toVersions(patch)));
  const from = patch === undefined ? undefined : { path: patch.path, line: patch.line, kind: 'properties' };
  return {
    ...base,
    kind: 'model',
    ...toPlace(context, base, version),
    constraints:
      from === undefined ? [] : [...toConstraints(patch?.map.constraints, from), ...base.columns.flatMap((column) => column.constraints)],
    language,
    access: access === 'private' || access === 'public' ? access : 'protected',
    ...(version === undefined ? {} : { version: version.name }),
    ...(latest === undefined ? {} : { latestVersion: latest }),
    contract,
  };
}

function lastVersion(versions: readonly VersionEntry[]): string | undefined {
  const names = versions.map((version) => version.name);
  return names.every((name) => Number.isFinite(Number(name))) ? names.sort((a, b) => Number(a) - Number(b)).at(-1) : names.sort().at(-1);
}

export function toSeed(context: NodeContext, base: NodeBase): SeedNode {
  return {
    ...base,
    kind: 'seed',
    ...toPlace(context, base),
    constraints: base.columns.flatMap((column) => column.constraints),
    delimiter: toText(base.config.delimiter) ?? ',',
  };
}

export function toSnapshot(context: NodeContext, base: NodeBase): SnapshotNode {
  const place = toPlace(context, base);
  const schema = toText(base.config.target_schema);
  const database = toText(base.config.target_database);
  return {
    ...base,
    kind: 'snapshot',
    ...place,
    ...(schema === undefined ? {} : { schema }),
    ...(database === undefined ? {} : { database }),
    materialized: 'snapshot',
    constraints: base.columns.flatMap((column) => column.constraints),
  };
}

export function toTextNode(base: NodeBase, kind: 'analysis' | 'operation'): TextNode {
  return { ...base, kind };
}

/** The tables of a `sources:` entry. */
export function toSources(
  context: NodeContext,
  own: DbtPackage,
  entry: Entry,
): readonly { readonly node: SourceNode; readonly entry: Entry; readonly tags: readonly string[] }[] {
  const source = entry.map;
  const render = (value: unknown): string | undefined => toText(context.render(value, own.name));
  const sourceName = render(source.name);
  if (sourceName === undefined) return [];
  return toMaps(source.tables).flatMap((table) => {
    const name = render(table.name);
    if (name === undefined) return [];
    const fqn = [own.name, ...folderParts(entry.path, own), sourceName, name];
    const under = context.render(entryConfig(source), own.name) as Config;
    const over = context.render(entryConfig(table), own.name) as Config;
    const patch = resolveConfig({
      root: context.root,
      own,
      section: 'sources',
      fqn,
      defaults: { enabled: true },
      patch: under,
      calls: [over],
      render: context.renderProject,
    });
    const tags = toTags(patch);
    const line = entry.lineOf(table);
    const tableEntry: Entry = { ...entry, map: table, line };
    const from = { path: entry.path, line, kind: 'properties' };
    const description = toText(table.description) ?? '';
    const columns = entryColumns(tableEntry, table.columns, (text) => context.describe(text, own.name), render);
    const freshness =
      table.freshness === null
        ? undefined
        : (table.freshness ??
          (isMap(table.config) ? table.config.freshness : undefined) ??
          source.freshness ??
          (isMap(source.config) ? source.config.freshness : undefined));
    const loadedAt =
      toText(table.loaded_at_field) ??
      (isMap(table.config) ? toText(table.config.loaded_at_field) : undefined) ??
      toText(source.loaded_at_field) ??
      (isMap(source.config) ? toText(source.config.loaded_at_field) : undefined);
    const loader = toText(table.loader) ?? toText(source.loader);
    const external = table.external;
    const node: SourceNode = {
      id: `source.${own.name}.${sourceName}.${name}` as NodeId,
      kind: 'source',
      name,
      package: own.name,
      path: entry.path,
      fqn,
      tags,
      meta: toMeta(patch),
      enabled: isEnabled(patch),
      description: description === '' ? '' : context.describe(description, own.name),
      ...(description === '' ? {} : { descriptionFrom: from }),
      columns,
      config: { ...patch, ...(external === undefined ? {} : { external }), ...toSourceQuoting(source.quoting, table.quoting) },
      patch: { path: entry.path, line },
      database: render(table.database) ?? render(source.database) ?? render(source.catalog) ?? context.targetDatabase,
      schema: render(source.schema) ?? sourceName,
      identifier: render(table.identifier) ?? name,
      materialized: 'source',
      constraints: columns.flatMap((column) => column.constraints),
      sourceName,
      sourceDescription: context.describe(toText(source.description) ?? '', own.name),
      ...(loader === undefined ? {} : { loader }),
      ...(loadedAt === undefined ? {} : { loadedAtField: loadedAt }),
      ...(isMap(freshness) ? { freshness } : {}),
    };
    return [{ node, entry: tableEntry, tags: [...toTexts(source.tags), ...toTexts(table.tags)] }];
  });
}

/** A table's quoting goes before its source's. */
function toSourceQuoting(source: unknown, table: unknown): { readonly quoting?: YamlMap } {
  const quoting = { ...(isMap(source) ? source : {}), ...(isMap(table) ? table : {}) };
  return Object.keys(quoting).length === 0 ? {} : { quoting };
}

export type { ProjectNode };
