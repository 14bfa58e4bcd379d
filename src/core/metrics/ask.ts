import { withNearest } from '../text/nearest.ts';
import { addConversions } from './conversions.ts';
import { type Formula, leavesOf, toFormula } from './formula.ts';
import { coarsest, compareGrains, isGrain } from './grain.ts';
import { type Condition, type Item, isMetricTime, keyOf, readItem, readTypedCondition } from './item.ts';
import { type AskedKeys, addMeasuredRows, type Leaf, rowsKeyOf } from './measured-rows.ts';
import { QueryText, toSelect } from './query-text.ts';
import { findItem, isTimeOf, reachableItems, timeOf } from './reach.ts';
import { replaceNames } from './replace-names.ts';
import type { SemanticLayer } from './semantic-layer.ts';
import { asDouble, nameIn, Refusal } from './sql-words.ts';

/** A question about metrics. */
export interface MetricQuestion {
  readonly metrics: readonly string[];
  /** `account__industry`, `metric_time__month`, `listing`. */
  readonly groupBy: readonly string[];
  readonly where: readonly string[];
  /** Names out of the answer; `-name` or `name desc` for the largest first. */
  readonly orderBy: readonly string[];
  readonly limit?: number;
}

export type MetricAnswer =
  | { readonly kind: 'sql'; readonly sql: string; readonly columns: readonly string[] }
  | { readonly kind: 'refused'; readonly message: string };

/** The SQL that answers a question about metrics, in the project's dialect; or the sentence that says why there is none. */
export function askMetrics(layer: SemanticLayer, question: MetricQuestion): MetricAnswer {
  try {
    return toAnswer(layer, question);
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', message: error.message };
    throw error;
  }
}

const mostLeaves = 300;

function toAnswer(layer: SemanticLayer, question: MetricQuestion): MetricAnswer {
  if (question.metrics.length === 0) throw new Refusal('Name at least one metric.');
  const twice = question.metrics.find((name, at) => question.metrics.indexOf(name) !== at);
  if (twice !== undefined) throw new Refusal(`'${twice}' is asked for twice.`);
  const conditions = question.where.map((text) => readWhere(text, layer));
  const formulas = question.metrics.map((name) => toFormula(layer, name, conditions));
  const leaves = formulas.flatMap(leavesOf);
  if (leaves.length > mostLeaves) throw new Refusal(`This question needs more than ${mostLeaves} measures.`);
  const keys = toKeys(layer, question.groupBy, leaves);
  for (const condition of conditions) checkCondition(layer, condition, leaves);
  const query = new QueryText(layer);
  const planner = new Planner(query);
  planner.measure(leaves, keys);
  const pieces = formulas.map((formula, at) => planner.piece(formula, keys, question.metrics[at] ?? ''));
  const { source, values } = planner.together(pieces, keys, question.metrics);
  const items = [
    ...keys.names.map((name) => ({ sql: nameIn(layer.dialect, name), name })),
    ...values.map((sql, at) => ({ sql, name: question.metrics[at] ?? '' })),
  ];
  const columns = items.map(({ name }) => name);
  const last = [toSelect(layer, { items, from: source }), ...orderAndLimit(layer, question, columns)].join('\n');
  return { kind: 'sql', sql: query.toSql(last), columns };
}

function readWhere(text: string, layer: SemanticLayer): Condition {
  const condition = readTypedCondition(text, layer);
  if (condition === undefined)
    throw new Refusal(`The filter '${text}' has a template that is none of Dimension(), TimeDimension(), Entity() and Metric().`);
  return condition;
}

/** What is asked for, with the grain of every time. */
function toKeys(layer: SemanticLayer, groupBy: readonly string[], leaves: readonly Leaf[]): AskedKeys {
  const items = groupBy.map((text) => withGrain(layer, readItem(text, layer), leaves));
  const names = items.map((item) => keyOf(item));
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new Refusal(`'${twice}' is asked for twice.`);
  return { items, names };
}

/** An item with its grain; every leaf must reach it, at a grain that is not finer than its own. */
function withGrain(layer: SemanticLayer, item: Item, leaves: readonly Leaf[]): Item {
  const finest = leaves.flatMap((leaf) => finestGrain(layer, item, leaf) ?? []);
  if (finest.length === 0) {
    if (item.grain !== undefined) throw new Refusal(`'${keyOf(item)}' asks for a grain of something that is not a time.`);
    return item;
  }
  const least = coarsest(finest);
  if (item.grain === undefined) {
    const usual = isMetricTime(item) ? coarsest([least, ...leaves.map((leaf) => leaf.usualGrain ?? 'day')]) : least;
    return { ...item, kind: 'time', grain: usual };
  }
  if (isGrain(item.grain) && compareGrains(item.grain, least) < 0)
    throw new Refusal(`'${keyOf(item)}' is finer than the ${least}, which is as fine as it is known.`);
  return { ...item, kind: 'time' };
}

