import { describe, expect, it } from 'vitest';
import { Analyzer } from '../../../src/core/analyze.ts';
import { templateEngine } from '../../../src/core/dbt/template-engine.ts';
import { Sources } from '../../../src/core/project/sources.ts';
import { findAffected } from '../../../src/core/review/affected.ts';
import { compareTables } from '../../../src/core/review/compare-rows.ts';
import { toAnnotations, toHtml, toMarkdown } from '../../../src/core/review/report.ts';
import { reviewNodes } from '../../../src/core/review/review-nodes.ts';
import type { NodeId } from '../../../src/core/text/ids.ts';

const settings = { vars: {}, env: {}, runStartedAt: '2024-06-15T12:00:00Z', invocationId: 'test', folderName: 'shop' };
const base = {
  'dbt_project.yml': 'name: shop\nprofile: shop\n',
  'profiles.yml': 'shop:\n  target: dev\n  outputs:\n    dev: { type: postgres, schema: dev }\n',
  'seeds/orders.csv': 'id,customer_id,amount,status\n1,1,5,paid\n2,1,7,open\n',
  'seeds/customers.csv': 'id,name\n1,Ann\n',
};

const open = (files: Readonly<Record<string, string>>) => new Analyzer(templateEngine).analyze(Sources.of({ ...base, ...files }), settings);

function review(before: string, after: string, more: Readonly<Record<string, string>> = {}) {
  const [old, now] = [open({ ...more, 'models/made.sql': before }), open({ ...more, 'models/made.sql': after })];
  const nodes = reviewNodes(old, now);
  return { nodes, affected: findAffected(now, old, nodes), made: nodes.find(({ id }) => id === 'model.shop.made') };
}

const orders = "{{ ref('orders') }}";
const customers = "{{ ref('customers') }}";

describe('a change that means the same is cosmetic', () => {
  it.each([
    ['layout, case and comments', `select id, amount from ${orders}`, `-- all\nSELECT\n  id,\n  Amount\nfrom ${orders} as o`],
    ['an alias of a relation', `select o.id from ${orders} o where o.amount > 1`, `select x.id from ${orders} x where 1 < x.amount`],
    [
      'a CTE around it',
      `select id from ${orders} where amount > 1`,
      `with o as (select * from ${orders}), p as (select id from o where amount > 1) select * from p`,
    ],
    [
      'conditions in another order',
      `select id from ${orders} where amount > 1 and status = 'paid'`,
      `select id from ${orders} where 'paid' = status and amount > 1`,
    ],
    [
      'a filter before an inner join',
      `select o.id from ${orders} o join ${customers} c on c.id = o.customer_id where o.amount > 1`,
      `with big as (select * from ${orders} where amount > 1) select big.id from ${customers} c join big on big.customer_id = c.id`,
    ],
    [
      'BETWEEN written out',
      `select id from ${orders} where amount between 1 and 5`,
      `select id from ${orders} where amount >= 1 and amount <= 5`,
    ],
    ['COALESCE by another name', `select coalesce(amount, 0) as a from ${orders}`, `select ifnull(amount, 0) as a from ${orders}`],
    [
      'GROUP BY a number',
      `select status, count(*) as n from ${orders} group by status`,
      `select status, count(1) as n from ${orders} group by 1`,
    ],
  ])('%s', (_, before, after) => {
    expect(review(before, after)).toMatchObject({ made: { class: 'cosmetic', columns: [] }, affected: [] });
  });
});

