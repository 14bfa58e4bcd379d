import type { NodeId } from '../text/ids.ts';
import type { Problem } from '../text/problem.ts';
import { isEnabled, resolveConfig, toMeta, toTags } from './config.ts';
import type { DbtPackage } from './dbt-package.ts';
import { type TestSpec, toModelText, toTestHash, toTestName, toTestSpec } from './generic-test.ts';
import type { TestNode } from './node.ts';
import type { Entry } from './properties.ts';
import { toMaps, toText, type YamlMap } from './yaml.ts';

/** What a test hangs on, as its name needs it. */
export interface TestTarget {
  readonly id: NodeId | undefined;
  readonly name: string;
  readonly source?: string;
  readonly version?: string;
  readonly enabled: boolean;
}

export interface BuiltTest {
  readonly node: TestNode;
  readonly spec: TestSpec;
  /** The text that stands for the model in the macro's arguments. */
  readonly model: string;
}

/** The generic tests that an entry hangs on a relation and on its columns, as nodes. */
export function buildGenericTests(
  entry: Entry,
  target: TestTarget,
  columns: unknown,
  root: DbtPackage,
  own: DbtPackage,
  render: (value: unknown, packageName: string) => unknown,
): { readonly tests: readonly BuiltTest[]; readonly problems: readonly Problem[] } {
  const found: { spec: TestSpec; line: number; column?: string }[] = [];
  const collect = (map: YamlMap, column: string | undefined): void => {
    for (const written of [map.tests, map.data_tests]) {
      if (!Array.isArray(written)) continue;
      for (const test of written) {
        const spec = toTestSpec(test, column);
        const line = typeof test === 'object' && test !== null ? entry.lineOf(test) : entry.lineOf(map);
        if (spec) found.push({ spec, line, ...(column === undefined ? {} : { column }) });
      }
    }
  };
  collect(entry.map, undefined);
  for (const map of toMaps(columns)) {
    const column = toText(map.name);
    if (column !== undefined) collect(map, map.quote === true ? `"${column}"` : column);
  }
  const model = toModelText(target);
  const tests = found.map(({ spec, line, column }): BuiltTest => {
    const named =
      target.source === undefined
        ? target.version === undefined
          ? target.name
          : `${target.name}_v${target.version}`
        : `${target.source}_${target.name}`;
    const { full, short } = toTestName(spec, named, target.source !== undefined);
    const folders = folderParts(entry.path, own);
    const fqn = [own.name, ...folders, full];
    const config = resolveConfig({
      root,
      own,
      section: 'data_tests',
      fqn,
      defaults: { severity: 'ERROR', materialized: 'test', enabled: true },
      patch: render(spec.config, own.name) as Record<string, unknown>,
      calls: [],
      render,
    });
    const generic: TestNode['generic'] = {
      macro: spec.macro,
      ...(spec.package === undefined ? {} : { package: spec.package }),
      arguments: spec.arguments,
      ...(column === undefined ? {} : { column }),
    };
    return {
      spec,
      model,
      node: {
        id: `test.${own.name}.${full}.${toTestHash(full, spec, model)}` as NodeId,
        kind: 'test',
        name: full,
        package: own.name,
        path: entry.path,
        fqn,
        tags: toTags(config),
        meta: toMeta(config),
        enabled: isEnabled(config) && target.enabled,
        description: spec.description ?? '',
        columns: [],
        config: { alias: short, ...config },
        patch: { path: entry.path, line },
        ...(generic ? { generic } : {}),
        ...(target.id === undefined ? {} : { attached: target.id }),
      },
    };
  });
  return { tests, problems: [] };
}

/** The folders between a resource folder of the package and a file. */
export function folderParts(path: string, own: DbtPackage): readonly string[] {
  for (const folder of Object.values(own.paths).flat())
    if (path.startsWith(`${folder}/`))
      return path
        .slice(folder.length + 1)
        .split('/')
        .slice(0, -1);
  return path.split('/').slice(0, -1);
}
