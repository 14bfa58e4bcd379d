import { describe, expect, it } from 'vitest';
import type { Schema } from '../../../src/core/lineage/script.ts';
import { traceScript } from '../../../src/core/lineage/script.ts';
import type { Dialect } from '../../../src/core/sql/dialect.ts';
import { findModelQuery, parseSql } from '../../../src/core/sql/parse.ts';
import type { CatalogTable } from '../../../src/core/sql/resolve/context.ts';
import { resolve } from '../../../src/core/sql/resolve.ts';
import { checkLineage } from './check.ts';

/** Every statement of a script: `target: name <- table.column`. */
function trace(sql: string, dialect: Dialect, schema: Schema = {}): string[] {
  const { statements, problems } = traceScript(sql, dialect, schema);
  expect(problems).toEqual([]);
  return statements.map(
    ({ target, columns }) =>
      `${target}: ${columns.map(({ name, from }) => [name, '<-', ...from.map((one) => `${one.table}.${one.column}`).sort()].join(' ')).join(', ')}`,
  );
}

const usesOf = (sql: string, dialect: Dialect, schema: Schema = {}): string[] =>
  traceScript(sql, dialect, schema).statements.flatMap(({ uses }) => uses.map((use) => `${use.table}.${use.column} ${use.kind}`));

describe('INSERT', () => {
  it('may stand several times behind one FROM', () => {
    const sql = `from (select a as x, b as y from t) s
      insert overwrite table d1 select x where y is null
      insert into d2 select max(y) group by x`;
    expect(trace(sql, 'hive')).toEqual(['d1: x <- t.a', 'd2: max(y) <- t.b']);
    expect(trace('from t insert into d1 select a insert into d2 select b', 'spark')).toEqual(['d1: a <- t.a', 'd2: b <- t.b']);
  });

  it('fills no column that PARTITION gives a value, and those that it names last', () => {
    const schema = { d: { a: '', b: '', y: '', m: '' } };
    expect(trace('insert into table d partition (y = 1, m = 2) select k, v from s', 'hive', schema)).toEqual(['d: a <- s.k, b <- s.v']);
    expect(trace('insert into d partition (y = 0, m) select k, v, month from s', 'hive', schema)).toEqual([
      'd: a <- s.k, b <- s.v, m <- s.month',
    ]);
    expect(trace('insert overwrite e partition (y, m) select k, year, month from s', 'spark')).toEqual([
      'e: k <- s.k, y <- s.year, m <- s.month',
    ]);
  });

  it('is UPSERT elsewhere', () => {
    expect(trace('upsert into t (b, a) select x, y from s', 'hive')).toEqual(['t: b <- s.x, a <- s.y']);
  });
});

describe('ALTER', () => {
  it('gives a view another query', () => {
    expect(trace('alter view v as select a from t', 'hive')).toEqual(['v: a <- t.a']);
    expect(trace('create view v as select a from t; alter view v (k) as select b from u; select k from v', 'tsql')).toEqual([
      'v: a <- t.a',
      'v: k <- u.b',
      'undefined: k <- u.b',
    ]);
  });

  it("moves the rows of a table in Redshift's APPEND", () => {
    expect(trace('alter table t append from s', 'redshift', { s: { a: '' } })).toEqual(['t: a <- s.a']);
  });
});

describe('a function over a whole table', () => {
  const bid = { bid: { at: '', price: '', item: '' } };

  it('that puts rows into windows adds the bounds of those', () => {
    const columns = ['at <- bid.at (copied)', 'price <- bid.price (copied)', 'item <- bid.item (copied)'];
    const bounds = ['window_start', 'window_end', 'window_time'].map((name) => `${name} <- bid.at (computed)`);
    checkLineage("select * from table(tumble(table bid, descriptor(at), interval '10' minutes))", [...columns, ...bounds], 'generic', bid);
    checkLineage(
      "select window_end, sum(price) as s from table(hop(data => table bid, timecol => descriptor(at), slide => interval '5' minutes, size => interval '10' minutes)) group by window_end",
      ['window_end <- bid.at (computed)', 's <- bid.price (aggregated)'],
      'generic',
      bid,
    );
    checkLineage(
      "select window_start, price from tumble(bid, at, interval '1 minute')",
      ['window_start <- bid.at (computed)', 'price <- bid.price (copied)'],
      'postgres',
    );
  });

  it('leaves columns out', () => {
    checkLineage(
      'select * from table(exclude_columns(input => table(bid), columns => descriptor(at, item)))',
      ['price <- bid.price (copied)'],
      'trino',
      bid,
    );
  });

  it('that applies a model adds columns that nobody can name', () => {
    checkLineage(
      'select item, predicted_price from ml.predict(model m, (select at, item from bid))',
      ['item <- bid.item (copied)', 'predicted_price <- bid.at bid.item (computed)'],
      'bigquery',
      bid,
    );
  });
});

