import { hasStandIn } from '../dbt/stand-ins/all-stand-ins.ts';
import { leadsOutside } from '../text/paths.ts';
import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import type { Sources } from './sources.ts';
import { isMap, parseYaml, toMaps, toText, toTexts, type YamlMap } from './yaml.ts';

/** One package as its dbt_project.yml declares it; the root project is one like any other. */
export interface DbtPackage {
  readonly name: string;
  /** The folder it lies in: `''` for the root project. */
  readonly root: string;
  readonly config: YamlMap;
  readonly paths: Readonly<Record<PathKind, readonly string[]>>;
}

export type PathKind = 'model' | 'seed' | 'snapshot' | 'test' | 'analysis' | 'macro' | 'docs';

export interface DbtPackages {
  readonly root: DbtPackage;
  /** The root first, then the others by name. */
  readonly all: readonly DbtPackage[];
  /** The names under which packages are declared that are not installed. */
  readonly missing: ReadonlySet<string>;
  readonly problems: readonly Problem[];
}

const pathDefaults: Readonly<Record<PathKind, { readonly keys: readonly string[]; readonly fallback: readonly string[] }>> = {
  model: { keys: ['model-paths', 'source-paths'], fallback: ['models'] },
  seed: { keys: ['seed-paths', 'data-paths'], fallback: ['seeds'] },
  snapshot: { keys: ['snapshot-paths'], fallback: ['snapshots'] },
  test: { keys: ['test-paths'], fallback: ['tests'] },
  analysis: { keys: ['analysis-paths'], fallback: ['analyses'] },
  macro: { keys: ['macro-paths'], fallback: ['macros'] },
  docs: { keys: ['docs-paths'], fallback: [] },
};

/** Finds the root project and every installed package; undefined where no dbt_project.yml lies at the root. */
export function findPackages(sources: Sources): DbtPackages | undefined {
  const file = sources.find('dbt_project.yml') ?? sources.find('dbt_project.yaml');
  if (!file) return undefined;
  const problems: Problem[] = [];
  const yaml = parseYaml(file);
  problems.push(...yaml.problems);
  if (!isMap(yaml.value) && yaml.problems.length === 0)
    problems.push(toProblem('project-unreadable', 'dbt_project.yml is empty: it needs at least `name: my_project`.', file.path));
  const root = toPackage('', isMap(yaml.value) ? yaml.value : {});
  if (isMap(yaml.value) && toText(yaml.value.name) === undefined)
    problems.push(toProblem('project-config', "dbt_project.yml has no `name`: every node's id begins with it.", file.path));
  const others = new Map<string, DbtPackage>();
  const installed = toText(root.config['packages-install-path']) ?? toText(root.config['modules-path']) ?? 'dbt_packages';
  for (const path of sources.paths) {
    const match = /^(.*)\/dbt_project\.ya?ml$/.exec(path);
    const folder = match?.[1];
    if (folder === undefined || !isPackageFolder(folder, installed, root, sources)) continue;
    const found = sources.find(path);
    if (!found) continue;
    const read = parseYaml(found);
    problems.push(...read.problems);
    const one = toPackage(folder, isMap(read.value) ? read.value : {});
    if (one.name !== root.name && !others.has(one.name)) others.set(one.name, one);
  }
  const missing = findMissing(sources, root, [...others.values()]);
  problems.push(...missing.problems);
  return { root, all: [root, ...[...others.values()].sort((a, b) => (a.name < b.name ? -1 : 1))], missing: missing.names, problems };
}

function isPackageFolder(folder: string, installed: string, root: DbtPackage, sources: Sources): boolean {
  const rest = folder.startsWith(`${installed}/`) ? folder.slice(installed.length + 1) : undefined;
  if (rest !== undefined && !rest.includes('/')) return true;
  return localPackages(sources).some((local) => normalize(local) === folder) && root.root === '';
}

function localPackages(sources: Sources): readonly string[] {
  return declaredPackages(sources, '').flatMap((declared) => toText(declared.map.local) ?? []);
}

