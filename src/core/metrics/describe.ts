import { findNearest } from '../text/nearest.ts';
import { leavesOf, toFormula } from './formula.ts';
import { type Reachable, reachableItems, timeOf } from './reach.ts';
import type { MeasureInput, Metric, MetricInput, SemanticLayer } from './semantic-layer.ts';
import { Refusal } from './sql-words.ts';

/** A metric in a list of them. */
export interface MetricSummary {
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly description: string;
  /** What it is made of, in words. */
  readonly formula: string;
  readonly path: string;
  readonly line: number;
}

/** A metric with all that can be asked of it. */
export interface MetricDescription extends MetricSummary {
  readonly filters: readonly string[];
  readonly inputs: readonly string[];
  readonly measures: readonly {
    readonly name: string;
    readonly agg: string;
    readonly expr: string;
    readonly model: string;
    readonly time?: string;
  }[];
  readonly dimensions: readonly Reachable[];
  /** The metrics, saved queries that use it. */
  readonly usedBy: readonly string[];
  /** Why it cannot be asked, where it cannot. */
  readonly because?: string;
}

/** Every metric of a project, by name. */
export function listMetrics(layer: SemanticLayer): readonly MetricSummary[] {
  return [...layer.metrics.values()].map((metric) => summaryOf(layer, metric)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** One metric in full; undefined where there is none of that name. */
export function describeMetric(layer: SemanticLayer, name: string): MetricDescription | undefined {
  const metric = layer.metrics.get(name);
  if (metric === undefined) return undefined;
  const { measures, dimensions, because } = measuredBy(layer, name);
  return {
    ...summaryOf(layer, metric),
    filters: metric.filters,
    inputs: inputsOf(metric).map((input) => input.metric),
    measures,
    dimensions,
    usedBy: [
      ...[...layer.metrics.values()].filter((one) => inputsOf(one).some((input) => input.metric === name)).map(({ id }) => id),
      ...layer.savedQueries.filter((one) => one.metrics.includes(name)).map(({ id }) => id),
    ],
    ...(because === undefined ? {} : { because }),
  };
}

/** The name nearest to one that is not a metric's. */
export function nearestMetric(layer: SemanticLayer, name: string): string | undefined {
  return findNearest(name, layer.metrics.keys());
}

function measuredBy(
  layer: SemanticLayer,
  name: string,
): Pick<MetricDescription, 'measures' | 'dimensions'> & { readonly because?: string } {
  try {
    const leaves = leavesOf(toFormula(layer, name, []));
    const measures = new Map(
      leaves.map(({ model, measure }) => [
        measure.name,
        {
          name: measure.name,
          agg: measure.agg,
          expr: measure.expr,
          model: model.name,
          ...(measure.time === undefined ? {} : { time: measure.time }),
        },
      ]),
    );
    const lists = leaves.map(({ model }) => reachableItems(layer, model));
    const shared = (lists[0] ?? []).filter(({ name: item }) => lists.every((list) => list.some((one) => one.name === item)));
    const times = leaves.map(({ model, measure }) => timeOf(model, measure));
    const metricTime: Reachable[] = times.every((time) => time !== undefined)
      ? [
          {
            name: 'metric_time',
            kind: 'time',
            grain: times[0]?.grain ?? 'day',
            description: 'The time that each measure is counted by.',
            model: '',
          },
        ]
      : [];
    return { measures: [...measures.values()], dimensions: [...metricTime, ...shared] };
  } catch (error) {
    if (error instanceof Refusal) return { measures: [], dimensions: [], because: error.message };
    throw error;
  }
}

function summaryOf(layer: SemanticLayer, metric: Metric): MetricSummary {
  const { id, name, label, description, definition, at } = metric;
  return { id, name, label, type: definition.kind, description, formula: formulaOf(layer, metric), path: at.path, line: at.line };
}

/** The metrics that a metric is made of. */
export function inputsOf({ definition }: Metric): readonly MetricInput[] {
  switch (definition.kind) {
    case 'ratio':
      return [definition.numerator, definition.denominator];
    case 'derived':
      return definition.inputs;
    case 'cumulative':
      return 'metric' in definition.input ? [definition.input] : [];
    default:
      return [];
  }
}

/** What a metric is made of, in words. */
export function formulaOf(layer: SemanticLayer, { definition, filters }: Metric): string {
  const where = filters.length === 0 ? '' : ` where ${filters.map(plainFilter).join(' and ')}`;
  const measure = (input: MeasureInput): string => {
    for (const model of layer.models) {
      const found = model.measures.find((one) => one.name === input.measure);
      if (found === undefined) continue;
      const own = input.filters.length === 0 ? '' : ` where ${input.filters.map(plainFilter).join(' and ')}`;
      return `${found.agg.replace('_', ' ')} of ${found.expr} in ${model.name}${own}`;
    }
    return input.measure;
  };
  const input = (one: MetricInput): string => {
    const back = one.offsetWindow === undefined ? '' : ` ${one.offsetWindow.count} ${one.offsetWindow.grain} before`;
    const start = one.offsetToGrain === undefined ? '' : ` at the start of the ${one.offsetToGrain}`;
    const own = one.filters.length === 0 ? '' : ` where ${one.filters.map(plainFilter).join(' and ')}`;
    return `${one.metric}${back}${start}${own}`;
  };
  switch (definition.kind) {
    case 'simple':
      return `${measure(definition.input)}${where}`;
    case 'ratio':
      return `${input(definition.numerator)} / ${input(definition.denominator)}${where}`;
    case 'derived': {
      const named = definition.inputs.filter((one) => input(one) !== one.alias).map((one) => `${one.alias} is ${input(one)}`);
      return `${definition.expr}${named.length === 0 ? '' : `, where ${named.join(', ')}`}${where}`;
    }
    case 'cumulative': {
      const what = 'measure' in definition.input ? measure(definition.input) : input(definition.input);
      const { window, grainToDate } = definition;
      const over = window
        ? `over ${window.count} ${window.grain}${window.count === 1 ? '' : 's'}`
        : grainToDate
          ? `since the start of the ${grainToDate}`
          : 'so far';
      return `${what} ${over}${where}`;
    }
    case 'conversion':
      return `${measure(definition.conversion)} after ${measure(definition.base)}, by ${definition.entity}${where}`;
    case 'unreadable':
      return definition.because;
  }
}

function plainFilter(text: string): string {
  return text
    .replace(/\{\{\s*\w+\s*\(\s*['"]([^'"]+)['"][^}]*\}\}/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
}
