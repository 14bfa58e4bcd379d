import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../../src/core/sql/dialect.ts';
import { parseSql } from '../../../src/core/sql/parse.ts';
import { checkLineage } from './check.ts';

type Case = readonly [name: string, dialect: Dialect, sql: string, expected: readonly string[]];

const pipes: readonly Case[] = [
  ['WHERE and SELECT', 'bigquery', 'from t |> where a > 1 |> select b as c', ['c <- t.b (renamed)']],
  ['EXTEND is seen by what follows', 'bigquery', 'from t |> extend a + b as c |> where c > 1 |> select c', ['c <- t.a t.b (computed)']],
  [
    'SET takes the place of a column',
    'bigquery',
    'from t |> select a, b |> set a = a + b',
    ['a <- t.a t.b (computed)', 'b <- t.b (copied)'],
  ],
  ['DROP and RENAME', 'bigquery', 'from t |> select a, b, c |> drop b |> rename a as x', ['x <- t.a (renamed)', 'c <- t.c (copied)']],
  [
    'AGGREGATE shows its keys first',
    'bigquery',
    'from t |> aggregate sum(a) as s, count(*) as n group by b as k',
    ['k <- t.b (renamed)', 's <- t.a (aggregated)', 'n <- (generated)'],
  ],
  [
    'a relation of FROM is named behind later operators',
    'bigquery',
    'from t as x |> extend 1 as one |> where x.a > 1 |> join u on x.id = u.id |> select x.a, u.b',
    ['a <- t.a (copied)', 'b <- u.b (copied)'],
  ],
  ['AS names what comes', 'databricks', 'from t |> where a > 1 |> as s |> select s.b', ['b <- t.b (copied)']],
  ['UNION', 'spark', 'from t |> select a |> union all (select b from u)', ['a <- t.a u.b (copied)']],
  ['behind an ordinary query', 'bigquery', 'select a, b from t |> select b', ['b <- t.b (copied)']],
  ['an operator that nobody knows', 'bigquery', 'from t |> select a |> frobnicate a |> select a', ['a <- t.a (computed)']],
];

const others: readonly Case[] = [
  [
    'MATCH_RECOGNIZE gives its partition and its measures',
    'snowflake',
    'select * from t match_recognize (partition by s order by d measures first(up.p) as f, match_number() as n pattern (up+) define up as up.p > lag(up.p)) m',
    ['s <- t.s (copied)', 'f <- t.p (aggregated)', 'n <- (generated)'],
  ],
  [
    'LEFT UNION BY NAME keeps the left columns',
    'bigquery',
    'select a, b from t left union all by name select b, c from u',
    ['a <- t.a (copied)', 'b <- t.b u.b (copied)'],
  ],
  [
    'COPY INTO reads a stage by position',
    'snowflake',
    "copy into t (a) from (select $1 from @stage/path (file_format => 'csv'))",
    ['a <- @stage/path.$1 (copied)'],
  ],
  ['a name in IDENTIFIER', 'snowflake', "with x as (select a from t) select a from identifier('x')", ['a <- t.a (copied)']],
  ['an object of all columns', 'snowflake', 'with x as (select a, b from t) select {*} as o from x', ['o <- t.a t.b (computed)']],
  [
    'EXCLUDE behind the list',
    'redshift',
    'select *, a as c exclude (b) from (select a, b from t)',
    ['a <- t.a (copied)', 'c <- t.a (renamed)'],
  ],
  [
    'the position of an element',
    'redshift',
    'select i.name, n from t, t.items as i at n',
    ['name <- t.items (computed)', 'n <- (generated)'],
  ],
  ["the values of an object's keys", 'redshift', 'select v, k from t, unpivot t.o as v at k', ['v <- t.o (computed)', 'k <- (generated)']],
  ['a list comprehension', 'duckdb', 'select [x * b for x in l if x > c] as m from t', ['m <- t.b t.c t.l (computed)']],
  ['an alias before its relation', 'duckdb', 'select s.a from s: t', ['a <- t.a (copied)']],
  ['a path of quoted names', 'bigquery', 'select `d.t`.`c` from `d.t`', ['c <- d.t.c (copied)']],
  ['a semi join shows its left side', 'spark', 'select a from t left semi join u on t.id = u.id', ['a <- t.a (copied)']],
  [
    'WITH names a value of each query',
    'clickhouse',
    'with sum(b) as s select a, s from t group by a',
    ['a <- t.a (copied)', 's <- t.b (aggregated)'],
  ],
  ['a union behind LIMIT', 'clickhouse', 'select a from t limit 1 union all select b from u', ['a <- t.a u.b (copied)']],
  ['a table among arguments', 'bigquery', 'select x from ml.predict(model d.m, table d.t)', ['x <- d.t.* (computed)']],
  [
    'hints between the words of a join',
    'tsql',
    'select a.x, b.y from a inner hash join b on a.i = b.i',
    ['x <- a.x (copied)', 'y <- b.y (copied)'],
  ],
  ['the history of a table', 'tsql', "select x from a for system_time between '2020' and '2021' as h", ['x <- a.x (copied)']],
  ['INSERT behind WITH', 'tsql', 'with c as (\nselect a from t\n)\ninsert into u (b)\nselect a from c', ['b <- t.a (copied)']],
  ['a heading is no argument', 'generic', "select a (title 'First'), b (format 'YYYY') from t", ['a <- t.a (copied)', 'b <- t.b (copied)']],
  [
    'every column of a merged source',
    'spark',
    'merge into t using (select a, b from s) s on t.a = s.a when not matched then insert *',
    ['a <- s.a (copied)', 'b <- s.b (copied)'],
  ],
];

describe('syntax of one dialect', () => {
  it.each(pipes)('pipes: %s', (_, dialect, sql, expected) => checkLineage(sql, expected, dialect));
  it.each(others)('%s', (_, dialect, sql, expected) => checkLineage(sql, expected, dialect));
  it('is read whole', () => {
    const broken = [...pipes, ...others].filter(([, dialect, sql]) => parseSql(sql, dialect).problems.length > 0);
    expect(broken.map(([name]) => name)).toEqual(['an operator that nobody knows']);
  });
});
