import { afterEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/core/engine/engine.ts';
import { readCsvTable } from '../../../src/core/engine/seed-rows.ts';
import { formatType } from '../../../src/core/translate/value-type.ts';
import { openEngine } from '../translate/run.ts';

const opened: Engine[] = [];
afterEach(async () => {
  for (const engine of opened.splice(0)) await engine.close();
});

async function open(name: 'sqlite' | 'duckdb'): Promise<Engine> {
  const engine = openEngine(name);
  await engine.open();
  opened.push(engine);
  return engine;
}

/** A CSV file as the loader of a project brings it into an engine; `fast` says whether the engine read it by itself. */
async function load(engine: Engine, text: string, declared: Readonly<Record<string, string>> = {}) {
  const bytes = new TextEncoder().encode(text);
  const table = readCsvTable(bytes, new Map(Object.entries(declared)), 'duckdb');
  const columns = table.columns.map((column) => ({ name: column.name, type: formatType(column.type) }));
  const fast = (await engine.loadCsv?.('t', columns, bytes, table.delimiter)) ?? false;
  if (!fast) await engine.load('t', columns, table.rows());
  return { fast, rows: (await engine.query('select * from t', { offset: 0, limit: 100 })).rows };
}

describe('DuckDB reads CSV files as seeds are read', () => {
  it.each([
    ['leading zeros stay', 'code,n\n00123,1\n00007,2\n', {}, true],
    ['dates and timestamps', 'd,t\n2024-01-05,2024-01-05 10:00:00\n2024-02-29,2024-01-06 23:59:59.5\n', {}, true],
    ['an empty field and the word null are NULL', 'a,b\n,x\nnull,\nNuLL,y\n', {}, true],
    ['white space alone is NULL', 'a,b\nx,1\n  ,2\n', {}, false],
    ['quotes, line breaks and separators in a field', 'a,b\n"x, ""y""",1\n"two\nlines",2\n', {}, true],
    ['an empty line is no row', 'a,b\nx,1\n\ny,2\n', {}, false],
    ['rows that are too short', 'a,b,c\nx,1\ny,2,3\n', {}, false],
    ['booleans', 'a,b\ntrue,1\nfalse,2\n', {}, true],
    ['declared text keeps its digits', 'a,b\n1,x\n2,y\n', { a: 'varchar' }, true],
    ['semicolons and a mark at the start', '\uFEFFa;b\n1;x\n2;y\n', {}, true],
    ['a moment with a zone', 'a,t\n1,2024-01-05T10:00:00+02:00\n2,2024-01-05T11:00:00Z\n', { t: 'timestamp' }, false],
    ['numbers and their signs', 'a,b\n-1,2.50\n+7,-0.25\n', {}, true],
    ['carriage returns', 'a,b\r\n1,x\r\n2,y\r\n', {}, true],
  ] as const)('%s', async (_name, text, declared, fast) => {
    const [ours, theirs] = [await load(await open('sqlite'), text, declared), await load(await open('duckdb'), text, declared)];
    const plain = (rows: typeof ours.rows) => rows.map((row) => row.map((cell) => (typeof cell === 'boolean' ? Number(cell) : cell)));
    expect(plain(theirs.rows)).toEqual(plain(ours.rows));
    expect(theirs.fast).toBe(fast);
  });

  it('says which value does not fit a declared column', async () => {
    await expect(load(await open('duckdb'), 'a,d\n1,2024-01-05\n2,soon\n', { d: 'date' })).rejects.toThrow(/soon/);
  });

  it('keeps every value of a row that moves over from JavaScript', async () => {
    const engine = await open('duckdb');
    const rows = [
      ['a"b', 1, true, new Uint8Array([0, 255])],
      ['line\nbreak\x1f', 9007199254740993n, false, new Uint8Array([])],
      ['', null, null, null],
      [null, -1, null, null],
    ] as const;
    await engine.load(
      'r',
      ['text', 'integer', 'boolean', 'bytes'].map((type) => ({ name: type, type })),
      rows,
    );
    expect((await engine.query('select * from r', { offset: 0, limit: 10 })).rows).toEqual(rows);
  });
});

describe('DuckDB behind the interface of engines', () => {
  it('gives pages, and says when the last one was read', async () => {
    const engine = await open('duckdb');
    await engine.execute('create table n as select range as i from range(10)');
    expect(await engine.query('select i from n', { offset: 0, limit: 4 })).toMatchObject({ rows: [[0], [1], [2], [3]] });
    expect(await engine.query('select i from n', { offset: 8, limit: 4 })).toMatchObject({ rows: [[8], [9]], rowCount: 10 });
    expect((await engine.query('select i from n', { offset: 0, limit: 4 })).rowCount).toBeUndefined();
  });

  it('keeps whole numbers, dates and moments as they are', async () => {
    const engine = await open('duckdb');
    const sql =
      "select 9223372036854775807 as big, 170141183460469231731687303715884105727::hugeint as huge, date '1969-12-31' as d, timestamp '1969-12-31 23:59:59.5' as t, 1.50::decimal(5,2) as n, null as nothing";
    expect((await engine.query(sql, { offset: 0, limit: 1 })).rows).toEqual([
      [9223372036854775807n, 170141183460469231731687303715884105727n, '1969-12-31', '1969-12-31 23:59:59.5', '1.50', null],
    ]);
  });

  it('holds the tables of two engines apart, and lets go of them when one is closed', async () => {
    const [one, two] = [await open('duckdb'), await open('duckdb')];
    await one.execute('create table same as select 1 as x');
    await two.execute('create table same as select 2 as x');
    expect((await one.query('select x from same', { offset: 0, limit: 1 })).rows).toEqual([[1]]);
    await one.close();
    await expect(one.execute('select 1')).rejects.toThrow('the engine is not open');
    expect((await two.query('select x from same', { offset: 0, limit: 1 })).rows).toEqual([[2]]);
  });

  it('gives what a function of ours says when it fails, in its own words', async () => {
    const engine = await open('duckdb');
    await expect(engine.query("select hw_text_date('soon', 0e0, 0e0)", { offset: 0, limit: 1 })).rejects.toThrow(/^'soon' is not a date$/);
  });

  it.each([
    "select * from read_text('/etc/hostname')",
    "select * from read_csv('/etc/passwd')",
    "select * from '/etc/passwd'",
    "select * from read_csv('hw_other/x.csv')",
    "select * from read_csv('hw_files/../x.csv')",
    "select * from glob('/etc/*')",
    "copy (select 1) to '/tmp/headwater-copied.csv'",
    "attach '/tmp/headwater-attached.db' as x",
    "export database '/tmp/headwater-exported'",
    'load httpfs',
    'set enable_external_access = true',
    "set allowed_directories = ['/']",
    "set memory_limit = '100 GB'",
    'reset lock_configuration',
  ])('whatever the translation lets through, DuckDB refuses: %s', async (sql) => {
    const engine = await open('duckdb');
    await expect(engine.execute(sql)).rejects.toThrow(/disabled|locked|not available|Cannot|Permission|No files|permission|does not exist/);
  });

  it('reads the tables of a SQLite file, under the types that are known', async () => {
    const engine = await open('duckdb');
    const { default: initSqlJs } = await import('sql.js');
    const SQL = await initSqlJs();
    const database = new SQL.Database();
    database.run("create table orders (id integer, day text, amount real); insert into orders values (1, '2024-01-05', 1.5), (2, null, 2)");
    await engine.attach(database.export(), new Map([['orders', 'o']]), new Map([['day', 'date']]));
    expect((await engine.query('select id, year(day), amount from o', { offset: 0, limit: 10 })).rows).toEqual([
      [1, 2024, 1.5],
      [2, null, 2],
    ]);
  });
});
