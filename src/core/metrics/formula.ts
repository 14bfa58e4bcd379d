import { withNearest } from '../text/nearest.ts';
import type { ConversionRule } from './conversions.ts';
import { type Condition, readCondition } from './item.ts';
import type { Leaf, Shift } from './measured-rows.ts';
import { findMeasure, type MeasureInput, type MetricInput, type SemanticLayer } from './semantic-layer.ts';
import { Refusal } from './sql-words.ts';

/** A metric down to its measures. */
export type Formula =
  | { readonly kind: 'leaf'; readonly leaf: Leaf }
  | { readonly kind: 'conversion'; readonly base: Leaf; readonly conversion: Leaf; readonly rule: ConversionRule }
  | { readonly kind: 'ratio'; readonly over: Formula; readonly under: Formula }
  | { readonly kind: 'formula'; readonly expr: string; readonly inputs: readonly { readonly alias: string; readonly formula: Formula }[] };

const deepest = 20;

interface Around {
  readonly layer: SemanticLayer;
  readonly conditions: readonly Condition[];
  readonly shifts: readonly Shift[];
  readonly trail: readonly string[];
}

/** A metric by its name, with conditions that hold for all of its rows. */
export function toFormula(layer: SemanticLayer, name: string, conditions: readonly Condition[]): Formula {
  return metricFormula(name, { layer, conditions, shifts: [], trail: [] });
}

/** The measures that a formula is made of. */
export function leavesOf(formula: Formula): readonly Leaf[] {
  if (formula.kind === 'leaf') return [formula.leaf];
  // Conversions are counted where the rows are that led to them, so what they are grouped by is theirs.
  if (formula.kind === 'conversion') return [formula.base];
  if (formula.kind === 'ratio') return [...leavesOf(formula.over), ...leavesOf(formula.under)];
  return formula.inputs.flatMap(({ formula: one }) => leavesOf(one));
}

function metricFormula(name: string, around: Around): Formula {
  const { layer, trail } = around;
  const metric = layer.metrics.get(name);
  if (metric === undefined) throw new Refusal(withNearest(`There is no metric '${name}'.`, name, layer.metrics.keys()));
  if (trail.includes(name) || trail.length >= deepest) throw new Refusal(`The metric '${name}' is made of itself.`);
  const inner: Around = {
    ...around,
    conditions: [...around.conditions, ...metric.filters.map((text) => toCondition(text, layer, name))],
    trail: [...trail, name],
  };
  const { definition } = metric;
  switch (definition.kind) {
    case 'simple':
      return measureLeaf(definition.input, name, inner);
    case 'ratio':
      return { kind: 'ratio', over: inputFormula(definition.numerator, inner), under: inputFormula(definition.denominator, inner) };
    case 'derived':
      return {
        kind: 'formula',
        expr: definition.expr,
        inputs: definition.inputs.map((input) => ({ alias: input.alias, formula: inputFormula(input, inner) })),
      };
    case 'cumulative': {
      const base = 'measure' in definition.input ? measureLeaf(definition.input, name, inner) : inputFormula(definition.input, inner);
      if (base.kind !== 'leaf') throw new Refusal(`'${name}' adds up a metric that is not a simple one.`);
      const { window, grainToDate, periodAgg } = definition;
      const cumulative = { periodAgg, ...(window === undefined ? {} : { window }), ...(grainToDate === undefined ? {} : { grainToDate }) };
      return { kind: 'leaf', leaf: { ...base.leaf, cumulative } };
    }
    case 'conversion': {
      if (inner.shifts.length > 0) throw new Refusal(`'${name}' is a conversion metric, which cannot be compared with an earlier time.`);
      const base = measureLeaf(definition.base, name, inner);
      const conversion = measureLeaf(definition.conversion, name, { ...inner, conditions: [] });
      const { entity, window, calculation, constants } = definition;
      const rule = { entity, calculation, constants, ...(window === undefined ? {} : { window }) };
      return { kind: 'conversion', base: base.leaf, conversion: conversion.leaf, rule };
    }
    case 'unreadable':
      throw new Refusal(`The metric '${name}' cannot be asked: ${definition.because}`);
  }
}

function toCondition(text: string, layer: SemanticLayer, metric: string): Condition {
  const condition = readCondition(text, layer);
  if (condition === undefined)
    throw new Refusal(`The filter of '${metric}' has a template that is none of Dimension(), TimeDimension(), Entity() and Metric().`);
  return condition;
}

function inputFormula(input: MetricInput, around: Around): Formula {
  const shifts: Shift[] = [...around.shifts];
  if (input.offsetWindow !== undefined) shifts.push({ kind: 'window', window: input.offsetWindow });
  if (input.offsetToGrain !== undefined) shifts.push({ kind: 'to-grain', grain: input.offsetToGrain });
  return metricFormula(input.metric, {
    ...around,
    shifts,
    conditions: [...around.conditions, ...input.filters.map((text) => toCondition(text, around.layer, input.metric))],
  });
}

function measureLeaf(input: MeasureInput, metric: string, { layer, conditions, shifts, trail }: Around): Formula & { kind: 'leaf' } {
  const found = findMeasure(layer, input.measure);
  if (found === undefined) {
    const measures = layer.models.flatMap((model) => model.measures.map((measure) => measure.name));
    throw new Refusal(
      withNearest(`The metric '${metric}' uses the measure '${input.measure}', which does not exist.`, input.measure, measures),
    );
  }
  const grain = layer.metrics.get(metric)?.timeGrain;
  return {
    kind: 'leaf',
    leaf: {
      metric: trail[0] ?? metric,
      ...found,
      conditions: [...conditions, ...input.filters.map((text) => toCondition(text, layer, metric))],
      shifts,
      joinsSpine: input.joinsSpine,
      ...(input.fill === undefined ? {} : { fill: input.fill }),
      ...(grain === undefined ? {} : { usualGrain: grain }),
    },
  };
}
