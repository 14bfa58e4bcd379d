import initSqlJs from 'sql.js';
import { describe, expect, test } from 'vitest';
import type { PlainSettings } from '../../../src/core/project/plain-project.ts';
import { loadPlainProject } from '../../../src/core/project/plain-project.ts';
import { Sources } from '../../../src/core/project/sources.ts';
import { toNodeId } from '../../../src/core/text/ids.ts';

function load(files: Readonly<Record<string, string | Uint8Array>>, settings: Partial<PlainSettings> = {}) {
  const project = loadPlainProject(Sources.of(files), { name: 'shop', ...settings });
  const short = (id: string) => id.replace('.shop.', ' ');
  return {
    ...project,
    ids: [...project.nodes.keys()].map(short),
    links: project.edges.map(({ from, to }) => `${short(from)} > ${short(to)}`).sort(),
    said: project.problems.map(({ code, path, message }) => `${code} ${path}: ${message}`),
    sql: (name: string) => project.texts.get(toNodeId('model', 'shop', name))?.rendering.sql,
    columnsOf: (...id: readonly [string, ...string[]]) =>
      project.columns
        .get(toNodeId(id[0] as 'seed', 'shop', ...id.slice(1)))
        ?.map(({ name, type, origin }) => `${name} ${type} ${origin}`.replaceAll('  ', ' ')),
  };
}

describe('what the statements of a file make', () => {
  test.each<[string, string, readonly string[]]>([
    ['a bare query', 'select 1 as a', ['model q']],
    ['a query behind WITH', 'with x as (select 1) select * from x', ['model q']],
    ['two bare queries', 'select 1; select 2', ['model q', 'model q_2']],
    [
      'CREATE TABLE AS and CREATE VIEW AS',
      'create table a as select 1 as x; create or replace view s.b as select 2 as x',
      ['model a', 'model b'],
    ],
    ['INSERT … SELECT', 'insert into a select 1 as x', ['model a']],
    ['MERGE', 'merge into a using (select 1 as id) s on a.id = s.id when not matched then insert (id) values (s.id)', ['model a']],
    ['a load of a file', "create table a (id int); copy a from 'd/b.csv' csv header", ['model a', 'source external.b']],
    ['a temporary table', 'create temp table t as select 1 as x; create table a as select * from t', ['model a', 'model t']],
    ['DDL alone', 'create table a (id int)', ['source q.a']],
    ['DDL and rows', "create table a (id int, n text); insert into a values (1, 'x')", ['model a']],
    ['nothing but remarks', '-- nothing', []],
  ])('%s', (_, sql, ids) => {
    expect(load({ 'sql/q.sql': sql }).ids).toEqual(ids);
  });

  test('the text of a model is its query, with the way back to the file', () => {
    const project = load({ 'q.sql': '-- first\ncreate table a as\nselect 1 as x;\ncreate table b as select 2 as y' });
    expect(project.sql('a')).toBe('select 1 as x');
    const text = project.texts.get(toNodeId('model', 'shop', 'a'));
    expect(text).toMatchObject({ path: 'q.sql', offset: 9, source: 'create table a as\nselect 1 as x' });
    expect(text?.rendering.map.locate(7).span.start).toBe('-- first\ncreate table a as\nselect '.length);
    expect(text?.rendering.map.outputOf(text.rendering.map.locate(7).span.start)).toBe(7);
  });

  test('what is loaded from a file is read from the file of that name', () => {
    const project = load({
      'q.sql': "create table dbo.a (id int);\nbulk insert dbo.a from 'C:\\in\\rows.csv' with (firstrow = 2);\ngo\nprint 'x'",
      'data/rows.csv': 'id\n1\n',
    });
    expect(project.info.dialect).toBe('tsql');
    expect(project.sql('a')).toBe('select * from rows');
    expect(project.links).toEqual(['seed rows > model a']);
  });

  test('a table made like another reads it whole', () => {
    expect(load({ 'q.sql': 'create table a like b' }).sql('a')).toBe('select * from b');
  });

  test('what several statements put into a table is united, by the columns they name', () => {
    const project = load({
      'q.sql': 'create table a (id int, n text);\ninsert into a (n, id) select name, key from x;\ninsert into a select key, name from y',
    });
    expect(project.sql('a')).toBe(
      'with filled_1 (n, id) as (\nselect name, key from x\n),\nfilled_2 (id, n) as (\nselect key, name from y\n)\nselect * from filled_1\nunion all\nselect * from filled_2',
    );
    expect(project.links).toEqual(['source external.x > model a', 'source external.y > model a']);
    expect(project.columnsOf('model', 'a')).toEqual(['id int ddl', 'n text ddl']);
  });

  test('an UPDATE is said not to be followed', () => {
    expect(load({ 'q.sql': 'create table a as select 1 as x; update a set x = 2 from b where b.id = a.x' }).said).toEqual([
      'sql-opaque q.sql: The rows that this UPDATE changes are not followed by lineage; a preview of the table runs it.',
    ]);
  });
});

