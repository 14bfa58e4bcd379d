import { join } from 'node:path';
import parserPackage from 'node-sql-parser';
import { beforeAll, describe, expect, it } from 'vitest';
import { Analyzer } from '../../../src/core/analyze.ts';
import { templateEngine } from '../../../src/core/dbt/template-engine.ts';
import { traceScript } from '../../../src/core/lineage/script.ts';
import { Sources } from '../../../src/core/project/sources.ts';
import type { Dialect } from '../../../src/core/sql/dialect.ts';
import { parseSql } from '../../../src/core/sql/parse.ts';
import { Disk } from '../../../src/disk/disk.ts';

/** What node-sql-parser calls the dialects that it knows. */
const databases: Partial<Record<Dialect, string>> = {
  bigquery: 'bigquery',
  snowflake: 'snowflake',
  redshift: 'redshift',
  postgres: 'postgresql',
  tsql: 'transactsql',
  sqlite: 'sqlite',
  mysql: 'mysql',
  trino: 'trino',
  athena: 'athena',
  hive: 'hive',
};

const statements: readonly (readonly [dialects: readonly Dialect[], sql: string])[] = [
  [['postgres', 'mysql', 'snowflake', 'bigquery', 'trino', 'tsql', 'sqlite', 'redshift'], 'select a, b as c from s.t where a > 1'],
  [['postgres', 'mysql', 'snowflake', 'trino', 'sqlite'], 'select t.a, u.b from t inner join u on t.id = u.id left join v on v.id = u.id'],
  [['postgres', 'snowflake', 'bigquery', 'trino'], 'with c as (select a from t), d as (select a from c) select d.a, u.b from d join u using (a)'],
  [['postgres', 'mysql', 'snowflake', 'trino'], 'select a, sum(b) as s from t group by a having sum(b) > 3 order by s desc limit 10'],
  [['postgres', 'snowflake', 'trino'], 'select a from t union all select a from u union select b from v'],
  [['postgres', 'mysql', 'snowflake', 'sqlite'], 'select case when a > 1 then b else c end as x from t where b in (select b from u)'],
  [['postgres', 'mysql', 'trino'], 'select a from t where exists (select 1 from u where u.id = t.id)'],
  [['postgres', 'snowflake', 'bigquery', 'trino'], 'select row_number() over (partition by a order by b desc) as r from t'],
  [['postgres', 'redshift'], "select a::date as d, b || 'x' as e from s.t"],
  [['postgres'], 'select distinct on (a) a, b from t order by a, b desc'],
  [['postgres'], 'select t.a, x.n from t cross join lateral (select count(*) as n from u where u.id = t.id) as x'],
  [['postgres'], 'insert into s.t (a, b) select a, b from u'],
  [['postgres'], 'create table s.t as select a from u join v on u.id = v.id'],
  [['postgres'], 'create view s.v as select a from u'],
  [['mysql'], 'select `a`, `b` from `s`.`t` where `a` like "x%"'],
  [['mysql'], 'insert into t (a) select a from u on duplicate key update a = 1'],
  [['mysql'], 'select date_add(d, interval 1 day) as e from t'],
  [['snowflake'], "select v:a.b::string as x, f.value from t, lateral flatten(input => t.v) f"],
  [['snowflake'], 'select a from t qualify row_number() over (partition by a order by b) = 1'],
  [['bigquery'], 'select * except (a) from `p.d.t`'],
  [['bigquery'], 'select a, x from t, unnest(t.items) as x'],
  [['bigquery'], "select safe_cast(a as int64) as a, date_trunc(d, month) as m from t"],
  [['bigquery'], 'select struct(a as x, b as y) as s, [a, b] as l from t'],
  [['tsql'], 'select top 10 [a], [b c] from [s].[t] with (nolock) where [a] = 1'],
  [['tsql'], 'select t.a, x.b from t cross apply (select top 1 b from u where u.id = t.id) as x'],
  [['sqlite'], 'select a, ifnull(b, 0) as b from t order by a'],
  [['trino', 'athena'], "select date_diff('day', a, b) as n from t"],
  [['hive'], 'select a, count(1) as n from s.t group by a'],
]; // biome-ignore format: a table

