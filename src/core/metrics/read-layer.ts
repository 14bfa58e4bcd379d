import { traitsOf } from '../dbt/adapters.ts';
import { Relation } from '../dbt/relation.ts';
import type { MetricNode, NodeBase, ProjectNode, RelationNode, SemanticModelNode } from '../project/node.ts';
import { isRelation } from '../project/node.ts';
import { isMap, parseYaml, toMaps, toText, toTexts, type YamlFile, type YamlMap } from '../project/yaml.ts';
import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import { compareGrains } from './grain.ts';
import { readFilters, readMetric } from './read-metric.ts';
import { readModelSemantics } from './read-model-semantics.ts';
import { type Place, placesOf, readDimensions, readEntities, readMeasures } from './read-parts.ts';
import type { Metric, SavedQuery, SemanticLayer, SemanticModel, TimeSpine } from './semantic-layer.ts';

/** What the semantic layer is read from: a Snapshot, or as much of one as there is yet. */
export type LayerFacts = Pick<Snapshot, 'project' | 'nodes' | 'graph' | 'sources' | 'columns'>;

const known = new WeakMap<LayerFacts, SemanticLayer>();

/** The semantic layer of a project, read once for a Snapshot. What cannot be read is left out here and told by `checkMetrics`. */
export function readSemanticLayer(snapshot: LayerFacts): SemanticLayer {
  const before = known.get(snapshot);
  if (before !== undefined) return before;
  const read = readLayer(snapshot);
  known.set(snapshot, read);
  return read;
}

function readLayer(snapshot: LayerFacts): SemanticLayer {
  const models: SemanticModel[] = [];
  const metrics = new Map<string, Metric>();
  const savedQueries: SavedQuery[] = [];
  const spines: TimeSpine[] = [];
  const yamlOf = (path: string): YamlFile | undefined => {
    const file = snapshot.sources.find(path);
    return file === undefined || !/\.ya?ml$/.test(path) ? undefined : parseYaml(file);
  };
  const placeOf = (node: NodeBase): Place => placesOf(yamlOf(node.path), node.path, node.patch?.line ?? 1);
  for (const node of snapshot.nodes.values()) {
    if (!node.enabled) continue;
    if (node.kind === 'semantic_model') models.push(toSemanticModel(node, snapshot, placeOf(node)));
    else if (node.kind === 'metric') metrics.set(node.name, toMetric(node, placeOf(node)));
    else if (node.kind === 'saved_query') savedQueries.push(toSavedQuery(node, placeOf(node)));
  }
  for (const node of snapshot.nodes.values()) {
    if (!node.enabled || !isRelation(node)) continue;
    const yaml = node.patch === undefined ? undefined : yamlOf(node.patch.path);
    const entry = yaml === undefined ? undefined : entryOf(yaml, node);
    const spine = toTimeSpine(node, entry);
    if (spine !== undefined) spines.push(spine);
    if (yaml === undefined || entry === undefined) continue;
    const place = placesOf(yaml, yaml.path, node.patch?.line ?? 1);
    const { model, metrics: own } = readModelSemantics(node, entry, place);
    if (model !== undefined && !models.some((one) => one.name === model.name && one.measures.length + one.entities.length > 0))
      models.splice(indexOrEnd(models, model.name), 1, model);
    for (const metric of own) if (metrics.get(metric.name)?.definition.kind !== metric.definition.kind) metrics.set(metric.name, metric);
  }
  const stated = spines.some((spine) => spine.grain !== '');
  return {
    dialect: snapshot.project.dialect,
    models,
    metrics,
    spines: spines
      .filter((spine) => !stated || spine.grain !== '')
      .map((spine) => (spine.grain === '' ? { ...spine, grain: 'day' } : spine))
      .sort((a, b) => compareGrains(a.grain, b.grain)),
    savedQueries,
    relationOf: (id) => relationName(snapshot, id),
    typeOf: (id, column) =>
      snapshot.columns
        .get(id)
        ?.find((one) => one.name.toLowerCase() === column.toLowerCase())
        ?.type.toLowerCase() ?? '',
  };
}

