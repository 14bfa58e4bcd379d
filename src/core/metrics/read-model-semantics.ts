import type { RelationNode } from '../project/node.ts';
import { isMap, toMaps, toText, type YamlMap } from '../project/yaml.ts';
import type { NodeId } from '../text/ids.ts';
import { readFilters, readMetric } from './read-metric.ts';
import { type Place, readDimension, readDimensions, readEntities, readMeasure, toEntityType } from './read-parts.ts';
import type { Dimension, Entity, Metric, SemanticModel } from './semantic-layer.ts';

/** The semantic model and the metrics that dbt 2 lets a model say about itself and its columns. */
export function readModelSemantics(
  node: RelationNode,
  entry: YamlMap,
  place: Place,
): { readonly model?: SemanticModel; readonly metrics: readonly Metric[] } {
  const own = entry.semantic_model;
  if (own === undefined || own === null || own === false || (isMap(own) && own.enabled === false)) return { metrics: [] };
  const said = isMap(own) ? own : {};
  const columns = toMaps(entry.columns);
  const derived = isMap(entry.derived_semantics) ? entry.derived_semantics : {};
  const entities = [...columns.flatMap((column) => entityOf(column, place) ?? []), ...readEntities(derived.entities, place)];
  const dimensions = [...columns.flatMap((column) => dimensionOf(column, place) ?? []), ...readDimensions(derived.dimensions, place)];
  const time = toText(entry.agg_time_dimension) ?? toText(said.agg_time_dimension);
  const primary = entities.find((entity) => entity.type === 'primary')?.name ?? toText(entry.primary_entity) ?? toText(said.primary_entity);
  const metrics = toMaps(entry.metrics);
  const measures = metrics.flatMap((map) => (map.agg === undefined ? [] : (readMeasure(map, time, place(map)) ?? [])));
  const name = toText(said.name) ?? node.name;
  return {
    model: {
      id: `semantic_model.${node.package}.${name}` as NodeId,
      name,
      description: toText(said.description) ?? node.description,
      node: node.id,
      ...(primary === undefined ? {} : { primaryEntity: primary }),
      entities,
      dimensions,
      measures,
      joins: [],
      at: place(entry),
    },
    metrics: metrics.flatMap((map) => toModelMetric(node, map, place) ?? []),
  };
}

function entityOf(column: YamlMap, place: Place): Entity | undefined {
  const name = toText(column.name);
  if (name === undefined || column.entity === undefined || column.entity === null) return undefined;
  const said = isMap(column.entity) ? column.entity : { type: column.entity };
  return { name: toText(said.name) ?? name, type: toEntityType(said.type), expr: name, at: place(isMap(column.entity) ? said : column) };
}

function dimensionOf(column: YamlMap, place: Place): Dimension | undefined {
  const name = toText(column.name);
  if (name === undefined || column.dimension === undefined || column.dimension === null) return undefined;
  const said: YamlMap = isMap(column.dimension) ? column.dimension : { type: column.dimension };
  const described = { description: column.description, ...said };
  return readDimension(
    described,
    toText(said.name) ?? name,
    name,
    place(isMap(column.dimension) ? said : column),
    toText(column.granularity),
  );
}

function toModelMetric(node: RelationNode, map: YamlMap, place: Place): Metric | undefined {
  const name = toText(map.name);
  if (name === undefined) return undefined;
  const grain = toText(map.time_granularity)?.toLowerCase();
  return {
    id: `metric.${node.package}.${name}` as NodeId,
    name,
    label: toText(map.label) ?? name,
    description: toText(map.description) ?? '',
    filters: readFilters(map.filter),
    ...(grain === undefined ? {} : { timeGrain: grain }),
    definition: readMetric(map),
    at: place(map),
  };
}
