import type { RefCall, SourceCall } from '../dbt/environment.ts';
import type { NodeId } from '../text/ids.ts';
import type { Problem } from '../text/problem.ts';
import { isEnabled, resolveConfig, toMeta, toTags } from './config.ts';
import type { NodeContext } from './dbt-nodes.ts';
import type { DbtPackage } from './dbt-package.ts';
import { toPlainRecord } from './dbt-plain.ts';
import { type TestSpec, toModelText, toTestHash, toTestName, toTestSpec } from './generic-test.ts';
import type { ProjectNode, TestNode } from './node.ts';
import { type Entry, entryConfig } from './properties.ts';
import { isMap, toMaps, toText, toTexts, type YamlMap } from './yaml.ts';

/** What a test hangs on, as its name needs it. */
export interface TestTarget {
  readonly id: NodeId | undefined;
  readonly name: string;
  readonly source?: string;
  readonly version?: string;
  readonly enabled: boolean;
  /** A test belongs to the group of what it tests. */
  readonly group?: string;
  /** A test of a source has the tags written beside the source and its table; that of a model has none of the model's. */
  readonly tags?: readonly string[];
  /** Whether columns that do not say otherwise are quoted. */
  readonly quotesColumns?: boolean;
}

/** What a test hangs on where that is a node. */
export function toTestTarget(node: ProjectNode, entry: Entry, version?: string, tags?: readonly string[]): TestTarget {
  const { id, name, enabled, group } = node;
  const quoting = entry.map.quoting ?? node.config.quoting;
  const quotesColumns = node.kind === 'source' ? isMap(quoting) && quoting.column === true : entry.map.quote_columns === true;
  return {
    id,
    name,
    enabled,
    ...(group === undefined ? {} : { group }),
    ...(version === undefined ? {} : { version }),
    ...(node.kind === 'source' ? { source: node.sourceName } : {}),
    ...(tags === undefined ? {} : { tags }),
    ...(quotesColumns ? { quotesColumns } : {}),
  };
}

export interface BuiltTest {
  readonly node: TestNode;
  readonly spec: TestSpec;
  /** The text that stands for the model in the macro's arguments. */
  readonly model: string;
  /** What the macro names by itself, beside its arguments. */
  readonly calls: readonly (RefCall | SourceCall)[];
  readonly macrosCalled: readonly string[];
}

/** The generic tests that an entry hangs on a relation and on its columns, as nodes. */
export function buildGenericTests(
  entry: Entry,
  target: TestTarget,
  columns: unknown,
  context: NodeContext,
  own: DbtPackage,
): { readonly tests: readonly BuiltTest[]; readonly problems: readonly Problem[] } {
  const { root, render } = context;
  const { flags } = root.config;
  const found: { spec: TestSpec; line: number; column?: string; tags: readonly string[] }[] = [];
  const collect = (map: YamlMap, column: string | undefined, tags: readonly string[]): void => {
    for (const written of [map.tests, map.data_tests]) {
      if (!Array.isArray(written)) continue;
      for (const test of written) {
        const spec = toTestSpec(test, column, !(isMap(flags) && flags.require_generic_test_arguments_property === false));
        const line = typeof test === 'object' && test !== null ? entry.lineOf(test) : entry.lineOf(map);
        if (spec) found.push({ spec, line, tags, ...(column === undefined ? {} : { column }) });
      }
    }
  };
  collect(entry.map, undefined, []);
  for (const map of toMaps(columns)) {
    const column = toText(map.name);
    const isQuoted = map.quote === true || (map.quote === undefined && target.quotesColumns === true);
    if (column !== undefined) collect(map, isQuoted ? context.quote(column) : column, toTexts(entryConfig(map).tags));
  }
  const model = toModelText(target);
  const tests = found.map(({ spec, line, column, tags }): BuiltTest => {
    const named =
      target.source === undefined
        ? target.version === undefined
          ? target.name
          : `${target.name}_v${target.version}`
        : `${target.source}_${target.name}`;
    const { full, short } = toTestName(spec, named, target.source !== undefined);
    const folders = folderParts(entry.path, own);
    const fqn = [own.name, ...folders, full];
    const read = context.readTest(full, own.name, entry.path, {
      macro: spec.macro,
      ...(spec.package === undefined ? {} : { package: spec.package }),
      model: { identifier: target.name },
      ...(column === undefined ? {} : { columnName: column }),
      arguments: toPlainRecord(spec.arguments),
    });
    const written = render(spec.config, own.name) as Record<string, unknown>;
    const config = resolveConfig({
      root,
      own,
      section: 'data_tests',
      fqn,
      defaults: { severity: 'ERROR', materialized: 'test', enabled: true },
      patch: written,
      // What the macro configures by itself goes below what is written at the test.
      calls: read === undefined ? [] : [...read.configCalls, written],
      render: context.renderProject,
    });
    const generic: TestNode['generic'] = {
      macro: spec.macro,
      ...(spec.package === undefined ? {} : { package: spec.package }),
      arguments: spec.arguments,
      ...(column === undefined ? {} : { column }),
    };
    const description = spec.description ?? '';
    return {
      spec,
      model,
      calls: [...(read?.refs ?? []), ...(read?.sources ?? [])],
      macrosCalled: read?.macrosCalled ?? [],
      node: {
        id: `test.${own.name}.${full}.${toTestHash(full, spec, model)}` as NodeId,
        kind: 'test',
        name: full,
        package: own.name,
        path: entry.path,
        fqn,
        tags: [...new Set([...toTags(config), ...(target.tags ?? []), ...tags])],
        meta: toMeta(config),
        enabled: isEnabled(config) && target.enabled,
        description: description === '' ? '' : context.describe(description, own.name),
        columns: [],
        ...(target.group === undefined ? {} : { group: target.group }),
        config: { alias: short, ...config },
        patch: { path: entry.path, line },
        ...(generic ? { generic } : {}),
        ...(target.id === undefined ? {} : { attached: target.id }),
      },
    };
  });
  return { tests, problems: [] };
}

const knownFolders = new WeakMap<DbtPackage, readonly string[]>();

function foldersOf(own: DbtPackage): readonly string[] {
  const known = knownFolders.get(own) ?? Object.values(own.paths).flat();
  knownFolders.set(own, known);
  return known;
}

/** The folders between a resource folder of the package and a file. */
export function folderParts(path: string, own: DbtPackage): readonly string[] {
  for (const folder of foldersOf(own))
    if (path.startsWith(`${folder}/`))
      return path
        .slice(folder.length + 1)
        .split('/')
        .slice(0, -1);
  return path.split('/').slice(0, -1);
}
