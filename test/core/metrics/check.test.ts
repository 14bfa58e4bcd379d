import { describe, expect, it } from 'vitest';
import { readShop } from '../../support/project.ts';
import { shopFiles } from './shop-metrics.ts';

/** The problems of the shop with one thing changed in its properties, as `code line:column message`. */
function problemsWith(before: string, after: string): readonly string[] {
  const yaml = shopFiles['models/semantic.yml'] ?? '';
  expect(yaml, 'the text to change').toContain(before);
  const without = yaml.replace(/^ {2}- \{ name: (lost|circle),.*\n/gm, '');
  const snapshot = readShop({ ...shopFiles, 'models/semantic.yml': without.replace(before, after) });
  return snapshot.problems
    .filter(({ code }) => code.startsWith('metric-'))
    .map(({ message, start, end }) => {
      const line = without.replace(before, after).split('\n')[start.line - 1] ?? '';
      return `${line.slice(start.column - 1, end.column - 1)}: ${message}`;
    });
}

describe('metrics are held against the models they are made of', () => {
  it('finds nothing where all is well', () => {
    expect(problemsWith('customers', 'customers')).toEqual([]);
  });

  it.each<[string, string, string]>([
    [
      '{ name: revenue, agg: sum, expr: amount }',
      '{ name: revenue, agg: sum, expr: amout }',
      "amout: The measure 'revenue' of 'orders' reads the column 'amout', which \"db\".\"sch\".\"orders\" does not have. Did you mean 'amount'?",
    ],
    [
      '- { name: channel, type: categorical }',
      '- { name: chanel, type: categorical }',
      "chanel: The dimension 'chanel' of 'customers' reads the column 'chanel', which \"db\".\"sch\".\"customers\" does not have. Did you mean 'channel'?",
    ],
    [
      'type: foreign, expr: customer_id }\n    dimensions:\n      - { name: ordered_at',
      'type: foreign, expr: client_id }\n    dimensions:\n      - { name: ordered_at',
      'client_id: The entity \'customer\' of \'orders\' reads the column \'client_id\', which "db"."sch"."orders" does not have.',
    ],
    [
      'agg: median',
      'agg: medain',
      "medain: The measure 'typical_order' has the aggregation 'medain', which does not exist. Did you mean 'median'?",
    ],
    [
      'agg_time_dimension: joined_at',
      'agg_time_dimension: joined_a',
      "joined_a: The measure 'new_customers' is counted by the time dimension 'joined_a', which 'customers' does not have. Did you mean 'joined_at'?",
    ],
    [
      "Dimension('order__is_gift')",
      "Dimension('order__is_gifts')",
      "order__is_gifts: A filter of 'gift_revenue' names 'order__is_gifts', which cannot be reached from 'orders'. Did you mean 'order__is_gift'?",
    ],
    [
      "Dimension('country__region', entity_path=['customer'])",
      "Dimension('country__region')",
      "country__region: A filter of 'european_revenue' names 'country__region', which cannot be reached from 'orders'. Did you mean 'customer__country__region'?",
    ],
    [
      'expr: revenue - start',
      'expr: revenue - begin',
      "begin: The expression of 'since_month_start' names 'begin', which is none of its metrics.",
    ],
    ['window: 7 days', 'window: 7 dys', "dys: The metric 'revenue_7_days' uses the grain 'dy', which does not exist. Did you mean 'day'?"],
    [
      'window_groupings: [customer]',
      'window_groupings: [custmer]',
      "custmer: The measure 'balance' names 'custmer' in its non-additive dimension, which 'balances' does not have. Did you mean 'customer'?",
    ],
    [
      'type: time, type_params: { time_granularity: day } }\n      - { name: is_gift',
      'type: time, expr: amount, type_params: { time_granularity: day } }\n      - { name: is_gift',
      "ordered_at: The time dimension 'ordered_at' of 'orders' is numeric, not a date or a time.",
    ],
    [
      "Metric('orders', group_by",
      "Metric('order', group_by",
      "order: A filter of 'regulars' uses the metric 'order', which is not defined. Did you mean 'orders'?",
    ],
    [
      'numerator: revenue,',
      'numerator: revenu,',
      "- { name: revenue_per_buyer: 'revenue_per_buyer' uses the metric 'revenu', which is not defined. Did you mean 'revenue'?",
    ],
  ])('%s → %s', (before, after, message) => {
    const found = problemsWith(before, after);
    expect(found.map((one) => one.replace(/^: /, '- { name: revenue_per_buyer: '))).toEqual([message]);
  });
});
