import { traitsOf } from '../dbt/adapters.ts';
import { extendEnvironment, type RenderEnvironment } from '../dbt/environment.ts';
import type { MacroFile, MacroLibrary } from '../dbt/macro-library.ts';
import { ProjectResolver } from '../dbt/resolver.ts';
import { standInsFor } from '../dbt/stand-ins/all-stand-ins.ts';
import type { TemplateEngine } from '../dbt/template-engine.ts';
import type { DocsBlock, NodeText } from '../snapshot.ts';
import { toHash } from '../text/hash.ts';
import type { NodeId } from '../text/ids.ts';
import { CompiledTexts } from './compiled-texts.ts';
import { NodeBuilder } from './dbt-builder.ts';
import { compileParsed, toQuoting, toRelationName } from './dbt-compile.ts';
import { type DbtFiles, findDbtFiles } from './dbt-files.ts';
import { linkNodes } from './dbt-link.ts';
import { type NodeContext, nodeConfig } from './dbt-nodes.ts';
import type { DbtPackage, DbtPackages } from './dbt-package.ts';
import { toPlainRecord } from './dbt-plain.ts';
import type { DbtProject, DbtSettings, Parsed } from './dbt-project.ts';
import { NodeRenderer } from './dbt-render.ts';
import { withUpdates } from './dbt-update.ts';
import type { Edge } from './graph.ts';
import { toGraphVariable } from './graph-variable.ts';
import type { ProjectNode, SourceNode } from './node.ts';
import { findTarget, type ProfileTarget, toDatabase } from './profile.ts';
import { ReadMemo } from './read-memo.ts';
import { findDuplicateMacros, findRefusals } from './refusals.ts';
import type { Sources } from './sources.ts';
import { findUnusedSources } from './unused-sources.ts';
import { isMap, toMaps, toText, toTexts } from './yaml.ts';

/** Reads a dbt project: its nodes, edges and compiled texts, with whatever is wrong as problems. */
export function loadDbtProject(
  sources: Sources,
  packages: DbtPackages,
  settings: DbtSettings,
  inferred: () => { readonly adapter: string; readonly because: string },
  engine: TemplateEngine,
  memo: ReadMemo,
  onFile?: () => void,
): DbtProject {
  return new Loader(sources, packages, settings, inferred, engine, memo, onFile).load();
}

/** What templates of a project are rendered with, where its nodes are known already; made when somebody first renders. */
export function reviveEnvironment(
  sources: Sources,
  packages: DbtPackages,
  settings: DbtSettings,
  engine: TemplateEngine,
  known: {
    readonly nodes: ReadonlyMap<NodeId, ProjectNode>;
    readonly texts: ReadonlyMap<NodeId, NodeText>;
    readonly edges: readonly Edge[];
  },
): RenderEnvironment {
  const inferred = () => ({ adapter: settings.adapter ?? '', because: '' });
  return new Loader(sources, packages, settings, inferred, engine, new ReadMemo(), undefined).revive(known);
}

/** What is asked of the environment besides what renderings record. */
interface Asked {
  /** How often a template asked for nodes that it does not name. */
  nodes: number;
  /** How often a template asked what time it is, or which invocation this is. */
  clock: number;
}

class Loader {
  constructor(
    private readonly sources: Sources,
    private readonly packages: DbtPackages,
    private readonly settings: DbtSettings,
    private readonly inferred: () => { readonly adapter: string; readonly because: string },
    private readonly engine: TemplateEngine,
    private readonly memo: ReadMemo,
    private readonly onFile: (() => void) | undefined,
  ) {}

