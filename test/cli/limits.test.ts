import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

const endless = 'with recursive r as (select 1 as n union all select n + 1 from r) select count(*) as n from r';

function makeShop(sql: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'headwater-limits-'));
  const files = {
    'dbt_project.yml': 'name: shop\nprofile: shop\n',
    'profiles.yml': 'shop: {target: dev, outputs: {dev: {type: duckdb}}}\n',
    'models/m.sql': sql,
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

function headwater(cwd: string, args: readonly string[], input = '') {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync('node', [join(root, 'dist/cli.js'), ...args], {
    cwd,
    input,
    encoding: 'utf8',
    timeout: 25_000,
    maxBuffer: 1 << 28,
  });
  return { status, stdout, stderr, seconds: (performance.now() - started) / 1000 };
}

describe('what costs more than it may is ended, and says so', () => {
  it.each([
    ['a query without an end', endless, ['preview', '--select', 'm', '--timeout', '1'], /longer than 1 s.*--timeout/],
    ['a query without an end in DuckDB', endless, ['preview', '--select', 'm', '--engine', 'duckdb', '--timeout', '1'], /longer than 1 s/],
    ['reading', `select ${'1 + '.repeat(40_000)}1 as a`, ['lineage', '--work', '0.01'], /Reading the project takes more than.*--work/],
    ['memory', `select ${'1 + '.repeat(40_000)}1 as a`, ['lineage', '--memory', '100'], /more than 100 MB.*--memory/],
  ])('%s', (_name, sql, args, said) => {
    const { status, stderr, seconds } = headwater(makeShop(sql), args);
    expect(stderr).toMatch(said);
    expect(status).toBe(1);
    expect(seconds).toBeLessThan(15);
  });

  it('a line of a batch, and the next one is answered', () => {
    const lines = [endless, 'select 1 as a'].map((sql, id) => JSON.stringify({ id, sql, dialect: 'duckdb' }));
    const { status, stdout } = headwater(root, ['sql', 'run', '--batch', '--timeout', '1'], `${lines.join('\n')}\n`);
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(answers).toMatchObject([
      { id: 0, error: expect.stringContaining('longer than 1 s') },
      { id: 1, rows: [[1]] },
    ]);
    expect(status).toBe(0);
  });

  it.each([
    ['--timeout', 'soon'],
    ['--work', '-1'],
  ])('%s %s is no number of seconds', (option, value) => {
    expect(headwater(makeShop('select 1 as a'), ['preview', '--select', 'm', option, value])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('seconds'),
    });
  });
});

it('a whole result is printed, however large, and to whoever stops reading', () => {
  const { stdout, status } = headwater(makeShop('select * from range(200000) as t(x)'), ['preview', '--select', 'm', '--limit', '200000']);
  expect(status).toBe(0);
  expect((JSON.parse(stdout) as { rows: unknown[] }).rows).toHaveLength(200_000);
  const folder = makeShop('select * from range(200000) as t(x)');
  const cut = spawnSync('sh', ['-c', `node ${join(root, 'dist/cli.js')} preview --select m --limit 200000 | head -c 10; echo; exit 0`], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(cut.stderr).toBe('');
});
