import { readSemanticLayer } from '../../../src/core/metrics/read-layer.ts';
import type { SemanticLayer } from '../../../src/core/metrics/semantic-layer.ts';
import { readShop } from '../../support/project.ts';

const sql = (columns: string): string => `select ${columns}\n`;

/** A shop with orders, their items, customers, countries, balances and a time spine; metrics of every kind over them. */
export const shopFiles: Readonly<Record<string, string>> = {
  'models/orders.sql': sql(`1 as order_id, 2 as customer_id, cast('2024-01-01' as date) as ordered_at, 10.5 as amount, true as is_gift`),
  'models/customers.sql': sql(`2 as customer_id, 'de' as country, 'shop' as channel, cast('2023-01-01' as date) as joined_at`),
  'models/countries.sql': sql(`'de' as country, 'Europe' as region`),
  'models/balances.sql': sql(`2 as customer_id, cast('2024-01-01' as date) as day, 7 as balance`),
  'models/days.sql': sql(`cast('2024-01-01' as date) as date_day`),
  'models/semantic.yml': `
models:
  - name: days
    time_spine: { standard_granularity_column: date_day }
    columns: [{ name: date_day, granularity: day }]
semantic_models:
  - name: orders
    model: ref('orders')
    defaults: { agg_time_dimension: ordered_at }
    entities:
      - { name: order, type: primary, expr: order_id }
      - { name: customer, type: foreign, expr: customer_id }
    dimensions:
      - { name: ordered_at, type: time, type_params: { time_granularity: day } }
      - { name: is_gift, type: categorical }
    measures:
      - { name: orders, agg: sum, expr: 1 }
      - { name: revenue, agg: sum, expr: amount }
      - { name: buyers, agg: count_distinct, expr: customer_id }
      - { name: typical_order, agg: median, expr: amount }
  - name: customers
    model: ref('customers')
    defaults: { agg_time_dimension: joined_at }
    entities:
      - { name: customer, type: primary, expr: customer_id }
      - { name: country, type: foreign }
    dimensions:
      - { name: joined_at, type: time, type_params: { time_granularity: day } }
      - { name: channel, type: categorical }
    measures:
      - { name: new_customers, agg: count, expr: customer_id, create_metric: true }
  - name: countries
    model: ref('countries')
    entities: [{ name: country, type: primary }]
    dimensions: [{ name: region, type: categorical }]
  - name: balances
    model: ref('balances')
    defaults: { agg_time_dimension: day }
    primary_entity: balance
    entities: [{ name: customer, type: foreign, expr: customer_id }]
    dimensions: [{ name: day, type: time, type_params: { time_granularity: day } }]
    measures:
      - name: balance
        agg: sum
        non_additive_dimension: { name: day, window_choice: max, window_groupings: [customer] }
        create_metric: true
metrics:
  - { name: orders, type: simple, type_params: { measure: orders } }
  - { name: revenue, type: simple, type_params: { measure: revenue } }
  - { name: typical_order, type: simple, type_params: { measure: typical_order } }
  - { name: daily_orders, type: simple, type_params: { measure: { name: orders, join_to_timespine: true, fill_nulls_with: 0 } } }
  - name: gift_revenue
    type: simple
    type_params: { measure: revenue }
    filter: "{{ Dimension('order__is_gift') }}"
  - name: european_revenue
    type: simple
    type_params: { measure: revenue }
    filter: "{{ Dimension('country__region', entity_path=['customer']) }} = 'Europe'"
  - name: regulars
    type: simple
    type_params: { measure: revenue }
    filter: "{{ Metric('orders', group_by=['customer']) }} > 3"
  - { name: revenue_per_buyer, type: ratio, type_params: { numerator: revenue, denominator: buyers_metric } }
  - { name: buyers_metric, type: simple, type_params: { measure: buyers } }
  - name: growth
    type: derived
    type_params:
      expr: (revenue - before) / nullif(before, 0)
      metrics: [{ name: revenue }, { name: revenue, offset_window: 1 month, alias: before }]
  - name: since_month_start
    type: derived
    type_params:
      expr: revenue - start
      metrics: [{ name: revenue }, { name: revenue, offset_to_grain: month, alias: start }]
  - { name: revenue_so_far, type: cumulative, type_params: { measure: revenue } }
  - { name: revenue_7_days, type: cumulative, type_params: { measure: revenue, cumulative_type_params: { window: 7 days, period_agg: last } } }
  - { name: revenue_this_year, type: cumulative, type_params: { measure: revenue, cumulative_type_params: { grain_to_date: year } } }
  - name: first_orders
    type: conversion
    type_params:
      conversion_type_params: { base_measure: new_customers, conversion_measure: orders, entity: customer, window: 30 days }
  - { name: lost, type: simple, type_params: { measure: revenues } }
  - { name: circle, type: derived, type_params: { expr: circle + 1, metrics: [circle] } }
`,
};

/** The semantic layer of the shop, on another adapter where one is named. */
export function shopLayer(adapter = 'postgres'): SemanticLayer {
  const profile = `shop:\n  target: dev\n  outputs:\n    dev: {type: ${adapter}, dbname: db, schema: sch}\n`;
  return readSemanticLayer(readShop({ ...shopFiles, 'profiles.yml': profile }));
}
