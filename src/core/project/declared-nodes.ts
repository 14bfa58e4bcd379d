import type { NodeId } from '../text/ids.ts';
import { type Config, type ConfigSection, isEnabled, resolveConfig, toMeta, toTags } from './config.ts';
import type { NodeContext } from './dbt-nodes.ts';
import type { DbtPackage } from './dbt-package.ts';
import { folderParts } from './dbt-tests.ts';
import type { ExposureNode, MetricNode, NodeBase, SemanticModelNode, UnitTestNode, UnitTestRows } from './node.ts';
import { type Entry, entryConfig } from './properties.ts';
import { isMap, toMaps, toText, type YamlMap } from './yaml.ts';

type DeclaredKind = 'exposure' | 'metric' | 'semantic_model' | 'saved_query' | 'unit_test';

const sections: Readonly<Record<DeclaredKind, ConfigSection>> = {
  exposure: 'exposures',
  metric: 'metrics',
  semantic_model: 'semantic-models',
  saved_query: 'saved-queries',
  unit_test: 'unit_tests',
};

/** A node that lives in a properties file only, and the names it depends on. */
export interface Declared<T> {
  readonly node: T;
  /** `ref(…)`, `source(…)` and `metric(…)` calls as written. */
  readonly dependsOn: readonly string[];
  readonly metrics: readonly string[];
}

function toDeclared(
  context: NodeContext,
  own: DbtPackage,
  kind: DeclaredKind,
  entry: Entry,
  idParts?: readonly string[],
): NodeBase | undefined {
  const name = toText(entry.map.name);
  if (name === undefined) return undefined;
  const fqn = [own.name, ...folderParts(entry.path, own), ...(idParts ?? [name])];
  const patch = context.render(entryConfig(entry.map), own.name) as Config;
  const config = resolveConfig({
    root: context.root,
    own,
    section: sections[kind],
    fqn,
    defaults: { enabled: true },
    patch,
    calls: [],
    render: context.renderProject,
  });
  const description = toText(entry.map.description) ?? '';
  const group = toText(config.group);
  return {
    id: [kind, own.name, ...(idParts ?? [name])].join('.') as NodeId,
    kind,
    name,
    package: own.name,
    path: entry.path,
    fqn,
    tags: toTags(config),
    meta: toMeta(config),
    enabled: isEnabled(config),
    description: description === '' ? '' : context.describe(description, own.name),
    columns: [],
    ...(group === undefined ? {} : { group }),
    config,
    patch: { path: entry.path, line: entry.line },
  };
}

export function toExposure(context: NodeContext, own: DbtPackage, entry: Entry): Declared<ExposureNode> | undefined {
  const base = toDeclared(context, own, 'exposure', entry);
  if (!base) return undefined;
  const owner = isMap(entry.map.owner) ? entry.map.owner : {};
  const [url, maturity, ownerName, email] = [entry.map.url, entry.map.maturity, owner.name, owner.email].map(toText);
  return {
    node: {
      ...base,
      kind: 'exposure',
      type: toText(entry.map.type) ?? 'dashboard',
      label: toText(entry.map.label) ?? base.name,
      ...(url === undefined ? {} : { url }),
      ...(maturity === undefined ? {} : { maturity }),
      owner: { ...(ownerName === undefined ? {} : { name: ownerName }), ...(email === undefined ? {} : { email }) },
    },
    dependsOn: Array.isArray(entry.map.depends_on) ? entry.map.depends_on.flatMap((item) => toText(item) ?? []) : [],
    metrics: [],
  };
}

