import { describe, expect, it } from 'vitest';
import type { Schema } from '../../../src/core/lineage/script.ts';
import { traceScript } from '../../../src/core/lineage/script.ts';
import type { Dialect } from '../../../src/core/sql/dialect.ts';
import { checkLineage } from './check.ts';

const schema: Schema = { t: { a: 'int', b: 'varchar', c: 'date' }, u: { a: 'int', d: 'int' } };

type Case = readonly [says: string, sql: string, expected: readonly string[], dialect?: Dialect, schema?: Schema];

function checkAll(cases: readonly Case[]): void {
  for (const [says, sql, expected, dialect, tables] of cases) it(says, () => checkLineage(sql, expected, dialect, tables));
}

describe('kinds of edges', () => {
  checkAll([
    ['a column under its own name is copied', 'select a from t', ['a <- t.a (copied)']],
    ['a column under another name is renamed', 'select a as b from t', ['b <- t.a (renamed)']],
    ['a cast is a cast', 'select cast(a as int) as a from t', ['a <- t.a (cast)']],
    ['an expression is computed', 'select a + b as c from t', ['c <- t.a t.b (computed)']],
    ['an aggregate is aggregated', 'select sum(a) as s from t', ['s <- t.a (aggregated)']],
    [
      'a window is windowed, its order and partition counting in',
      'select row_number() over (partition by a order by b) as r from t',
      ['r <- t.a t.b (windowed)'],
    ],
    ['a constant is generated', 'select 1 as one from t', ['one <- (generated)']],
    ['counting rows reads no column', 'select count(*) as n from t', ['n <- (generated)']],
    ['the conditions of CASE count in', 'select case when a > 1 then b end as x from t', ['x <- t.a t.b (computed)']],
    [
      'the strongest kind along the way wins',
      'with s as (select sum(a) as a from t) select a as total from s',
      ['total <- t.a (aggregated)'],
    ],
  ]);
});

describe('stars', () => {
  checkAll([
    ['a star that no schema resolves stays a star', 'select * from t', ['* <- t.* (copied)']],
    ['a schema spreads a star', 'select * from u', ['a <- u.a (copied)', 'd <- u.d (copied)'], 'generic', schema],
    ['a name goes through a star without a schema', 'with s as (select * from t) select x from s', ['x <- t.x (copied)']],
    ['except leaves out', 'select * except (a) from u', ['d <- u.d (copied)'], 'bigquery', schema],
    ['exclude without brackets leaves out', 'select * exclude a from u', ['d <- u.d (copied)'], 'snowflake', schema],
    [
      'replace computes in place',
      'select * replace (a + d as a) from u',
      ['a <- u.a u.d (computed)', 'd <- u.d (copied)'],
      'bigquery',
      schema,
    ],
    ['rename renames', 'select * rename (a as z) from u', ['z <- u.a (renamed)', 'd <- u.d (copied)'], 'snowflake', schema],
    [
      'using shows its column once',
      'select * from t join u using (a)',
      ['a <- t.a u.a (copied)', 'b <- t.b (copied)', 'c <- t.c (copied)', 'd <- u.d (copied)'],
      'postgres',
      schema,
    ],
    [
      'a natural join shows common columns once',
      'select * from t natural join u',
      ['a <- t.a u.a (copied)', 'b <- t.b (copied)', 'c <- t.c (copied)', 'd <- u.d (copied)'],
      'postgres',
      schema,
    ],
    [
      'a semi join shows its left side only',
      'select * from u left semi join t on u.a = t.a',
      ['a <- u.a (copied)', 'd <- u.d (copied)'],
      'spark',
      schema,
    ],
    [
      'a qualified star spreads one relation',
      'select u.*, t.b from t join u on t.a = u.a',
      ['a <- u.a (copied)', 'd <- u.d (copied)', 'b <- t.b (copied)'],
      'generic',
      schema,
    ],
  ]);
});

