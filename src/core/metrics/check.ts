import { columnsOf } from '../lineage/consumers.ts';
import type { Sources } from '../project/sources.ts';
import { findNearest, withNearest } from '../text/nearest.ts';
import { type Problem, type ProblemCode, toProblem } from '../text/problem.ts';
import { LineMap } from '../text/span.ts';
import { leavesOf, toFormula } from './formula.ts';
import { grains, isGrain } from './grain.ts';
import { type Item, isMetricTime, keyOf, readCondition, readGroupBy } from './item.ts';
import { findItem, isTimeOf, timeOf } from './reach.ts';
import { type LayerFacts, readSemanticLayer } from './read-layer.ts';
import {
  type Dimension,
  findMeasure,
  type Measure,
  type Metric,
  type SemanticLayer,
  type SemanticModel,
  type Written,
} from './semantic-layer.ts';
import { Refusal } from './sql-words.ts';

const aggs = ['sum', 'min', 'max', 'average', 'count', 'count_distinct', 'sum_boolean', 'median', 'percentile'];

/** What is wrong with the metrics of a project: names that its models do not have, types that do not fit, ways that lead nowhere. */
export function checkMetrics(facts: LayerFacts, sources: Sources, isOpen: (model: SemanticModel) => boolean): readonly Problem[] {
  if (![...facts.nodes.values()].some((node) => node.kind === 'semantic_model' || node.kind === 'metric')) return [];
  const layer = readSemanticLayer(facts);
  const say = new Teller(sources);
  for (const model of layer.models) {
    checkModel(layer, model, facts, isOpen(model), say);
    for (const measure of model.measures) checkMeasure(model, measure, say);
  }
  for (const metric of layer.metrics.values()) checkMetric(layer, metric, say);
  for (const saved of layer.savedQueries)
    for (const name of saved.metrics) {
      if (!layer.metrics.has(name)) continue;
      const items = [...saved.groupBy.map((text) => readGroupBy(text, layer)), ...saved.where.flatMap((text) => itemsOf(text, layer))];
      checkItems(layer, name, items, `The saved query '${saved.name}'`, saved.at, say);
    }
  return say.problems;
}

/** Gathers problems, each at the word that it is about. */
class Teller {
  readonly problems: Problem[] = [];
  readonly #said = new Set<string>();

  constructor(private readonly sources: Sources) {}

