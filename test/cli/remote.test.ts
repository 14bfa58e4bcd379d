import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PostgresWarehouse } from '../../src/engines/postgres.ts';
import { findPostgres, TemporaryPostgres } from '../samples/support/postgres.ts';

// A project on a real PostgreSQL: what is read where it stands, what is written in front, and what nothing changes.
vi.setConfig({ testTimeout: 90_000 });
const root = join(import.meta.dirname, '../..');
const secret = 'correct-horse-battery';

const files: Readonly<Record<string, string>> = {
  'dbt_project.yml':
    'name: shop\nprofile: shop\nmodels: {shop: {+materialized: table}}\non-run-start: ["create table if not exists {{ target.schema }}.audit (what text)"]\n',
  'seeds/raw_orders.csv': 'id,customer,amount,at\n1,ann,10.5,2026-01-01\n2,bob,7,2026-01-02\n3,ann,,2026-01-03\n',
  'seeds/empty_orders.csv': 'id,customer\n',
  'models/orders.sql': "select id, customer, amount, cast(at as date) as at\nfrom {{ ref('raw_orders') }}\n",
  'models/totals.sql':
    "with o as (\n  select * from {{ ref('orders') }}\n),\nper_customer as (\n  select customer, sum(amount) as total from o group by 1\n)\nselect * from per_customer\n",
  'models/broken.sql': "{# a comment #}\nselect id,\n  custmer\nfrom {{ ref('orders') }}\n",
  'models/asks.sql':
    "{% set names = run_query('select distinct customer from ' ~ ref('raw_orders') ~ ' order by 1').columns[0].values() %}\nselect '{{ names | join('+') }}' as names\n",
  'models/daily.sql':
    "{{ config(materialized='incremental', unique_key='id') }}\nselect id, customer from {{ ref('raw_orders') }}\n{% if is_incremental() %} where id >= (select max(id) from {{ this }}) {% endif %}\n",
  'models/sources.yml': 'version: 2\nsources: [{name: raw, tables: [{name: things}]}]\n',
  'models/schema.yml':
    'version: 2\nmodels:\n  - name: orders\n    columns:\n      - name: id\n        data_tests: [unique, not_null]\n      - name: amount\n        data_tests: [not_null]\nseeds:\n  - name: empty_orders\n    columns:\n      - name: id\n        data_tests: [unique]\n',
  'snapshots/versions.sql':
    "{% snapshot versions %}{{ config(unique_key='id', strategy='check', check_cols=['customer'], hard_deletes='invalidate') }}select id, customer from {{ ref('raw_orders') }}{% endsnapshot %}\n",
};

let postgres: TemporaryPostgres;
let client: pg.Client;
let folder: string;

beforeAll(async () => {
  postgres = new TemporaryPostgres(findPostgres());
  client = await postgres.connect('shop');
  folder = mkdtempSync(join(tmpdir(), 'headwater-remote-'));
  for (const [path, text] of Object.entries(files)) put(path, text);
  const output = (host: string) =>
    `{type: postgres, host: '${host}', user: postgres, password: "{{ env_var('SHOP_PASSWORD') }}", dbname: shop, schema: dev}`;
  put(
    'profiles.yml',
    `shop:\n  target: dev\n  outputs:\n    dev: ${output(postgres.host)}\n    away: ${output('/nowhere')}\n    other: {type: snowflake, account: x, password: '${secret}'}\n`,
  );
}, 60_000);

