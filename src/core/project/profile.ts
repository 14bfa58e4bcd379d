import { traitsOf } from '../dbt/adapters.ts';
import type { Dialect } from '../sql/dialect.ts';
import { dialects } from '../sql/dialect.ts';
import type { Sources } from './sources.ts';
import { isMap, parseYaml, toText, type YamlMap } from './yaml.ts';

/** The part of a profile that is no secret. */
export interface ProfileTarget {
  readonly name: string;
  readonly profileName: string;
  readonly type: string;
  readonly schema: string;
  readonly database: string;
  readonly threads: number;
  /** Where the type was learnt, in one sentence. */
  readonly because: string;
  /** Whether it was made up, because no profile is there to tell. */
  readonly isGuessed?: boolean;
}

const dialectOfAdapter: Readonly<Record<string, Dialect>> = {
  sqlserver: 'tsql',
  fabric: 'tsql',
  synapse: 'tsql',
  postgresql: 'postgres',
  materialize: 'postgres',
  alloydb: 'postgres',
  presto: 'trino',
  starburst: 'trino',
  motherduck: 'duckdb',
  fabricspark: 'spark',
  glue: 'spark',
  mariadb: 'mysql',
};

/** The dialect that an adapter's warehouse speaks; `generic` for one we do not know. */
export function toDialect(adapter: string): Dialect {
  const name = adapter.toLowerCase();
  return dialects.find((dialect) => dialect === name) ?? dialectOfAdapter[name] ?? 'generic';
}

/** Reads the target from a profiles.yml inside the project; only type, names, schema and database are looked at. */
export function findTarget(
  sources: Sources,
  profileName: string,
  wanted: string | undefined,
  render: (text: string) => string,
): ProfileTarget | undefined {
  const path = [
    'profiles.yml',
    ...sources.paths.filter((path) => /(^|\/)profiles\.ya?ml$/.test(path) && !path.includes('dbt_packages/')),
  ].find((path) => sources.find(path));
  const file = path === undefined ? undefined : sources.find(path);
  if (!file) return undefined;
  const yaml = parseYaml(file);
  if (!isMap(yaml.value)) return undefined;
  const names = Object.keys(yaml.value).filter((name) => name !== 'config');
  const chosen = isMap(yaml.value[profileName]) ? profileName : names.length === 1 ? names[0] : undefined;
  const profile = chosen === undefined ? undefined : yaml.value[chosen];
  if (chosen === undefined || !isMap(profile) || !isMap(profile.outputs)) return undefined;
  const outputs = profile.outputs;
  const text = (map: YamlMap, ...keys: readonly string[]): string | undefined => {
    const value = keys.map((key) => toText(map[key])).find((one) => one !== undefined);
    const rendered = value === undefined ? undefined : render(value);
    // An environment variable that is not shown to Headwater leaves its template as it is, which names nothing.
    return rendered?.includes('{{') ? undefined : rendered;
  };
  const name = wanted || text(profile, 'target') || 'default';
  const output = isMap(outputs[name]) ? outputs[name] : Object.values(outputs).find(isMap);
  if (!isMap(output)) return undefined;
  const outputName = isMap(outputs[name]) ? name : (Object.keys(outputs).find((key) => isMap(outputs[key])) ?? name);
  const type = text(output, 'type') ?? '';
  if (type === '') return undefined;
  return {
    name: outputName,
    profileName: chosen,
    type,
    schema: text(output, 'schema', 'dataset') ?? (type === 'duckdb' || type === 'sqlite' ? 'main' : 'public'),
    database: text(output, 'database', 'dbname', 'project', 'catalog') ?? toDatabase(type, text(output, 'path')),
    threads: Number(text(output, 'threads') ?? 1) || 1,
    because: `It is the adapter of the target '${outputName}' in ${file.path}.`,
  };
}

/** What stands for a database that nobody names: dbt always has one where the adapter's relations do, and prints it. */
export function toDatabase(type: string, path?: string): string {
  if (type === 'duckdb')
    return path === undefined || path === ':memory:' ? 'memory' : (path.split('/').at(-1) ?? '').replace(/\.[^.]*$/, '');
  return traitsOf(type).include.database || type === 'sqlite' ? 'database' : '';
}