  say(code: ProblemCode, message: string, at: Written, word: string, instead?: string): void {
    const text = this.sources.find(at.path)?.text ?? '';
    const map = new LineMap(text);
    const from = map.offset({ line: at.line, column: 1 });
    const find = (one: string) => new RegExp(`(?<!\\w)${one.replace(/[^\w]/g, '\\$&')}(?!\\w)`).exec(text.slice(from, from + 4000));
    const found = find(word) ?? find(`${word}s`);
    const start = found === null ? from : from + found.index;
    const end = found === null ? text.indexOf('\n', from) : start + found[0].length;
    const problem = toProblem(code, message, map.location(at.path, { start, end: Math.max(start, end) }));
    const key = `${code} ${message} ${start}`;
    if (this.#said.has(key)) return;
    this.#said.add(key);
    this.problems.push(instead === undefined || found === null ? problem : { ...problem, instead: [instead] });
  }
}

function checkModel(layer: SemanticLayer, model: SemanticModel, facts: LayerFacts, isOpen: boolean, say: Teller): void {
  const { node } = model;
  if (node === undefined) return;
  const columns = (facts.columns.get(node) ?? []).map(({ name }) => name);
  const known = new Set(columns.map((name) => name.toLowerCase()));
  const parts = [
    ...model.entities.map((one) => ({ what: 'entity', one })),
    ...model.dimensions.map((one) => ({ what: 'dimension', one })),
    ...model.measures.map((one) => ({ what: 'measure', one })),
  ];
  for (const { what, one } of parts) {
    if (isOpen || known.size === 0 || one.expr.includes('{{')) continue;
    for (const column of columnsOf(one.expr, layer.dialect))
      if (!known.has(column.toLowerCase())) {
        const near = findNearest(column, columns);
        const message = `The ${what} '${one.name}' of '${model.name}' reads the column '${column}', which ${layer.relationOf(node)} does not have.`;
        say.say('metric-column', withNearest(message, column, columns), one.at, column, near);
      }
  }
  for (const dimension of model.dimensions) checkDimension(layer, model, dimension, say);
  const seen = new Map<string, Dimension>();
  for (const dimension of model.dimensions) {
    if (seen.has(dimension.name))
      say.say('metric-definition', `'${model.name}' has two dimensions '${dimension.name}'.`, dimension.at, dimension.name);
    seen.set(dimension.name, dimension);
  }
  for (const measure of model.measures) {
    const other = findMeasure(layer, measure.name);
    if (other !== undefined && other.measure !== measure && measure.expr !== '')
      say.say(
        'metric-definition',
        `The measure '${measure.name}' is defined in '${other.model.name}', too: metrics name a measure alone.`,
        measure.at,
        measure.name,
      );
    const type = /^\w+$/.test(measure.expr) ? layer.typeOf(node, measure.expr) : '';
    if (['sum', 'average', 'median', 'percentile'].includes(measure.agg) && /^(text|varchar|string|char|bool|date$|timestamp)/.test(type))
      say.say(
        'metric-types',
        `The measure '${measure.name}' takes the ${measure.agg} of '${measure.expr}', which is ${type}.`,
        measure.at,
        measure.agg,
      );
  }
}

function checkDimension(layer: SemanticLayer, model: SemanticModel, dimension: Dimension, say: Teller): void {
  if (dimension.kind !== 'time' || model.node === undefined) return;
  if (!isGrain(dimension.grain))
    say.say(
      'metric-definition',
      withNearest(
        `The time dimension '${dimension.name}' has the grain '${dimension.grain}', which does not exist.`,
        dimension.grain,
        grains,
      ),
      dimension.at,
      dimension.grain,
      findNearest(dimension.grain, grains),
    );
  const type = /^\w+$/.test(dimension.expr) ? layer.typeOf(model.node, dimension.expr) : '';
  if (/^(int|bigint|number|numeric|decimal|double|float|bool|text|varchar|string|char)/.test(type))
    say.say(
      'metric-types',
      `The time dimension '${dimension.name}' of '${model.name}' is ${type}, not a date or a time.`,
      dimension.at,
      dimension.name,
    );
}

function checkMeasure(model: SemanticModel, measure: Measure, say: Teller): void {
  const times = model.dimensions.filter((one) => one.kind === 'time').map(({ name }) => name);
  const all = [...model.dimensions.map(({ name }) => name), ...model.entities.map(({ name }) => name)];
  if (!aggs.includes(measure.agg) && measure.agg !== 'avg')
    say.say(
      'metric-definition',
      withNearest(`The measure '${measure.name}' has the aggregation '${measure.agg}', which does not exist.`, measure.agg, aggs),
      measure.at,
      measure.agg,
      findNearest(measure.agg, aggs),
    );
  if (measure.agg === 'percentile' && !((measure.percentile?.at ?? -1) >= 0 && (measure.percentile?.at ?? 2) <= 1))
    say.say('metric-definition', `The measure '${measure.name}' needs a percentile between 0 and 1.`, measure.at, measure.name);
  if (measure.time !== undefined && timeOf(model, measure) === undefined) {
    const is = model.dimensions.some((one) => one.name === measure.time) ? 'which is not a time' : `which '${model.name}' does not have`;
    const message = `The measure '${measure.name}' is counted by the time dimension '${measure.time}', ${is}.`;
    say.say('metric-definition', withNearest(message, measure.time, times), model.at, measure.time, findNearest(measure.time, times));
  }
  const rule = measure.nonAdditive;
  for (const name of rule === undefined ? [] : [rule.dimension, ...rule.within])
    if (!all.includes(name)) {
      const message = `The measure '${measure.name}' names '${name}' in its non-additive dimension, which '${model.name}' does not have.`;
      say.say('metric-definition', withNearest(message, name, all), measure.at, name, findNearest(name, all));
    }
}

function checkMetric(layer: SemanticLayer, metric: Metric, say: Teller): void {
  const { definition } = metric;
  if (definition.kind === 'unreadable') {
    say.say('metric-definition', `The metric '${metric.name}' cannot be read: ${definition.because}`, metric.at, metric.name);
    return;
  }
  if (definition.kind === 'derived') {
    const aliases = definition.inputs.map(({ alias }) => alias);
    for (const name of columnsOf(definition.expr, layer.dialect))
      if (!aliases.includes(name)) {
        const message = `The expression of '${metric.name}' names '${name}', which is none of its metrics.`;
        say.say('metric-definition', withNearest(message, name, aliases), metric.at, name, findNearest(name, aliases));
      }
  }
  checkConversion(layer, metric, say);
  if (definition.kind === 'cumulative' && definition.window !== undefined && definition.grainToDate !== undefined)
    say.say(
      'metric-definition',
      `The metric '${metric.name}' has a window and a grain to date: it can have one of them.`,
      metric.at,
      metric.name,
    );
  checkWindows(layer, metric, say);
  const inputs =
    definition.kind === 'derived' ? definition.inputs : definition.kind === 'ratio' ? [definition.numerator, definition.denominator] : [];
  const measures = definition.kind === 'simple' ? definition.input.filters : [];
  const filters = [...metric.filters, ...measures].map((text) => ({ text, of: metric.name }));
  const all = [...filters, ...inputs.flatMap((input) => input.filters.map((one) => ({ text: one, of: input.metric })))];
  for (const { text, of } of all)
    if (readCondition(text, layer) === undefined)
      say.say(
        'metric-definition',
        `A filter of '${metric.name}' has a template that is none of Dimension(), TimeDimension(), Entity() and Metric().`,
        metric.at,
        metric.name,
      );
    else checkItems(layer, of, itemsOf(text, layer), `A filter of '${metric.name}'`, metric.at, say);
}

function checkConversion(layer: SemanticLayer, { name, definition, at }: Metric, say: Teller): void {
  if (definition.kind !== 'conversion') return;
  for (const input of [definition.base, definition.conversion]) {
    const found = findMeasure(layer, input.measure);
    const entities = found?.model.entities.map((one) => one.name) ?? [];
    if (found === undefined || entities.includes(definition.entity) || found.model.primaryEntity === definition.entity) continue;
    const message = `The metric '${name}' follows the entity '${definition.entity}', which '${found.model.name}' does not have.`;
    say.say(
      'metric-definition',
      withNearest(message, definition.entity, entities),
      at,
      definition.entity,
      findNearest(definition.entity, entities),
    );
  }
}

function checkWindows(layer: SemanticLayer, { name, definition, at }: Metric, say: Teller): void {
  const own = layer.spines.flatMap((spine) => spine.custom.map((one) => one.name));
  const named =
    definition.kind === 'derived'
      ? definition.inputs.flatMap(({ offsetWindow, offsetToGrain }) => [offsetWindow?.grain, offsetToGrain])
      : definition.kind === 'cumulative'
        ? [definition.window?.grain, definition.grainToDate]
        : [];
  for (const grain of named)
    if (grain !== undefined && !isGrain(grain) && !own.includes(grain))
      say.say(
        'metric-definition',
        withNearest(`The metric '${name}' uses the grain '${grain}', which does not exist.`, grain, [...grains, ...own]),
        at,
        grain,
        findNearest(grain, [...grains, ...own]),
      );
}

function itemsOf(text: string, layer: SemanticLayer): readonly Item[] {
  return (readCondition(text, layer) ?? []).filter((part) => typeof part !== 'string');
}

/** Whether each item can be reached from every measure of a metric. */
function checkItems(layer: SemanticLayer, metric: string, items: readonly Item[], whose: string, at: Written, say: Teller): void {
  for (const item of items) {
    if (item.kind === 'metric') {
      if (!layer.metrics.has(item.name)) {
        const names = [...layer.metrics.keys()];
        say.say(
          'metric-definition',
          withNearest(`${whose} uses the metric '${item.name}', which is not defined.`, item.name, names),
          at,
          item.name,
        );
      }
      continue;
    }
    try {
      for (const { model, measure } of leavesOf(toFormula(layer, metric, [])))
        if (!isMetricTime(item) && !isTimeOf(layer, model, measure, item)) checkItem(layer, model, item);
    } catch (error) {
      // What is wrong with the metric itself is said where that is written.
      if (!(error instanceof Refusal)) throw error;
      if (!error.message.startsWith(`'${keyOf(item)}'`)) continue;
      const near = /Did you mean '([^']*)'\?$/.exec(error.message)?.[1];
      const written = [...item.path.slice(-1), item.name].join('__');
      const instead = near?.split('__').length === written.split('__').length ? near : undefined;
      say.say(
        'metric-definition',
        `${whose} names ${error.message}`.replace("' cannot", "', which cannot").replace("' is amb", "', which is amb"),
        at,
        written,
        instead,
      );
    }
  }
}

function checkItem(layer: SemanticLayer, model: SemanticModel, item: Item): void {
  const { element } = findItem(layer, model, item);
  if (item.kind === 'time' && element.kind === 'dimension' && element.dimension.kind !== 'time')
    throw new Refusal(`'${keyOf(item)}' is asked for as a time, and is not one.`);
}
