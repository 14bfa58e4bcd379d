import { describe, expect, it } from 'vitest';
import { diagnoseQuery } from '../../../src/core/sql/diagnose.ts';
import type { Dialect } from '../../../src/core/sql/dialect.ts';
import { findModelQuery, parseSql } from '../../../src/core/sql/parse.ts';
import type { CatalogTable } from '../../../src/core/sql/resolve/context.ts';
import { resolve } from '../../../src/core/sql/resolve.ts';
import { parseType } from '../../../src/core/sql/types.ts';

const tables: Readonly<Record<string, CatalogTable>> = {
  orders: table({ id: 'bigint', customer_id: 'bigint', amount: 'numeric', note: 'text', placed_at: 'date' }),
  customers: table({ id: 'text', name: 'text' }),
  open: { columns: [{ name: 'id' }], isComplete: false },
};

function table(columns: Readonly<Record<string, string>>): CatalogTable {
  return { columns: Object.entries(columns).map(([name, type]) => ({ name, type: parseType(type, 'postgres') })), isComplete: true };
}

/** The findings of a query whose mistakes stand in «»; `code: message` for each. */
function check(marked: string, expected: readonly string[], dialect: Dialect = 'postgres'): void {
  const text = marked.replaceAll(/[«»]/g, '');
  const query = findModelQuery(parseSql(text, dialect));
  expect(query).toBeDefined();
  if (query === undefined) return;
  const catalog = { find: (parts: readonly { readonly text: string }[]) => tables[parts.at(-1)?.text.toLowerCase() ?? ''] };
  const found = diagnoseQuery(query, resolve(query, catalog, dialect, text), dialect);
  let shown = text;
  for (const { span } of [...found].reverse())
    shown = `${shown.slice(0, span.start)}«${shown.slice(span.start, span.end)}»${shown.slice(span.end)}`;
  expect(shown).toBe(marked);
  expect(found.map(({ code, message }) => `${code}: ${message}`)).toEqual(expected);
}

describe('names in a query', () => {
  it('are wrong when nothing in sight has them, and the nearest is offered', () => {
    check('select «amout» from orders', ["column-unknown: There is no column 'amout' in 'orders'. Did you mean 'amount'?"]);
    check('select o.«zzz» from orders o', [
      "column-unknown: There is no column 'zzz' in 'o'. It has id, customer_id, amount, note, placed_at.",
    ]);
    check('with a as (select id from orders) select «amount» from a', ["column-unknown: There is no column 'amount' in 'a'. It has id."]);
  });

  it('are wrong each time they are written', () => {
    check('select «amout», «amout» + 1 as x from orders', [
      "column-unknown: There is no column 'amout' in 'orders'. Did you mean 'amount'?",
      "column-unknown: There is no column 'amout' in 'orders'. Did you mean 'amount'?",
    ]);
  });

  it('are ambiguous where two relations have them', () => {
    check('select «id» from orders o join customers c on c.name = o.note', [
      "column-ambiguous: o and c both have a column 'id': write o.id or c.id.",
    ]);
  });

  it('are the left ones where Snowflake joins by USING', () => {
    const text = (name: string) => `select ${name} from orders o join (select id, amount, note from orders) p using (id)`;
    check(text('«amount»'), ["column-ambiguous: o and p both have a column 'amount': write o.amount or p.amount."]);
    check(text('amount'), [], 'snowflake');
  });

  it.each([
    'select anything from open',
    'select id from orders o join open on o.amount = open.x',
    'select anything from nowhere_known',
    'select o.anything from orders o join open on true where open.x = 1'.replace('o.anything', 'o.id'),
    'select x from orders join open on true',
    'select amount as total from orders order by total',
    'select id from orders o left join customers using (id)',
    'select o.id from orders o where exists (select 1 from customers c where c.name = o.note)',
    'select current_user, ctid from orders',
    'select (select max(name) from customers where name = note) as n from orders',
    'select f.value from orders, lateral unnest(array[1]) as f(value)',
    'select count(*) filter (where amount > 0) over w from orders window w as (partition by note)',
    'with recursive r as (select 1 as n union all select n + 1 from r where n < 5) select n from r',
    'select id from orders o join customers c using (id) order by id',
    'select s.* from (select id as a from orders) s where s.a > 0',
  ])('are left alone in %s', (sql) => check(sql, []));

  it('are left alone inside a piece that could not be read', () => check('select id, (zz zz zz) from orders', []));

  it('may be told by the SELECT list behind GROUP BY', () =>
    check('select o.id, count(*) from orders o join customers c on c.name = o.note group by id', [], 'bigquery'));
});

describe('shapes of queries', () => {
  it('differ between the branches of a union', () => {
    check('select id, note from orders union all «select» id from customers', [
      'union-columns: This branch of UNION has 1 column, the one before it 2 columns.',
    ]);
    check('select * from orders union all select * from open', []);
    check('select customer_id, note from orders union all select id, name from orders join customers using (id)', [], 'snowflake');
  });

  it('differ in the types that the branches of a union hold', () => {
    check('select id, note from orders union all select «id», name from customers', [
      "union-types: Column 1, 'id', is bigint in the branch before and text here: cast one of them.",
    ]);
    check('select id, note from orders union all select id, name from customers', [], 'snowflake');
    check('select id, note from orders union all select id, name from customers', [], 'sqlite');
    check(
      'select placed_at from orders union all select «amount» from orders',
      ["union-types: Column 1, 'placed_at', is date in the branch before and numeric here: cast one of them."],
      'snowflake',
    );
    check('select id from orders union all select null union all select 0 union all select amount from orders', []);
    check("select '1' as id, note from orders union all select id, note from orders", []);
  });

  it('show CTEs that nothing reads', () => {
    check('with «a» as (select 1 as x), b as (select 2 as y) select y from b', ["cte-unused: Nothing reads the CTE 'a'."]);
    check('with a as (select 1 as x), b as (select x from a) select x from b', []);
  });

  it('show joins of types that do not compare', () => {
    check('select o.id from orders o join customers c on «o.customer_id = c.id»', [
      'join-types: o.customer_id is bigint and c.id is text: cast one of them, or the join finds nothing or fails.',
    ]);
    check('select o.id from orders o join customers c on cast(o.customer_id as text) = c.id', []);
    check('select o.id from orders o join customers c on o.customer_id = c.id', [], 'sqlite');
    check('select o.id from orders o join customers c on o.customer_id = c.id', [], 'snowflake');
    check(
      'select o.id from orders o join orders p on «o.placed_at = p.amount»',
      ['join-types: o.placed_at is date and p.amount is numeric: cast one of them, or the join finds nothing or fails.'],
      'snowflake',
    );
  });
});