describe('scopes', () => {
  checkAll([
    ['a CTE that hides a table reads the table', 'with t as (select a from t) select a from t', ['a <- t.a (copied)']],
    ['a CTE with names for its columns', 'with s (x) as (select a from t) select x from s', ['x <- t.a (renamed)']],
    [
      'a recursive CTE has its start and its steps',
      'with recursive r as (select a, b from t union all select r.a, u.d from r join u on r.a = u.a) select b from r',
      ['b <- t.b u.d (copied)'],
      'postgres',
      schema,
    ],
    [
      'a correlated subquery sees around itself',
      'select (select max(d) from u where u.a = t.a) as m from t',
      ['m <- u.d (aggregated)'],
      'postgres',
      schema,
    ],
    ['a lateral subquery sees its siblings', 'select l.x from t, lateral (select t.a + 1 as x) l', ['x <- t.a (computed)'], 'postgres'],
    [
      'an alias may be used beside itself where the dialect lets it',
      'select a + 1 as x, x * 2 as y from t',
      ['x <- t.a (computed)', 'y <- t.a (computed)'],
      'snowflake',
      schema,
    ],
    [
      'an alias is out of sight where the dialect hides it',
      'select a as d, d + 1 as e from u',
      ['d <- u.a (renamed)', 'e <- u.d (computed)'],
      'postgres',
      schema,
    ],
    [
      'a column wins over an alias of its name',
      'select b as a, a as z from t',
      ['a <- t.b (renamed)', 'z <- t.a (renamed)'],
      'snowflake',
      schema,
    ],
    [
      'an unqualified column belongs to the relation that has it',
      'select d, b from t join u on t.a = u.a',
      ['d <- u.d (copied)', 'b <- t.b (copied)'],
      'generic',
      schema,
    ],
    ['an unqualified column of one of several unknown tables has candidates', 'select x from p join q on p.i = q.i', ['x <- ?.x (copied)']],
    ['quoting tells apart where the dialect does', 'select "A" from (select a as "A", a as b from t) s', ['A <- t.a (copied)'], 'postgres'],
    ['a three-part name is kept as written', 'select o.x from db.s.o as o', ['x <- db.s.o.x (copied)']],
    ['a table may qualify without an alias', 'select s.o.x from s.o', ['x <- s.o.x (copied)']],
    ['a struct path reads its column', 'select t.s.field from t', ['field <- t.s (computed)'], 'bigquery'],
    ['a named window counts in', 'select sum(a) over w as s from t window w as (partition by b)', ['s <- t.a t.b (windowed)']],
  ]);
});

describe('relations beyond tables', () => {
  checkAll([
    ['branches of a union by position', 'select a from t union all select d from u', ['a <- t.a u.d (copied)'], 'generic', schema],
    [
      'branches of a union by name',
      'select a, d from u union all by name select d, a from u',
      ['a <- u.a (copied)', 'd <- u.d (copied)'],
      'duckdb',
      schema,
    ],
    ['values make generated columns', "select x from (values (1, 'a')) as v (x, y)", ['x <- (generated)'], 'postgres'],
    [
      'a field of the structs in an array of unknown type is a column',
      'select array(select level from unnest(t.items)) as levels from t',
      ['levels <- t.items (computed)'],
      'bigquery',
    ],
    ['numbers are generated', 'select number from numbers(10)', ['number <- (generated)'], 'clickhouse'],
    ['unnest gives the elements of its array', 'select item from t, unnest(t.items) as item', ['item <- t.items (computed)'], 'bigquery'],
    ['an array path in FROM is an unnest', 'select i.sku from t, t.items as i', ['sku <- t.items (computed)'], 'bigquery'],
    ['with offset counts', 'select o from t, unnest(t.items) as i with offset as o', ['o <- (generated)'], 'bigquery'],
    [
      'flatten gives values and positions',
      'select f.value:name::string as n, f.index as i from t, lateral flatten(input => t.j) f',
      ['n <- t.j (computed)', 'i <- (generated)'],
      'snowflake',
    ],
    ['lateral view explode', 'select x from t lateral view explode(t.xs) e as x', ['x <- t.xs (computed)'], 'hive'],
    [
      'json_table declares its columns',
      "select j.x from t, json_table(t.doc, '$' columns (x int path '$.x')) as j",
      ['x <- t.doc (computed)'],
      'mysql',
    ],
    [
      'pivot makes a column of every value',
      "select * from (select a, b, c from t) pivot (max(c) for b in ('p', 'q'))",
      ['a <- t.a (copied)', 'p <- t.c (aggregated)', 'q <- t.c (aggregated)'],
      'bigquery',
    ],
    [
      'unpivot stacks columns',
      'select * from u unpivot (v for n in (a, d))',
      ['n <- u.a u.d (computed)', 'v <- u.a u.d (computed)'],
      'snowflake',
      schema,
    ],
    [
      'cross apply sees its left side',
      "select s.value from t cross apply string_split(t.tags, ',') s",
      ['value <- t.tags (computed)'],
      'tsql',
    ],
    ['array join spreads an array', 'select x from t array join xs as x', ['x <- t.xs (computed)'], 'clickhouse'],
  ]);
});

