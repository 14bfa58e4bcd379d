import { expect, it } from 'vitest';
import { layOutSql } from '../../../src/core/translate/lay-out-sql.ts';

it('puts clauses on lines of their own and opens up queries in brackets', () => {
  expect(
    layOutSql("with a(x) as (select f(1, 2) as x from t where y = 'from (select' order by 1) select a.x from a left join b on a.x = b.x"),
  ).toBe(
    `with a(x) as (
  select f(1, 2) as x
  from t
  where y = 'from (select'
  order by 1
)
select a.x
from a
left join b on a.x = b.x`,
  );
});

it('gives each item of a long list its line', () => {
  const items = ['coalesce(a."first", 0) as "first_of_all"', `'a, b' as "second"`, '(select max(x),1 from u) as "third_of_all"'];
  expect(layOutSql(`select ${items.join(',')} from t`)).toBe(`select coalesce(a."first", 0) as "first_of_all",
  'a, b' as "second",
  (
  select max(x),1
  from u
) as "third_of_all"
from t`);
});

it('leaves words alone that only look like clauses', () => {
  expect(layOutSql('select "from", extract(year from d), t.limit from t')).toBe('select "from", extract(year from d), t.limit\nfrom t');
});
