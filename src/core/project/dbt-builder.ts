import type { PlainRecord, RelationName, RenderEnvironment, RenderSubject } from '../dbt/environment.ts';
import { readPythonModel } from '../dbt/python-model.ts';
import type { Rendering } from '../dbt/render.ts';
import { withWrittenCalls } from '../dbt/written-calls.ts';
import type { NodeId } from '../text/ids.ts';
import { findNearest } from '../text/nearest.ts';
import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import type { Config } from './config.ts';
import { findMisspelledKeys } from './config-keys.ts';
import type { DbtFiles } from './dbt-files.ts';
import { readHooks, withHooks } from './dbt-hooks.ts';
import {
  type NodeContext,
  type NodeFile,
  nodeConfig,
  toBase,
  toModel,
  toSeed,
  toSnapshot,
  toSources,
  toTextNode,
  toVersions,
  type VersionEntry,
  versionColumns,
} from './dbt-nodes.ts';
import type { DbtPackage, DbtPackages } from './dbt-package.ts';
import type { Parsed } from './dbt-project.ts';
import type { NodeRenderer } from './dbt-render.ts';
import { type BuiltTest, buildGenericTests, type TestTarget, toTestTarget } from './dbt-tests.ts';
import { type Declared, toExposure, toMeasureMetrics, toMetric, toSavedQuery, toSemanticModel, toUnitTests } from './declared-nodes.ts';
import type { ProjectNode } from './node.ts';
import { type Entry, type EntryKind, parseYaml, propertiesPaths, readProperties } from './properties.ts';
import type { ReadMemo, TextReading } from './read-memo.ts';
import type { Sources } from './sources.ts';
import { toMaps, toText, toTexts } from './yaml.ts';

/** Makes the nodes of a project, package by package; collects what is wrong on the way. */
export class NodeBuilder {
  readonly problems: Problem[] = [];
  readonly nodes = new Map<NodeId, ProjectNode>();
  readonly tests: BuiltTest[] = [];
  readonly #entries = new Map<EntryKind, Entry[]>();
  readonly #packageByName: ReadonlyMap<string, DbtPackage>;

  constructor(
    private readonly sources: Sources,
    private readonly packages: DbtPackages,
    private readonly memo: ReadMemo,
    /** Called before each file is read; may throw to end the work. */
    private readonly onFile: (() => void) | undefined,
  ) {
    this.#packageByName = new Map(packages.all.map((one) => [one.name, one]));
    this.#readProperties();
  }