describe('statements', () => {
  checkAll([
    ['insert names the target columns', 'insert into z (p, q) select a, b from t', ['p <- t.a (copied)', 'q <- t.b (copied)']],
    ['create table as', 'create or replace table z as select a from t', ['a <- t.a (copied)']],
    ['update from', 'update z set p = t.a from t where t.b = z.b', ['p <- t.a (renamed)'], 'postgres'],
    [
      'merge',
      'merge into z using t on z.i = t.i when matched then update set p = t.a when not matched then insert (i, p) values (t.i, t.b)',
      ['p <- t.a t.b (renamed)', 'i <- t.i (copied)'],
      'snowflake',
    ],
    [
      'a table that the script fills is looked through',
      'create temp table x as select a + 1 as b from t; insert into z select b from x',
      ['b <- t.a (computed)'],
      'postgres',
    ],
    [
      'a table that the script defines spreads its star',
      'create table p (i int, j int); select * from p',
      ['i <- p.i (copied)', 'j <- p.j (copied)'],
    ],
  ]);
});

describe('what cannot be read', () => {
  checkAll([
    [
      'one broken item leaves the others',
      'select a, b c d, e from t',
      ['a <- t.a (copied)', 'b c d <- t.b t.c t.d (computed)', 'e <- t.e (copied)'],
    ],
    [
      'one broken CTE leaves the others',
      'with p as (select from where), q as (select a from t) select q.a from q join p on true',
      ['a <- t.a (copied)'],
    ],
    ['a query whose condition is still to come', 'with p as (select a from t) select a from p where ', ['a <- t.a (copied)']],
  ]);

  it('keeps uses apart from values', () => {
    const [statement] = traceScript('select t.a from t join u on t.k = u.k where u.f > 1 group by t.a order by t.o', 'generic').statements;
    expect(statement?.uses.map(({ table, column, kind }) => `${kind} ${table}.${column}`)).toEqual([
      'join t.k',
      'join u.k',
      'filter u.f',
      'group t.a',
      'order t.o',
    ]);
  });

  it('says why a column is not certain', () => {
    const [statement] = traceScript('select x from p join q on p.i = q.i', 'generic').statements;
    expect(statement?.columns[0]?.from).toEqual([
      {
        table: null,
        column: 'x',
        kind: 'copied',
        confidence: 'assumed',
        candidates: ['p', 'q'],
        reason: 'unqualified column: any of p, q may have it',
      },
    ]);
  });

  it.each([
    '',
    ';;;',
    '((((',
    "select '",
    'select "',
    '/*',
    'select * from',
    'with',
    'with a as (',
    '\u0000\ufffd',
    'select case',
    'merge into',
    'insert',
    '}{][',
    'select a from t where x in (',
  ])('survives %j', (sql) => {
    for (const dialect of ['generic', 'bigquery', 'snowflake', 'tsql', 'duckdb', 'clickhouse'] as const)
      expect(() => traceScript(sql, dialect)).not.toThrow();
  });

  it('survives depth, length and width', () => {
    expect(
      traceScript(`select ${'('.repeat(300)}a${')'.repeat(300)} as x from t`, 'generic').statements[0]?.columns[0]?.from[0]?.column,
    ).toBe('a');
    const long = Array.from({ length: 10_000 }, (_, i) => `a = ${i}`).join(' or ');
    expect(traceScript(`select a from t where ${long}`, 'generic').problems).toEqual([]);
    expect(
      traceScript(`select ${Array.from({ length: 5_000 }, (_, i) => `c${i}`).join(', ')} from t`, 'generic').statements[0]?.columns,
    ).toHaveLength(5_000);
    expect(() => traceScript(`select ${'('.repeat(20_000)}`, 'generic')).not.toThrow();
    expect(() => traceScript(`select ${'a+('.repeat(5_000)}`, 'generic')).not.toThrow();
    expect(() => traceScript(Array.from({ length: 3_000 }, () => 'select a from t').join(' union all '), 'generic')).not.toThrow();
  });
});
