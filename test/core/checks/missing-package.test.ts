import { expect, it } from 'vitest';
import { buildShop } from './shop.ts';

const packages = { 'packages.yml': 'packages:\n  - package: dbt-labs/dbt_utils\n    version: 1.3.0\n' };

it('a model that a missing package would have rendered says so when it is built', async () => {
  const results = await buildShop({
    ...packages,
    'models/spine.sql': "select {{ dbt_utils.star(from=ref('orders')) }} from {{ ref('orders') }}",
  });
  expect(results.find((result) => result.name === 'spine')).toMatchObject({
    status: 'error',
    message: expect.stringContaining("'dbt_utils.star' comes from a package that is not installed"),
  });
});

it('so does a generic test of a missing package', async () => {
  const results = await buildShop({
    ...packages,
    'models/extra.sql': 'select 1 as a',
    'models/more.yml': "models:\n  - name: extra\n    data_tests:\n      - dbt_utils.expression_is_true: {expression: '1 = 1'}\n",
  });
  expect(results.find((result) => result.name.startsWith('dbt_utils_expression'))).toMatchObject({
    status: 'error',
    message: expect.stringContaining("The test 'dbt_utils.expression_is_true' comes from a package that is not installed."),
  });
});
