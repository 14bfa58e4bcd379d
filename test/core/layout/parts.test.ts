import { expect, test } from 'vitest';
import { toModelParts } from '../../../src/core/layout/parts-of-query.ts';
import { findModelQuery, parseSql } from '../../../src/core/sql/parse.ts';

/** The parts of a query as `kind name: reads`, one a line. */
function show(sql: string): string[] {
  const query = findModelQuery(parseSql(sql, 'duckdb'));
  if (query === undefined) throw new Error('no query');
  return toModelParts(query, 'm').parts.map(
    (part) => `${part.kind} ${part.name}: ${part.reads.map((read) => `${read.part} (${read.how})`).join(', ')}`,
  );
}

test('CTEs read relations and each other, the query comes last', () => {
  expect(show('with a as (select * from raw.t), b as (select a.x from a left join u on u.id = a.id) select * from b')).toEqual([
    'relation raw.t: ',
    'relation u: ',
    'cte a: relation raw.t (from)',
    'cte b: cte a (from), relation u (left join)',
    'query m: cte b (from)',
  ]);
});

test('a CTE of the name of the relation it reads hides it afterwards', () => {
  expect(show('with orders as (select * from orders) select * from orders')).toEqual([
    'relation orders: ',
    'cte orders: relation orders (from)',
    'query m: cte orders (from)',
  ]);
});

test('unions and subqueries are told apart', () => {
  expect(show('with a as (select 1 as x) select x from a union all select y from b where y in (select z from c)')).toEqual([
    'relation b: ',
    'relation c: ',
    'cte a: ',
    'query m: cte a (union all), relation b (union all), relation c (subquery)',
  ]);
});
