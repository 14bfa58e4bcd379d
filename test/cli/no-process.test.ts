import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

const files: Readonly<Record<string, string>> = {
  'dbt_project.yml': 'name: shop\nprofile: shop\n',
  'profiles.yml': 'shop: {target: dev, outputs: {dev: {type: duckdb}}}\n',
  'models/orders.sql': 'select 1 as id\n',
  'selectors.yml': 'selectors:\n  - name: changed\n    default: true\n    definition: {method: state, value: modified}\n',
};

/** A repository whose last commit misses a file, and whose configuration would run a program of its own on any call of git. */
function makeTrap(): { readonly folder: string; readonly marker: string } {
  const folder = mkdtempSync(join(tmpdir(), 'headwater-trap-'));
  const marker = join(mkdtempSync(join(tmpdir(), 'headwater-marker-')), 'ran');
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-q', '-m', 'first');
  const program = join(folder, 'run.sh');
  writeFileSync(program, `#!/bin/sh\necho "$@" >> '${marker}'\nexit 1\n`);
  chmodSync(program, 0o755);
  const hash = git('rev-parse', 'HEAD:models/orders.sql').trim();
  execFileSync('rm', ['-f', join(folder, '.git/objects', hash.slice(0, 2), hash.slice(2))]);
  writeFileSync(
    join(folder, '.git/config'),
    [
      readFileSync(join(folder, '.git/config'), 'utf8'),
      `[core]\n\tsshCommand = ${program}\n\tfsmonitor = ${program}\n\thooksPath = ${folder}\n\tpager = ${program}`,
      `[remote "origin"]\n\turl = ssh://example.invalid/x\n\tpromisor = true\n\tpartialclonefilter = blob:none\n\tuploadpack = ${program}`,
      '[extensions]\n\tpartialClone = origin',
      `[credential]\n\thelper = ${program}`,
      '',
    ].join('\n'),
  );
  return { folder, marker };
}

describe('no content of a project starts a program', () => {
  it.each([
    [['list'], 2, /asked for/],
    [['test'], 2, /asked for/],
    [['list', '--selector', 'changed'], 2, /not in this clone, and nothing is fetched/],
    [['list', '--select', 'state:modified'], 2, /not in this clone, and nothing is fetched/],
    [['diff', '--base', 'main'], 2, /not in this clone, and nothing is fetched/],
    [['graph', '--select', 'orders'], 0, /^$/],
    [['list', '--select', '*'], 0, /^$/],
  ] as const)('headwater %j', (args, code, said) => {
    const { folder, marker } = makeTrap();
    const { status, stderr } = spawnSync('node', [join(root, 'dist/cli.js'), ...args], { cwd: folder, encoding: 'utf8' });
    expect(existsSync(marker), 'a program of the project was started').toBe(false);
    expect(stderr).toMatch(said);
    expect(status).toBe(code);
  });
});