describe('the rows of a query', () => {
  it('depend on the arrays that are spread into rows', () => {
    expect(usesOf('select 1 as one from t lateral view explode(a) e as x', 'hive')).toEqual(['t.a join']);
    expect(usesOf('select 1 as one from t cross join unnest(t.a) as u (x)', 'trino')).toEqual(['t.a join']);
  });

  it('do not depend on the values of what must only exist', () => {
    expect(usesOf('select a from t where exists (select b, max(c) over () from u where u.id = t.id)', 'postgres')).toEqual([
      'u.id filter',
      't.id filter',
    ]);
  });
});

it("0x is an empty binary value of T-SQL's", () => {
  checkLineage('select isnull(a, 0x) as b from t', ['b <- t.a (computed)'], 'tsql');
});

describe('a query that brings its own functions', () => {
  it("is read behind them, whatever their bodies hold, in Trino's WITH FUNCTION", () => {
    checkLineage('with function f(x int) returns int return x * 2 select f(a) as b from t', ['b <- t.a (computed)'], 'trino');
    expect(
      trace(
        `with function f(x bigint) returns bigint return x * (select 3),
         function g(y bigint) returns bigint begin declare z bigint; case y when 1 then return 1; else return 2; end case;
           while y > 1 do set y = case when y > 2 then 1 else 0 end; end while; if y = 1 then return 3; end if; return y; end
         with q as (select k from t) select f(k) as r, g(2) as s from q; select a from u`,
        'trino',
      ),
    ).toEqual(['undefined: r <- t.k, s <-', 'undefined: a <- u.a']);
    checkLineage('with function as (select a from t) select a from function', ['a <- t.a (copied)'], 'trino');
  });

  it('gives all that goes into a program for each column that comes out of it', () => {
    checkLineage(
      "select transform(a, b) row format delimited fields terminated by ',' using 'cat' as (c string, d int) from t where e > 1",
      ['c <- t.a t.b (computed)', 'd <- t.a t.b (computed)'],
      'spark',
    );
    checkLineage("select transform(a) using 'cat' from t", ['key <- t.a (computed)', 'value <- t.a (computed)'], 'hive');
    checkLineage('select transform(a, x -> x + b) as c from t', ['c <- t.a t.b (computed)'], 'spark');
  });
});

describe('a name that is an alias and may be a column too', () => {
  const schema = { t: { year: 'int', d: 'date' } };

  it('is the alias in ORDER BY, and the column in GROUP BY', () => {
    expect(usesOf('select extract(year from d) as year from t order by year', 'postgres', schema)).toEqual(['t.d order']);
    expect(usesOf('select extract(year from d) as year from t group by year', 'postgres', schema)).toEqual(['t.year group']);
  });

  it('is the alias where only other queries seem to read such a column', () => {
    const { references, uses } = resolveOver([{ name: 'year', isGuess: true }, { name: 'd' }]);
    expect(references).toEqual(['column d', 'alias year']);
    expect(uses).toEqual(['d group']);
    expect(resolveOver([{ name: 'year' }, { name: 'd' }]).uses).toEqual(['year group']);
  });

  function resolveOver(columns: CatalogTable['columns']) {
    const sql = 'select extract(year from d) as year from t group by year';
    const query = findModelQuery(parseSql(sql, 'postgres'));
    if (query === undefined) throw new Error('no query');
    const found = resolve(query, { find: () => ({ columns, isComplete: false }) }, 'postgres', sql);
    return {
      references: [...found.references.values()].map(({ kind, columns: [column] }) => `${kind} ${column?.name}`),
      uses: found.uses.map(({ column, kind }) => `${column.name} ${kind}`),
    };
  }
});

describe('MERGE', () => {
  it('sees one side only where there are no rows on the other', () => {
    const sql = `merge into d.inv t using d.new s on t.product = s.product
      when matched and t.held then delete
      when not matched by source and region = 'x' then update set quantity = quantity - 1
      when not matched then insert (product, quantity) values (product, quantity)`;
    expect(trace(sql, 'bigquery')).toEqual(['d.inv: quantity <- d.inv.quantity d.new.quantity, product <- d.new.product']);
    expect(usesOf(sql, 'bigquery')).toEqual(['d.inv.product join', 'd.new.product join', 'd.inv.held filter', 'd.inv.region filter']);
  });

  it('takes whole rows', () => {
    const schema = { s: { a: '', b: '' } };
    expect(trace('merge t using s on false when not matched and a > 1 then insert row', 'bigquery', schema)).toEqual([
      't: a <- s.a, b <- s.b',
    ]);
    expect(usesOf('merge t using s on false when not matched and a > 1 then insert row', 'bigquery', schema)).toEqual(['s.a filter']);
  });
});

describe('UPDATE', () => {
  it('sets several columns to those of one subquery', () => {
    checkLineage(
      'update t set (a, b) = (select x, y from s where s.id = t.id)',
      ['a <- s.x (computed)', 'b <- s.y (computed)'],
      'postgres',
    );
  });

  it("sets no column where T-SQL's variables are set", () => {
    checkLineage(
      'update t set @n = a, @v = t.b = s.c, d = s.e from t join s on t.id = s.id',
      ['b <- s.c (renamed)', 'd <- s.e (renamed)'],
      'tsql',
    );
  });
});