/** A metric; it depends on the semantic model that holds its measure, or on the metrics it is made of. */
export function toMetric(
  context: NodeContext,
  own: DbtPackage,
  entry: Entry,
): (Declared<MetricNode> & { readonly measures: readonly string[] }) | undefined {
  const base = toDeclared(context, own, 'metric', entry);
  if (!base) return undefined;
  const params = isMap(entry.map.type_params) ? entry.map.type_params : {};
  const nameOf = (value: unknown): string | undefined => (isMap(value) ? toText(value.name) : toText(value));
  const conversion = isMap(params.conversion_type_params) ? params.conversion_type_params : {};
  const cumulative = isMap(params.cumulative_type_params) ? params.cumulative_type_params : {};
  const measures = [params.measure, conversion.base_measure, conversion.conversion_measure].flatMap((value) => nameOf(value) ?? []);
  const metrics = [
    params.numerator,
    params.denominator,
    params.metric,
    cumulative.metric,
    ...(Array.isArray(params.metrics) ? params.metrics : []),
    ...(Array.isArray(params.input_metrics) ? params.input_metrics : []),
    ...(Array.isArray(entry.map.metrics) ? entry.map.metrics : []),
  ].flatMap((value) => nameOf(value) ?? []);
  // Metrics of dbt 1.5 and before name a model, or an expression over other metrics.
  const model = toText(entry.map.model);
  const expression = JSON.stringify(entry.map.expression ?? '');
  const older = [...expression.matchAll(/metric\(\s*\\?['"]([^'"\\]+)/g)].map((match) => match[1] as string);
  return {
    node: {
      ...base,
      kind: 'metric',
      label: toText(entry.map.label) ?? base.name,
      type: toText(entry.map.type) ?? '',
      definition: entry.map,
    },
    dependsOn: model === undefined ? [] : [model],
    metrics: [...metrics, ...older],
    measures,
  };
}

export function toSemanticModel(
  context: NodeContext,
  own: DbtPackage,
  entry: Entry,
): (Declared<SemanticModelNode> & { readonly measures: readonly string[] }) | undefined {
  const base = toDeclared(context, own, 'semantic_model', entry);
  if (!base) return undefined;
  const model = toText(entry.map.model);
  return {
    node: { ...base, kind: 'semantic_model', definition: entry.map },
    dependsOn: model === undefined ? [] : [model],
    metrics: [],
    measures: toMaps(entry.map.measures).flatMap((measure) => toText(measure.name) ?? []),
  };
}

/** The metrics that a semantic model makes of its measures, where they say `create_metric`. */
export function toMeasureMetrics(
  context: NodeContext,
  own: DbtPackage,
  entry: Entry,
): readonly (Declared<MetricNode> & { readonly measures: readonly string[] })[] {
  return toMaps(entry.map.measures).flatMap((measure) => {
    const name = toText(measure.name);
    if (measure.create_metric !== true || name === undefined) return [];
    const map: YamlMap = {
      name,
      label: measure.label ?? name,
      description: measure.description ?? `Metric created from measure ${name}`,
      type: 'simple',
      type_params: { measure: name },
      ...(isMap(entry.map.config) && entry.map.config.enabled !== undefined ? { config: { enabled: entry.map.config.enabled } } : {}),
    };
    return toMetric(context, own, { ...entry, map, line: entry.lineOf(measure) }) ?? [];
  });
}

export function toSavedQuery(context: NodeContext, own: DbtPackage, entry: Entry): Declared<SemanticModelNode> | undefined {
  const base = toDeclared(context, own, 'saved_query', entry);
  if (!base) return undefined;
  const params = isMap(entry.map.query_params) ? entry.map.query_params : {};
  return {
    node: { ...base, kind: 'saved_query', definition: entry.map },
    dependsOn: [],
    metrics: Array.isArray(params.metrics) ? params.metrics.flatMap((item) => toText(item) ?? []) : [],
  };
}

/** A unit test, for each version that it asks for of a model that has versions. */
export function toUnitTests(
  context: NodeContext,
  own: DbtPackage,
  entry: Entry,
  versions: readonly string[],
): readonly Declared<UnitTestNode>[] {
  const asked = isMap(entry.map.versions) ? entry.map.versions : {};
  const [include, exclude] = [asked.include, asked.exclude].map((list) => (Array.isArray(list) ? list.map(String) : undefined));
  const wanted: readonly (string | undefined)[] =
    versions.length === 0
      ? [undefined]
      : versions.filter((name) => (exclude === undefined ? (include?.includes(name) ?? true) : !exclude.includes(name)));
  return wanted.flatMap((version) => toUnitTest(context, own, entry, version) ?? []);
}

/** A unit test; `model` is filled in by whoever knows the models. */
function toUnitTest(context: NodeContext, own: DbtPackage, entry: Entry, version: string | undefined): Declared<UnitTestNode> | undefined {
  const model = toText(context.render(entry.map.model, own.name));
  const name = toText(entry.map.name);
  if (model === undefined || name === undefined) return undefined;
  const base = toDeclared(context, own, 'unit_test', entry, [model, name]);
  if (!base) return undefined;
  // dbt renders all of it, before anybody looks at what it says.
  const render = (value: unknown): unknown => context.render(value, own.name);
  const given = toMaps(entry.map.given).map((map) => toRows(withRendered(map, render)));
  const overrides = isMap(entry.map.overrides) ? (render(entry.map.overrides) as YamlMap) : {};
  const asMap = (value: unknown): YamlMap => (isMap(value) ? value : {});
  return {
    node: {
      ...base,
      ...(version === undefined ? {} : { id: `${base.id}_v${version}` as NodeId }),
      kind: 'unit_test',
      model: undefined,
      given,
      expect: toRows(withRendered(asMap(entry.map.expect), render)),
      overrides: {
        macros: asMap(overrides.macros),
        vars: asMap(overrides.vars),
        envVars: Object.fromEntries(Object.entries(asMap(overrides.env_vars)).map(([key, value]) => [key, String(value)])),
      },
    },
    // dbt makes a unit test depend on the model it tests; its inputs are only stood in for.
    dependsOn: [version === undefined ? `ref('${model}')` : `ref('${model}', v='${version}')`],
    metrics: [],
  };
}

/** What is given or expected, rendered; an input that stands in braces as a whole is the call in them. */
function withRendered(map: YamlMap, render: (value: unknown) => unknown): YamlMap {
  const { input, ...rest } = map;
  const bare = /^\s*\{\{-?\s*((?:ref|source)\(.*\)|this)\s*-?\}\}\s*$/s.exec(toText(input) ?? '')?.[1];
  return { ...(render(rest) as YamlMap), ...(input === undefined ? {} : { input: bare ?? render(input) }) };
}

function toRows(map: YamlMap): UnitTestRows {
  const format = map.format === 'csv' || map.format === 'sql' ? map.format : 'dict';
  const fixture = toText(map.fixture);
  return {
    input: toText(map.input) ?? '',
    format,
    rows: typeof map.rows === 'string' ? map.rows : toMaps(map.rows),
    ...(fixture === undefined ? {} : { fixture }),
  };
}
