import { withNearest } from '../text/nearest.ts';
import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import type { Location } from '../text/span.ts';
import type { Config } from './config.ts';
import type { DbtPackage } from './dbt-package.ts';
import type { DeclaredColumn, DeclaredConstraint, Provenance } from './node.ts';
import type { Sources } from './sources.ts';
import { isMap, parseYaml, toMaps, toText, toTexts, type YamlFile, type YamlMap } from './yaml.ts';

/** One entry of a properties file with the place it stands at. */
export interface Entry {
  readonly map: YamlMap;
  readonly package: string;
  readonly path: string;
  readonly line: number;
  lineOf(map: unknown): number;
}

export type EntryKind = (typeof entryKinds)[number];

const entryKinds = [
  'models',
  'seeds',
  'snapshots',
  'analyses',
  'sources',
  'macros',
  'exposures',
  'metrics',
  'semantic_models',
  'saved_queries',
  'groups',
  'unit_tests',
  'data_tests',
] as const;

const otherKeys = ['version', 'anchors', 'tests', 'selectors', 'vars', 'functions', 'catalogs', 'semantic-models', 'definitions'];

/** Everything that the properties files of a project say, by kind of entry. */
export interface Properties {
  readonly entries: Readonly<Record<EntryKind, readonly Entry[]>>;
  readonly problems: readonly Problem[];
}

const known = new WeakMap<YamlFile, Properties & { readonly package: string }>();

/** Reads one properties file; a file without known keys gives no entries. The same file gives the same entries. */
export function readProperties(yaml: YamlFile, packageName: string): Properties {
  const before = known.get(yaml);
  if (before?.package === packageName) return before;
  const read = { ...findEntries(yaml, packageName), package: packageName };
  known.set(yaml, read);
  return read;
}

function findEntries(yaml: YamlFile, packageName: string): Properties {
  const entries = Object.fromEntries(entryKinds.map((kind) => [kind, [] as Entry[]])) as Record<EntryKind, Entry[]>;
  const problems: Problem[] = [...yaml.problems];
  if (!isMap(yaml.value) && yaml.value !== undefined && yaml.value !== null && yaml.problems.length === 0)
    problems.push(toProblem('properties-shape', 'A properties file is a mapping with keys such as `models:`; this one is not.', yaml.path));
  if (isMap(yaml.value))
    for (const [key, value] of Object.entries(yaml.value)) {
      const kind = entryKinds.find((one) => one === key);
      if (kind === undefined) {
        if (!otherKeys.includes(key) && !key.startsWith('.') && !key.startsWith('x-')) {
          problems.push(toUnknownKey(yaml, key));
        }
        continue;
      }
      if (value !== null && !Array.isArray(value))
        problems.push(toProblem('properties-shape', `'${key}' must hold a list.`, placeOfKey(yaml, key)));
      for (const map of toMaps(value))
        entries[kind].push({ map, package: packageName, path: yaml.path, line: yaml.lineOf(map), lineOf: yaml.lineOf });
    }
  return { entries, problems };
}

function placeOfKey(yaml: YamlFile, key: string): Location | string {
  const at = yaml.text.split('\n').findIndex((row) => row.startsWith(`${key}:`));
  return at < 0 ? yaml.path : { path: yaml.path, start: { line: at + 1, column: 1 }, end: { line: at + 1, column: key.length + 1 } };
}

/** dbt ignores such a key; where it holds anchors that the rest of the file uses, that is what it is for. */
function toUnknownKey(yaml: YamlFile, key: string): Problem {
  const rows = yaml.text.split('\n');
  const at = rows.findIndex((row) => row.startsWith(`${key}:`) || row.startsWith(`"${key}":`) || row.startsWith(`'${key}':`));
  const end = rows.findIndex((row, index) => index > at && /^\S/.test(row) && !row.startsWith('#'));
  const start = { line: at + 1, column: 1 };
  const where = at < 0 ? yaml.path : { path: yaml.path, start, end: { line: at + 1, column: key.length + 1 } };
  if (rows.slice(at, end < 0 ? undefined : end).some((row) => /:\s+&\w|-\s+&\w/.test(row)))
    return toProblem('yaml-unknown-key', `'${key}' only holds anchors: dbt needs them under 'anchors'.`, where, 'hint');
  return toProblem(
    'yaml-unknown-key',
    withNearest(`'${key}' is not a key of a properties file, so everything below it is ignored.`, key, entryKinds),
    where,
  );
}

