import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

/** The packages that setup would install with other programs on this machine. */
function findMissing(environment: Readonly<Record<string, string>>): readonly string[] {
  const program = `import('${join(root, 'scripts/requirements.mjs')}').then((found) => console.log(JSON.stringify(found.findMissingPackages())))`;
  const { stdout } = spawnSync(process.execPath, ['-e', program], { env: { ...process.env, ...environment }, encoding: 'utf8' });
  return JSON.parse(stdout) as string[];
}

test('a python3 on the PATH that knows jinja2 does not count for the one that the tests run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'headwater-path-'));
  try {
    for (const [name, status] of [
      ['python3', 0],
      ['bare-python3', 1],
    ] as const) {
      writeFileSync(join(folder, name), `#!/bin/sh\nexit ${status}\n`);
      chmodSync(join(folder, name), 0o755);
    }
    const missing = findMissing({ PATH: `${folder}:${process.env.PATH}`, HEADWATER_PYTHON: join(folder, 'bare-python3') });
    expect(missing).toContain('python3-jinja2');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a browser that is named but not there is missing', () => {
  expect(findMissing({ CHROMIUM: '/nowhere/chromium' })).toContain('chromium');
});

test('no test, benchmark or script names a program of the system but through the requirements', () => {
  const files = ['test', 'bench', 'scripts'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(root, folder, name)),
  );
  const named = files
    .filter((file) => /\.(ts|mjs)$/.test(file) && !file.includes('requirements'))
    .filter((file) => /\/usr\/(bin|lib)\/(?!env\b)/.test(readFileSync(file, 'utf8')));
  expect(named).toEqual([]);
});
