import { isMap, toMaps, toText, toTexts, type YamlMap } from '../project/yaml.ts';
import { readWindow } from './grain.ts';
import type { MeasureInput, MetricDefinition, MetricInput } from './semantic-layer.ts';

/** Reads what a metric is made of, in the older YAML (`type_params`) or in the newer one, where the same keys stand at its top. */
export function readMetric(map: YamlMap): MetricDefinition {
  const params = isMap(map.type_params) ? map.type_params : {};
  const read = (...keys: string[]): unknown => {
    for (const key of keys) {
      const value = params[key] ?? map[key];
      if (value !== undefined && value !== null) return value;
    }
    return undefined;
  };
  const type = (toText(map.type) ?? 'simple').toLowerCase();
  switch (type) {
    case 'simple':
      return readSimple(map, read);
    case 'ratio': {
      const [numerator, denominator] = [toMetricInput(read('numerator')), toMetricInput(read('denominator'))];
      if (numerator === undefined || denominator === undefined) return unreadable('A ratio needs a numerator and a denominator.');
      return { kind: 'ratio', numerator, denominator };
    }
    case 'derived': {
      const list = read('input_metrics', 'metrics');
      const inputs = (Array.isArray(list) ? list : []).flatMap((item) => toMetricInput(item) ?? []);
      const expr = toText(read('expr'));
      if (expr === undefined || inputs.length === 0) return unreadable('A derived metric needs an expression and the metrics in it.');
      return { kind: 'derived', expr, inputs };
    }
    case 'cumulative':
      return readCumulative(read);
    case 'conversion':
      return readConversion(read);
    default:
      return unreadable(`There is no type of metric '${type}': it is simple, ratio, derived, cumulative or conversion.`);
  }
}

type Read = (...keys: string[]) => unknown;

function unreadable(because: string): MetricDefinition {
  return { kind: 'unreadable', because };
}

function readSimple(map: YamlMap, read: Read): MetricDefinition {
  // The newer YAML aggregates in the metric itself; its measure has the metric's name.
  const measure = toMeasureInput(read('measure') ?? (map.agg === undefined ? undefined : map.name));
  if (measure === undefined) return unreadable('A simple metric needs a measure.');
  const fill = Number(read('fill_nulls_with') ?? Number.NaN);
  return {
    kind: 'simple',
    input: {
      ...measure,
      joinsSpine: measure.joinsSpine || read('join_to_timespine') === true,
      ...(Number.isNaN(fill) ? {} : { fill }),
    },
  };
}

function readCumulative(read: Read): MetricDefinition {
  const inner = read('cumulative_type_params');
  const own = isMap(inner) ? inner : {};
  const metric = toMetricInput(own.metric ?? read('input_metric', 'metric'));
  const input = toMeasureInput(read('measure')) ?? metric;
  if (input === undefined) return unreadable('A cumulative metric needs a measure or a metric.');
  const window = readWindow(own.window ?? read('window'));
  const grainToDate = toText(own.grain_to_date ?? read('grain_to_date'))?.toLowerCase();
  const written = toText(own.period_agg ?? read('period_agg'))?.toLowerCase();
  const periodAgg = written === 'last' || written === 'average' ? written : 'first';
  return {
    kind: 'cumulative',
    input,
    periodAgg,
    ...(window === undefined ? {} : { window }),
    ...(grainToDate === undefined ? {} : { grainToDate }),
  };
}

function readConversion(read: Read): MetricDefinition {
  const inner = read('conversion_type_params');
  const own = isMap(inner) ? inner : {};
  const base = toMeasureInput(own.base_measure ?? own.base_metric ?? read('base_metric', 'base_measure'));
  const conversion = toMeasureInput(own.conversion_measure ?? own.conversion_metric ?? read('conversion_metric', 'conversion_measure'));
  const entity = toText(own.entity ?? read('entity'));
  if (base === undefined || conversion === undefined || entity === undefined)
    return unreadable('A conversion metric needs a base measure, a conversion measure and an entity.');
  const window = readWindow(own.window ?? read('window'));
  const calculation = toText(own.calculation ?? read('calculation'))?.toLowerCase();
  return {
    kind: 'conversion',
    base,
    conversion,
    entity,
    ...(window === undefined ? {} : { window }),
    calculation: calculation === 'conversions' ? 'conversions' : 'conversion_rate',
    constants: toMaps(own.constant_properties ?? read('constant_properties')).flatMap((one) => {
      const [first, second] = [toText(one.base_property), toText(one.conversion_property)];
      return first === undefined || second === undefined ? [] : [{ base: first, conversion: second }];
    }),
  };
}

/** A filter as a list of conditions that all have to hold. */
export function readFilters(value: unknown): readonly string[] {
  if (isMap(value)) return toMaps(value.where_filters).flatMap((one) => toText(one.where_sql_template) ?? []);
  return toTexts(value)
    .map((text) => text.trim())
    .filter((text) => text !== '');
}

function toMetricInput(value: unknown): MetricInput | undefined {
  if (!isMap(value)) {
    const name = toText(value);
    return name === undefined ? undefined : { metric: name, alias: name, filters: [] };
  }
  const name = toText(value.name);
  if (name === undefined) return undefined;
  const offsetWindow = readWindow(value.offset_window);
  const offsetToGrain = toText(value.offset_to_grain)?.toLowerCase();
  return {
    metric: name,
    alias: toText(value.alias) ?? name,
    filters: readFilters(value.filter),
    ...(offsetWindow === undefined ? {} : { offsetWindow }),
    ...(offsetToGrain === undefined ? {} : { offsetToGrain }),
  };
}

function toMeasureInput(value: unknown): MeasureInput | undefined {
  const name = isMap(value) ? toText(value.name) : toText(value);
  if (name === undefined) return undefined;
  if (!isMap(value)) return { measure: name, filters: [], joinsSpine: false };
  return {
    measure: name,
    filters: readFilters(value.filter),
    joinsSpine: value.join_to_timespine === true,
    ...(typeof value.fill_nulls_with === 'number' ? { fill: value.fill_nulls_with } : {}),
  };
}