function indexOrEnd(models: readonly SemanticModel[], name: string): number {
  const at = models.findIndex((one) => one.name === name);
  return at < 0 ? models.length : at;
}

/** What a properties file says about a relation. */
function entryOf(yaml: YamlFile, node: ProjectNode): YamlMap | undefined {
  if (!isMap(yaml.value)) return undefined;
  const lists = [yaml.value.models, yaml.value.seeds, yaml.value.snapshots].flatMap(toMaps);
  return lists.find((map) => toText(map.name) === node.name);
}

function toSemanticModel(node: SemanticModelNode, snapshot: LayerFacts, place: Place): SemanticModel {
  const map = node.definition;
  const defaults = isMap(map.defaults) ? map.defaults : {};
  const [model] = snapshot.graph.parents(node.id);
  const entities = readEntities(map.entities, place);
  const primary = entities.find((entity) => entity.type === 'primary')?.name ?? toText(map.primary_entity);
  return {
    id: node.id,
    name: node.name,
    description: node.description,
    ...(model === undefined ? {} : { node: model }),
    ...(primary === undefined ? {} : { primaryEntity: primary }),
    entities,
    dimensions: readDimensions(map.dimensions, place),
    measures: readMeasures(map.measures, toText(defaults.agg_time_dimension), place),
    joins: [],
    at: place(map),
  };
}

function toMetric(node: MetricNode, place: Place): Metric {
  const grain = toText(node.definition.time_granularity)?.toLowerCase();
  return {
    id: node.id,
    name: node.name,
    label: node.label,
    description: node.description,
    filters: readFilters(node.definition.filter),
    ...(grain === undefined ? {} : { timeGrain: grain }),
    definition: readMetric(node.definition),
    at: place(node.definition),
  };
}

function toSavedQuery(node: SemanticModelNode, place: Place): SavedQuery {
  const params = isMap(node.definition.query_params) ? node.definition.query_params : {};
  return {
    id: node.id,
    name: node.name,
    description: node.description,
    metrics: toTexts(params.metrics),
    groupBy: toTexts(params.group_by),
    where: readFilters(params.where),
    orderBy: toTexts(params.order_by),
    ...(typeof params.limit === 'number' ? { limit: params.limit } : {}),
    at: place(node.definition),
  };
}

/** A time spine as a model says it; the model that was one by its name before there were others has no grain yet. */
function toTimeSpine(node: RelationNode, entry: YamlMap | undefined): TimeSpine | undefined {
  const spine = entry?.time_spine;
  if (!isMap(spine))
    return node.name === 'metricflow_time_spine' ? { node: node.id, column: 'date_day', grain: '', custom: [] } : undefined;
  const column = toText(spine.standard_granularity_column);
  if (column === undefined) return undefined;
  const written = toMaps(entry?.columns).find((one) => toText(one.name)?.toLowerCase() === column.toLowerCase());
  const custom = toMaps(spine.custom_granularities).flatMap((one) => {
    const name = toText(one.name);
    return name === undefined ? [] : [{ name, column: toText(one.column_name) ?? name }];
  });
  return { node: node.id, column, grain: (toText(written?.granularity) ?? 'day').toLowerCase(), custom };
}

function relationName(snapshot: LayerFacts, id: NodeId): string {
  const node = snapshot.nodes.get(id);
  if (node === undefined || !isRelation(node)) return id;
  if (snapshot.project.kind !== 'dbt') return node.identifier;
  const quoting = isMap(node.config.quoting) ? (node.config.quoting as Record<string, boolean>) : undefined;
  const name = {
    ...(node.database === '' ? {} : { database: node.database }),
    ...(node.schema === '' ? {} : { schema: node.schema }),
    identifier: node.identifier,
    ...(quoting === undefined ? {} : { quoting }),
  };
  return new Relation(name, traitsOf(snapshot.project.adapter)).text();
}