afterAll(async () => {
  await client.end();
  postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function headwater(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync('node', [join(root, 'dist/cli.js'), ...args, '--project', folder], {
    encoding: 'utf8',
    env: { ...process.env, SHOP_PASSWORD: secret },
  });
  expect(stdout + stderr).not.toContain(secret);
  expect(stderr).not.toContain('a bug of ours');
  return { status, out: stdout, err: stderr };
}

function json(...args: readonly string[]) {
  return JSON.parse(headwater(...args, '--json').out);
}

const connect = () =>
  PostgresWarehouse.connect({
    host: postgres.host,
    port: 5432,
    user: 'postgres',
    database: 'shop',
    sslMode: 'prefer',
    connectSeconds: 5,
    querySeconds: 20,
  });

const on = ['--on', 'target'] as const;
const tables = async (): Promise<readonly string[]> =>
  (await client.query("select table_name from information_schema.tables where table_schema = 'dev' order by 1")).rows.map(
    (row) => row.table_name,
  );

describe('before anything is built', () => {
  it('connections are listed, and tried where that is asked for', () => {
    expect(json('connections').connections.map((one: { state: string }) => one.state)).toEqual(['untried', 'untried', 'untried']);
    const { status, out } = headwater('connections', '--check', '--json');
    expect(status).toBe(1);
    expect(JSON.parse(out).connections).toMatchObject([
      { output: 'dev', adapter: 'postgres', state: 'ok' },
      { output: 'away', state: 'failed', message: expect.stringContaining('Nothing listens on the socket in /nowhere') },
      { output: 'other', adapter: 'snowflake', state: 'failed', message: expect.stringContaining("cannot connect to 'snowflake' yet") },
    ]);
    expect(headwater('connections', '--check', '--target', 'dev').status).toBe(0);
  });

  it('a preview writes its parents into the query, and says so', () => {
    const answer = json('preview', ...on, '--select', 'totals');
    expect(answer).toMatchObject({
      engine: 'postgres',
      on: { kind: 'remote', adapter: 'postgres', target: 'dev' },
      columns: [
        { name: 'customer', type: 'text' },
        { name: 'total', type: 'double precision' },
      ],
      notes: ["Written into the query, not built on the target: 'orders', 'raw_orders'."],
    });
    expect(new Map(answer.rows)).toEqual(
      new Map([
        ['ann', 10.5],
        ['bob', 7],
      ]),
    );
  });

  it('templates get their answers from the target', () => {
    const file = join(folder, 'ask.sql');
    writeFileSync(file, "select '{{ run_query('select 40 + 2').columns[0].values()[0] }}' as answer");
    expect(json('preview', ...on, '--sql', file)).toMatchObject({ rows: [['42']] });
    rmSync(file);
    expect(json('preview', ...on, '--select', 'raw_orders', '--limit', '2')).toMatchObject({ rowCount: 3, truncated: true });
  });

  it('a mistake is found at the line that the user wrote', () => {
    const { status, out } = headwater('preview', ...on, '--select', 'broken', '--json');
    expect(status).toBe(1);
    expect(JSON.parse(out).problems).toMatchObject([
      {
        code: 'preview-failed',
        path: 'models/broken.sql',
        start: { line: 3, column: 3 },
        message: expect.stringContaining('"custmer" does not exist'),
      },
    ]);
  });

  it('a source that is not there is named, with the way out', () => {
    expect(headwater('preview', ...on, '--select', 'source:shop.raw.things').err).toContain(
      "Not on the target: 'raw.things'. Check the schema of the source, or make its table with 'headwater load'.",
    );
  });

  it('a build says what it would write, and writes nothing', async () => {
    const { status, err } = headwater('build', ...on, '--select', 'raw_orders', 'orders');
    expect(status).toBe(2);
    expect(err).toContain('create schema if not exists "dev"');
    expect(err).toContain('create table "dev"."orders" in place of what has that name');
    expect(headwater('build', ...on, '--full-refresh').err).toContain('Nothing was written: add --write');
    expect(await tables()).toEqual([]);
  });

  it('options about the data at hand are refused', () => {
    expect(headwater('preview', ...on, '--engine', 'duckdb', '--select', 'orders')).toMatchObject({ status: 2 });
    expect(headwater('preview', '--on', 'devv', '--select', 'orders').err).toContain("Did you mean 'dev'?");
  });
});

describe('on the target', () => {
  it('a build makes what dbt makes, and tests it', async () => {
    const { status, out } = headwater('build', ...on, '--write', '--exclude', 'broken', '--json');
    const results: readonly { id: string; status: string; rows?: number; failures: number }[] = JSON.parse(out).results;
    const of = (id: string) => results.find((one) => one.id.startsWith(id));
    expect(status).toBe(1);
    expect(of('model.shop.orders')).toMatchObject({ status: 'pass', rows: 3 });
    expect(of('test.shop.unique_orders_id')).toMatchObject({ status: 'pass' });
    expect(of('test.shop.not_null_orders_amount')).toMatchObject({ status: 'fail', failures: 1 });
    // What stands below a failed test is not built.
    expect(of('model.shop.totals')).toMatchObject({ status: 'skip' });
    expect(of('test.shop.unique_empty_orders_id')).toMatchObject({ status: 'no-data' });
    expect(await tables()).toEqual(['asks', 'audit', 'daily', 'empty_orders', 'orders', 'raw_orders', 'versions']);
    expect((await client.query('select names from dev.asks')).rows).toEqual([{ names: 'ann+bob' }]);
  });

  it('a preview reads what stands there', () => {
    expect(json('preview', ...on, '--select', 'totals', '--cte', 'o')).toMatchObject({
      rowCount: 3,
      notes: ["Read from the target: 'orders'."],
    });
  });

  it('a profile is counted there', () => {
    const { rowCount, columns, on: place } = json('profile', ...on, '--select', 'orders');
    expect([rowCount, place.kind]).toEqual([3, 'remote']);
    expect(columns).toMatchObject([
      { name: 'id', type: 'integer', nulls: 0, distinct: 3, unique: true, min: 1, max: 3, mean: 2 },
      {
        name: 'customer',
        type: 'text',
        distinct: 2,
        unique: false,
        min: 'ann',
        max: 'bob',
        top: [
          ['ann', 2],
          ['bob', 1],
        ],
      },
      {
        name: 'amount',
        nulls: 1,
        findings: [expect.stringMatching(/^1 NULL, although not_null is declared in models\/schema\.yml:\d+\.$/)],
      },
      { name: 'at', type: 'date', min: '2026-01-01', max: '2026-01-03' },
    ]);
  });

  it('an increment and a snapshot go on from what is there', async () => {
    put('seeds/raw_orders.csv', `${files['seeds/raw_orders.csv']!.replace('2,bob', '2,bo')}4,cid,1,2026-01-04\n`);
    await client.query('delete from dev.raw_orders');
    const { out } = headwater('build', ...on, '--write', '--select', 'raw_orders', 'daily', 'versions', '--json');
    expect(JSON.parse(out).summary).toMatchObject({ pass: 3, error: 0 });
    // The second order was changed below the highest id, which this increment does not look at.
    expect((await client.query('select id, customer from dev.daily order by 1')).rows.map((row) => row.customer)).toEqual([
      'ann',
      'bob',
      'ann',
      'cid',
    ]);
    const versions = await client.query('select id, customer, dbt_valid_to is null as holds from dev.versions order by id, holds');
    expect(versions.rows.map((row) => `${row.id} ${row.customer} ${row.holds}`)).toEqual([
      '1 ann t',
      '2 bob f',
      '2 bo t',
      '3 ann t',
      '4 cid t',
    ]);
  });

  it('reading never writes, whatever is asked', async () => {
    await client.query('create sequence dev.counter');
    const file = join(folder, 'ask.sql');
    for (const sql of [
      'delete from dev.orders',
      'select 1; delete from dev.orders',
      'with gone as (delete from dev.orders returning id) select * from gone',
      'select * into dev.copied from dev.orders',
      "select setval('dev.counter', 9)",
    ]) {
      writeFileSync(file, sql);
      expect(headwater('preview', ...on, '--sql', file).status, sql).toBe(1);
    }
    rmSync(file);
    expect((await client.query('select count(*) as n from dev.orders')).rows).toEqual([{ n: '3' }]);
    expect(await tables()).not.toContain('copied');
    expect((await client.query('select is_called from dev.counter')).rows).toEqual([{ is_called: 'f' }]);
  });

  it('and the database itself refuses what nobody looked at before', async () => {
    const warehouse = await connect();
    const limits = { rows: 10, counted: 0 };
    for (const sql of [
      'select 1; delete from dev.orders',
      'select 1; commit; delete from dev.orders',
      'with gone as (delete from dev.orders returning id) select * from gone',
      "select setval('dev.counter', 9)",
      'select id from dev.orders for update',
    ])
      await expect(warehouse.query(sql, limits), sql).rejects.toThrow(/multiple commands|data-modifying|read-only transaction/);
    await warehouse.close();
    expect((await client.query('select count(*) as n from dev.orders')).rows).toEqual([{ n: '3' }]);
  });

  it.each([
    ['int8', '9223372036854775807', 9223372036854775807n],
    ['int4', '-5', -5],
    ['numeric(38,10)', '1234567890123456789012345678.0123456789', '1234567890123456789012345678.0123456789'],
    ['numeric', 'NaN', 'NaN'],
    ['float8', 'NaN', Number.NaN],
    ['float8', '-Infinity', Number.NEGATIVE_INFINITY],
    ['float8', '0.1', 0.1],
    ['boolean', 'false', false],
    ['date', '1400-02-03', '1400-02-03'],
    ['date', '0044-03-15 BC', '0044-03-15 BC'],
    ['date', 'infinity', 'infinity'],
    ['timestamp without time zone', '2026-01-01 10:00:00.123456', '2026-01-01 10:00:00.123456'],
    ['timestamp with time zone', '2026-01-01 10:00:00+02', '2026-01-01 08:00:00+00'],
    ['interval', '1 day 2 hours', '1 day 02:00:00'],
    ['integer[]', '{1,NULL,3}', '{1,NULL,3}'],
    ['jsonb', '{"b": 1, "a": [null]}', '{"a": [null], "b": 1}'],
    ['uuid', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
    ['bytea', '\\x00ff', Uint8Array.of(0, 255)],
    ['text', '', ''],
  ])('a %s of %j comes home as it is', async (type, text, value) => {
    const warehouse = await connect();
    const sql = `select '${text}'::${type} as v, null::${type} as n`;
    const { columns, rows } = await warehouse.query(sql, { rows: 2, counted: 0 });
    await warehouse.close();
    expect(rows).toEqual([[value, null]]);
    expect(columns.map((column) => column.name)).toEqual(['v', 'n']);
  });

  it('every failing row is counted, however few are kept', async () => {
    const warehouse = await connect();
    const many = await warehouse.query('select generate_series(1, 25) as n', { rows: 10, counted: Number.MAX_SAFE_INTEGER });
    const some = await warehouse.query('select generate_series(1, 25) as n', { rows: 10, counted: 5 });
    await warehouse.close();
    expect([many.rows.length, many.rowCount, many.isAtLeast]).toEqual([10, 25, false]);
    expect([some.rowCount, some.isAtLeast]).toEqual([15, true]);
  });

  it('columns of one name, or none, stay apart', async () => {
    const warehouse = await connect();
    const { columns, rows } = await warehouse.query('select 1 as a, 2 as a, 3', { rows: 2, counted: 0 });
    await warehouse.close();
    expect([columns.map((column) => column.name), rows]).toEqual([['a', 'a', '?column?'], [[1, 2, 3]]]);
  });

  it('a deferred state gives what the target has not', async () => {
    await client.query('create schema prod');
    await client.query("create table prod.orders as select 99 as id, 'prod' as customer, 1.0::float8 as amount, current_date as at");
    await client.query('drop table dev.orders cascade');
    put('state/manifest.json', JSON.stringify({ nodes: { 'model.shop.orders': { relation_name: '"shop"."prod"."orders"' } } }));
    const answer = json('preview', ...on, '--select', 'totals', '--defer', '--state', join(folder, 'state'));
    expect(answer).toMatchObject({ rows: [['prod', 1]], notes: ["Read from the deferred state, not built on the target: 'orders'."] });
  });

  it('a query that takes too long is cancelled there', () => {
    const file = join(folder, 'slow.sql');
    writeFileSync(file, 'select pg_sleep(30)');
    const { status, err } = headwater('preview', ...on, '--sql', file, '--timeout', '0.3');
    rmSync(file);
    expect(status).toBe(1);
    expect(err).toContain('takes longer than 0.3 s and was cancelled on the server');
  });

  it('a connection that the server ends is told as such', () => {
    const file = join(folder, 'gone.sql');
    writeFileSync(file, 'select pg_terminate_backend(pg_backend_pid())');
    const { status, err } = headwater('preview', ...on, '--sql', file);
    rmSync(file);
    expect(status).toBe(1);
    expect(err).toContain('The connection was lost while the query ran');
  });

  it('nothing of the secret was written anywhere', () => {
    const written = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
      (one) => one.isFile() && one.name !== 'profiles.yml',
    );
    for (const one of written) expect(readFileSync(join(one.parentPath, one.name), 'utf8')).not.toContain(secret);
  });
});
