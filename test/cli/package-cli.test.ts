import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

it('runs from the folder of its npm package, which carries the licences of what it ships', () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'headwater-cli-')), 'headwater-cli');
  execFileSync('node', ['scripts/package-cli.mjs', folder], { cwd: root });
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { readonly bin: Readonly<Record<string, string>> };
  const program = join(folder, bin['headwater-cli'] ?? '');
  const run = (...args: readonly string[]): unknown =>
    JSON.parse(execFileSync('node', [program, ...args, '--project', 'test/fixtures/shop', '--json'], { cwd: root, encoding: 'utf8' }));
  expect(run('check', '--no-data')).toMatchObject({ version: 1, problems: expect.any(Array) });
  expect(run('preview', '--select', 'customers')).toMatchObject({ rowCount: 6 });
  const notices = readFileSync(join(folder, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
  for (const name of ['sql.js', '@modelcontextprotocol/sdk', 'zod', 'minisearch', 'elkjs', 'apache-arrow'])
    expect(notices, name).toContain(`\n${name} `);
});
