import { expect, it } from 'vitest';
import { toGithubAnnotations } from '../../../src/core/checks/annotations.ts';
import { toArtifacts } from '../../../src/core/checks/artifacts.ts';
import { runBuild } from '../../../src/core/checks/build.ts';
import { toJUnit } from '../../../src/core/checks/junit.ts';
import { formatSummary, summarize } from '../../../src/core/checks/result.ts';
import { openShop, shop } from './shop.ts';

const files = { 'seeds/raw_orders.csv': (shop['seeds/raw_orders.csv'] ?? '').replace('13,3', '12,3') };

it('JUnit XML counts what failed and says why, with the rows and the SQL', async () => {
  const { snapshot, around } = await openShop(files);
  const xml = toJUnit(await runBuild(around, [...snapshot.nodes.keys()]), 'shop & co');
  expect(xml).toContain('<testsuites name="shop &amp; co" tests="14" failures="1" errors="0" skipped="3"');
  expect(xml).toContain('<testcase name="unique_orders_order_id" classname="model.shop.orders" file="models/schema.yml" line=');
  expect(xml).toMatch(/<failure message="Got 1 failure\.">Got 1 failure\.\n[\s\S]*12 \| 2\n[\s\S]*select/);
});

it('annotations name the file in the repository and the line', async () => {
  const { snapshot, around } = await openShop(files);
  const lines = toGithubAnnotations(await runBuild(around, [...snapshot.nodes.keys()]), './data/shop/');
  expect(lines).toEqual([
    expect.stringMatching(/^::error file=data\/shop\/models\/schema\.yml,line=\d+,title=unique_orders_order_id::Got 1 failure\.$/),
  ]);
});

it("dbt's run results say success for models, pass and fail for tests, skipped for the rest", async () => {
  const { snapshot, around } = await openShop(files);
  const results = await runBuild(around, [...snapshot.nodes.keys()]);
  const invoked = { startedAt: '2024-06-15T12:00:00Z', invocationId: 'one', seconds: 1 };
  const artifacts = new Map(toArtifacts(snapshot, results, invoked).map(({ path, text }) => [path, JSON.parse(text)]));
  const status = (id: string) =>
    artifacts.get('run_results.json').results.find((one: { unique_id: string }) => one.unique_id.startsWith(id))?.status;
  expect([
    status('model.shop.orders'),
    status('test.shop.unique_orders'),
    status('model.shop.customer_totals'),
    status('unit_test.'),
  ]).toEqual(['success', 'fail', 'skipped', 'skipped']);
  const manifest = artifacts.get('manifest.json');
  expect(manifest.nodes['model.shop.orders'].depends_on.nodes).toEqual(['seed.shop.raw_orders']);
  expect(manifest.child_map['seed.shop.raw_orders']).toEqual(['model.shop.orders']);
  expect(formatSummary(summarize(results))).toBe('10 passed, 1 failed, 3 skipped');
});