describe('what a name means', () => {
  const csv = 'id,name\n1,a\n';
  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['a CSV file', { 'saas_sites.csv': csv, 'q.sql': 'select * from saas_sites' }, 'seed saas_sites > model q'],
    ['a raw CSV file', { 'accounts_raw.csv': csv, 'q.sql': 'select * from accounts' }, 'seed accounts_raw > model q'],
    ['a raw CSV file the other way', { 'data/raw_accounts.csv': csv, 'q.sql': 'select * from accounts' }, 'seed raw_accounts > model q'],
    [
      'three parts in backticks',
      { 'saas_sites.csv': csv, 'q.sql': 'select * from `project-1.saas.saas_sites`' },
      'seed saas_sites > model q',
    ],
    ['any case', { 'Accounts.csv': csv, 'q.sql': 'select * from ACCOUNTS' }, 'seed Accounts > model q'],
    [
      'a query before a file',
      { 'a.csv': csv, 'a.sql': 'select * from a', 'q.sql': 'select * from a' },
      'model a > model q | seed a > model a',
    ],
    ['a table of another file', { 'a.sql': 'create table s.t as select 1 as x', 'q.sql': 'select * from t' }, 'model t > model q'],
    ['DDL', { 'ddl.sql': 'create table t (id int)', 'q.sql': 'select * from t' }, 'source ddl.t > model q'],
    ['nothing known', { 'q.sql': 'select * from crm.deals' }, 'source crm.deals > model q'],
    ['a WITH clause is no table', { 'a.csv': csv, 'q.sql': 'with b as (select * from a) select * from b' }, 'seed a > model q'],
    [
      'the table that a statement fills',
      { 'q.sql': 'insert into t select id from u where id not in (select id from t)' },
      'source external.u > model t',
    ],
    ['an array of a table before it', { 'q.sql': 'select * from t, t.items' }, 'source external.t > model q'],
    ['a subquery', { 'a.csv': csv, 'q.sql': 'select (select max(id) from a) as m' }, 'seed a > model q'],
    [
      'temporary tables stay in their file',
      { 'a.sql': 'create temp table t as select 1 as x; select * from t', 'q.sql': 'select * from t' },
      'model t > model a | source external.t > model q',
    ],
  ])('%s', (_, files, links) => {
    expect(load(files).links).toEqual(links.split(' | '));
  });

  test('a table in a SQLite file, with its types and keys', async () => {
    const { Database } = await initSqlJs();
    const database = new Database();
    database.run(
      'create table deals (id integer primary key, account int references accounts(id), amount real); create table accounts (id integer primary key)',
    );
    const project = load({ 'data/crm.sqlite': database.export(), 'q.sql': 'select * from deals join accounts using (id)' });
    expect(project.links).toEqual(['source crm.accounts > model q', 'source crm.deals > model q']);
    expect(project.columnsOf('source', 'crm', 'deals')).toEqual(['id integer sqlite', 'account int sqlite', 'amount real sqlite']);
    const node = project.nodes.get(toNodeId('source', 'shop', 'crm', 'deals'));
    expect(node).toMatchObject({ data: { path: 'data/crm.sqlite', table: 'deals' } });
    expect(node?.kind === 'source' && node.constraints.map(({ kind, to }) => [kind, to])).toEqual([
      ['primary_key', undefined],
      ['foreign_key', 'accounts'],
    ]);
    expect(project.info).toMatchObject({
      dialect: 'sqlite',
      dialectBecause: 'The project has SQLite files, and no SQL in it is peculiar to another dialect.',
    });
  });

  test('a table known only by its use has the columns that are used', () => {
    expect(
      load({ 'q.sql': 'select d.id, d.amount, A.name from crm.deals d join crm.accounts a on a.id = d.account_id' }).columnsOf(
        'source',
        'crm',
        'deals',
      ),
    ).toEqual(['id use', 'amount use', 'account_id use']);
  });

  test('a table has no column of a name that a query gives and groups by', () => {
    const sql =
      "select date_part('year', closed) as year, state as state, sum(amount) as s from crm.deals group by year, state having s > 1";
    expect(load({ 'q.sql': sql }).columnsOf('source', 'crm', 'deals')).toEqual(['closed use', 'state use', 'amount use']);
  });
});