  #readProperties(): void {
    for (const own of this.packages.all)
      for (const path of propertiesPaths(this.sources, own)) {
        const file = this.sources.find(path);
        if (!file) continue;
        const { entries, problems } = readProperties(parseYaml(file), own.name);
        // What is wrong inside an installed package is its maker's business.
        if (own === this.packages.root) this.problems.push(...problems);
        for (const [kind, list] of Object.entries(entries) as [EntryKind, readonly Entry[]][]) {
          const known = this.#entries.get(kind);
          if (known) known.push(...list);
          else this.#entries.set(kind, [...list]);
        }
      }
  }

  #entriesOf(kind: EntryKind): readonly Entry[] {
    return this.#entries.get(kind) ?? [];
  }

  buildTextNodes(context: NodeContext, renderer: NodeRenderer, files: DbtFiles, environment: RenderEnvironment): Parsed[] {
    const parsed: Parsed[] = [];
    const patches = new Map<string, Entry>();
    for (const kind of ['models', 'seeds', 'snapshots', 'analyses', 'data_tests'] as const)
      for (const entry of this.#entriesOf(kind)) {
        const key = `${kind} ${entry.package} ${toText(entry.map.name) ?? ''}`;
        const before = patches.get(key);
        if (before && this.#packageByName.get(entry.package) === this.packages.root)
          this.problems.push(
            toProblem(
              'yaml-duplicate',
              `'${toText(entry.map.name)}' is described twice; the other place is ${before.path}:${before.line}. Keep one.`,
              at(entry),
            ),
          );
        patches.set(key, entry);
      }
    const used = new Set<Entry>();
    const strangers = this.#findStrangers(patches, files);
    const patchOf = (kind: string, file: NodeFile): Entry | undefined => {
      const entry = patches.get(`${kind} ${file.own.name} ${file.name}`) ?? strangers.get(`${kind} ${file.name}`);
      if (entry) used.add(entry);
      return entry;
    };
    const versionOf = new Map<string, { entry: Entry; version: VersionEntry }>();
    for (const entry of this.#entriesOf('models'))
      for (const version of toVersions(entry)) {
        versionOf.set(`${entry.package} ${version.definedIn}`, { entry, version });
        const bare = toText(entry.map.name) ?? '';
        if (
          !files.models.some((file) => file.own.name === entry.package && file.name === version.definedIn) &&
          !versionOf.has(`${entry.package} ${bare}`)
        )
          versionOf.set(`${entry.package} ${bare}`, { entry, version });
      }
    const read = (file: NodeFile, kind: Parsed['kind'], patch: Entry | undefined, version: VersionEntry | undefined): TextReading => {
      const problems: Problem[] = [];
      const source = this.sources.find(file.path);
      const fileText = source?.text;
      if (fileText === undefined) {
        problems.push(
          toProblem(
            'file-undecodable',
            `${file.path} is not UTF-8 text, so it cannot be read as SQL: save it as UTF-8, or remove it.`,
            file.path,
          ),
        );
      }
      const whole = fileText ?? '';
      const text = file.span === undefined ? whole : whole.slice(file.span.start, file.span.end);
      const named: NodeFile = version ? { ...file, name: toText(patch?.map.name) ?? file.name } : file;
      const python = kind === 'model' && file.path.endsWith('.py');
      const under = nodeConfig(context, kind, named, patch, [], version);
      const subject = this.#subject(
        named,
        kind,
        text,
        whole,
        under,
        { schema: environment.target.schema, identifier: named.name },
        environment,
      );
      const rendering = python
        ? pythonRendering(text, renderer, subject)
        : withWrittenCalls(renderer.render(subject, 'parse'), text, subject.offset ?? 0);
      const config = nodeConfig(context, kind, named, patch, rendering.configCalls as readonly Config[], version);
      const hooks = kind === 'model' || kind === 'snapshot' ? readHooks(renderer, subject, config) : undefined;
      const base = toBase(context, kind, named, config, patch, version);
      const node: ProjectNode =
        kind === 'model'
          ? toModel(context, base, python ? 'python' : 'sql', patch, version)
          : kind === 'snapshot'
            ? toSnapshot(context, base)
            : kind === 'test'
              ? { ...base, kind: 'test' }
              : toTextNode(base, kind);
      if (rendering.status === 'failed' && node.enabled) problems.push(...rendering.problems);
      if (file.own === this.packages.root && !python && rendering.configCalls.length > 0)
        problems.push(...findMisspelledKeys(rendering.configCalls.flatMap(Object.keys), text, file.path, subject.offset ?? 0, whole));
      if (fileText !== undefined && text.trim() === '' && kind === 'model' && node.enabled)
        problems.push(toProblem('model-empty', `The model '${file.name}' is empty: write a select, or remove the file.`, file.path));
      return {
        parsed: {
          file: named,
          kind,
          text,
          fileText: whole,
          patch,
          version,
          rendering: withHooks(rendering, hooks),
          subject,
          node,
          ...(hooks === undefined ? {} : { hooks }),
        },
        tests: patch
          ? this.#buildTests(context, withTestsOf(patch, version), toTestTarget(node, patch, version?.name), versionColumns(patch, version))
          : [],
        problems,
      };
    };
    const add = (file: NodeFile, kind: Parsed['kind'], section: string): void => {
      this.onFile?.();
      const versioned = kind === 'model' ? versionOf.get(`${file.own.name} ${file.name}`) : undefined;
      const patch = versioned?.entry ?? patchOf(section, file);
      if (versioned) used.add(versioned.entry);
      const key = `${kind} ${file.own.name} ${file.path} ${file.span?.start ?? ''}`;
      const basis = { source: this.sources.find(file.path), patch, version: versioned?.version.name };
      let reading = this.memo.reading(key, basis, renderer);
      if (reading === undefined) {
        reading = read(file, kind, patch, versioned?.version);
        this.memo.keepReading(key, basis, reading, mentionsDocs(patch), renderer);
      }
      this.problems.push(...reading.problems);
      if (this.#add(reading.parsed.node)) parsed.push(reading.parsed);
      this.#keepTests(reading.tests);
    };
    for (const file of files.models) add(file, 'model', 'models');
    for (const file of files.snapshots) add(file, 'snapshot', 'snapshots');
    for (const file of files.analyses) add(file, 'analysis', 'analyses');
    for (const file of files.singularTests) add(file, 'test', 'data_tests');
    for (const file of files.seeds) {
      const patch = patchOf('seeds', file);
      const node = toSeed(context, toBase(context, 'seed', file, nodeConfig(context, 'seed', file, patch, []), patch));
      this.#add(node);
      if (patch) this.#addTests(context, patch, toTestTarget(node, patch), patch.map.columns);
    }
    this.#addYamlSnapshots(context, patches, used, parsed, environment, renderer);
    this.#addHooks(context, parsed, environment, renderer);
    for (const entry of [...patches.values()])
      if (!used.has(entry) && this.#packageByName.get(entry.package) === this.packages.root) {
        const name = toText(entry.map.name) ?? '';
        const near = findNearest(
          name,
          [...this.nodes.values()].map((node) => node.name),
        );
        this.problems.push(
          toProblem(
            'properties-unknown',
            `No file defines '${name}', which is described here.${near === undefined ? '' : ` Did you mean '${near}'?`}`,
            at(entry),
          ),
        );
      }
    return parsed;
  }

  /** Entries for which their own package has no file: dbt takes them for a node of that name in another package. */
  #findStrangers(patches: ReadonlyMap<string, Entry>, files: DbtFiles): ReadonlyMap<string, Entry> {
    const own = new Set<string>();
    const sections = { models: files.models, seeds: files.seeds, snapshots: files.snapshots, analyses: files.analyses };
    for (const [section, list] of Object.entries(sections)) for (const file of list) own.add(`${section} ${file.own.name} ${file.name}`);
    const found = new Map<string, Entry>();
    for (const [key, entry] of patches) {
      const [section = ''] = key.split(' ', 1);
      if (!(section in sections) || own.has(key) || toVersions(entry).length > 0) continue;
      const name = `${section} ${toText(entry.map.name) ?? ''}`;
      if (!found.has(name)) found.set(name, entry);
    }
    return found;
  }

  /** Snapshots that are declared in a properties file, with `relation: ref(…)` instead of a block. */
  #addYamlSnapshots(
    context: NodeContext,
    patches: ReadonlyMap<string, Entry>,
    used: Set<Entry>,
    parsed: Parsed[],
    environment: RenderEnvironment,
    renderer: NodeRenderer,
  ): void {
    for (const entry of this.#entriesOf('snapshots')) {
      const relation = toText(entry.map.relation);
      const name = toText(entry.map.name);
      const own = this.#packageByName.get(entry.package);
      if (relation === undefined || name === undefined || own === undefined) continue;
      used.add(entry);
      const file: NodeFile = { own, path: entry.path, name };
      const text = `select * from {{ ${relation} }}`;
      const config = nodeConfig(context, 'snapshot', file, patches.get(`snapshots ${own.name} ${name}`), []);
      const subject = this.#subject(
        file,
        'snapshot',
        text,
        text,
        config,
        { schema: environment.target.schema, identifier: name },
        environment,
      );
      const rendering = renderer.render(subject, 'parse');
      const node = toSnapshot(context, toBase(context, 'snapshot', file, config, entry));
      if (this.#add(node))
        parsed.push({ file, kind: 'snapshot', text, fileText: text, patch: entry, version: undefined, rendering, subject, node });
      this.#addTests(context, entry, toTestTarget(node, entry), entry.map.columns);
    }
  }

  #addHooks(context: NodeContext, parsed: Parsed[], environment: RenderEnvironment, renderer: NodeRenderer): void {
    for (const own of this.packages.all)
      for (const [key, hook] of [
        ['on-run-start', 'on-run-start'],
        ['on-run-end', 'on-run-end'],
      ] as const)
        for (const [index, text] of toTexts(own.config[key]).entries()) {
          const path = own.root === '' ? 'dbt_project.yml' : `${own.root}/dbt_project.yml`;
          const file: NodeFile = { own, path, name: `${own.name}-${hook}-${index}` };
          const config: Config = { enabled: true, materialized: 'view', tags: [hook] };
          const subject = this.#subject(
            file,
            'operation',
            text,
            text,
            config,
            { schema: environment.target.schema, identifier: file.name },
            environment,
          );
          const rendering = renderer.render(subject, 'parse');
          const node = toTextNode(toBase(context, 'operation', file, config, undefined), 'operation');
          if (this.#add(node))
            parsed.push({ file, kind: 'operation', text, fileText: text, patch: undefined, version: undefined, rendering, subject, node });
        }
  }

  buildSources(context: NodeContext): void {
    for (const entry of this.#entriesOf('sources')) {
      const own = this.#packageByName.get(entry.package);
      if (!own) continue;
      if (entry.map.overrides !== undefined) continue;
      for (const { node, entry: table, tags } of toSources(context, own, this.#withOverrides(entry))) {
        this.#add(node);
        this.#addTests(context, table, toTestTarget(node, table, undefined, tags), table.map.columns);
      }
    }
  }

  /** A source of a package with what other packages' `overrides` say of it, table by table. */
  #withOverrides(entry: Entry): Entry {
    const over = this.#entriesOf('sources').filter((other) => other.map.overrides === entry.package && other.map.name === entry.map.name);
    if (over.length === 0) return entry;
    let { map } = entry;
    for (const { map: patch } of over) {
      const { overrides: _overrides, tables, ...rest } = patch;
      const patches = new Map(toMaps(tables).map((table) => [table.name, table]));
      map = { ...map, ...rest, tables: toMaps(map.tables).map((table) => ({ ...table, ...patches.get(table.name) })) };
    }
    return { ...entry, map };
  }

  buildDeclared(context: NodeContext): readonly (Declared<ProjectNode> & { readonly measures?: readonly string[] })[] {
    const found: (Declared<ProjectNode> & { readonly measures?: readonly string[] })[] = [];
    const collect = (
      kind: EntryKind,
      read: (own: DbtPackage, entry: Entry) => (Declared<ProjectNode> & { readonly measures?: readonly string[] }) | undefined,
    ) => {
      for (const entry of this.#entriesOf(kind)) {
        const own = this.#packageByName.get(entry.package);
        const declared = own ? read(own, entry) : undefined;
        if (declared && this.#add(declared.node)) found.push(declared);
      }
    };
    collect('exposures', (own, entry) => toExposure(context, own, entry));
    collect('semantic_models', (own, entry) => toSemanticModel(context, own, entry));
    for (const entry of this.#entriesOf('semantic_models')) {
      const own = this.#packageByName.get(entry.package);
      for (const metric of own === undefined ? [] : toMeasureMetrics(context, own, entry)) if (this.#add(metric.node)) found.push(metric);
    }
    collect('metrics', (own, entry) => toMetric(context, own, entry));
    collect('saved_queries', (own, entry) => toSavedQuery(context, own, entry));
    const versions = new Map(
      this.#entriesOf('models').map((entry) => [
        `${entry.package} ${toText(entry.map.name) ?? ''}`,
        toVersions(entry).map((one) => one.name),
      ]),
    );
    for (const entry of this.#entriesOf('unit_tests')) {
      const own = this.#packageByName.get(entry.package);
      if (own === undefined) continue;
      const all = versions.get(`${entry.package} ${toText(entry.map.model) ?? ''}`) ?? [];
      for (const declared of toUnitTests(context, own, entry, all)) if (this.#add(declared.node)) found.push(declared);
    }
    return found;
  }

  /** Adds a node unless its id is taken, which is a problem of the project's. */
  #add(node: ProjectNode): boolean {
    const other = this.nodes.get(node.id);
    if (other !== undefined) {
      // Which of them is enabled may hang on a package that is not installed: nothing is known to be wrong then.
      const isUnsure = this.packages.missing.size > 0 && [other, node].some(({ config }) => isUnknownSwitch(config.enabled));
      if (other.enabled && node.enabled && !isUnsure)
        this.problems.push(
          toProblem(
            'model-duplicate-name',
            `'${node.name}' is defined twice, here and in ${other.path}: rename or disable one of them.`,
            node.path,
          ),
        );
      if (other.enabled || !node.enabled) return false;
    }
    this.nodes.set(node.id, node);
    return true;
  }

  #addTests(context: NodeContext, entry: Entry, target: TestTarget, columns: unknown): void {
    this.#keepTests(this.#buildTests(context, entry, target, columns));
  }

  /** Tests are of the package whose file asks for them, whatever package the node is of. */
  #buildTests(context: NodeContext, entry: Entry, target: TestTarget, columns: unknown): readonly BuiltTest[] {
    const own = this.#packageByName.get(entry.package);
    return own === undefined ? [] : buildGenericTests(entry, target, columns, context, own).tests;
  }

  #keepTests(tests: readonly BuiltTest[]): void {
    for (const test of tests) {
      if (this.nodes.has(test.node.id)) continue;
      this.nodes.set(test.node.id, test.node);
      this.tests.push(test);
    }
  }

  #subject(
    file: NodeFile,
    kind: string,
    text: string,
    whole: string,
    config: Config,
    relation: RelationName,
    environment: RenderEnvironment,
  ): RenderSubject {
    const database = environment.target.database;
    return {
      id: `${kind}.${file.own.name}.${file.name}` as NodeId,
      name: file.name,
      package: file.own.name,
      path: file.path,
      text,
      ...(file.span === undefined ? {} : { offset: file.span.start, file: whole }),
      resourceType: kind,
      relation: { ...(database === undefined ? {} : { database }), ...relation },
      config: config as PlainRecord,
    };
  }
}

