import type { DbtPackage } from './dbt-package.ts';
import { isMap, toTexts, type YamlMap } from './yaml.ts';

export type ConfigSection =
  | 'models'
  | 'seeds'
  | 'snapshots'
  | 'sources'
  | 'data_tests'
  | 'unit_tests'
  | 'analyses'
  | 'exposures'
  | 'metrics'
  | 'semantic-models'
  | 'saved-queries';

export type Config = Readonly<Record<string, unknown>>;

const merged = new Set(['meta', 'column_types', 'quoting', 'persist_docs', 'docs', 'grants', 'contract']);
const appended = new Set(['tags', 'pre-hook', 'post-hook', 'packages']);
const renamed: Readonly<Record<string, string>> = {
  pre_hook: 'pre-hook',
  post_hook: 'post-hook',
  dataset: 'schema',
  project: 'database',
  catalog: 'database',
};

/** One configuration put over another, as dbt does: tags and hooks add up, `meta` and its like merge, everything else is replaced. */
export function mergeConfig(under: Config, over: Config): Config {
  const result: Record<string, unknown> = { ...under };
  for (const [written, value] of Object.entries(over)) {
    const key = renamed[written] ?? written;
    const before = result[key];
    if (appended.has(key)) result[key] = dedupe([...toList(before), ...toList(value)]);
    else if (merged.has(key) && isMap(before) && isMap(value)) result[key] = { ...before, ...value };
    else result[key] = value;
  }
  return result;
}

function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
}

function dedupe(items: readonly unknown[]): readonly unknown[] {
  return items.every((item) => typeof item === 'string') ? [...new Set(items)] : items;
}

/** The mappings of a dbt_project.yml that speak of a node, the outermost first; nodes with the same `path` have the same. */
function levelsOf(
  project: DbtPackage,
  section: ConfigSection,
  fqn: readonly string[],
): { readonly levels: readonly YamlMap[]; readonly path: string } {
  const aliases = section === 'data_tests' ? ['tests', 'data_tests'] : [section, section.replace('-', '_')];
  const levels: YamlMap[] = [];
  let path = '';
  for (const alias of new Set(aliases)) {
    let level: unknown = project.config[alias];
    for (let depth = 0; isMap(level); depth++) {
      levels.push(level);
      path += depth === 0 ? `\n${alias}:` : `\n${fqn[depth - 1]}`;
      const next = fqn[depth];
      if (next === undefined) break;
      level = level[next];
    }
  }
  return { levels, path };
}

/** What each place of a dbt_project.yml comes to, by how it is rendered: all nodes of a folder share it. */
const rendered = new WeakMap<Render, Map<string, Config>>();

/** What a dbt_project.yml says of a node. */
function projectConfig(project: DbtPackage, section: ConfigSection, fqn: readonly string[], render: Render): Config {
  const known = rendered.get(render) ?? new Map<string, Config>();
  rendered.set(render, known);
  const { levels, path } = levelsOf(project, section, fqn);
  const key = project.root + path;
  let config = known.get(key);
  if (config === undefined) {
    config = render(
      levels.reduce((under: Config, level) => mergeConfig(under, ownKeys(level)), {}),
      project.name,
    ) as Config;
    known.set(key, config);
  }
  return config;
}

/** Renders the templates in what a dbt_project.yml says. */
type Render = (value: unknown, packageName: string) => unknown;

function ownKeys(level: YamlMap): Config {
  const own: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(level)) {
    if (key.startsWith('+')) own[key.slice(1).trim()] = value;
    else if (!isMap(value)) own[key] = value;
  }
  return own;
}

/** A node's configuration from everywhere it may be set, in dbt's order; for a package's node the root project has the last word. */
export function resolveConfig(input: {
  readonly root: DbtPackage;
  readonly own: DbtPackage;
  readonly section: ConfigSection;
  readonly fqn: readonly string[];
  readonly defaults: Config;
  readonly patch: Config;
  readonly calls: readonly Config[];
  readonly render: Render;
}): Config {
  const ofProject = (one: DbtPackage) => projectConfig(one, input.section, input.fqn, input.render);
  let config = mergeConfig(input.defaults, ofProject(input.own));
  config = mergeConfig(config, input.patch);
  for (const call of input.calls) config = mergeConfig(config, call);
  if (input.own !== input.root) config = mergeConfig(config, ofProject(input.root));
  return config;
}

export function toTags(config: Config): readonly string[] {
  return [...new Set(toTexts(config.tags))];
}

export function toMeta(config: Config): Readonly<Record<string, unknown>> {
  return isMap(config.meta) ? config.meta : {};
}

/** Only an explicit false (or a rendered 'false') disables. */
export function isEnabled(config: Config): boolean {
  return !(config.enabled === false || (typeof config.enabled === 'string' && config.enabled.trim().toLowerCase() === 'false'));
}
