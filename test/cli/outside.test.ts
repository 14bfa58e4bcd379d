import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** A project `shop` and a package beside it; `local` is what its packages.yml names. */
function makeTree(local: string, more: Readonly<Record<string, string>> = {}): string {
  const top = mkdtempSync(join(tmpdir(), 'headwater-outside-'));
  const files = {
    'shop/dbt_project.yml': 'name: shop\n',
    'shop/models/orders.sql': 'select 1 as id',
    'shop/packages.yml': `packages: [{local: ${JSON.stringify(local.replace('$TOP', top))}}]\n`,
    'other/dbt_project.yml': 'name: other\n',
    'other/models/theirs.sql': 'select 1 as id',
    ...more,
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(top, path)), { recursive: true });
    writeFileSync(join(top, path), text);
  }
  return top;
}

function headwater(top: string, ...args: readonly string[]) {
  const { stdout, status } = spawnSync('node', [join(root, 'dist/cli.js'), ...args, '--project', join(top, 'shop')], {
    cwd: top,
    encoding: 'utf8',
  });
  return { stdout, status };
}

describe('a local package outside is read where the user has agreed', () => {
  it.each(['../other', '$TOP/other', 'models/../../other', '..\\other', './/..//other/'])(
    '%s is not, and a problem says the way out',
    (local) => {
      const top = makeTree(local);
      expect(headwater(top, 'list').stdout).not.toContain('other');
      expect(headwater(top, 'check').stdout).toContain('--allow-outside');
    },
  );

  it('by an option', () => {
    expect(headwater(makeTree('../other'), 'list', '--allow-outside').stdout).toContain('model.other.theirs');
  });

  it('by the repository around both', () => {
    const top = makeTree('../other');
    mkdirSync(join(top, '.git'));
    expect(headwater(top, 'list').stdout).toContain('model.other.theirs');
  });

  it('by the package around a project of its tests', () => {
    const top = makeTree('..', { 'dbt_project.yml': 'name: around\n', 'models/outer.sql': 'select 1 as id' });
    expect(headwater(top, 'list').stdout).toContain('model.around.outer');
  });

  it('and a link from the repository to elsewhere is not followed', () => {
    const top = makeTree('../linked');
    mkdirSync(join(top, 'shop/.git'));
    symlinkSync(join(top, 'other'), join(top, 'linked'));
    expect(headwater(top, 'list').stdout).not.toContain('other');
  });
});

it('proposed tests are not written through a link', () => {
  const top = makeTree('.', { 'shop/seeds/s.csv': 'id\n1\n2\n3\n', 'elsewhere.yml': 'version: 2\n' });
  for (const name of ['_s__seeds.yml', 'schema.yml', 's.yml', '_seeds.yml', 'properties.yml'])
    symlinkSync(join(top, 'elsewhere.yml'), join(top, 'shop/seeds', name));
  headwater(top, 'propose', '--select', 's', '--write');
  expect(readFileSync(join(top, 'elsewhere.yml'), 'utf8')).toBe('version: 2\n');
  expect(existsSync(join(top, 'shop/seeds')) && lstatSync(join(top, 'shop/seeds/schema.yml')).isSymbolicLink()).toBe(true);
});
