import { expect, it } from 'vitest';
import { refuseWriting } from '../../../src/core/remote/read-only.ts';

it.each([
  ['select 1'],
  ['with a as (select 1) select * from a'],
  ['-- a comment\n(select 1) union all (select 2)'],
  ['/* first */ values (1), (2)'],
  ["select 'drop table orders; delete from orders'"],
  ['select 1;'],
])('sends %j', (sql) => {
  expect(refuseWriting(sql, 'postgres')).toBeUndefined();
});

it.each([
  ['drop table orders', /begins with SELECT or WITH, not with DROP/],
  ['delete from orders', /DELETE could change data/],
  ['update orders set id = 1', /UPDATE could change data/],
  ['insert into orders select 1', /INSERT could change data/],
  ['create table a as select 1', /CREATE TABLE could change data/],
  ['merge into a using b on a.id = b.id when matched then delete', /MERGE could change data/],
  ['select 1; drop table orders', /several statements/],
  ['commit; drop table orders', /several statements|not with COMMIT/],
  ['truncate orders', /not with TRUNCATE/],
  ["call wipe('all')", /not with CALL/],
  ['/* select */ vacuum', /not with VACUUM/],
  ['', /no query here/],
])('does not send %j', (sql, because) => {
  expect(refuseWriting(sql, 'postgres')).toMatch(because);
});
