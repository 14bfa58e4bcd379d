import { describe, expect, it } from 'vitest';
import type { Given } from '../../../src/core/results/trace/condition.ts';
import { Tracing } from '../../../src/core/results/trace/trace.ts';
import type { NodeId } from '../../../src/core/text/ids.ts';
import { SmallProject } from '../engine/small-project.ts';

/** Lines of files: the first row stands in line 2. */
const seeds = {
  'seeds/customers.csv': 'id,name,country\n1,Ann,NL\n2,Bob,DE\n3,Cy,NL\n4,Di,FR\n',
  'seeds/orders.csv':
    'order_id,customer_id,amount,status,day\n10,1,5,paid,2024-01-01\n11,1,7,open,2024-01-02\n12,2,11,paid,2024-01-03\n13,9,13,paid,2024-01-04\n14,1,17,paid,2024-01-05\n15,3,0,void,2024-01-06\n',
};

async function trace(sql: string, given: readonly Given[], column: string, more: Readonly<Record<string, string>> = {}) {
  const project = await SmallProject.open({ ...seeds, 'models/made.sql': sql, ...more }, 'postgres');
  const found = await new Tracing(project.session, project.snapshot).trace({ node: 'model.shop.made' as NodeId, given, column });
  if ('code' in found) throw new Error(found.message);
  const lines = Object.fromEntries(
    found.steps
      .flatMap(({ node, lines: at, exact }) => (node.startsWith('seed.') ? [[node.slice('seed.shop.'.length), at, exact]] : []))
      .map(([name, at]) => [name, at]),
  );
  return { found, lines, isExact: found.steps.every(({ exact }) => exact) };
}

const is = (column: string, value: string): Given => ({ column, value });

describe('a value is made of the rows', () => {
  it.each<[string, string, readonly Given[], string, Readonly<Record<string, readonly number[]>>]>([
    [
      'that it is copied from',
      "select order_id, amount from {{ ref('orders') }} where status = 'paid'",
      [is('order_id', '12')],
      'amount',
      { orders: [4] },
    ],
    [
      'that a sum adds up, not those that its CASE leaves out',
      "select customer_id, sum(case when status = 'paid' then amount else 0 end) as paid from {{ ref('orders') }} group by 1",
      [is('customer_id', '1')],
      'paid',
      { orders: [2, 6] },
    ],
    [
      'that a count counts',
      "select status, count(*) as n from {{ ref('orders') }} group by status",
      [is('status', 'paid')],
      'n',
      { orders: [2, 4, 5, 6] },
    ],
    [
      'that a maximum is found in',
      "select customer_id, max(amount) as most from {{ ref('orders') }} group by 1",
      [is('customer_id', '1')],
      'most',
      { orders: [6] },
    ],
    [
      'of both sides of a join',
      "select c.name, sum(o.amount) as total from {{ ref('customers') }} c join {{ ref('orders') }} o on o.customer_id = c.id group by 1",
      [is('name', 'Bob')],
      'total',
      { orders: [4], customers: [3] },
    ],
    [
      'through CTEs and models',
      "with paid as (select * from {{ ref('stage') }} where status = 'paid') select customer_id, count(*) as n from paid group by 1",
      [is('customer_id', '1')],
      'n',
      { orders: [2, 6] },
    ],
    [
      'of the branch of a union that it stands in',
      "select id, name from {{ ref('customers') }} where country = 'NL' union all select order_id, status from {{ ref('orders') }}",
      [is('id', '12')],
      'name',
      { orders: [4] },
    ],
    [
      'that the window looks at',
      "select order_id, sum(amount) over (partition by customer_id order by day) as so_far from {{ ref('orders') }}",
      [is('order_id', '11')],
      'so_far',
      { orders: [2, 3] },
    ],
  ])('%s', async (_, sql, given, column, expected) => {
    const { lines, isExact } = await trace(sql, given, column, { 'models/stage.sql': "select * from {{ ref('orders') }}" });
    expect({ lines, isExact }).toEqual({ lines: expected, isExact: true });
  });

  it('and the expression of each hop is said, with its place', async () => {
    const { found } = await trace("select\n  order_id,\n  amount * 2 as twice\nfrom {{ ref('orders') }}", [is('order_id', '12')], 'twice');
    expect(found.cell).toMatchObject({ value: 22, rows: 1 });
    expect(found.steps[0]).toMatchObject({ node: 'model.shop.made', expression: 'amount * 2', path: 'models/made.sql', line: 3 });
    expect(found.steps[1]).toMatchObject({ node: 'seed.shop.orders', path: 'seeds/orders.csv', line: 4, rows: [{ amount: 11 }] });
  });
});

describe('a row that is not there was lost', () => {
  it.each<[string, string, readonly Given[], RegExp]>([
    ['at a condition', "select * from {{ ref('orders') }} where status = 'paid'", [is('order_id', '11')], /status = 'paid'/],
    [
      'at a join without a partner',
      "select o.order_id, c.name from {{ ref('orders') }} o join {{ ref('customers') }} c on c.id = o.customer_id",
      [is('order_id', '13')],
      /customer_id = 9|no partner/,
    ],
    ['because no file has it', "select * from {{ ref('orders') }}", [is('order_id', '99')], /No row of 'orders' has order_id = 99/],
    ['in a model further up', "select * from {{ ref('stage') }}", [is('order_id', '15')], /amount > 0/],
    [
      'at HAVING',
      "select customer_id, sum(amount) as s from {{ ref('orders') }} group by 1 having sum(amount) > 12",
      [is('customer_id', '2')],
      /12/,
    ],
  ])('%s', async (_, sql, given, because) => {
    const { found } = await trace(sql, given, given[0]?.column ?? '', {
      'models/stage.sql': "select * from {{ ref('orders') }} where amount > 0",
    });
    expect(found.cell.rows).toBe(0);
    expect(found.lost.map((one) => one.because).join('\n')).toMatch(because);
  });
});
