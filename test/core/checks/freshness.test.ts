import { expect, it } from 'vitest';
import { runFreshness } from '../../../src/core/checks/freshness.ts';
import { openShop } from './shop.ts';

const source = (freshness: string): Record<string, string> => ({
  'models/sources.yml': `sources:\n  - name: web\n    tables:\n      - name: raw_orders\n        loaded_at_field: cast(ordered_at as timestamp)\n        freshness: ${freshness}\n`,
});

// The newest order is of 2024-01-04, and it is 2024-06-15.
it.each([
  ['{warn_after: {count: 200, period: day}}', 'pass'],
  ['{warn_after: {count: 10, period: day}, error_after: {count: 200, period: day}}', 'warn'],
  ['{warn_after: {count: 10, period: day}, error_after: {count: 48, period: hour}}', 'fail'],
  ["{error_after: {count: 165, period: day}, filter: status = 'paid'}", 'pass'],
  ["{error_after: {count: 164, period: day}, filter: status = 'open'}", 'fail'],
])('a source of freshness %s: %s', async (freshness, status) => {
  const { snapshot, around } = await openShop(source(freshness));
  const results = await runFreshness(around, [...snapshot.nodes.keys()]);
  expect(results.map((result) => result.status)).toEqual([status]);
  expect(results[0]?.message).toMatch(/^The newest row is of 2024-01-0[34].*, 16[34](\.5)? days ago/);
});
