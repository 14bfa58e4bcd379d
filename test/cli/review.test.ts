import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'headwater-review-'));
const run = (...args: string[]) => spawnSync('node', [join(root, 'dist/cli.js'), ...args, '--project', folder], { encoding: 'utf8' });

beforeAll(() => {
  cpSync(join(root, 'test/fixtures/shop'), folder, { recursive: true });
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], { cwd: folder, stdio: 'ignore' });
  git('init', '-q');
  git('add', '-A');
  git('commit', '-q', '-m', 'one');
  const path = join(folder, 'models/staging/stg_customers.sql');
  writeFileSync(path, `${readFileSync(path, 'utf8').trimEnd()}\nwhere customer_id > 2\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

it('says what changed, what that reaches and how rows differ, as the contract has it', () => {
  const { stdout, status } = run('review', '--base', 'HEAD', '--rows', '--json');
  const answer = JSON.parse(stdout);
  expect(status).toBe(0);
  expect(answer).toMatchObject({ version: 1, base: 'HEAD', counterexamples: [] });
  expect(answer.nodes).toEqual([
    {
      id: 'model.shop.stg_customers',
      change: 'changed',
      class: 'rows',
      columns: [],
      because: [
        expect.objectContaining({
          text: 'A condition is new: `customer_id > 2`.',
          path: 'models/staging/stg_customers.sql',
          line: expect.any(Number),
        }),
      ],
    },
  ]);
  expect(answer.affected).toContainEqual(
    expect.objectContaining({ id: 'model.shop.customers', certain: true, path: ['model.shop.stg_customers', 'model.shop.customers'] }),
  );
  expect(answer.rows.find((one: { id: string }) => one.id === 'model.shop.stg_customers')).toMatchObject({
    added: 0,
    removed: 2,
    changed: 0,
  });
});

it('fails on kinds that are named, and writes Markdown', () => {
  const { stdout, status } = run('diff', '--base', 'HEAD', '--format', 'markdown', '--fail-on', 'schema,rows');
  expect(status).toBe(1);
  expect(stdout).toContain('| ~ | `stg_customers` | **rows**: other rows |');
  expect(run('diff', '--base', 'HEAD', '--fail-on', 'nothing').status).toBe(2);
});