/** What a package's own files ask for; `dbt deps` installs that of every package, the root's and the others', side by side. */
function declaredPackages(
  sources: Sources,
  root: string,
): readonly { readonly map: YamlMap; readonly path: string; readonly line: number }[] {
  return ['packages.yml', 'dependencies.yml'].flatMap((name) => {
    const path = root === '' ? name : `${root}/${name}`;
    const file = sources.find(path);
    if (!file) return [];
    const yaml = parseYaml(file);
    return toMaps(isMap(yaml.value) ? yaml.value.packages : undefined).map((map) => ({ map, path, line: yaml.lineOf(map) }));
  });
}

function normalize(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

/** The packages that are declared and not there, by name, each with one problem that says the way out. */
function findMissing(sources: Sources, root: DbtPackage, others: readonly DbtPackage[]) {
  const problems: Problem[] = [];
  const names = new Set<string>();
  const declared = [root, ...others].flatMap((one) =>
    declaredPackages(sources, one.root).flatMap((entry) => {
      const written = ['package', 'git', 'local', 'tarball', 'name']
        .map((key) => toText(entry.map[key]))
        .find((text) => text !== undefined);
      // What a package calls local lies beside it where it was developed, not here.
      const isLocal = toText(entry.map.local) !== undefined;
      return written === undefined || (isLocal && one !== root)
        ? []
        : [{ ...entry, written, short: toShortName(written), isOutside: isLocal && leadsOutside(written) }];
    }),
  );
  for (const { written, short, isOutside, path, line } of declared) {
    if (short === root.name || others.some((other) => isCalled(other, short))) continue;
    // A local package has its name from its own dbt_project.yml: one that nothing else declares is it.
    if (isOutside && others.some((other) => !declared.some((one) => isCalled(other, one.short)))) continue;
    const name = short.replaceAll('-', '_');
    if (names.has(name)) continue;
    // A repository is often called after its package with `dbt_` in front.
    names.add(name).add(name.replace(/^dbt_/, ''));
    const wayOut = isOutside
      ? `It lies outside this folder and is not read unasked: open '${written.replace(/\/+$/, '')}' or its parent, run \`dbt deps\`, or pass --allow-outside on the command line.`
      : hasStandIn(name)
        ? 'Until `dbt deps` installs it, versions of its macros and tests that come with Headwater stand in for them.'
        : 'Run `dbt deps` once; until then its models and macros are unknown here, and everything else works.';
    const at = { line, column: 1 };
    const severity = !isOutside && hasStandIn(name) ? 'info' : undefined;
    problems.push(
      toProblem('package-missing', `The package '${short}' is not installed. ${wayOut}`, { path, start: at, end: at }, severity),
    );
  }
  return { problems, names };
}

function toShortName(written: string): string {
  const parts = written.replace(/\.git$/, '').split('/');
  return parts.filter((part) => part !== '').at(-1) ?? written;
}

/** Whether a package goes by a short name: its own, or its folder's, `dbt_` in front or not. */
function isCalled(one: DbtPackage, short: string): boolean {
  const plain = (text: string) =>
    text
      .toLowerCase()
      .replace(/^dbt[-_]/, '')
      .replace(/[-_]/g, '');
  return plain(one.name) === plain(short) || plain(one.root.split('/').at(-1) ?? '') === plain(short);
}

function toPackage(root: string, config: YamlMap): DbtPackage {
  const prefix = root === '' ? '' : `${root}/`;
  const paths = {} as Record<PathKind, readonly string[]>;
  for (const kind of Object.keys(pathDefaults) as PathKind[]) {
    const { keys, fallback } = pathDefaults[kind];
    const written = keys.map((key) => config[key]).find((value) => value !== undefined);
    const folders = written === undefined ? fallback : toTexts(written);
    paths[kind] = folders.map((folder) => normalize(prefix + folder));
  }
  return { name: toText(config.name) ?? (root.split('/').at(-1) || 'project'), root, config, paths };
}
