import { expect, test } from 'vitest';
import { compileNode } from '../../../src/core/dbt/compile.ts';
import type { NodeId } from '../../../src/core/text/ids.ts';
import { readShop, sqlOf } from '../../support/project.ts';

const reads = '{{ flags.WHICH }} {{ invocation_args_dict.which }} {{ flags.FULL_REFRESH }} {{ flags.EMPTY }}';

test.each<[string, string, string, string]>([
  ['a model', 'models/m.sql', 'model.shop.m', 'run run False False'],
  ['an analysis', 'analyses/a.sql', 'analysis.shop.a', 'run run False False'],
  ['a singular test', 'tests/t.sql', 'test.shop.t', 'test test False False'],
])('%s is rendered for the command that runs it', (_, path, id, flags) => {
  expect(sqlOf(readShop({ [path]: reads }), id)).toBe(flags);
});

test('a snapshot is rendered for dbt snapshot', () => {
  const block = `{% snapshot s %}{{ config(strategy='check', unique_key='id', check_cols='all') }}${reads}{% endsnapshot %}`;
  expect(sqlOf(readShop({ 'snapshots/s.sql': block }), 'snapshot.shop.s')).toContain('snapshot snapshot False False');
});

test('a generic test is rendered for dbt test', () => {
  const snapshot = readShop({
    'models/m.sql': 'select 1 as id',
    'models/m.yml': 'models: [{name: m, data_tests: [which]}]',
    'tests/generic/which.sql': '{% test which(model) %}{{ flags.WHICH }}{% endtest %}',
  });
  const id = [...snapshot.nodes.keys()].find((one) => one.startsWith('test.')) as NodeId;
  expect(compileNode(snapshot, id)?.sql).toBe('test');
});

test('columns that only a run selects are columns, in the SQL and in the lineage', () => {
  const snapshot = readShop({
    'seeds/orders.csv': 'id,amount\n1,2\n',
    'models/m.sql': "select id{% if execute and flags.WHICH in ('run', 'build') %}, amount{% endif %} from {{ ref('orders') }}",
  });
  expect((snapshot.columns.get('model.shop.m' as NodeId) ?? []).map((column) => column.name)).toEqual(['id', 'amount']);
});

test('what the caller says of the command wins', () => {
  expect(sqlOf(readShop({ 'models/m.sql': reads }, { flags: { WHICH: 'build', FULL_REFRESH: true } }), 'model.shop.m')).toBe(
    'build build True False',
  );
});
