import { expect, it } from 'vitest';
import { buildShop } from './shop.ts';

const packages = { 'packages.yml': 'packages:\n  - package: acme/acme_utils\n    version: 1.3.0\n' };

it('a model that a missing package would have rendered is built with NULL in the place of its macro', async () => {
  const results = await buildShop({
    ...packages,
    'models/spine.sql': "select {{ acme_utils.shade('id') }} as shade, 1 as one from {{ ref('orders') }}",
  });
  expect(results.find((result) => result.name === 'spine')).toMatchObject({ status: 'pass' });
});

it('a macro that something stands in for is the macro', async () => {
  const results = await buildShop({
    'packages.yml': 'packages:\n  - package: dbt-labs/dbt_utils\n    version: 1.3.0\n',
    'models/spine.sql': "select {{ dbt_utils.star(from=ref('orders')) }} from {{ ref('orders') }}",
    'models/more.yml': "models:\n  - name: spine\n    data_tests:\n      - dbt_utils.expression_is_true: {expression: '1 = 1'}\n",
  });
  expect(results.filter((result) => /spine/.test(result.name)).map((result) => result.status)).toEqual(['pass', 'pass']);
});

it('a generic test of a missing package says so', async () => {
  const results = await buildShop({
    ...packages,
    'models/extra.sql': 'select 1 as a',
    'models/more.yml': "models:\n  - name: extra\n    data_tests:\n      - acme_utils.expression_is_true: {expression: '1 = 1'}\n",
  });
  expect(results.find((result) => result.name.startsWith('acme_utils_expression'))).toMatchObject({
    status: 'error',
    message: expect.stringContaining("The test 'acme_utils.expression_is_true' comes from a package that is not installed."),
  });
});
