import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Analyzer } from '../../src/core/analyze.ts';
import { templateEngine } from '../../src/core/dbt/template-engine.ts';
import { Sources } from '../../src/core/project/sources.ts';
import { leadsOutside, resolveWritten, toFileName } from '../../src/core/text/paths.ts';
import { Disk } from '../../src/disk/disk.ts';
import { testSettings } from '../support/project.ts';

function makeProject(arrange: (folder: string, outside: string) => void): string {
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'headwater-disk-')));
  for (const [path, text] of Object.entries({
    'shop/dbt_project.yml': 'name: shop\n',
    'shop/models/orders.sql': 'select 1 as id',
    'outside/secret.sql': 'select 2 as secret',
    'outside/models/x.sql': 'select 3 as x',
  })) {
    mkdirSync(dirname(join(top, path)), { recursive: true });
    writeFileSync(join(top, path), text);
  }
  arrange(join(top, 'shop'), join(top, 'outside'));
  return join(top, 'shop');
}

async function problemsOf(folder: string): Promise<readonly string[]> {
  const sources = await Sources.read(new Disk(folder));
  const snapshot = new Analyzer(templateEngine).analyze(sources, testSettings);
  expect([...snapshot.nodes.keys()].filter((id) => /secret|model\.\w+\.x$/.test(id))).toEqual([]);
  expect(snapshot.nodes.has('model.shop.orders' as never)).toBe(true);
  return snapshot.problems
    .filter((problem) => /^file-/.test(problem.code))
    .map(({ code, path, message }) => `${code} ${path}: ${message.slice(0, 40)}`);
}

describe('every file that is there and not read is told', () => {
  it.each<[string, string, (folder: string, outside: string) => void]>([
    [
      'a link to a file outside',
      'file-skipped models/a.sql: This is a link that leads outside',
      (folder, outside) => symlinkSync(join(outside, 'secret.sql'), join(folder, 'models/a.sql')),
    ],
    [
      'a link to a folder outside',
      'file-skipped models/linked: This is a link that leads outside',
      (folder, outside) => symlinkSync(outside, join(folder, 'models/linked')),
    ],
    [
      'a folder that is a link to itself',
      'file-skipped models/self: This is a link',
      (folder) => symlinkSync('.', join(folder, 'models/self')),
    ],
    ['a link to nothing', 'file-skipped models/a.sql: This is a link', (folder) => symlinkSync('nothing', join(folder, 'models/a.sql'))],
    [
      'a pipe',
      'file-skipped models/a.sql: This is not a regular file',
      (folder) => void execFileSync('mkfifo', [join(folder, 'models/a.sql')]),
    ],
    [
      'a name that is no UTF-8',
      'file-skipped models/\ufffd.sql: The name of this file is not UTF-8',
      (folder) => writeFileSync(Buffer.concat([Buffer.from(join(folder, 'models/')), Buffer.from([0xff]), Buffer.from('.sql')]), ''),
    ],
    [
      'a model of a gigabyte',
      'file-too-large models/big.sql: This file is larger',
      (folder) => (writeFileSync(join(folder, 'models/big.sql'), ''), truncateSync(join(folder, 'models/big.sql'), 2 ** 30)),
    ],
    [
      'a seed of three gigabytes',
      'file-too-large seeds/big.csv: This file is larger',
      (folder) => (
        mkdirSync(join(folder, 'seeds')),
        writeFileSync(join(folder, 'seeds/big.csv'), ''),
        truncateSync(join(folder, 'seeds/big.csv'), 3 * 2 ** 30)
      ),
    ],
  ])('%s', async (_name, expected, arrange) => {
    const problems = await problemsOf(makeProject(arrange));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(expected);
  });

  it('a file that goes between listing and reading', async () => {
    const folder = makeProject((at) => writeFileSync(join(at, 'models/gone.sql'), 'select 1'));
    const disk = new Disk(folder);
    const sources = await Sources.read({
      list: async () => {
        const found = await disk.list();
        rmSync(join(folder, 'models/gone.sql'));
        return found;
      },
      read: (path) => disk.read(path),
      stat: (path) => disk.stat(path),
    });
    expect([...sources.skipped]).toEqual([['models/gone.sql', 'unreadable']]);
  });

  it('but a link that stays inside is the file that it leads to', async () => {
    const folder = makeProject((at) => symlinkSync('orders.sql', join(at, 'models/same.sql')));
    const sources = await Sources.read(new Disk(folder));
    expect(sources.find('models/same.sql')?.text).toBe('select 1 as id');
    expect(sources.skipped.size).toBe(0);
  });
});

describe('a path that a project writes', () => {
  it.each([
    ['a/b', 'models', 'models/a/b'],
    ['../a', 'models', 'a'],
    ['./a//b/.', '', 'a/b'],
    ['a/../../b', 'models', 'b'],
    ['..', 'models', ''],
    ['..a', '', '..a'],
    ['..\\a', 'models', 'a'],
  ])('%s from %j stays inside', (written, from, expected) => expect(resolveWritten(from, written)).toBe(expected));

  it.each([
    '../a',
    'a/../../b',
    '/etc',
    '\\etc',
    'C:\\x',
    'c:/x',
    '\\\\server\\share',
    '//server/share',
    '~/x',
    'file:///etc',
    'https://x',
    'a\0b',
  ])('%j leads outside', (written) => expect(leadsOutside(written)).toBe(true));
});

it.each([
  ['orders', 'orders'],
  ['../../x', '__.._x'],
  ['/etc/passwd', '_etc_passwd'],
  ['a\\b:c\0', 'a_b_c_'],
  ['..', '_'],
  ['', '_'],
])('the name %j is the file %j', (name, file) => expect(toFileName(name)).toBe(file));
