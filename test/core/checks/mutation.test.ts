import { describe, expect, it } from 'vitest';
import { buildShop, notPassed, shop } from './shop.ts';

const edit = (path: string, from: string, to: string): Record<string, string> => {
  const text = shop[path] ?? '';
  if (!text.includes(from)) throw new Error(`${path} has no '${from}'`);
  return { [path]: text.replace(from, to) };
};

it('passes while nothing is broken', async () => {
  const results = await buildShop();
  expect(notPassed(results)).toEqual([]);
  expect(results.map((result) => result.kind).sort()).toEqual(
    [...Array(2).fill('seed'), ...Array(3).fill('model'), ...Array(8).fill('test'), 'unit_test'].sort(),
  );
});

/** What is broken on purpose, which test fails for it (others are skipped below it), and the rows that it finds. */
const broken: readonly {
  readonly what: string;
  readonly files: Record<string, string>;
  readonly test: RegExp;
  readonly rows: readonly (readonly unknown[])[];
  readonly status?: string;
}[] = [
  {
    what: 'unique: a key twice',
    files: edit('seeds/raw_orders.csv', '13,3', '12,3'),
    test: /^unique_orders_order_id$/,
    rows: [[12, 2]],
  },
  {
    what: 'not_null: an empty key',
    files: edit('seeds/raw_customers.csv', '3,Cleo,PT', '3,Cleo,PT\n,Dan,DE'),
    test: /^not_null_customers_customer_id$/,
    rows: [[null, 'Dan', 'DE']],
  },
  {
    what: 'not_null with where: an empty amount that counts',
    files: edit('seeds/raw_orders.csv', '11,1,paid,70', '11,1,paid,'),
    test: /^not_null_orders_amount$/,
    rows: [[11, 1, 'paid', null, '2024-01-02']],
  },
  {
    what: 'accepted_values: a country nobody knows',
    files: edit('seeds/raw_customers.csv', '3,Cleo,PT', '3,Cleo,XX'),
    test: /^accepted_values_customers_country/,
    rows: [['XX', 1]],
  },
  {
    what: 'relationships: an order without its customer',
    files: edit('seeds/raw_orders.csv', '13,3', '13,9'),
    test: /^relationships_orders_customer_id/,
    rows: [[9]],
  },
  {
    what: 'a generic test of the project, with its own fail_calc',
    files: edit('seeds/raw_orders.csv', '12,2,open,20', '12,2,open,0'),
    test: /^positive_orders_1__amount/,
    rows: [[0, 1]],
  },
  {
    what: 'a singular test: totals that lose an order',
    files: edit('models/customer_totals.sql', 'o.customer_id = c.customer_id', "o.customer_id = c.customer_id and o.status <> 'open'"),
    test: /^totals_match$/,
    rows: [[1]],
  },
];

describe('data or SQL broken on purpose make exactly the test fail that watches it', () => {
  it.each(broken)('$what', async ({ files, test, rows }) => {
    const results = await buildShop(
      // A unit test over given rows must not hide what the data test finds.
      'models/customer_totals.sql' in files
        ? { ...files, 'models/schema.yml': (shop['models/schema.yml'] ?? '').replace(/unit_tests:[\s\S]*/, '') }
        : files,
    );
    const failed = results.filter((result) => result.status === 'fail' || result.status === 'error');
    expect(failed.map((result) => result.name)).toEqual([expect.stringMatching(test)]);
    expect(failed[0]?.sample?.rows).toEqual(rows);
    expect(failed[0]?.failures).toBe(1);
  });
});

it('a unit test fails on changed logic and says which row differs; the model is not built below it', async () => {
  const results = await buildShop(edit('models/customer_totals.sql', '>=', '>'));
  expect(notPassed(results)).toEqual(['vips_buy_a_lot fail', 'customer_totals skip', 'totals_match skip']);
  const [failed] = results.filter((result) => result.status === 'fail');
  expect(failed?.difference?.missing).toEqual(['1           | 10    | true']);
  expect(failed?.difference?.unexpected).toEqual(['1           | 10    | false']);
});

describe('a contract breaks', () => {
  it.each([
    ['when a column is missing', edit('models/customer_totals.sql', ' as total,', ' as sum_total,'), /promises 'total'/],
    [
      'when a type differs',
      edit('models/schema.yml', 'name: total, data_type: integer', 'name: total, data_type: text'),
      /promised as text/,
    ],
    ['when a check does not hold', edit('models/schema.yml', 'total >= 0', 'total > 25'), /check \(total > 25\) does not hold in 1 row/],
    [
      'when the primary key repeats',
      edit('models/customer_totals.sql', 'select c.customer_id', 'select 1 as customer_id'),
      /'customer_id' is not a primary key in 3 rows/,
    ],
  ])('%s', async (_what, files, message) => {
    const all = {
      ...files,
      'models/schema.yml': (files['models/schema.yml'] ?? shop['models/schema.yml'] ?? '').replace(/unit_tests:[\s\S]*/, ''),
    };
    const fixed = {
      ...all,
      'models/customer_totals.sql':
        (all as Record<string, string>)['models/customer_totals.sql']?.replace('group by 1', 'group by c.customer_id') ??
        shop['models/customer_totals.sql'] ??
        '',
    };
    const model = (await buildShop(fixed)).find((result) => result.name === 'customer_totals');
    expect(model?.status).toBe('error');
    expect(model?.message).toMatch(message);
  });
});

it('nothing is built below a failed test, and what could not be built is named', async () => {
  const results = await buildShop(edit('seeds/raw_customers.csv', '2,Bob', ',Bob'));
  expect(notPassed(results)).toContain('customer_totals skip');
  expect(results.find((result) => result.name === 'customer_totals')?.message).toBe(
    "Skipped because the test 'not_null_customers_customer_id' failed.",
  );
  expect(results.find((result) => result.name === 'orders')?.status).toBe('pass');
});

it('a test of severity warn does not stop the build', async () => {
  const files = {
    ...edit('seeds/raw_customers.csv', '3,Cleo,PT', '3,Cleo,XX'),
    ...edit('models/schema.yml', 'arguments: {values: [PT, DE]}', 'arguments: {values: [PT, DE]}\n              config: {severity: warn}'),
  };
  const results = await buildShop(files);
  expect(notPassed(results)).toEqual([expect.stringMatching(/^accepted_values.* warn$/)]);
});

it('a test with nothing to look at is no pass, and says so', async () => {
  const results = await buildShop({
    'models/sources.yml': 'sources:\n  - name: crm\n    tables:\n      - name: leads\n        columns: [{name: id}]\n',
    'models/leads.sql': "select id from {{ source('crm', 'leads') }}",
    'models/leads.yml': 'models:\n  - name: leads\n    columns:\n      - {name: id, data_tests: [unique]}\n',
  });
  const test = results.find((result) => result.name === 'unique_leads_id');
  expect(test?.status).toBe('no-data');
  expect(test?.message).toMatch(/^No data for the source 'crm.leads': a file crm_leads.csv/);
});
