import { withNearest } from '../text/nearest.ts';
import { type Item, isMetricTime, keyOf } from './item.ts';
import type { Dimension, Entity, Measure, SemanticLayer, SemanticModel } from './semantic-layer.ts';
import { Refusal } from './sql-words.ts';

/** One join: from a semantic model by an entity of it to another, of which at most one row belongs to each. */
export interface Hop {
  readonly from: SemanticModel;
  readonly to: SemanticModel;
  /** Expressions over each side that are equal. */
  readonly pairs: readonly { readonly own: string; readonly other: string; readonly name: string }[];
}

/** Where an item is found from a semantic model: through which joins, and what it is there. */
export interface Found {
  readonly hops: readonly Hop[];
  readonly model: SemanticModel;
  readonly element: { readonly kind: 'dimension'; readonly dimension: Dimension } | { readonly kind: 'entity'; readonly entity: Entity };
}

const mostHops = 2;

/** The names that lead to a semantic model's own dimensions. */
function ownNames(model: SemanticModel): readonly string[] {
  const linkable = model.entities.filter((entity) => entity.type !== 'foreign').map((entity) => entity.name);
  return model.primaryEntity === undefined ? linkable : [...new Set([model.primaryEntity, ...linkable])];
}

/** The joins from a semantic model by the name of an entity. No join repeats a row: the other side has one row for each, or one at each time. */
function hopsBy(layer: SemanticLayer, from: SemanticModel, name: string): readonly Hop[] {
  const entity = from.entities.find((one) => one.name === name);
  const written = from.joins.filter((join) => join.to === name);
  return layer.models.flatMap((to): readonly Hop[] => {
    if (to === from) return [];
    const join = written.find((one) => one.to === to.name);
    if (join !== undefined)
      return [{ from, to, pairs: join.pairs.map((pair, at) => ({ ...pair, name: at === 0 ? name : `${name}_${at + 1}` })) }];
    const other = to.entities.find((one) => one.name === name && one.type !== 'foreign');
    if (entity === undefined || other === undefined) return [];
    const isHistory = other.type === 'natural';
    if (isHistory && (entity.type === 'natural' || !hasValidity(to))) return [];
    return [{ from, to, pairs: [{ own: entity.expr, other: other.expr, name }] }];
  });
}

/** Whether rows hold for a time only. */
export function hasValidity(model: SemanticModel): boolean {
  return (['start', 'end'] as const).every((end) => model.dimensions.some((dimension) => dimension.validity === end));
}

/** Finds an item from a semantic model; a sentence says why it cannot be reached, or that two ways lead to different ones. */
export function findItem(layer: SemanticLayer, model: SemanticModel, item: Item): Found {
  const direct = findIn(model, item, item.path.length === 0 || (item.path.length === 1 && ownNames(model).includes(item.path[0] ?? '')));
  if (direct !== undefined) return { hops: [], model, element: direct };
  const found = follow(layer, model, item, item.path, []);
  const [first, second] = found;
  if (first === undefined) {
    const names = reachableItems(layer, model).map((one) => one.name);
    const suffix = names.find((name) => name.endsWith(`__${item.name}`));
    const sentence = `'${keyOf(item)}' cannot be reached from '${model.name}'.`;
    throw new Refusal(suffix === undefined ? withNearest(sentence, keyOf(item), names) : `${sentence} Did you mean '${suffix}'?`);
  }
  if (second !== undefined)
    throw new Refusal(`'${keyOf(item)}' is ambiguous: both '${first.model.name}' and '${second.model.name}' have it.`);
  return first;
}

function findIn(model: SemanticModel, item: Item, isReached: boolean): Found['element'] | undefined {
  if (!isReached) return undefined;
  const entity = model.entities.find((one) => one.name === item.name);
  if (entity !== undefined && (item.kind === 'any' || item.kind === 'entity')) return { kind: 'entity', entity };
  if (item.path.length === 0 || item.kind === 'entity') return undefined;
  const dimension = model.dimensions.find((one) => one.name === item.name);
  return dimension === undefined ? undefined : { kind: 'dimension', dimension };
}

function follow(layer: SemanticLayer, model: SemanticModel, item: Item, path: readonly string[], hops: readonly Hop[]): readonly Found[] {
  const [name, ...rest] = path;
  if (name === undefined || hops.length >= mostHops) return [];
  return hopsBy(layer, model, name).flatMap((hop): readonly Found[] => {
    if (hops.some((before) => before.from === hop.to)) return [];
    const trail = [...hops, hop];
    if (rest.length > 0) return follow(layer, hop.to, item, rest, trail);
    const element = findIn(hop.to, item, true);
    // The entity by which one came is no news.
    if (element === undefined || (element.kind === 'entity' && element.entity.name === name)) return [];
    return [{ hops: trail, model: hop.to, element }];
  });
}

/** An item that can be asked, and what it is. */
export interface Reachable {
  readonly name: string;
  readonly kind: 'entity' | 'categorical' | 'time';
  readonly grain?: string;
  readonly description: string;
  readonly model: string;
}

/** Everything that a measure of a semantic model can be grouped by, nearest first. */
export function reachableItems(layer: SemanticLayer, model: SemanticModel): readonly Reachable[] {
  const found = new Map<string, Reachable>();
  const add = (one: Reachable): void => {
    if (!found.has(one.name)) found.set(one.name, one);
  };
  const addOwn = (of: SemanticModel, prefixes: readonly string[], isFirst: boolean): void => {
    for (const prefix of prefixes)
      for (const dimension of of.dimensions)
        add({
          name: `${prefix}__${dimension.name}`,
          kind: dimension.kind,
          ...(dimension.kind === 'time' ? { grain: dimension.grain } : {}),
          description: dimension.description,
          model: of.name,
        });
    for (const entity of of.entities)
      for (const name of isFirst ? [entity.name] : prefixes.map((prefix) => `${prefix}__${entity.name}`))
        if (isFirst || !prefixes.some((prefix) => prefix.split('__').pop() === entity.name))
          add({ name, kind: 'entity', description: '', model: of.name });
  };
  addOwn(model, ownNames(model), true);
  const walk = (from: SemanticModel, path: readonly string[], seen: readonly SemanticModel[]): void => {
    if (path.length >= mostHops) return;
    for (const name of new Set([...from.entities.map((entity) => entity.name), ...from.joins.map((join) => join.to)]))
      for (const hop of hopsBy(layer, from, name)) {
        if (seen.includes(hop.to) || path.includes(name)) continue;
        addOwn(hop.to, [[...path, name].join('__')], false);
        walk(hop.to, [...path, name], [...seen, hop.to]);
      }
  };
  walk(model, [], [model]);
  return [...found.values()];
}

/** The time dimension that a measure is counted by. */
export function timeOf(model: SemanticModel, measure: Measure): Dimension | undefined {
  return model.dimensions.find((dimension) => dimension.name === measure.time && dimension.kind === 'time');
}

/** Whether an item is the measure's own time, be it asked as `metric_time` or by its name. */
export function isTimeOf(layer: SemanticLayer, model: SemanticModel, measure: Measure, item: Item): boolean {
  if (isMetricTime(item)) return true;
  if (item.name !== measure.time) return false;
  return ownNames(model).includes(item.path.join('__')) && timeOf(model, measure) !== undefined && layer.models.includes(model);
}