describe('a change of a query', () => {
  it.each([
    ['that adds a column', `select id from ${orders}`, `select id, amount from ${orders}`, 'additive', 'amount is new.'],
    ['that drops a column', `select id, amount from ${orders}`, `select id from ${orders}`, 'schema', 'amount is gone.'],
    [
      'of an expression',
      `select id, amount as a from ${orders}`,
      `select id, amount * 2 as a from ${orders}`,
      'values',
      'a is `amount * 2`, it was `amount`.',
    ],
    [
      'of an expression further in',
      `with o as (select id, amount from ${orders}) select id, amount + 1 as a from o`,
      `with o as (select id, amount * 2 as amount from ${orders}) select id, amount + 1 as a from o`,
      'values',
      'a is',
    ],
    [
      'of a condition',
      `select id from ${orders} where amount > 1`,
      `select id from ${orders} where amount > 2`,
      'rows',
      'A condition is new: `amount > 2`.',
    ],
    [
      'of a join',
      `select o.id from ${orders} o left join ${customers} c on c.id = o.customer_id`,
      `select o.id from ${orders} o join ${customers} c on c.id = o.customer_id`,
      'rows',
      'A join is an inner join now, it was a left join.',
    ],
    [
      'of a condition behind an outer join',
      `select o.id from ${orders} o left join ${customers} c on c.id = o.customer_id and c.name = 'Ann'`,
      `select o.id from ${orders} o left join ${customers} c on c.id = o.customer_id where c.name = 'Ann'`,
      'rows',
      '',
    ],
    [
      'of the two sides of a self join',
      `select a.id, b.amount from ${orders} a join ${orders} b on a.id = b.customer_id`,
      `select b.id, a.amount from ${orders} a join ${orders} b on a.id = b.customer_id`,
      'values',
      'id',
    ],
    [
      'of UNION',
      `select id from ${orders} union all select id from ${customers}`,
      `select id from ${orders} union select id from ${customers}`,
      'rows',
      'UNION stands where UNION ALL stood',
    ],
    ['of a limit', `select id from ${orders} order by id limit 5`, `select id from ${orders} order by id limit 6`, 'rows', 'the limit is'],
    [
      'of what a group stands for',
      `select customer_id, sum(amount) as a from ${orders} group by 1`,
      `select customer_id, status, sum(amount) as a from ${orders} group by 1, 2`,
      'grain',
      'What one row stands for changes: it was one row per customer_id, now one row per customer_id, status.',
    ],
    [
      'of a window',
      `select id, sum(amount) over (order by id) as a from ${orders}`,
      `select id, sum(amount) over (partition by status order by id) as a from ${orders}`,
      'values',
      'a is',
    ],
  ])('%s', (_, before, after, kind, because) => {
    const { made } = review(before, after);
    expect(made?.class, JSON.stringify(made)).toBe(kind);
    expect(made?.because.map(({ text }) => text.toLowerCase()).join('\n')).toContain(because.toLowerCase());
    expect(made?.because[0]).toMatchObject({ path: 'models/made.sql', line: expect.any(Number) });
  });
});

it('a change reaches what is made from the column, with the way there, and nothing else', () => {
  const more = {
    'models/sums.sql': "select status, sum(a) as total, count(*) as n from {{ ref('made') }} group by status",
    'models/last.sql': "select n from {{ ref('sums') }}",
  };
  const { affected } = review(`select status, amount as a from ${orders}`, `select status, amount * 2 as a from ${orders}`, more);
  expect(affected).toEqual([{ id: 'model.shop.sums', columns: ['total'], certain: true, path: ['model.shop.made', 'model.shop.sums'] }]);
  const rows = review(`select status, amount as a from ${orders}`, `select status, amount as a from ${orders} where amount > 1`, more);
  expect(rows.affected.map(({ id, columns }) => [id, columns])).toEqual([
    ['model.shop.last', ['n']],
    ['model.shop.sums', ['n', 'status', 'total']],
  ]);
});

it('the way to what depends on a row further down begins at the change', () => {
  const more = {
    'models/paid.sql': "select id from {{ ref('made') }} where a > 10",
    'models/last.sql': "select count(*) as n from {{ ref('paid') }}",
  };
  const { affected } = review(`select id, amount as a from ${orders}`, `select id, amount * 2 as a from ${orders}`, more);
  expect(affected.map(({ columns, path }) => [columns, path])).toEqual([
    [['n'], ['model.shop.made', 'model.shop.paid', 'model.shop.last']],
    [['id'], ['model.shop.made', 'model.shop.paid']],
  ]);
});

