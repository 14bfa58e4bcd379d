import { expect, test } from 'vitest';
import { select } from '../../../src/core/dbt/selector.ts';
import { diffSnapshots, toStateChanges } from '../../../src/core/dbt/state.ts';
import { readShop } from '../../support/project.ts';

const before = {
  'models/orders.sql': 'select 1 as id, 2 as amount',
  'models/totals.sql': "select sum(amount) as total from {{ ref('orders') }}",
  'models/gone.sql': 'select 1 as one',
  'models/with_macro.sql': 'select {{ cents() }} as cents',
  'macros/cents.sql': '{% macro cents() %}1{% endmacro %}',
  'seeds/raw.csv': 'a\n1\n',
};

function diff(changes: Record<string, string>, without: readonly string[] = []) {
  const now = Object.fromEntries(Object.entries({ ...before, ...changes }).filter(([path]) => !without.includes(path)));
  const [old, fresh] = [readShop(before), readShop(now)];
  return { found: diffSnapshots(old, fresh), now: fresh };
}

test('a project differs in nothing from itself', () => {
  const { found } = diff({});
  expect([found.added, found.removed, [...found.modified], found.columns]).toEqual([[], [], [], []]);
});

test.each([
  ['its text', { 'models/orders.sql': 'select 1 as id, 3 as amount' }, 'model.shop.orders', ['body']],
  [
    'its configuration',
    { 'models/orders.sql': "{{ config(materialized='table') }}select 1 as id, 2 as amount" },
    'model.shop.orders',
    ['body', 'configs'],
  ],
  ['a macro that it calls', { 'macros/cents.sql': '{% macro cents() %}100{% endmacro %}' }, 'model.shop.with_macro', ['macros']],
  ['the rows of a seed', { 'seeds/raw.csv': 'a\n2\n' }, 'seed.shop.raw', ['body']],
  ['its alias', { 'models/p.yml': 'models:\n  - name: orders\n    config: {alias: o}\n' }, 'model.shop.orders', ['configs', 'relation']],
] as const)('a node is modified by a change of %s', (_name, changes, id, aspects) => {
  const { found } = diff(changes);
  expect([...found.modified].map(([node, because]) => [node, [...because].sort()])).toEqual([[id, aspects]]);
});

test('nodes and columns that come and go are told', () => {
  const { found } = diff({ 'models/orders.sql': "select 'x' as id, 2 as price", 'models/fresh.sql': 'select 1 as x' }, ['models/gone.sql']);
  expect([found.added, found.removed]).toEqual([['model.shop.fresh'], ['model.shop.gone']]);
  expect(found.columns).toEqual([
    { node: 'model.shop.orders', name: 'id', change: 'type', from: 'integer', to: 'text' },
    { node: 'model.shop.orders', name: 'price', change: 'added', to: 'integer' },
    { node: 'model.shop.orders', name: 'amount', change: 'removed', from: 'integer' },
    { node: 'model.shop.totals', name: 'total', change: 'type', from: 'bigint', to: '' },
  ]);
});

test('state:modified+ selects what changed and what comes after it', () => {
  const { found, now } = diff({ 'models/orders.sql': 'select 1 as id, 5 as amount' });
  const { ids } = select(now, 'state:modified+', { state: toStateChanges(found), packageName: 'shop' });
  expect(ids).toEqual(['model.shop.orders', 'model.shop.totals']);
});
