import { beforeEach, expect, test, vi } from 'vitest';
import { readShop } from '../support/project.ts';

const asked = vi.hoisted(() => ({ compiled: [] as string[], traced: 0 }));

vi.mock('../../src/core/project/dbt-compile.ts', async (original) => {
  const real = await original<typeof import('../../src/core/project/dbt-compile.ts')>();
  const compileParsed: typeof real.compileParsed = (renderer, one) => {
    asked.compiled.push(one.node.name);
    return real.compileParsed(renderer, one);
  };
  return { ...real, compileParsed };
});

vi.mock('../../src/core/lineage/analyze-lineage.ts', async (original) => {
  const real = await original<typeof import('../../src/core/lineage/analyze-lineage.ts')>();
  const analyzeGradually: typeof real.analyzeGradually = (...facts) => {
    asked.traced++;
    return real.analyzeGradually(...facts);
  };
  return { ...real, analyzeGradually };
});

beforeEach(() => {
  asked.compiled.length = 0;
  asked.traced = 0;
});

const files = {
  'models/customers.sql': 'select 1 as id',
  'models/orders.sql': "select * from {{ ref('customers') }}",
  'models/asking.sql': "select * from {{ ref('orders') }} {% if execute %}{{ run_query('select 1').columns }}{% endif %}",
};

test('nodes and edges cost neither the compiled texts nor the lineage of columns', () => {
  const snapshot = readShop(files);
  expect([...snapshot.nodes.keys()]).toEqual(['model.shop.asking', 'model.shop.customers', 'model.shop.orders']);
  expect(snapshot.graph.edges).toHaveLength(2);
  expect(snapshot.docs).toEqual([]);
  expect(asked).toEqual({ compiled: [], traced: 0 });
});

test('a text is compiled when it is read, and once', () => {
  const { texts } = readShop(files);
  expect(texts.size).toBe(3);
  for (const _ of [1, 2]) expect(texts.get('model.shop.orders' as never)?.rendering.sql).toBe('select * from "db"."sch"."customers"');
  expect(asked).toEqual({ compiled: ['orders'], traced: 0 });
});

test('a text that asks for data is completed from the columns of the project', () => {
  const { texts } = readShop(files);
  expect(texts.get('model.shop.asking' as never)?.sketch).toBeDefined();
  expect(asked.compiled.toSorted()).toEqual(['asking', 'customers', 'orders']);
  expect(asked.traced).toBeGreaterThan(0);
});

test('columns, lineage and problems share one tracing', () => {
  const snapshot = readShop({ ...files, 'models/asking.sql': 'select 1 as one' });
  expect(snapshot.columns.get('model.shop.orders' as never)?.map((column) => column.name)).toEqual(['id']);
  expect(snapshot.lineage.nodes.get('model.shop.orders' as never)?.edges).toHaveLength(1);
  expect(snapshot.problems).toEqual([]);
  expect(asked).toEqual({ compiled: ['customers', 'orders', 'asking'].toSorted(), traced: 1 });
});

test('what nobody asked for is worked out in steps, and comes to the same', () => {
  const snapshot = readShop(files);
  let steps = 0;
  while (snapshot.advance?.() === true) steps++;
  expect(steps).toBeGreaterThan(6);
  const { traced } = asked;
  expect(snapshot.problems).toEqual(readShop(files).problems);
  expect(snapshot.lineage.nodes.get('model.shop.orders' as never)?.edges).toHaveLength(1);
  // The other Snapshot was traced for its problems, this one in its steps.
  expect(asked.traced).toBe(2 * traced);
});

test('a question in the middle of the steps is answered at once', () => {
  const snapshot = readShop(files);
  for (let step = 0; step < 4; step++) snapshot.advance?.();
  expect(snapshot.columns.get('model.shop.orders' as never)?.map((column) => column.name)).toEqual(['id']);
  expect(asked.compiled.toSorted()).toEqual(['asking', 'customers', 'orders']);
});
