import { md5 } from '../text/md5.ts';
import type { Config } from './config.ts';
import { isMap, toText } from './yaml.ts';

/** A generic test as it is written below a column or a model, taken apart. */
export interface TestSpec {
  /** `not_null`, or `accepted_range` of `dbt_utils.accepted_range`. */
  readonly macro: string;
  readonly package?: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly config: Config;
  /** The name that the user gave it. */
  readonly name?: string;
  readonly description?: string;
}

const configKeys = [
  'severity',
  'tags',
  'enabled',
  'where',
  'limit',
  'warn_if',
  'error_if',
  'fail_calc',
  'store_failures',
  'store_failures_as',
  'meta',
  'database',
  'schema',
  'alias',
  'group',
];

/** Reads a test in either spelling; undefined for what is no test. Projects may say that `arguments` is an argument like any other. */
export function toTestSpec(value: unknown, column: string | undefined, isFlat = true): TestSpec | undefined {
  if (typeof value === 'string') return build(value, {}, column);
  if (!isMap(value)) return undefined;
  const keys = Object.keys(value);
  if (typeof value.test_name === 'string')
    return build(value.test_name, flatten(Object.fromEntries(Object.entries(value).filter(([key]) => key !== 'test_name'))), column);
  const first = keys[0];
  if (first === undefined) return undefined;
  const inner = isMap(value[first]) ? value[first] : {};
  const beside = keys.length > 1 ? Object.fromEntries(Object.entries(value).filter(([key]) => key !== first)) : {};
  return build(first, flatten({ ...inner, ...beside }), column);

  function flatten(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    const { arguments: inside, ...rest } = body;
    if (column === undefined) return isFlat && isMap(inside) ? { ...rest, ...inside } : body;
    // The column that a test stands below goes before one that it names, unless that is among its arguments.
    return isFlat && isMap(inside) ? { ...rest, column_name: column, ...inside } : { ...body, column_name: column };
  }
}

function build(written: string, body: Readonly<Record<string, unknown>>, column: string | undefined): TestSpec {
  const dot = written.lastIndexOf('.');
  const args: Record<string, unknown> = {};
  const config: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(body)) {
    if (key === 'config' && isMap(value)) Object.assign(config, value);
    else if (configKeys.includes(key)) config[key] = value;
    else if (key !== 'name' && key !== 'description') args[key] = value;
  }
  if (column !== undefined && args.column_name === undefined) args.column_name = column;
  const name = toText(body.name);
  const description = toText(body.description);
  return {
    macro: dot === -1 ? written : written.slice(dot + 1),
    ...(dot === -1 ? {} : { package: written.slice(0, dot) }),
    arguments: args,
    config,
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
  };
}

/** The full name that dbt gives a test, and the short one that its file and its alias have. */
export function toTestName(spec: TestSpec, target: string, isSource: boolean): { readonly full: string; readonly short: string } {
  if (spec.name !== undefined) return { full: spec.name, short: spec.name };
  const type = `${spec.package === undefined ? '' : `${spec.package}_`}${isSource ? 'source_' : ''}${spec.macro}`;
  const flat: string[] = [];
  for (const key of Object.keys(spec.arguments).sort()) {
    const value = spec.arguments[key];
    const parts = isMap(value) ? Object.values(value) : Array.isArray(value) ? value : [value];
    flat.push(...parts.map((part) => toPythonText(part).replace(/[^0-9a-zA-Z_]+/g, '_')));
  }
  const identifier = `${type}_${target}`;
  const full = `${identifier}_${flat.join('__')}`;
  return { full, short: full.length >= 64 ? `${identifier.slice(0, 30)}_${md5(full)}` : full };
}

/** The ten characters that end a generic test's id: a digest of its name and of what it is called with. */
export function toTestHash(fullName: string, spec: TestSpec, model: string): string {
  const metadata = { namespace: spec.package ?? null, name: spec.macro, kwargs: { ...spec.arguments, model } };
  return md5(fullName + toPythonText(hashable(metadata))).slice(-10);
}

/** The text that stands for the tested relation in a test's arguments. */
export function toModelText(target: { readonly source?: string; readonly name: string; readonly version?: string }): string {
  const call =
    target.source !== undefined
      ? `source('${target.source}', '${target.name}')`
      : target.version !== undefined
        ? `ref('${target.name}', version='${target.version}')`
        : `ref('${target.name}')`;
  return `{{ get_where_subquery(${call}) }}`;
}

function hashable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hashable);
  if (isMap(value))
    return Object.fromEntries(
      Object.keys(value)
        .sort()
        .map((key) => [key, hashable(value[key])]),
    );
  return toPythonText(value);
}

/** What Python's `str` gives for a value read from YAML. */
export function toPythonText(value: unknown): string {
  return typeof value === 'string' ? value : toPythonSource(value);
}

function toPythonSource(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (value instanceof Date) return value.toISOString().slice(0, value.toISOString().endsWith('T00:00:00.000Z') ? 10 : 19);
  if (Array.isArray(value)) return `[${value.map(toPythonSource).join(', ')}]`;
  if (isMap(value))
    return `{${Object.entries(value)
      .map(([key, item]) => `${toPythonSource(key)}: ${toPythonSource(item)}`)
      .join(', ')}}`;
  if (typeof value === 'string') {
    const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
    const escaped = value
      .replaceAll('\\', '\\\\')
      .replaceAll('\n', '\\n')
      .replaceAll('\r', '\\r')
      .replaceAll('\t', '\\t')
      .replaceAll(quote, `\\${quote}`);
    return quote + escaped + quote;
  }
  return String(value);
}
