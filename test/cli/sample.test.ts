import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { readCsv } from '../../src/core/project/csv.ts';

// A sample project's sources are loaded into a database, sampled from there, and everything is run over the sample.
vi.setConfig({ testTimeout: 90_000 });
const root = join(import.meta.dirname, '../..');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'headwater-sample-'));
  cpSync(join(root, 'samples/crm-warehouse'), folder, { recursive: true });
  writeFileSync(
    join(folder, 'profiles.yml'),
    'analytics: {target: dev, outputs: {dev: {type: postgres, dbname: crm, schema: dev}, duck: {type: duckdb, path: crm.duckdb, schema: dev}}}\n',
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function headwater(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync('node', [join(root, 'dist/cli.js'), ...args, '--project', folder], { encoding: 'utf8' });
  expect(stderr).not.toContain('a bug of ours');
  return { status, out: stdout, err: stderr };
}

function table(name: string): readonly Readonly<Record<string, string | null>>[] {
  const { header, rows } = readCsv(readFileSync(join(folder, '.headwater/worlds/home', `crm__${name}.csv`)));
  return Array.from(rows(), (row) => Object.fromEntries(header.map((column, i) => [column, row[i] ?? null])));
}

it('loading says what it would write first, and leaves alone what is there', () => {
  const asked = headwater('load', '--on', 'duck');
  expect(asked).toMatchObject({ status: 2, err: expect.stringContaining('create table "raw_crm"."accounts" from data/crm_accounts.csv') });
  const loaded = JSON.parse(headwater('load', '--on', 'duck', '--write', '--json').out);
  expect(loaded).toMatchObject({ world: 'files', on: { kind: 'remote', adapter: 'duckdb' } });
  expect(loaded.tables.map((one: { state: string }) => one.state)).toEqual(Array(8).fill('loaded'));
  expect(loaded.tables[0]).toMatchObject({ node: 'source.analytics.crm.accounts', rows: 220 });
  const again = JSON.parse(headwater('load', '--on', 'duck', '--write', '--json').out);
  expect(again.tables.map((one: { state: string }) => one.state)).toEqual(Array(8).fill('kept'));
});

it('the columns of sources are read there, and written where they are not declared', () => {
  const path = join(folder, 'models/crm/sources.yml');
  const before = readFileSync(path, 'utf8');
  const line = /^.*name: amount, data_type: .*\n/m.exec(before)?.[0] ?? '';
  expect(line).not.toBe('');
  writeFileSync(path, before.replace(line, ''));
  const read = () => JSON.parse(headwater('catalogue', '--on', 'duck', '--select', 'source:crm.deals', '--json').out).sources;
  expect(read()).toMatchObject([{ node: 'source.analytics.crm.deals', stands: true, undeclared: ['amount'], gone: [] }]);
  headwater('catalogue', '--on', 'duck', '--select', 'source:crm.deals', '--write');
  expect(readFileSync(path, 'utf8')).toMatch(/- name: amount\n +data_type: DECIMAL\(12,2\)\n/);
  expect(read()).toMatchObject([{ undeclared: [] }]);
  writeFileSync(path, before);
});

it('a sample keeps the partners of joins, and shows no masked value', () => {
  const sampled = JSON.parse(headwater('sample', '--on', 'duck', '--rows', '8', '--mask', 'email|^id$', '--out', 'home', '--json').out);
  expect(sampled).toMatchObject({ world: 'home', on: { kind: 'remote' } });
  expect(sampled.tables[0]).toMatchObject({
    node: 'source.analytics.crm.accounts',
    rows: 8,
    because: [{ text: expect.stringContaining('8 rows') }, { text: 'Masked: id.' }],
  });
  const has = (name: string, column: string): ReadonlySet<string | null> => new Set(table(name).map((row) => row[column] ?? null));
  const partners: readonly (readonly [string, string, string])[] = [
    ['contacts', 'account_id', 'accounts'],
    ['deals', 'account_id', 'accounts'],
    ['activities', 'deal_id', 'deals'],
    ['deal_stage_history', 'deal_id', 'deals'],
    ['orders', 'product_id', 'products'],
  ];
  for (const [child, column, parent] of partners) {
    const values = [...has(child, column)].filter((value) => value !== null);
    expect(values.length, child).toBeGreaterThan(0);
    // Keys are masked too, and still meet.
    expect(
      values.filter((value) => !has(parent, 'id').has(value)),
      `${child}.${column}`,
    ).toEqual([]);
  }
  const emails = new Set(Array.from(readCsv(readFileSync(join(folder, 'data/crm_contacts.csv'))).rows(), (row) => row[4]));
  for (const { email } of table('contacts')) expect(emails.has(email ?? '?')).toBe(false);
  expect(readFileSync(join(folder, '.headwater/.gitignore'), 'utf8')).toBe('*\n');
});

it('everything runs over a sample, and says so', () => {
  headwater('sample', '--on', 'duck', '--rows', '8', '--out', 'plain');
  const { world, summary } = JSON.parse(headwater('build', '--world', 'plain', '--json').out);
  expect({ world, fail: summary.fail, error: summary.error, pass: summary.pass > 190 }).toEqual({
    world: 'plain',
    fail: 0,
    error: 0,
    pass: true,
  });
  expect(JSON.parse(headwater('preview', '--world', 'plain', '--sql', '-', '--json').out)).toMatchObject({ world: 'plain' });
});

it('a world is never used unless it is named', () => {
  const rows = (...more: readonly string[]) =>
    JSON.parse(headwater('preview', '--select', 'stg_crm_accounts', ...more, '--json').out).rowCount;
  expect([rows(), rows('--world', 'plain')]).toEqual([220, 8]);
  expect(headwater('preview', '--select', 'stg_crm_accounts', '--world', 'plan')).toMatchObject({
    status: 2,
    err: expect.stringContaining("Did you mean 'plain'?"),
  });
  rmSync(join(folder, 'data'), { recursive: true });
  expect(JSON.parse(headwater('preview', '--select', 'stg_crm_accounts', '--json').out).rowCount).toBe(0);
});