function finestGrain(layer: SemanticLayer, item: Item, leaf: Leaf): string | undefined {
  if (isTimeOf(layer, leaf.model, leaf.measure, item)) {
    const time = timeOf(leaf.model, leaf.measure);
    if (time === undefined) throw new Refusal(`'${leaf.metric}' has no time dimension, so it has no metric_time.`);
    return time.grain;
  }
  try {
    const { element } = findItem(layer, leaf.model, item);
    return element.kind === 'dimension' && element.dimension.kind === 'time' ? element.dimension.grain : undefined;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const names = reachableItems(layer, leaf.model).map(({ name }) => name);
    const message = `The metric '${leaf.metric}' cannot be grouped by '${keyOf(item)}'.`;
    const suffix = names.find((name) => name.endsWith(`__${item.name}`));
    if (error.message.includes('ambiguous')) throw error;
    throw new Refusal(suffix === undefined ? withNearest(message, keyOf(item), names) : `${message} Did you mean '${suffix}'?`);
  }
}

function checkCondition(layer: SemanticLayer, condition: Condition, leaves: readonly Leaf[]): void {
  for (const part of condition) if (typeof part !== 'string' && part.kind !== 'metric') withGrain(layer, part, leaves);
}

function orderAndLimit(layer: SemanticLayer, question: MetricQuestion, columns: readonly string[]): readonly string[] {
  const terms = question.orderBy.map((text) => {
    const match = /^\s*(-?)\s*(\S+?)(?:\s+(asc|desc))?\s*$/i.exec(text);
    const wanted = match?.[2] ?? text;
    const name =
      columns.find((column) => column === wanted.toLowerCase()) ?? columns.find((column) => column.startsWith(`${wanted.toLowerCase()}__`));
    if (name === undefined)
      throw new Refusal(withNearest(`'${wanted}' is not asked for, so nothing can be ordered by it.`, wanted, columns));
    return `${nameIn(layer.dialect, name)}${match?.[1] === '-' || match?.[3]?.toLowerCase() === 'desc' ? ' desc' : ''}`;
  });
  const { limit } = question;
  return [...(terms.length === 0 ? [] : [`order by ${terms.join(', ')}`]), ...(limit === undefined ? [] : [`limit ${limit}`])];
}

/** A value of the query: where its rows are, and its text over them. */
interface Piece {
  readonly source: string;
  readonly sql: (from: string) => string;
  readonly fill?: number;
}

class Planner {
  readonly #rows = new Map<string, string>();

  constructor(private readonly query: QueryText) {}

  /** A formula's value; what is read from the same rows is read once. */
  piece(formula: Formula, keys: AskedKeys, name: string): Piece {
    this.measure(leavesOf(formula), keys);
    return this.#piece(formula, keys, name);
  }

