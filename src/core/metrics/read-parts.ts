import { isMap, toMaps, toText, toTexts, type YamlFile, type YamlMap } from '../project/yaml.ts';
import type { Dimension, Entity, EntityType, Measure, NonAdditive, Written } from './semantic-layer.ts';

/** The place of a mapping in its file. */
export type Place = (map: YamlMap) => Written;

/** The places of a file's mappings; without the file all stand at its node's line. */
export function placesOf(yaml: YamlFile | undefined, path: string, line: number): Place {
  return (map) => ({ path, line: yaml === undefined ? line : yaml.lineOf(map) === 1 ? line : yaml.lineOf(map) });
}

/** Entities as a semantic model lists them. */
export function readEntities(value: unknown, place: Place): readonly Entity[] {
  return toMaps(value).flatMap((map) => {
    const name = toText(map.name);
    if (name === undefined) return [];
    return [{ name, type: toEntityType(map.type), expr: toText(map.expr) ?? name, at: place(map) }];
  });
}

/** The type of an entity; one that is not known is taken for a foreign one, which joins nothing wrongly. */
export function toEntityType(value: unknown): EntityType {
  const type = toText(value)?.toLowerCase();
  return type === 'primary' || type === 'unique' || type === 'natural' ? type : 'foreign';
}

/** Dimensions as a semantic model lists them. */
export function readDimensions(value: unknown, place: Place): readonly Dimension[] {
  return toMaps(value).flatMap((map) => {
    const name = toText(map.name);
    return name === undefined ? [] : [readDimension(map, name, toText(map.expr) ?? name, place(map))];
  });
}

/** One dimension of a name and an expression that may have been taken from a column. */
export function readDimension(map: YamlMap, name: string, expr: string, at: Written, grain?: string): Dimension {
  const params = isMap(map.type_params) ? map.type_params : {};
  const validity = isMap(params.validity_params) ? params.validity_params : isMap(map.validity_params) ? map.validity_params : {};
  const end = validity.is_start === true ? 'start' : validity.is_end === true ? 'end' : undefined;
  const label = toText(map.label);
  return {
    name,
    kind: toText(map.type)?.toLowerCase() === 'time' ? 'time' : 'categorical',
    expr,
    grain: (toText(params.time_granularity) ?? toText(map.granularity) ?? grain ?? 'day').toLowerCase(),
    isPartition: map.is_partition === true,
    ...(end === undefined ? {} : { validity: end }),
    ...(label === undefined ? {} : { label }),
    description: toText(map.description) ?? '',
    at,
  };
}

/** Measures as a semantic model lists them; `time` is what they are counted by where they do not say. */
export function readMeasures(value: unknown, time: string | undefined, place: Place): readonly Measure[] {
  return toMaps(value).flatMap((map) => readMeasure(map, time, place(map)) ?? []);
}

/** A measure, or the part of a newer metric that aggregates. */
export function readMeasure(map: YamlMap, time: string | undefined, at: Written): Measure | undefined {
  const name = toText(map.name);
  if (name === undefined) return undefined;
  const params = isMap(map.agg_params) ? map.agg_params : map;
  const own = toText(map.agg_time_dimension) ?? time;
  const share = Number(params.percentile ?? Number.NaN);
  const nonAdditive = readNonAdditive(map.non_additive_dimension);
  return {
    name,
    agg: (toText(map.agg) ?? '').toLowerCase(),
    expr: (toText(map.expr) ?? name).trim(),
    ...(own === undefined ? {} : { time: own }),
    ...(Number.isNaN(share)
      ? {}
      : {
          percentile: {
            at: share,
            isDiscrete: params.use_discrete_percentile === true || params.percentile_type === 'discrete',
            isApproximate: params.use_approximate_percentile === true,
          },
        }),
    ...(nonAdditive === undefined ? {} : { nonAdditive }),
    description: toText(map.description) ?? '',
    at,
  };
}

function readNonAdditive(value: unknown): NonAdditive | undefined {
  if (!isMap(value)) return undefined;
  const dimension = toText(value.name);
  if (dimension === undefined) return undefined;
  const choice = toText(value.window_choice ?? value.window_agg)?.toLowerCase();
  return { dimension, window: choice === 'max' ? 'max' : 'min', within: toTexts(value.window_groupings ?? value.group_by) };
}