/** Whether `enabled` is a text that means neither yes nor no, as what stands for a missing package's answer is. */
function isUnknownSwitch(value: unknown): boolean {
  return typeof value === 'string' && !/^\s*(true|false)\s*$/i.test(value);
}

/** A version that lists tests of its own has none of its model's. */
function withTestsOf(patch: Entry, version: VersionEntry | undefined): Entry {
  const own = version?.map.data_tests ?? version?.map.tests;
  if (own === undefined || own === null) return patch;
  const { tests: _tests, ...rest } = patch.map;
  return { ...patch, map: { ...rest, data_tests: own } };
}

/** Whether a text anywhere in an entry is looked up in docs blocks. */
function mentionsDocs(entry: Entry | undefined): boolean {
  return entry !== undefined && mentions(entry.map, /\bdoc\(/);
}

function mentions(value: unknown, pattern: RegExp): boolean {
  if (typeof value === 'string') return pattern.test(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((item) => mentions(item, pattern));
}

function pythonRendering(text: string, renderer: NodeRenderer, subject: RenderSubject): Rendering {
  const python = readPythonModel(text);
  const empty = renderer.render({ ...subject, text: '' }, 'parse');
  return { ...empty, refs: python.refs, sources: python.sources, configCalls: [python.config as PlainRecord] };
}

function at(entry: Entry) {
  const start = { line: entry.line, column: 1 };
  return { path: entry.path, start, end: start };
}
