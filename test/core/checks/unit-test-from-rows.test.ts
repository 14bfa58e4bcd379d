import { describe, expect, it } from 'vitest';
import { runTests } from '../../../src/core/checks/run-tests.ts';
import { type MadeUnitTest, makeUnitTest, type PickedRows } from '../../../src/core/checks/unit-test-from-rows.ts';
import { writeUnitTest } from '../../../src/core/checks/write-unit-test.ts';
import type { ModelNode } from '../../../src/core/project/node.ts';
import type { NodeId } from '../../../src/core/text/ids.ts';
import { openShop, shop } from './shop.ts';

const orders = ['id,customer_id,status,amount,ordered_at'];
for (let i = 0; i < 300; i++) orders.push(`${100 + i},${1 + (i % 3)},paid,${10 + i},2024-01-01`);
const many = { 'seeds/raw_orders.csv': `${orders.join('\n')}\n` };

async function make(name: string, picked: Omit<PickedRows, 'of'> & { of: string }, changed: Readonly<Record<string, string>> = {}) {
  const { snapshot, around } = await openShop(changed);
  const model = snapshot.nodes.get(`model.shop.${name}` as NodeId) as ModelNode;
  return makeUnitTest(around.session, snapshot, model, { ...picked, of: picked.of as NodeId });
}

function testOf(made: MadeUnitTest | { readonly problem: string }): MadeUnitTest['test'] {
  if ('problem' in made) throw new Error(made.problem);
  return made.test;
}

/** How the unit test ends in a shop whose model may be another. */
async function statusOf(made: MadeUnitTest | { readonly problem: string }, changed: Readonly<Record<string, string>>): Promise<string> {
  const yaml = writeUnitTest(shop['models/schema.yml'] ?? '', testOf(made)) ?? '';
  const { snapshot, around } = await openShop({ ...changed, 'models/schema.yml': yaml });
  const results = await runTests(around, [...snapshot.nodes.keys()]);
  return results.find((result) => result.name === testOf(made).name)?.status ?? 'not there';
}

describe('a unit test from picked rows', () => {
  it('expects rows of the model over the fewest rows of its inputs, and fails once the model means something else', async () => {
    const made = await make('orders', {
      of: 'model.shop.orders',
      columns: ['order_id', 'customer_id', 'status', 'amount', 'ordered_at'],
      rows: [[11, 1, 'paid', 70, '2024-01-02']],
    });
    expect(testOf(made).given).toEqual([
      { input: "ref('raw_orders')", rows: [{ id: 11, customer_id: 1, status: 'paid', amount: 70, ordered_at: '2024-01-02' }] },
    ]);
    expect(testOf(made).expect).toEqual([{ order_id: 11, customer_id: 1, status: 'paid', amount: 70, ordered_at: '2024-01-02' }]);
    expect(await statusOf(made, {})).toBe('pass');
    const broken = (shop['models/orders.sql'] ?? '').replace('id as order_id', 'id + 1 as order_id');
    expect(await statusOf(made, { 'models/orders.sql': broken })).toBe('fail');
  });

  it('keeps every row that a sum is made of, among hundreds, and no others', async () => {
    const total = (customer: number) =>
      Array.from({ length: 300 }, (_, i) => (1 + (i % 3) === customer ? 10 + i : 0)).reduce((a, b) => a + b, 0);
    const made = await make(
      'customer_totals',
      { of: 'model.shop.customer_totals', columns: ['customer_id', 'total', 'is_vip'], rows: [[2, total(2), true]] },
      many,
    );
    const [customers, ordered] = testOf(made).given;
    expect(customers).toEqual({ input: "ref('customers')", rows: [{ customer_id: 2 }] });
    expect(ordered?.rows).toHaveLength(100);
    expect(Object.keys(ordered?.rows[0] ?? {})).toEqual(['customer_id', 'amount']);
    expect(testOf(made).expect).toEqual([{ customer_id: 2, total: total(2), is_vip: true }]);
  });

  it('gives picked rows of an input, and expects what the model makes of them', async () => {
    const made = await make('customer_totals', {
      of: 'model.shop.orders',
      columns: ['order_id', 'customer_id', 'status', 'amount', 'ordered_at'],
      rows: [
        [10, 1, 'paid', 50, '2024-01-01'],
        [11, 1, 'paid', 70, '2024-01-02'],
      ],
    });
    expect(testOf(made).given[1]?.rows).toHaveLength(2);
    expect(testOf(made).given[0]?.rows).toEqual([{ customer_id: 1 }]);
    expect(testOf(made).expect).toEqual([{ customer_id: 1, total: 120, is_vip: true }]);
    expect(await statusOf(made, {})).toBe('pass');
  });

  it('says that rows which do not come out again cannot be expected', async () => {
    const made = await make('customers', {
      of: 'model.shop.customers',
      columns: ['customer_id', 'name', 'country'],
      rows: [[1, 'Nobody', 'PT']],
    });
    expect(made).toEqual({ problem: "'customers' does not give these rows again from the rows of what it reads." });
  });
});

describe('a unit test written into a properties file', () => {
  const test = {
    name: 'it_holds',
    description: 'Picked.',
    model: 'customers',
    given: [{ input: "ref('raw_customers')", rows: [{ id: 1, name: 'yes', no: 'a, b' }] }],
    expect: [{ customer_id: 1, name: 'yes' }],
  };

  it('stands below those that are there, with comments and style kept', () => {
    const before = `version: 2\nunit_tests: # ours\n- name: it_holds\n  model: customers # this one\n  given: []\n  expect: {rows: []}\n# the end\nmodels: []\n`;
    expect(writeUnitTest(before, test)).toBe(
      `version: 2\nunit_tests: # ours\n- name: it_holds\n  model: customers # this one\n  given: []\n  expect: {rows: []}\n` +
        `- name: it_holds_2\n  description: Picked.\n  model: customers\n  given:\n    - input: ref('raw_customers')\n      rows:\n` +
        `        - {id: 1, name: "yes", "no": "a, b"}\n  expect:\n    rows:\n      - {customer_id: 1, name: "yes"}\n# the end\nmodels: []\n`,
    );
  });

  it('opens a section of its own where there is none, and a file where there is nothing', () => {
    expect(writeUnitTest('version: 2\nmodels: []', test)).toMatch(/^version: 2\nmodels: \[\]\n\nunit_tests:\n {2}- name: it_holds\n/);
    expect(writeUnitTest('', test)).toMatch(/^version: 2\n\nunit_tests:\n {2}- name: it_holds\n/);
  });

  it('is not written into what is no YAML', () => {
    expect(writeUnitTest('a: [', test)).toBeUndefined();
    expect(writeUnitTest('unit_tests: {}', test)).toBeUndefined();
  });
});