/** Statements that node-sql-parser reads and names other tables of, each with the reason why ours stands. */
const explained: Readonly<Record<string, string>> = {
  'postgres: create view s.v as select a from u':
    'it leaves out the view that the statement makes, though it names the table of CREATE TABLE',
};

interface Piece {
  readonly name: string;
  readonly dialect: Dialect;
  readonly sql: string;
}

const pieces: Piece[] = statements.flatMap(([dialects, sql]) => dialects.map((dialect) => ({ name: `${dialect}: ${sql}`, dialect, sql })));

beforeAll(async () => {
  for (const sample of ['b2b-saas', 'crm-warehouse', 'lightdash-saas', 'ravenstack', 'saas-activity']) {
    const sources = await Sources.read(new Disk(join(__dirname, '../../../samples', sample)));
    const settings = { vars: {}, env: {}, runStartedAt: '2026-01-01T00:00:00Z', invocationId: 'test', folderName: sample };
    const snapshot = new Analyzer(templateEngine).analyze(sources, settings);
    for (const [id, text] of snapshot.texts)
      if (text.rendering.status === 'rendered') pieces.push({ name: id, dialect: snapshot.project.dialect, sql: text.rendering.sql });
  }
}, 60_000);

/** The tables that node-sql-parser finds, without CTEs; undefined where it cannot read the text. */
function tablesOfOther(sql: string, database: string): string[] | undefined {
  const parser = new parserPackage.Parser();
  try {
    const { ast, tableList } = parser.parse(sql, { database });
    const ctes = new Set<string>();
    collectCtes(ast, ctes);
    const tables = tableList.map((entry) => (entry.split('::').pop() ?? '').toLowerCase()).map((name) => name.split('.').pop() ?? name);
    return [...new Set(tables)].filter((name) => !ctes.has(name)).sort();
  } catch {
    return undefined;
  }
}

function collectCtes(value: unknown, names: Set<string>): void {
  if (Array.isArray(value)) for (const entry of value) collectCtes(entry, names);
  else if (typeof value === 'object' && value !== null) {
    const { with: ctes } = value as { with?: unknown };
    if (Array.isArray(ctes))
      for (const { name } of ctes as { name?: { value?: string } | string }[]) {
        const text = typeof name === 'string' ? name : name?.value;
        if (text !== undefined) names.add(text.toLowerCase());
      }
    for (const entry of Object.values(value)) collectCtes(entry, names);
  }
}

function tablesOfOurs(sql: string, dialect: Dialect): string[] {
  const { statements: traced } = traceScript(sql, dialect);
  const names = traced.flatMap(({ tables, target }) => [...tables, ...(target === undefined ? [] : [target])]);
  return [...new Set(names.map((name) => (name.split('.').pop() ?? name).toLowerCase()))].sort();
}

describe('what node-sql-parser reads', () => {
  it('is read whole, with the same tables', () => {
    const differences: string[] = [];
    let compared = 0;
    for (const { name, dialect, sql } of pieces) {
      const database = databases[dialect];
      const theirs = database === undefined ? undefined : tablesOfOther(sql, database);
      if (theirs === undefined) continue;
      compared++;
      const { problems } = parseSql(sql, dialect);
      const ours = tablesOfOurs(sql, dialect);
      if (problems.length > 0) differences.push(`${name}: ${problems[0]?.message}`);
      else if (ours.join() !== theirs.join() && explained[name] === undefined) differences.push(`${name}: ${ours} instead of ${theirs}`);
    }
    expect(differences).toEqual([]);
    // Were it to read nothing any more, this would hold nothing.
    expect(compared).toBeGreaterThan(150);
  }, 60_000);
});
