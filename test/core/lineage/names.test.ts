import { describe, expect, it } from 'vitest';
import type { Schema } from '../../../src/core/lineage/script.ts';
import { traceScript } from '../../../src/core/lineage/script.ts';
import type { Dialect } from '../../../src/core/sql/dialect.ts';
import { checkLineage } from './check.ts';

const x: Schema = { x: { a: 'int', b: 'int' }, y: { b: 'int', c: 'int' } };

type Case = readonly [says: string, sql: string, expected: readonly string[], dialect?: Dialect, schema?: Schema];

function checkAll(cases: readonly Case[]): void {
  for (const [says, sql, expected, dialect, schema] of cases) it(says, () => checkLineage(sql, expected, dialect, schema));
}

describe('names that the schema does not list', () => {
  checkAll([
    ['a qualified one is a column of that table, not its whole row', 'select o.z from x as o', ['z <- x.z (copied)'], 'snowflake', x],
    [
      'one that differs in case only is the same column',
      'select sum(o."A") as s, "A" from x as o',
      ['s <- x.a (aggregated)', 'A <- x.a (copied)'],
      'postgres',
      x,
    ],
    ['a CTE without such a column gives nothing', 'with c as (select a from x) select c.z from c', ['z <- (generated)'], 'postgres', x],
    [
      'an alias to the left is meant where no relation has the name',
      'select a + 1 as d, d + 2 as e from x',
      ['d <- x.a (computed)', 'e <- x.a (computed)'],
      'generic',
      x,
    ],
    [
      'an alias to the left is not meant where a relation may have the name',
      'select a + 1 as d, d + 2 as e from t',
      ['d <- t.a (computed)', 'e <- t.d (computed)'],
      'postgres',
    ],
    ["Snowflake's positions name columns", 'select x.$2 as second from x', ['second <- x.b (renamed)'], 'snowflake', x],
  ]);

  it('says that it assumes', () => {
    const { statements } = traceScript('select "A" from x', 'postgres', x);
    expect(statements[0]?.columns[0]?.from[0]).toMatchObject({ confidence: 'assumed', reason: "'A' and 'a' differ in case only" });
  });
});

describe('what only some dialects write', () => {
  checkAll([
    [
      'rename follows replace',
      'select * replace (a + b as b) rename (b as n) from x',
      ['a <- x.a (copied)', 'n <- x.a x.b (computed)'],
      'snowflake',
      x,
    ],
    [
      'a lambda with two parameters reads neither',
      'select reduce(a, 0, (p, q) -> p + q + b) as r from x',
      ['r <- x.a x.b (computed)'],
      'generic',
      x,
    ],
    [
      'functions side by side',
      'select * from x, rows from (unnest(x.a), unnest(x.b)) as f (m, n)',
      ['a <- x.a (copied)', 'b <- x.b (copied)', 'm <- x.a x.b (computed)', 'n <- x.a x.b (computed)'],
      'postgres',
      x,
    ],
    ["Redshift's arrays are walked by their alias", 'select i from s.t as c, c.items as i', ['i <- s.t.items (computed)'], 'redshift'],
    ["Redshift's temporary tables bear a mark", 'create table #w as select a from x', ['a <- x.a (copied)'], 'redshift'],
    ['a semi join compares and merges nothing', 'select b from x semi join y using (b)', ['b <- x.b (copied)'], 'spark', x],
    [
      'a quoted field of a struct',
      'select (s).* from t',
      ['foo bar <- t.s (computed)', 'n <- t.s (computed)'],
      'postgres',
      { t: { s: 'STRUCT<"foo bar" INT, n INT>' } },
    ],
    ['a partition of a table is the table', 'select a from `p.d.t$20240101`', ['a <- p.d.t.a (copied)'], 'bigquery'],
    [
      "ClickHouse's dictionaries are tables",
      "select dictGet(default.names, 'label', id) as l from e",
      ['l <- default.names.label e.id (computed)'],
      'clickhouse',
    ],
    ["Teradata's short forms", "sel a from x where a eq 'p' minus sel c from y", ['a <- x.a y.c (copied)'], 'generic', x],
    [
      'a semantic view gives what it is asked for',
      "select * from semantic_view(db.sales metrics orders.total dimensions date_trunc('month', at) as month where region = 'EU') as v",
      ['total <- db.sales.total (copied)', 'month <- db.sales.at (computed)'],
      'snowflake',
    ],
  ]);
});

describe('the tables that a statement reads', () => {
  const read = (sql: string, dialect: Dialect) => traceScript(sql, dialect).statements.map(({ tables, target }) => ({ tables, target }));

  it('are not the one that it changes', () => {
    expect(
      read(
        'merge into t using s on t.id = s.id when matched then update set a = s.a when not matched then insert (a) values (s.a)',
        'snowflake',
      ),
    ).toEqual([{ tables: ['s'], target: 't' }]);
    expect(read('update d set a = s.a from dbo.t as d join dbo.s as s on s.id = d.id', 'tsql')).toEqual([
      { tables: ['dbo.s'], target: 'dbo.t' },
    ]);
    expect(read('delete from t using s where t.id = s.id', 'postgres')).toEqual([{ tables: ['s'], target: 't' }]);
  });

  it('hold the one that it changes where its rows are read elsewhere too', () => {
    expect(read('update t set a = (select max(a) from t)', 'postgres')).toEqual([{ tables: ['t'], target: 't' }]);
  });

  it('are none where a script only defines a table', () => {
    expect(read('create table s.t (a int)', 'postgres')).toEqual([{ tables: [], target: 's.t' }]);
  });
});