it('a change of what only later runs of an incremental model do is a change', () => {
  const incremental = (condition: string) =>
    `{{ config(materialized='incremental') }}select id, amount from ${orders} {% if is_incremental() %}where ${condition}{% endif %}`;
  const { made } = review(incremental('id > (select max(id) from {{ this }})'), incremental('id > (select max(id) - 5 from {{ this }})'));
  expect(made).toMatchObject({ class: 'rows' });
  expect(review(incremental('id > 1'), incremental('id  >  1')).made).toMatchObject({ class: 'cosmetic' });
});

it.each([
  ['values', 'id,customer_id,amount,status\n1,1,6,paid\n2,1,7,open\n', ['amount']],
  ['rows', 'id,customer_id,amount,status\n1,1,5,paid\n', []],
  ['additive', 'id,customer_id,amount,status,note\n1,1,5,paid,\n2,1,7,open,x\n', ['note']],
  ['cosmetic', 'id,customer_id,amount,status\n2,1,7,open\n1,1,5,paid\n', []],
])('a seed whose change is of the kind %s', (kind, csv, columns) => {
  const model = { 'models/made.sql': `select id from ${orders}` };
  const [seed] = reviewNodes(open(model), open({ ...model, 'seeds/orders.csv': csv }));
  expect(seed).toMatchObject({ id: 'seed.shop.orders', class: kind, columns: columns.map((name) => ({ name })) });
});

it('a setting that keeps the rows is no change of data, one that decides them cannot be told', () => {
  const kindOf = (config: string) => review(`select id from ${orders}`, `{{ config(${config}) }}select id from ${orders}`).made?.class;
  expect(kindOf("materialized='table'")).toBe('cosmetic');
  expect(kindOf("materialized='incremental', unique_key='id'")).toBe('unknown');
});

describe('rows of two states', () => {
  const id = 'model.shop.made' as NodeId;
  const before = {
    names: ['id', 'a', 'gone'],
    rows: [
      [1, 'x', 1],
      [2, 'y', 1],
      [3, 0.1 + 0.2, 1],
    ],
  };
  const after = {
    names: ['id', 'a'],
    rows: [
      [2, 'z'],
      [3, 0.3],
      [4, null],
    ],
  };

  it('are found again by a key, and doubles that differ in their last digits are the same', () => {
    expect(compareTables(id, before, after, [['id']])).toMatchObject({
      key: ['id'],
      added: 1,
      removed: 1,
      changed: 1,
      same: 1,
      columns: [{ name: 'a', changed: 1 }],
    });
  });

  it('are found again by all their values where a key repeats', () => {
    const twice = {
      names: ['id', 'a'],
      rows: [
        [1, 'x'],
        [1, 'x'],
        [1, 'y'],
      ],
    };
    expect(
      compareTables(
        id,
        twice,
        {
          names: ['id', 'a'],
          rows: [
            [1, 'x'],
            [1, 'y'],
          ],
        },
        [['id']],
      ),
    ).toMatchObject({ key: ['id', 'a'], removed: 1, same: 2 });
  });
});

it('reports keep texts of the project from being markup', () => {
  const { nodes, affected } = review(`select '<b>|x' as a from ${orders}`, `select '<i>|y' as a from ${orders}`);
  const found = { base: 'main', nodes, affected, rows: [] };
  expect(toMarkdown(found)).not.toMatch(/<[bi]>/);
  expect(toHtml(found)).not.toMatch(/<i>/);
  expect(toAnnotations(found)).toMatch(/^::notice file=models\/made\.sql,line=1,title=made%3A other values::a is/);
});
