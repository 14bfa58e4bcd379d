import { describe, expect, it } from 'vitest';
import { SmallProject } from './small-project.ts';

const data = {
  'data/customers.csv': 'id,name,city\n1,Ann,Rome\n2,Bob,Oslo\n3,Cy,Rome\n',
  'data/changes.csv': 'id,name,city,gone\n2,Bob,Paris,false\n3,Cy,Rome,true\n4,Di,Bern,false\n',
};

async function run(dialect: string, sql: string, table = 'dim'): Promise<readonly string[]> {
  const project = await SmallProject.open({ ...data, 'headwater.yml': `dialect: ${dialect}\n`, 'script.sql': sql }, dialect, true);
  return project.lines(table);
}

const start = 'create table dim as select id, name, city from customers;\n';

describe('a script of plain SQL', () => {
  it('inserts, updates and deletes in the order in which it says so', async () => {
    const sql = `${start}insert into dim (id, city) values (9, 'Ulm');
      update dim set name = upper(name), city = 'R' where city = 'Rome';
      delete from dim where id = 2;
      insert into dim select id + 100, name, city from dim where id = 1;`;
    expect(await run('postgres', sql)).toEqual(['1 ANN R', '3 CY R', '9 - Ulm', '101 ANN R']);
  });

  it('reads temporary tables as they were when it read them', async () => {
    const sql = `create temp table stage as select id from customers where city = 'Rome';
      create table dim as select * from stage;
      delete from stage;
      insert into dim select id from stage;`;
    expect(await run('postgres', sql)).toEqual(['1', '3']);
  });

  it('works a view out when it is read', async () => {
    const sql = `${start}create view romans as select id from dim where city = 'Rome';
      update dim set city = 'Rome' where id = 2;
      create table seen as select count(*) as n from romans;`;
    expect(await run('postgres', sql, 'seen')).toEqual(['3']);
  });

  it('updates from another table, under an alias too', async () => {
    const update = 'update dim set city = c.city from changes c where c.id = dim.id and not c.gone';
    expect(await run('postgres', `${start}${update};`)).toEqual(['1 Ann Rome', '2 Bob Paris', '3 Cy Rome']);
    const aliased = 'update d set d.city = c.city from dim d join changes c on c.id = d.id where c.gone = 0';
    expect(await run('tsql', `select id, name, city into dim from customers;\n${aliased};`)).toEqual([
      '1 Ann Rome',
      '2 Bob Paris',
      '3 Cy Rome',
    ]);
  });

  it('deletes with USING, empties by TRUNCATE and makes a dropped table anew', async () => {
    expect(await run('postgres', `${start}delete from dim using changes c where c.id = dim.id and c.gone;`)).toEqual([
      '1 Ann Rome',
      '2 Bob Oslo',
    ]);
    expect(await run('postgres', `${start}truncate table dim; insert into dim values (7, 'Gil', 'Nice');`)).toEqual(['7 Gil Nice']);
    expect(await run('postgres', `${start}drop table if exists dim; create table dim as select 1 as one; update dim set one = 2;`)).toEqual(
      ['2'],
    );
  });

  it('puts values under the types that CREATE TABLE gives', async () => {
    const sql = "create table dim (day date, n integer); insert into dim values ('2024-02-28', '5'); update dim set day = day + 2;";
    expect(await run('postgres', sql)).toEqual(['2024-03-01 5']);
  });
});

describe('MERGE', () => {
  const on = 'using changes s on t.id = s.id';

  it.each([
    [
      'snowflake',
      `merge into dim t ${on} when matched and s.gone then delete when matched then update set t.city = s.city when not matched then insert (id, name, city) values (s.id, s.name, s.city);`,
    ],
    [
      'tsql',
      `merge dim as t ${on} when matched and s.gone = 1 then delete when matched then update set city = s.city when not matched by target then insert (id, name, city) values (s.id, s.name, s.city);`,
    ],
    [
      'postgres',
      `merge into dim t ${on} when matched and s.gone then delete when matched then update set city = s.city when not matched then insert values (s.id, s.name, s.city);`,
    ],
    [
      'bigquery',
      `merge dim t using (select id, name, city, gone from changes) s on t.id = s.id when matched and gone then delete when matched then update set city = s.city when not matched then insert (id, name, city) values (id, name, city);`,
    ],
    [
      'databricks',
      `merge into dim t ${on} when matched and s.gone then delete when matched then update set * when not matched then insert *;`,
    ],
  ])('as %s writes it', async (dialect, merge) => {
    const create = dialect === 'tsql' ? 'select id, name, city into dim from customers;\n' : start;
    expect(await run(dialect, create + merge)).toEqual(['1 Ann Rome', '2 Bob Paris', '4 Di Bern']);
  });

  it('deletes what the source does not have', async () => {
    const merge = `merge dim t ${on} when not matched by source then delete when not matched and s.gone then insert (id) values (0);`;
    expect(await run('bigquery', start + merge)).toEqual(['2 Bob Oslo', '3 Cy Rome']);
  });

  it('fails where two rows of the source meet one of the table', async () => {
    const merge = 'merge into dim t using (select 1 as id union all select 1) s on t.id = s.id when matched then update set city = null;';
    expect((await run('postgres', start + merge))[0]).toContain('This MERGE has several source rows for a row of its table');
  });
});

describe('what cannot be run', () => {
  it.each([
    [
      "insert into dim values (1, 'a', 'b') on conflict (id) do nothing;",
      'script.sql:2:38 ON CONFLICT is not run in a preview: MERGE says the same.',
    ],
    [
      'call refresh_all(); update dim set id = 1;',
      'script.sql:2:1 CALL REFRESH_ALL is not run in a preview, so what comes of this script is not known.',
    ],
    [
      'delete from nowhere;',
      "script.sql:2:1 There is no table 'nowhere' whose rows could be changed: nothing makes it and no file holds it.",
    ],
    ['update dim set cty = 1;', "script.sql:2:16 There is no column 'cty' to update."],
  ])('%s is refused at its place', async (sql, expected) => {
    expect(await run('postgres', start + sql)).toEqual([expected]);
  });
});

describe('statements that are typed in', () => {
  it('show what the last of them gives', async () => {
    const project = await SmallProject.open({ ...data, 'headwater.yml': 'dialect: postgres\n', 'q.sql': 'select 1' }, 'postgres', true);
    const sql = "update customers set city = 'X' where id = 1;\nselect city from customers order by id";
    expect(await project.lines({ sql })).toEqual(['X', 'Oslo', 'Rome']);
    expect(await project.lines({ sql: 'delete from customers where id > 1' })).toEqual(['1 Ann Rome']);
    expect(await project.lines('customers')).toEqual(['1 Ann Rome', '2 Bob Oslo', '3 Cy Rome']);
  });
});