/** The paths of the properties files of a package: YAML files anywhere under its resource folders. */
export function propertiesPaths(sources: Sources, one: DbtPackage): readonly string[] {
  const folders = new Set(Object.values(one.paths).flat());
  const found = new Set([...folders].flatMap((folder) => sources.below(folder, '.yml', '.yaml')));
  return [...found].filter((path) => !/(^|\/)(dbt_project|packages|dependencies|profiles|selectors)\.ya?ml$/.test(path)).sort();
}

export { parseYaml };

/** What an entry sets as configuration: its `config`, and the keys that dbt also takes beside it. */
export function entryConfig(map: YamlMap): Config {
  const config: Record<string, unknown> = {};
  for (const key of ['tags', 'meta', 'docs', 'group', 'access', 'enabled'] as const) if (map[key] !== undefined) config[key] = map[key];
  const own = isMap(map.config) ? map.config : {};
  const meta = { ...(isMap(config.meta) ? config.meta : {}), ...(isMap(own.meta) ? own.meta : {}) };
  const tags = [...toTexts(config.tags), ...toTexts(own.tags)];
  return {
    ...config,
    ...own,
    ...(Object.keys(meta).length > 0 ? { meta } : {}),
    ...(tags.length > 0 ? { tags } : {}),
  };
}

/** The columns that an entry declares; `describe` resolves docs blocks in their descriptions, `render` the Jinja in their types. */
export function entryColumns(
  entry: Entry,
  columns: unknown,
  describe: (text: string) => string,
  render: (value: unknown) => string | undefined,
): readonly DeclaredColumn[] {
  return toMaps(columns).flatMap((map): DeclaredColumn[] => {
    const name = toText(map.name);
    if (name === undefined) return [];
    const from: Provenance = { path: entry.path, line: entry.lineOf(map), kind: 'properties' };
    const config = entryConfig(map);
    const type = render(map.data_type);
    const description = toText(map.description);
    return [
      {
        name,
        ...(type === undefined ? {} : { type }),
        ...(description === undefined || description === '' ? {} : { description: describe(description), descriptionFrom: from }),
        ...(typeof map.quote === 'boolean' ? { quoted: map.quote } : {}),
        tags: toTexts(config.tags),
        meta: isMap(config.meta) ? config.meta : {},
        constraints: toConstraints(map.constraints, from, [name]),
        from,
      },
    ];
  });
}

const constraintKinds = ['not_null', 'unique', 'primary_key', 'foreign_key', 'check', 'custom'] as const;

/** Constraints as contracts declare them; on a column they are about that column. */
export function toConstraints(value: unknown, from: Provenance, column: readonly string[] = []): readonly DeclaredConstraint[] {
  return toMaps(value).flatMap((map): DeclaredConstraint[] => {
    const kind = constraintKinds.find((one) => one === map.type);
    if (kind === undefined) return [];
    const columns = toTexts(map.columns);
    const expression = toText(map.expression);
    const to = toText(map.to) ?? /^\s*(?:references\s+)?([\w."`]+)\s*\(/i.exec(kind === 'foreign_key' ? (expression ?? '') : '')?.[1];
    const inside = /\(([^)]*)\)/.exec(kind === 'foreign_key' ? (expression ?? '') : '')?.[1];
    const toColumns = map.to_columns !== undefined ? toTexts(map.to_columns) : inside?.split(',').map((name) => name.trim());
    return [
      {
        kind,
        columns: columns.length > 0 ? columns : column,
        ...(expression === undefined ? {} : { expression }),
        ...(to === undefined ? {} : { to }),
        ...(toColumns === undefined ? {} : { toColumns }),
        from,
      },
    ];
  });
}
