import { expect, test } from 'vitest';
import { runTests } from '../../../src/core/checks/run-tests.ts';
import { SmallProject } from '../engine/small-project.ts';

const models = {
  'dbt_project.yml': 'name: shop\nprofile: shop\nvars: {from: orders, two: 2}\n',
  'models/orders.sql': 'select 1 as id, 2 as amount',
  'models/m.sql': "select id, amount * 2 as twice from {{ ref(var('from')) }}",
};

// As dbt 1.12 renders a unit test, except for the last of them, which dbt refuses.
test.each<[string, string, string]>([
  ['a var in an input', `ref('{{ var("from") }}')`, '[{id: 1, amount: 3}]'],
  ['a var with a default in an input', `ref('{{ var("nobody", "orders") }}')`, '[{id: 1, amount: 3}]'],
  ['a condition in an input', `ref('{% if true %}orders{% endif %}')`, '[{id: 1, amount: 3}]'],
  ['an expression in a row', "ref('orders')", '[{id: "{{ 2 - 1 }}", amount: "{{ var(\'two\') + 1 }}"}]'],
  ['an input in braces as a whole', "{{ ref('orders') }}", '[{id: 1, amount: 3}]'],
])('%s of a unit test is rendered', async (_, input, rows) => {
  const yaml = `unit_tests:\n  - name: ut\n    model: m\n    given:\n      - input: ${JSON.stringify(input)}\n        rows: ${rows}\n    expect: {rows: [{id: 1, twice: 6}]}\n`;
  const { snapshot, session } = await SmallProject.open({ ...models, 'models/u.yml': yaml }, 'duckdb');
  const results = await runTests({ session, snapshot, clock: () => 0 }, [...snapshot.nodes.keys()]);
  expect(results.map(({ name, status, message }) => `${name} ${status} ${message}`.trim())).toEqual(['ut pass']);
});
