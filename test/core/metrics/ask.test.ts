import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { askMetrics, type MetricQuestion } from '../../../src/core/metrics/ask.ts';
import { describeMetric, listMetrics } from '../../../src/core/metrics/describe.ts';
import { shopLayer } from './shop-metrics.ts';

const layer = shopLayer();

function ask(metrics: string, groupBy = '', more: Partial<MetricQuestion> = {}, of = layer) {
  const list = (text: string): readonly string[] => text.split(',').filter((word) => word !== '');
  return askMetrics(of, { metrics: list(metrics), groupBy: list(groupBy), where: [], orderBy: [], ...more });
}

describe('a question about metrics becomes SQL that a person can read', () => {
  it.each<[string, string, string, Partial<MetricQuestion>, string?]>([
    ['one metric', 'revenue', '', {}],
    ['by month', 'revenue,orders', 'metric_time__month', { orderBy: ['-revenue'], limit: 5 }],
    ['over two joins', 'revenue', 'customer__country__region', {}],
    ['with a filter', 'gift_revenue', 'customer__channel', { where: ["customer__channel = 'shop' or customer__channel is null"] }],
    ['a ratio', 'revenue_per_buyer', 'metric_time', {}],
    ['two semantic models', 'revenue,new_customers', 'metric_time__month,customer__channel', {}],
    ['against the month before', 'growth', 'metric_time__month', {}],
    ['against the start of the month', 'since_month_start', 'metric_time__day', {}],
    ['over seven days by month', 'revenue_7_days', 'metric_time__month', {}],
    ['so far', 'revenue_so_far', 'metric_time__day', {}],
    ['a balance', 'balance', 'metric_time__month', {}],
    ['every month of a filter by day', 'daily_orders', 'metric_time__month', { where: ["metric_time__day >= '2024-01-02'"] }],
    ['a balance in a region', 'balance', '', { where: ["customer__country__region = 'Europe'"] }],
    ['every day', 'daily_orders', 'metric_time__day', { where: ["{{ TimeDimension('metric_time', 'day') }} >= '2024-01-02'"] }],
    ['a conversion', 'first_orders', 'customer__channel', {}],
    ['a metric in a filter', 'regulars', '', {}],
    ['in BigQuery', 'growth,typical_order', 'metric_time__month', {}, 'bigquery'],
    ['in Snowflake', 'revenue_this_year', 'metric_time__day', {}, 'snowflake'],
  ])('%s', async (name, metrics, groupBy, more, adapter) => {
    const answer = ask(metrics, groupBy, more, adapter === undefined ? layer : shopLayer(adapter));
    await expect(answer.kind === 'sql' ? answer.sql : answer.message).toMatchFileSnapshot(
      join(import.meta.dirname, 'golden', `${name.replaceAll(' ', '-').toLowerCase()}.sql`),
    );
    expect(answer.kind).toBe('sql');
  });
});

describe('what cannot be asked is refused in a sentence', () => {
  it.each<[string, string, Partial<MetricQuestion>, string]>([
    ['revenu', '', {}, "There is no metric 'revenu'. Did you mean 'revenue'?"],
    ['revenue', 'channel', {}, "The metric 'revenue' cannot be grouped by 'channel'. Did you mean 'customer__channel'?"],
    ['revenue', 'customer__chanel', {}, "The metric 'revenue' cannot be grouped by 'customer__chanel'. Did you mean 'customer__channel'?"],
    // One customer has many orders: to count customers by what orders say would count some of them twice.
    ['new_customers', 'order__is_gift', {}, "The metric 'new_customers' cannot be grouped by 'order__is_gift'."],
    ['growth', '', {}, "'growth' compares with an earlier time: group it by metric_time."],
    ['growth', 'metric_time__week', {}, "'growth' looks 1 month back, which is not a number of whole weeks: ask it by month or finer."],
    ['revenue_7_days', 'customer', {}, "'revenue_7_days' adds up over a window of time: group it by metric_time."],
    ['revenue', 'metric_time__hour', {}, "'metric_time__hour' is finer than the day, which is as fine as it is known."],
    ['revenue', 'order__is_gift__month', {}, "'order__is_gift__month' asks for a grain of something that is not a time."],
    ['revenue', '', { orderBy: ['orders'] }, "'orders' is not asked for, so nothing can be ordered by it."],
    ['revenue,revenue', '', {}, "'revenue' is asked for twice."],
    ['lost', '', {}, "The metric 'lost' uses the measure 'revenues', which does not exist. Did you mean 'revenue'?"],
    ['circle', '', {}, "The metric 'circle' is made of itself."],
    [
      'revenue',
      '',
      { where: ["{{ var('x') }} = 1"] },
      "The filter '{{ var('x') }} = 1' has a template that is none of Dimension(), TimeDimension(), Entity() and Metric().",
    ],
  ])('%s by %s', (metrics, groupBy, more, message) => {
    expect(ask(metrics, groupBy, more)).toEqual({ kind: 'refused', message });
  });

  it('says that a time spine is missing', () => {
    expect(ask('growth', 'metric_time', {}, { ...layer, spines: [] })).toEqual({
      kind: 'refused',
      message: 'This needs a time spine, and the project has none: give a model with one row per day `time_spine:` in its properties.',
    });
  });
});

describe('a metric is described', () => {
  it('in words', () => {
    const formulas = Object.fromEntries(listMetrics(layer).map(({ name, formula }) => [name, formula]));
    expect(formulas).toMatchObject({
      gift_revenue: 'sum of amount in orders where order__is_gift',
      growth: '(revenue - before) / nullif(before, 0), where before is revenue 1 month before',
      revenue_per_buyer: 'revenue / buyers_metric',
      revenue_7_days: 'sum of amount in orders over 7 days',
    });
  });

  it('with what it can be grouped by and who uses it', () => {
    const found = describeMetric(layer, 'revenue');
    expect(found?.dimensions.map(({ name }) => name)).toEqual([
      'metric_time',
      'order__ordered_at',
      'order__is_gift',
      'order',
      'customer',
      'customer__joined_at',
      'customer__channel',
      'customer__country',
      'customer__country__region',
    ]);
    expect(found?.usedBy).toContain('metric.shop.growth');
  });
});
