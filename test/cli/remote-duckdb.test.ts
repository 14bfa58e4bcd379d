import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

// A DuckDB file as a target: read and written by Headwater, checked by DuckDB itself.
vi.setConfig({ testTimeout: 90_000 });
const root = join(import.meta.dirname, '../..');
const files: Readonly<Record<string, string>> = {
  'dbt_project.yml': 'name: shop\nprofile: shop\n',
  'profiles.yml':
    "shop: {target: dev, outputs: {dev: {type: duckdb, path: data/shop.duckdb, schema: main}, memory: {type: duckdb, path: ':memory:'}, cloud: {type: duckdb, path: 'md:shop'}, text: {type: duckdb, path: dbt_project.yml}}}\n",
  'seeds/raw_orders.csv': 'id,customer,amount\n1,ann,10.5\n2,bob,7\n3,ann,\n',
  'models/orders.sql': "{{ config(materialized='table') }}\nselect id, customer, amount, [id, 2] as list from {{ ref('raw_orders') }}\n",
  'models/totals.sql': "select customer, sum(amount) as total from {{ ref('orders') }} group by all\n",
  'models/daily.sql':
    "{{ config(materialized='incremental', unique_key='id') }}\nselect id, customer from {{ ref('raw_orders') }} {% if is_incremental() %} where id > 1 {% endif %}\n",
  'models/broken.sql': "select id,\n  custmer\nfrom {{ ref('orders') }}\n",
  'models/schema.yml':
    'version: 2\nmodels: [{name: orders, columns: [{name: id, data_tests: [unique]}, {name: amount, data_tests: [{not_null: {config: {severity: warn}}}]}]}]\n',
  'snapshots/versions.sql':
    "{% snapshot versions %}{{ config(unique_key='id', strategy='check', check_cols='all') }}select id, customer from {{ ref('raw_orders') }}{% endsnapshot %}\n",
};
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'headwater-duck-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  mkdirSync(join(folder, 'data'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function headwater(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync('node', [join(root, 'dist/cli.js'), ...args, '--project', folder], {
    encoding: 'utf8',
    cwd: folder,
  });
  expect(stderr).not.toContain('a bug of ours');
  return { status, out: stdout, err: stderr };
}

async function inDuckDb(sql: string): Promise<unknown> {
  const instance = await DuckDBInstance.create(join(folder, 'data/shop.duckdb'), { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  const rows = (await connection.runAndReadAll(sql)).getRowsJson();
  connection.closeSync();
  instance.closeSync();
  return rows;
}

it('what is no file says why', () => {
  const { out } = headwater('connections', '--check', '--json');
  expect(JSON.parse(out).connections.map((one: { message: string }) => one.message)).toEqual([
    expect.stringContaining('There is no file'),
    expect.stringContaining('in memory, where nothing stands'),
    expect.stringContaining('MotherDuck'),
    expect.stringContaining('no database that DuckDB reads here'),
  ]);
});

it('a build makes the file that DuckDB reads, and goes on from it', async () => {
  const first = headwater('build', '--on', 'target', '--write', '--exclude', 'broken', '--json');
  expect(first.status, first.out).toBe(0);
  expect(JSON.parse(first.out)).toMatchObject({
    on: { kind: 'remote', adapter: 'duckdb', target: 'dev' },
    summary: { pass: 6, warn: 1, error: 0 },
  });
  expect(await inDuckDb('select customer, total from totals order by 1')).toEqual([
    ['ann', 10.5],
    ['bob', 7],
  ]);
  writeFileSync(join(folder, 'seeds/raw_orders.csv'), 'id,customer,amount\n1,ann,10.5\n2,bo,7\n4,cid,1\n');
  const again = headwater('build', '--on', 'target', '--write', '--select', 'raw_orders', 'daily', 'versions', '--json');
  expect(again.status, again.out).toBe(0);
  expect(await inDuckDb('select id, customer from daily order by 1')).toEqual([
    [1, 'ann'],
    [2, 'bo'],
    [3, 'ann'],
    [4, 'cid'],
  ]);
  expect(await inDuckDb('select id, customer, dbt_valid_to is null from versions order by 1, 3')).toEqual([
    [1, 'ann', true],
    [2, 'bob', false],
    [2, 'bo', true],
    [3, 'ann', true],
    [4, 'cid', true],
  ]);
  expect(existsSync(join(folder, 'hw_files'))).toBe(false);
});

it('a preview reads the file, changes nothing, and finds the line of a mistake', () => {
  expect(JSON.parse(headwater('preview', '--on', 'target', '--select', 'orders', '--json').out)).toMatchObject({
    columns: [
      { name: 'id', type: 'INTEGER' },
      { name: 'customer', type: 'VARCHAR' },
      { name: 'amount', type: 'DOUBLE' },
      { name: 'list', type: 'INTEGER[]' },
    ],
    rows: expect.arrayContaining([[1, 'ann', 10.5, '[1, 2]']]),
    notes: ["Read from the target: 'raw_orders'."],
  });
  expect(JSON.parse(headwater('preview', '--on', 'target', '--select', 'broken', '--json').out).problems).toMatchObject([
    { path: 'models/broken.sql', start: { line: 2, column: 3 }, message: expect.stringContaining('"custmer" not found') },
  ]);
  const file = join(folder, 'ask.sql');
  for (const sql of ['drop table orders', "copy orders to 'x.csv'", "select * from read_csv('dbt_project.yml')", "attach 'x.duckdb'"]) {
    writeFileSync(file, sql);
    expect(headwater('preview', '--on', 'target', '--sql', file).status, sql).toBe(1);
  }
});
