import initSqlJs from 'sql.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { readSqliteSchema } from '../../../src/core/project/sqlite-file.ts';

let Database: Awaited<ReturnType<typeof initSqlJs>>['Database'];
beforeAll(async () => {
  ({ Database } = await initSqlJs());
});

function build(...statements: readonly string[]): Uint8Array {
  const database = new Database();
  for (const statement of statements) database.run(statement);
  const bytes = database.export();
  database.close();
  return bytes;
}

describe('the schema of a SQLite file', () => {
  test('tables come with their columns, types and keys', () => {
    const { tables, problems } = readSqliteSchema(
      build(
        'create table accounts (account_id integer primary key, name text not null, email varchar(80) unique)',
        'create table "deal lines" (deal_id int, line int, account int references accounts(account_id), amount decimal(10,2), primary key (deal_id, line), foreign key (deal_id) references deals (id))',
        'create index i on accounts (name)',
      ),
      'raw.sqlite',
    );
    expect(problems).toEqual([]);
    expect(tables.map((table) => [table.name, table.columns.map((column) => `${column.name} ${column.type}`)])).toEqual([
      ['accounts', ['account_id integer', 'name text', 'email varchar(80)']],
      ['deal lines', ['deal_id int', 'line int', 'account int', 'amount decimal(10,2)']],
    ]);
    const said = tables.flatMap((table) => [
      ...table.columns.flatMap((column) => column.constraints.filter(({ kind }) => kind === 'not_null')),
      ...table.constraints,
    ]);
    expect(said.map(({ kind, columns, to, toColumns }) => [kind, columns, to, toColumns])).toEqual([
      ['not_null', ['account_id'], undefined, undefined],
      ['not_null', ['name'], undefined, undefined],
      ['primary_key', ['account_id'], undefined, undefined],
      ['unique', ['email'], undefined, undefined],
      ['foreign_key', ['account'], 'accounts', ['account_id']],
      ['primary_key', ['deal_id', 'line'], undefined, undefined],
      ['foreign_key', ['deal_id'], 'deals', ['id']],
    ]);
    expect(tables[0]?.columns[0]?.from).toEqual({ path: 'raw.sqlite', line: 1, kind: 'sqlite' });
  });

  test('views keep their text; internal tables are left out', () => {
    const { tables } = readSqliteSchema(
      build('create table t (id integer primary key autoincrement)', 'create view v as select id from t'),
      'a.db',
    );
    expect(tables.map((table) => [table.kind, table.name, table.sql])).toEqual([
      ['table', 't', 'CREATE TABLE t (id integer primary key autoincrement)'],
      ['view', 'v', 'CREATE VIEW v as select id from t'],
    ]);
  });

  test.each([512, 1024, 4096, 65536])('a schema of many pages of %i bytes is read whole', (size) => {
    const names = Array.from({ length: 400 }, (_, i) => `t_${String(i).padStart(3, '0')}`);
    const { tables, problems } = readSqliteSchema(
      build(`pragma page_size=${size}`, ...names.map((name) => `create table ${name} (a int, b text)`)),
      'a.db',
    );
    expect(problems).toEqual([]);
    expect(tables.map((table) => table.name)).toEqual(names);
  });

  test('a statement longer than a page is joined from its overflow pages', () => {
    const columns = Array.from({ length: 900 }, (_, i) => `column_number_${i}`);
    const { tables } = readSqliteSchema(
      build('pragma page_size=512', `create table wide (${columns.map((name) => `${name} integer`).join(', ')})`),
      'a.db',
    );
    expect(tables[0]?.columns.map((column) => column.name)).toEqual(columns);
  });

  test.each(['UTF-16le', 'UTF-16be'])('a file in %s is read', (encoding) => {
    const { tables } = readSqliteSchema(build(`pragma encoding='${encoding}'`, 'create table "größe" (a int)'), 'a.db');
    expect(tables.map((table) => table.name)).toEqual(['größe']);
  });
});

describe('a damaged file', () => {
  test('an empty file is an empty database', () => {
    expect(readSqliteSchema(new Uint8Array(), 'a.db')).toEqual({ tables: [], problems: [] });
  });

  test.each([
    ['text', () => new TextEncoder().encode('id,name\n'.repeat(40))],
    ['a file cut within its first page', () => build('create table t (a int)').subarray(0, 700)],
    ['a header and nothing else', () => build('create table t (a int)').subarray(0, 100)],
    ['a page size of 3', () => build('create table t (a int)').fill(3, 16, 18)],
    ['a first page of another kind', () => build('create table t (a int)').fill(2, 100, 101)],
  ])('%s is a problem', (_, bytes) => {
    const { tables, problems } = readSqliteSchema(bytes(), 'a.db');
    expect(tables).toEqual([]);
    expect(problems.map((problem) => [problem.code, problem.path])).toEqual([['file-undecodable', 'a.db']]);
  });

  test('no damage to any byte of the schema throws or runs on', () => {
    const good = build(
      'pragma page_size=512',
      ...Array.from({ length: 30 }, (_, i) => `create table t${i} (a int, b text, c_${'x'.repeat(i * 20)} int)`),
    );
    let seed = 7;
    for (let round = 0; round < 400; round++) {
      const bytes = good.slice();
      for (let k = 0; k < 3; k++) {
        seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
        bytes[16 + (seed % (bytes.length - 16))] = (seed >>> 16) & 255;
      }
      expect(() => readSqliteSchema(bytes, 'a.db')).not.toThrow();
    }
  });
});
