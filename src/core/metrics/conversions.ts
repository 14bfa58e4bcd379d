import { coarsest } from './grain.ts';
import type { AskedKeys, Leaf } from './measured-rows.ts';
import type { QueryText } from './query-text.ts';
import { type MetricOfRow, RowScope } from './row-scope.ts';
import type { MetricDefinition, SemanticModel } from './semantic-layer.ts';
import { aggregate, earlier, nameIn, Refusal } from './sql-words.ts';

/** What makes a row of one semantic model the outcome of a row of another. */
export type ConversionRule = Pick<MetricDefinition & { kind: 'conversion' }, 'entity' | 'window' | 'calculation' | 'constants'>;

/**
 * Adds what counts conversions: each belongs to the last row before it of the same entity, and is counted where that row is. Gives the name of the
 * common table expression with the keys and the conversion measure.
 */
export function addConversions(
  query: QueryText,
  base: Leaf,
  conversion: Leaf,
  rule: ConversionRule,
  keys: AskedKeys,
  metricOfRow: MetricOfRow,
): string {
  const { dialect } = query.layer;
  const before = new RowScope(query, base.model, base.measure, metricOfRow);
  const after = new RowScope(query, conversion.model, conversion.measure, metricOfRow);
  // A month's purchases can follow only a month's visits: both are compared as finely as the coarser one is known.
  const grain = coarsest([before.time.grain, after.time.grain]);
  const entityOf = (scope: RowScope): string => scope.own(rule.entity, entityExpr(scope.model, rule.entity), 'key');
  const items = keys.items.map((item, at) => ({ sql: before.sqlOf(item), name: keys.names[at] ?? '' }));
  const where = base.conditions.map((condition) => before.conditionSql(condition));
  const first = query.add(`${base.measure.name}_rows`, {
    items: [
      ...items,
      { sql: entityOf(before), name: 'entity_of_row' },
      { sql: before.timeAt(grain), name: 'time_of_row' },
      ...rule.constants.map(({ base: name }, at) => ({ sql: propertyOf(before, name), name: `constant_${at + 1}` })),
    ],
    from: nameIn(dialect, before.source.name),
    joins: before.joins,
    where,
  });
  const value = /^\d+(\.\d+)?$/.test(conversion.measure.expr)
    ? conversion.measure.expr
    : after.own(conversion.measure.name, conversion.measure.expr, 'value');
  const second = query.add(`${conversion.measure.name}_rows`, {
    items: [
      { sql: entityOf(after), name: 'entity_of_row' },
      { sql: after.timeAt(grain), name: 'time_of_row' },
      ...rule.constants.map(({ conversion: name }, at) => ({ sql: propertyOf(after, name), name: `constant_${at + 1}` })),
      { sql: value, name: 'value_of_row' },
      { sql: `row_number() over (order by ${entityOf(after)}, ${after.timeAt(grain)})`, name: 'number_of_row' },
    ],
    from: nameIn(dialect, after.source.name),
  });
  const matches = [
    `${first}.entity_of_row = ${second}.entity_of_row`,
    `${first}.time_of_row <= ${second}.time_of_row`,
    ...(rule.window === undefined ? [] : [`${first}.time_of_row > ${earlier(dialect, rule.window, `${second}.time_of_row`)}`]),
    ...rule.constants.map((_, at) => `${first}.constant_${at + 1} = ${second}.constant_${at + 1}`),
  ];
  const matched = query.add(`${conversion.measure.name}_after_${base.measure.name}`, {
    items: [
      ...items.map(({ name }) => ({ sql: `${first}.${nameIn(dialect, name)}`, name })),
      { sql: `${second}.value_of_row`, name: 'value_of_row' },
      { sql: `row_number() over (partition by ${second}.number_of_row order by ${first}.time_of_row desc)`, name: 'is_last' },
    ],
    from: first,
    joins: [`inner join ${second} on ${matches.join(' and ')}`],
  });
  return query.add(`${conversion.measure.name}_conversions`, {
    items: [
      ...items.map(({ name }) => ({ sql: `${matched}.${nameIn(dialect, name)}`, name })),
      { sql: aggregate(dialect, conversion.measure, `${matched}.value_of_row`), name: conversion.measure.name },
    ],
    from: matched,
    where: [`${matched}.is_last = 1`],
    groups: items.length,
  });
}

function entityExpr(model: SemanticModel, name: string): string {
  const found = model.entities.find((one) => one.name === name);
  if (found === undefined) throw new Refusal(`'${model.name}' does not have the entity '${name}', which the conversion follows.`);
  return found.expr;
}

function propertyOf(scope: RowScope, name: string): string {
  const { model } = scope;
  const expr = model.dimensions.find((one) => one.name === name)?.expr ?? model.entities.find((one) => one.name === name)?.expr;
  if (expr === undefined) throw new Refusal(`'${model.name}' does not have '${name}', which the conversion holds constant.`);
  return scope.own(name, expr, 'constant');
}