describe('rows that go elsewhere', () => {
  it.each([
    ['duckdb', "copy (select a, b + c as d from t) to 'x.parquet' (format parquet)"],
    ['trino', "unload (select a, b + c as d from t) to 's3://x' with (format = 'csv')"],
    ['bigquery', "export data options (uri = 'gs://x/*.csv') as select a, b + c as d from t"],
  ] as const)('have a lineage in %s', (dialect, sql) => {
    checkLineage(sql, ['a <- t.a (copied)', 'd <- t.b t.c (computed)'], dialect);
  });

  it('go into a table under the condition that INSERT ALL gives', () => {
    const sql = 'insert all when a > 1 then into t1 when b > 1 then into t2 (x) values (c + 1) select a, b, c from s';
    expect(trace(sql, 'snowflake')).toEqual(['t1: a <- s.a, b <- s.b, c <- s.c', 't2: x <- s.c']);
    expect(usesOf(sql, 'snowflake')).toEqual(['s.a filter', 's.b filter']);
  });

  it('are those of another table in a clone', () => {
    checkLineage('create table a shallow clone b version as of 3', ['k <- b.k (copied)'], 'databricks', { b: { k: '' } });
  });
});

describe('relations of FROM', () => {
  it('may be streams', () => {
    checkLineage(
      'create or refresh streaming table s as select a from stream(raw.events) where b > 1',
      ['a <- raw.events.a (copied)'],
      'databricks',
    );
  });

  it('may be functions to which rows are handed over by their parts', () => {
    checkLineage('select u.r from t, table(f(t.x) over (partition by t.z order by t.w)) u', ['r <- t.w t.x t.z (computed)'], 'snowflake');
  });

  it('number their rows from nothing', () => {
    checkLineage(
      "select jt.n, jt.x from t, json_table(t.js, '$[*]' columns (n for ordinality, x int path '$.x')) as jt",
      ['n <- (generated)', 'x <- t.js (computed)'],
      'mysql',
    );
  });

  it('have what SEARCH and CYCLE add to a recursive CTE', () => {
    checkLineage(
      `with recursive g (id, link) as (select id, link from graph union all select g.link, x.link from g join graph x on x.id = g.link)
       search breadth first by id, link set o cycle id set is_cycle to 'y' default 'n' using p select o, is_cycle, p from g`,
      ['o <- graph.id graph.link (computed)', 'is_cycle <- graph.id graph.link (computed)', 'p <- graph.id graph.link (computed)'],
      'postgres',
    );
  });
});

it('a star may take only the columns whose names match', () => {
  const schema = { t: { my_id: '', Other_ID: '', name: '' } };
  checkLineage(
    "select * ilike '%id' rename my_id as m from t",
    ['m <- t.my_id (renamed)', 'Other_ID <- t.Other_ID (copied)'],
    'snowflake',
    schema,
  );
  checkLineage("select * like 'n%' from t", ['name <- t.name (copied)'], 'duckdb', schema);
});

describe('syntax of one dialect', () => {
  it.each([
    ['clickhouse', 'select quantiles(0.5, 0.9)(f) as q from t group by all', ['q <- t.f (aggregated)']],
    ['snowflake', "create view v (x comment 'c', y) copy grants as select a, b from t", ['x <- t.a (copied)', 'y <- t.b (copied)']],
    ['snowflake', 'select object_construct(*) as o, count(*) as n from t', ['o <- t.* (computed)', 'n <- (generated)']],
    ['spark', 'select explode(m) as (k, v) from t', ['k <- t.m (computed)', 'v <- t.m (computed)']],
    [
      'postgres',
      'select x, y, n from t, unnest(t.a, t.b) with ordinality as u (x, y, n)',
      ['x <- t.a (computed)', 'y <- t.b (computed)', 'n <- (generated)'],
    ],
    ['postgres', 'select * from generate_series(1, 10) with ordinality as g (n, o)', ['n <- (generated)', 'o <- (generated)']],
    ['tsql', "select i.value('(/a)[1]', 'int') as v from t", ['v <- t.i (computed)']],
    ['oracle', 'with function f(x number) return number is begin return x; end; select f(a) as b from t', ['b <- t.a (computed)']],
    ['bigquery', 'select (select max(i.n) from t.items as i) as m from d.t', ['m <- d.t.items (aggregated)']],
    ['bigquery', 'create table function d.f(y int64) as (select a from d.t)', ['a <- d.t.a (copied)']],
  ] as const)('%s: %s', (dialect, sql, expected) => {
    checkLineage(sql, expected, dialect);
  });

  it('ORDER BY ALL and MATCH … AGAINST name no columns of those names', () => {
    expect(usesOf('select a, b + 1 as c from t order by all', 'duckdb')).toEqual(['t.a order', 't.b order']);
    expect(usesOf("select a from t where match(e) against ('z' in boolean mode)", 'mysql')).toEqual(['t.e filter']);
  });
});