  /** Adds what measures leaves, those that share their rows together. */
  measure(leaves: readonly Leaf[], keys: AskedKeys): void {
    const groups = new Map<string, Leaf[]>();
    for (const leaf of leaves) {
      const key = this.#key(leaf, keys);
      if (this.#rows.has(`${key} ${leaf.measure.name}`)) continue;
      groups.set(key, [...(groups.get(key) ?? []), leaf]);
    }
    for (const [key, group] of groups) {
      const source = addMeasuredRows(this.query, group, keys, (item) => this.#metricOfRow(item));
      for (const leaf of group) this.#rows.set(`${key} ${leaf.measure.name}`, source);
    }
  }

  #key(leaf: Leaf, keys: AskedKeys): string {
    return `${rowsKeyOf(leaf)} ${keys.names.join(',')}`;
  }

  #piece(formula: Formula, keys: AskedKeys, name: string): Piece {
    const { dialect } = this.query.layer;
    if (formula.kind === 'leaf') {
      const { leaf } = formula;
      const source = this.#rows.get(`${this.#key(leaf, keys)} ${leaf.measure.name}`) ?? '';
      const column = nameIn(dialect, leaf.measure.name);
      return { source, sql: (from) => within(from, column), ...(leaf.fill === undefined ? {} : { fill: leaf.fill }) };
    }
    if (formula.kind === 'conversion') return this.#conversion(formula, keys, name);
    const inputs = formula.kind === 'ratio' ? [formula.over, formula.under] : formula.inputs.map(({ formula: one }) => one);
    const names = formula.kind === 'ratio' ? ['numerator', 'denominator'] : formula.inputs.map(({ alias }) => alias);
    const pieces = inputs.map((one, at) => this.#piece(one, keys, names[at] ?? ''));
    const isOne = pieces.every((one) => one.source === pieces[0]?.source);
    const combined = isOne ? pieces : this.#combine(pieces, keys, names, `${name}_inputs`);
    const value = (from: string): string => {
      const texts = combined.map((one) => withFill(one, from));
      if (formula.kind === 'ratio') return `${asDouble(dialect, texts[0] ?? '')} / ${asDouble(dialect, `nullif(${texts[1]}, 0)`)}`;
      return replaceNames(formula.expr, new Map(names.map((alias, at) => [alias, inBrackets(texts[at] ?? '')])));
    };
    return { source: combined[0]?.source ?? '', sql: value };
  }

  /** Conversions, or their share of what could have led to one. */
  #conversion(formula: Formula & { kind: 'conversion' }, keys: AskedKeys, name: string): Piece {
    const { dialect } = this.query.layer;
    const { base, conversion, rule } = formula;
    const source = addConversions(this.query, base, conversion, rule, keys, (item) => this.#metricOfRow(item));
    const counted: Piece = {
      source,
      sql: (from) => within(from, nameIn(dialect, conversion.measure.name)),
      ...(conversion.fill === undefined ? {} : { fill: conversion.fill }),
    };
    const tried = this.#piece({ kind: 'leaf', leaf: base }, keys, name);
    const [all, done] = this.#combine([tried, counted], keys, ['base', 'conversions'], `${name}_inputs`);
    if (all === undefined || done === undefined || rule.calculation === 'conversions') return done ?? counted;
    return {
      source: all.source,
      sql: (from) => `${asDouble(dialect, done.sql(from))} / ${asDouble(dialect, `nullif(${all.sql(from)}, 0)`)}`,
    };
  }

  /** The values of several pieces over one source: theirs, or one that brings them together. */
  together(
    pieces: readonly Piece[],
    keys: AskedKeys,
    names: readonly string[],
  ): { readonly source: string; readonly values: readonly string[] } {
    const isOne = pieces.every((one) => one.source === pieces[0]?.source);
    const all = isOne ? pieces : this.#combine(pieces, keys, names, 'metrics');
    const source = all[0]?.source ?? '';
    return { source, values: all.map((one) => withFill(one, '')) };
  }

  /** Brings values of several sources together, a row for every combination of keys that any of them has. */
  #combine(pieces: readonly Piece[], keys: AskedKeys, names: readonly string[], wanted: string): readonly Piece[] {
    const { dialect } = this.query.layer;
    const [first = '', ...others] = [...new Set(pieces.map((one) => one.source))];
    const columns = names.map((name, at) => (names.indexOf(name) === at ? name : `${name}_${at + 1}`));
    const column = (table: string, name: string): string => `${table}.${nameIn(dialect, name)}`;
    const isGrouped = keys.names.length > 0;
    const keyText = (name: string, tables: readonly string[]): string =>
      tables.length === 1 ? column(tables[0] ?? '', name) : `coalesce(${tables.map((table) => column(table, name)).join(', ')})`;
    const joins = others.map((table, at) => {
      if (!isGrouped) return `cross join ${table}`;
      const before = [first, ...others.slice(0, at)];
      return `full outer join ${table} on ${keys.names.map((name) => `${keyText(name, before)} = ${column(table, name)}`).join(' and ')}`;
    });
    const source = this.query.add(wanted, {
      items: [
        ...keys.names.map((name) => ({ sql: keyText(name, [first, ...others]), name })),
        ...pieces.map((piece, at) => {
          const raw = piece.sql(piece.source);
          const one = isGrouped ? `max(${raw})` : raw;
          return { sql: piece.fill === undefined ? one : `coalesce(${one}, ${piece.fill})`, name: columns[at] ?? '' };
        }),
      ],
      from: first,
      joins,
      groups: keys.names.length,
    });
    return columns.map((name) => ({ source, sql: (from) => within(from, nameIn(dialect, name)) }));
  }

  /** A metric that a filter asks for, grouped by the entity that the filter names. */
  #metricOfRow(item: Item): { readonly source: string; readonly key: string; readonly sql: (from: string) => string } {
    const { layer } = this.query;
    const [by, more] = item.by ?? [];
    if (by === undefined || more !== undefined) throw new Refusal(`Metric('${item.name}') in a filter needs one entity to group by.`);
    const formula = toFormula(layer, item.name, []);
    const keys = toKeys(layer, [by], leavesOf(formula));
    const piece = this.piece(formula, keys, item.name);
    return { source: piece.source, key: keys.names[0] ?? '', sql: (from) => withFill(piece, from) };
  }
}

/** A column of a table; in a query over one table it needs no qualifier. */
function within(table: string, column: string): string {
  return table === '' ? column : `${table}.${column}`;
}

function withFill(piece: Piece, from: string): string {
  return piece.fill === undefined ? piece.sql(from) : `coalesce(${piece.sql(from)}, ${piece.fill})`;
}

function inBrackets(sql: string): string {
  return /^[\w."`]+$/.test(sql) || /^coalesce\([^()]*\)$/.test(sql) ? sql : `(${sql})`;
}