  /** The environment of all templates, whose names are resolved once the nodes are known. */
  #environment(
    macros: MacroLibrary,
    asked: Asked,
    names: () => ProjectResolver,
  ): { target: ProfileTarget; environment: RenderEnvironment } {
    const { root, all } = this.packages;
    const { runStartedAt, invocationId } = this.settings;
    const environment: RenderEnvironment = {
      projectName: root.name,
      target: { name: 'default', type: this.settings.adapter ?? '', schema: 'public' },
      vars: {
        invocation: this.settings.vars,
        root: toPlainRecord(root.config.vars),
        packages: new Map(all.map((one) => [one.name, toPlainRecord(one.config.vars)])),
      },
      flags: this.settings.flags ?? {},
      env: this.settings.env,
      runStartedAt,
      invocationId,
      dbtVersion: '1.10.0',
      dispatch: toDispatch(root),
      macros,
      missingPackages: this.packages.missing,
      packages: all.map(({ name, config }) => ({ name, version: toText(config.version) ?? '' })),
      standInForEnv: true,
      resolver: {
        ref: (call, from) => names().ref(call, from),
        source: (call, from) => names().source(call, from),
        graph: () => {
          asked.nodes++;
          return names().graph();
        },
        relationNamed: (name) => {
          asked.nodes++;
          return names().relationNamed(name);
        },
      },
    };
    const target = this.#target(environment);
    const settled: RenderEnvironment = {
      ...environment,
      target: {
        name: target.name,
        type: target.type,
        schema: target.schema,
        ...(target.database === '' ? {} : { database: target.database }),
        profileName: target.profileName,
        threads: target.threads,
      },
      get runStartedAt() {
        asked.clock++;
        return runStartedAt;
      },
      get invocationId() {
        asked.clock++;
        return invocationId;
      },
    };
    return { target, environment: settled };
  }

  revive(known: Parameters<typeof reviveEnvironment>[4]): RenderEnvironment {
    const { root, all } = this.packages;
    const macros = this.engine.buildLibrary(this.#macrosOf(findDbtFiles(this.sources, all)), root.name);
    const toParsed = () =>
      [...known.texts].flatMap(([id, { source: text, rendering }]) => {
        const node = known.nodes.get(id);
        return node === undefined ? [] : [{ node, text, rendering }];
      });
    const resolver = new ProjectResolver(
      root.name,
      known.nodes.values(),
      this.#relationOf,
      () => toGraphVariable(known.nodes.values(), toParsed(), known.edges),
      this.packages.missing,
    );
    return this.#environment(macros, { nodes: 0, clock: 0 }, () => resolver).environment;
  }

  /** The macros of all packages, and those that stand in for packages which are not installed. */
  #macrosOf({ macros }: DbtFiles): readonly MacroFile[] {
    const { all, missing } = this.packages;
    if (missing.size === 0) return macros;
    return [...macros, ...standInsFor(missing, (name) => all.some((one) => one.name === name))];
  }

  load(): DbtProject {
    const { root, all } = this.packages;
    const files = findDbtFiles(this.sources, all);
    const builder = new NodeBuilder(this.sources, this.packages, this.memo, this.onFile);
    const { nodes: built, problems } = builder;
    problems.push(...this.packages.problems, ...files.problems);
    const macroFiles = this.#macrosOf(files);
    const macros = this.engine.buildLibrary(macroFiles, root.name);
    problems.push(...macros.problems, ...findDuplicateMacros(macros.macros, root.name));

    let resolver: ProjectResolver | undefined;
    const asked: Asked = { nodes: 0, clock: 0 };
    const { target, environment: settled } = this.#environment(macros, asked, () => this.#resolver(resolver));
    const texts = new Map(macroFiles.map((file) => [file.path, file.text]));
    const renderer = new NodeRenderer(this.engine, this.memo.renderings, settled, texts, () => asked.nodes, this.#quoting());
    asked.clock = 0;
    this.memo.begin({ key: this.#contextKey(renderer), docs: toHash(JSON.stringify(files.docs)) });
    const context = this.#context(settled, files.docs, target);
    const parsed = builder.buildTextNodes(context, renderer, files, settled);
    builder.buildSources(context);
    const declared = builder.buildDeclared(context);
    this.memo.resolve(built);
    let edges: readonly Edge[] = [];
    resolver = new ProjectResolver(
      root.name,
      built.values(),
      this.#relationOf,
      () => toGraphVariable(built.values(), parsed, edges),
      this.packages.missing,
    );
    const linked = linkNodes({
      nodes: built,
      parsed,
      tests: builder.tests,
      declared,
      resolver,
      memo: this.memo,
    });
    edges = linked.edges;
    problems.push(...linked.problems, ...findUnusedSources(built, linked.edges, root.name));
    problems.push(...findRefusals(built, edges, { name: root.name, missingPackages: this.packages.missing.size > 0 }));
    const compiled = parsed.map((one) => [one.node.id, this.memo.compiled(one, renderer, () => compileParsed(renderer, one))] as const);
    const compiledTexts = new CompiledTexts(new Map(compiled));
    this.memo.end(built);
    const nodes = this.memo.inOrder(built);
    const project = {
      packages: this.packages,
      target,
      nodes,
      edges: linked.edges,
      relinked: [],
      texts: compiledTexts,
      docs: files.docs,
      environment: settled,
      problems,
      tests: builder.tests,
      relationOf: (node: ProjectNode) => this.#relationOf(node as SourceNode),
      readsClock: () => {
        // Each text has to have been asked.
        for (const _ of compiledTexts.values());
        return asked.clock > 0;
      },
    };
    const configOf = (one: Parsed) => nodeConfig(context, one.kind, one.file, one.patch, [], one.version);
    return withUpdates(project, { parsed, renderer, resolver, configOf });
  }

  /** The relation of a node, its name quoted as the root's dbt_project.yml wants it. */
  readonly #relationOf = (node: Parameters<typeof toRelationName>[0]) => toRelationName(node, this.#quoting());

  #quoting(): ReturnType<typeof toQuoting> {
    const { quoting } = this.packages.root.config;
    return isMap(quoting) ? toQuoting(quoting) : {};
  }

  /** Everything that the reading of any file depends on. */
  #contextKey(renderer: NodeRenderer): string {
    const { all } = this.packages;
    const files = all.map((one) => [one.name, one.root, one.paths, one.config]);
    return toHash(JSON.stringify([files, this.settings, renderer.contextKey]));
  }

  #resolver(resolver: ProjectResolver | undefined): ProjectResolver {
    if (resolver === undefined) throw new Error('names were resolved before the nodes were known');
    return resolver;
  }

  #target(environment: RenderEnvironment): ProfileTarget {
    const { root } = this.packages;
    const profileName = toText(root.config.profile) ?? root.name;
    const render = (text: string) => (text.includes('{{') ? String(this.engine.renderValue(environment, text, root.name)) : text);
    const found = findTarget(this.sources, profileName, this.settings.target, render);
    if (this.settings.adapter !== undefined)
      return {
        ...(found ?? defaultTarget(profileName, this.settings.adapter)),
        type: this.settings.adapter,
        because: 'The settings say so.',
      };
    if (found) return found;
    const { adapter, because } = this.inferred();
    return { ...defaultTarget(profileName, adapter), because, isGuessed: true };
  }

  #context(environment: RenderEnvironment, docs: readonly DocsBlock[], target: ProfileTarget): NodeContext {
    const docsByName = new Map<string, DocsBlock>();
    for (const block of docs) {
      docsByName.set(`${block.package}.${block.name}`, block);
      if (!docsByName.has(block.name) || block.package === environment.projectName) docsByName.set(block.name, block);
    }
    // dbt looks in the root project first, then in the text's own package, then anywhere.
    const findDoc = (name: string, within: string | undefined, from: string) =>
      (within === undefined
        ? (docsByName.get(`${environment.projectName}.${name}`) ?? docsByName.get(`${from}.${name}`) ?? docsByName.get(name))
        : docsByName.get(`${within}.${name}`)
      )?.text;
    const documented = extendEnvironment(environment, { docs: findDoc });
    const describe = (text: string, packageName: string): string => {
      const simple = text.replace(
        /\{\{-?\s*doc\(\s*(['"])(.*?)\1\s*(?:,\s*(['"])(.*?)\3\s*)?\)\s*-?\}\}/g,
        (whole, _q: string, first: string, _r: string, second?: string) =>
          (second === undefined ? findDoc(first, undefined, packageName) : findDoc(second, first, packageName)) ?? whole,
      );
      if (simple !== text || !/\{[{%]/.test(text)) return simple;
      const rendered = this.engine.renderValue(documented, text, packageName);
      return typeof rendered === 'string' ? rendered : text;
    };
    const renderWith = (within: RenderEnvironment) => {
      const render = (value: unknown, packageName: string): unknown => {
        if (typeof value === 'string') return /\{[{%]/.test(value) ? this.engine.renderValue(within, value, packageName) : value;
        if (Array.isArray(value)) return value.map((item) => render(item, packageName));
        if (isMap(value))
          // Hooks are rendered when they run, not when they are read.
          return Object.fromEntries(
            Object.entries(value).map(([key, item]) => [key, /^(pre|post)[-_]hook$/.test(key) ? item : render(item, packageName)]),
          );
        return value;
      };
      return render;
    };
    const { invocation } = environment.vars;
    const named = new Set(environment.macros.macros.flatMap((macro) => (macro.package === 'dbt' ? [] : [macro.name.replace(/^.*__/, '')])));
    const [open, close] = traitsOf(target.type).quote;
    return {
      root: this.packages.root,
      describe,
      render: renderWith(environment),
      renderProject: renderWith(extendEnvironment(environment, { vars: { invocation, root: {}, packages: new Map() } })),
      readTest: (name, packageName, path, call) =>
        this.engine.readTest(
          environment,
          {
            name,
            package: packageName,
            path,
            text: '',
            resourceType: 'test',
            relation: { schema: target.schema, identifier: name },
            config: {},
          },
          call,
        ),
      quote: (name) => `${open}${name}${close}`,
      targetSchema: target.schema,
      targetDatabase: target.database,
      nameOf: (part, custom, node) => {
        if (named.has(`generate_${part}_name`))
          return this.engine.generateName(environment, part, custom, { ...node, resourceType: node.kind });
        const own = custom?.trim();
        if (part === 'schema') return own === undefined || own === '' ? target.schema : `${target.schema}_${own}`;
        if (part === 'database') return own ?? target.database;
        return own ?? (node.version === undefined ? node.name : `${node.name}_v${node.version.replaceAll('.', '_')}`);
      },
    };
  }
}

function defaultTarget(profileName: string, type: string): ProfileTarget {
  return { name: 'default', profileName, type, schema: 'public', database: toDatabase(type), threads: 1, because: '' };
}

function toDispatch(root: DbtPackage): ReadonlyMap<string, readonly string[]> {
  return new Map(toMaps(root.config.dispatch).map((map) => [toText(map.macro_namespace) ?? '', toTexts(map.search_order)]));
}