describe('what is known of columns', () => {
  test('types of a CSV file are those of the dialect; DDL of the same name says better', () => {
    const files = { 'a.csv': 'id,at\n1,2024-01-01\n', 'q.sql': 'select * from a' };
    expect(load(files, { dialect: 'bigquery' }).columnsOf('seed', 'a')).toEqual(['id int64 csv', 'at date csv']);
    const both = load({ ...files, 'ddl.sql': 'create table a (id bigint primary key, at timestamp)' });
    expect(both.columnsOf('seed', 'a')).toEqual(['id bigint csv', 'at timestamp csv']);
    expect(both.ids).toEqual(['model q', 'seed a']);
  });

  test('a data dictionary describes files and columns', () => {
    const project = load({
      'accounts_raw.csv': 'account_id\n1\n',
      'README.md':
        '### `accounts_raw.csv`\nCompanies.\n\n| Column | Type | Description |\n|--|--|--|\n| `account_id` | UUID | The company (Primary Key) |\n',
    });
    const seed = project.nodes.get(toNodeId('seed', 'shop', 'accounts_raw'));
    expect(seed).toMatchObject({
      description: 'Companies.',
      descriptionFrom: { path: 'README.md', line: 1 },
      constraints: [{ kind: 'primary_key', columns: ['account_id'] }],
    });
    expect(seed?.columns[0]).toMatchObject({
      name: 'account_id',
      type: 'integer',
      description: 'The company (Primary Key)',
      descriptionFrom: { path: 'README.md', line: 6, kind: 'markdown' },
    });
  });

  test('comments describe models and columns', () => {
    const project = load({
      'q.sql': '-- All orders.\n-- id: the key\ncreate table a as\nselect\n  id,\n  n as name, -- what it is called\n  x\nfrom t',
    });
    const model = project.nodes.get(toNodeId('model', 'shop', 'a'));
    expect(model?.description).toBe('All orders.');
    expect(model?.columns.map(({ name, description, from }) => [name, description, from.line])).toEqual([
      ['id', 'the key', 2],
      ['name', 'what it is called', 6],
    ]);
  });

  test('COMMENT ON says more of a declared table', () => {
    const project = load({ 'q.sql': "create table a (id int);\ncomment on table a is 'All.';\ncomment on column a.id is 'The key.'" });
    expect(project.nodes.get(toNodeId('source', 'shop', 'q', 'a'))).toMatchObject({
      description: 'All.',
      columns: [{ name: 'id', type: 'int', description: 'The key.' }],
    });
  });
});

describe('the dialect', () => {
  test.each([
    ['bigquery', 'select safe_divide(a, b), date_trunc(d, month) from `p.d.t`', 'three parts in backticks (1×)'],
    ['snowflake', 'select iff(a, 1, 2), v:x::string from t, lateral flatten(input => v)', 'IFF'],
    ['postgres', "select a::text, date_trunc('month', d) from t where n ilike 'x'", ':: casts (1×)'],
    ['tsql', 'select top 10 [a].[b], isnull(c, 0) from [a]', 'square brackets'],
    ['sqlite', "select strftime('%Y', d) from t", 'STRFTIME'],
    ['mysql', "select date_format(d, '%Y'), ifnull(a, 0) from `t`", 'DATE_FORMAT'],
    ['generic', 'select a from t', 'Nothing in the SQL'],
  ])('%s is told by its constructs', (dialect, sql, because) => {
    const { info } = load({ 'q.sql': sql });
    expect(info.dialect).toBe(dialect);
    expect(info.dialectBecause).toContain(because);
  });

  test('what is set is not inferred', () => {
    expect(load({ 'q.sql': 'select 1' }, { dialect: 'trino' }).info).toMatchObject({
      dialect: 'trino',
      dialectBecause: 'The settings say trino.',
    });
  });
});

describe('what is wrong', () => {
  test('bytes that are no text, empty files, and names made twice', () => {
    const project = load({ 'a.sql': new Uint8Array([0, 1, 2]), 'b.sql': ' ', 'x/c.sql': 'select 1 as a', 'y/c.sql': 'select 2 as a' });
    expect(project.said.map((text) => text.split(' ').slice(0, 2).join(' '))).toEqual([
      'file-undecodable a.sql:',
      'model-empty b.sql:',
      'model-duplicate-name y/c.sql:',
    ]);
    expect(project.ids).toEqual(['model c', 'model y_c']);
  });

  test('templates of dbt without their project are named and not read', () => {
    const project = load({ 'a.sql': "select * from {{ ref('b') }}", 'c.sql': "select 1 as a where d = '{{ ds }}'" });
    expect(project.said).toEqual([
      'template-without-dbt a.sql: This file is a template for dbt, but no dbt_project.yml stands above it, so it is not read.',
    ]);
    expect(project.ids).toEqual(['model c']);
  });

  test('a dbt project in a folder below is a project of its own', () => {
    expect(
      load({ 'a.sql': 'select 1 as a', 'x/dbt_project.yml': 'name: x', 'x/models/b.sql': 'select 1 as b', 'x/seeds/c.csv': 'a' }).ids,
    ).toEqual(['model a']);
  });
});
