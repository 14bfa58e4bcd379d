import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRepository } from '../../src/disk/git/repository.ts';
import { readTreeFiles } from '../../src/disk/git/tree-files.ts';

const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false', '-c', 'init.defaultBranch=main'];

function git(folder: string, ...args: readonly string[]): string {
  return execFileSync('git', [...who, ...args], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 28 });
}

function makeFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'headwater-git-')));
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** A repository of three commits whose large file packs as deltas. */
function makeRepository(...init: readonly string[]): string {
  const folder = makeFolder();
  git(folder, 'init', '-q', ...init);
  const lines = Array.from({ length: 3000 }, (_, i) => `select ${i} as a_${(i * 7919) % 3001}`);
  for (const [i, word] of ['first', 'second', 'third'].entries()) {
    lines[i * 1000] = `-- ${word}`;
    write(folder, {
      'models/big.sql': lines.join('\n'),
      'models/deep/er/one.sql': word,
      'shop/models/two.sql': `${word} two`,
      'data.csv': 'a\n1\n',
    });
    git(folder, 'add', '-A');
    git(folder, 'commit', '-q', '-m', word);
    if (word === 'second') git(folder, 'tag', '-a', 'v2', '-m', 'the second');
  }
  return folder;
}

function read(folder: string, revision: string): Readonly<Record<string, string>> {
  const repository = openRepository(folder);
  try {
    return Object.fromEntries(
      [...readTreeFiles(repository, revision, () => true)].map(([path, bytes]) => [path, Buffer.from(bytes).toString('utf8')]),
    );
  } finally {
    repository.objects.close();
  }
}

/** What git itself gives. */
function expected(folder: string, revision: string): Readonly<Record<string, string>> {
  const names = git(folder, 'ls-tree', '-r', '-z', '--name-only', revision, '--', '.').split('\0');
  return Object.fromEntries(names.filter((name) => name !== '').map((name) => [name, git(folder, 'show', `${revision}:./${name}`)]));
}

const shapes: readonly (readonly [string, (folder: string) => void])[] = [
  ['loose objects', () => undefined],
  ['a pack with deltas and packed refs', (folder) => git(folder, 'gc', '-q', '--aggressive', '--prune=now')],
  [
    'a pack whose deltas name their base by hash',
    (folder) => {
      git(folder, 'config', 'repack.useDeltaBaseOffset', 'false');
      git(folder, 'repack', '-q', '-a', '-d', '-f', '--depth=50');
      git(folder, 'pack-refs', '--all');
    },
  ],
];

describe('a revision is read from the files of a repository as git reads it', () => {
  for (const [shape, arrange] of shapes)
    for (const init of [[], ['--object-format=sha256']])
      it(`from ${shape}${init.length > 0 ? ', hashed with SHA-256' : ''}`, () => {
        const folder = makeRepository(...init);
        arrange(folder);
        const hash = git(folder, 'rev-parse', 'HEAD~1').trim();
        for (const revision of [
          'HEAD',
          'main',
          '@',
          'HEAD~1',
          'HEAD^',
          'HEAD~2',
          'v2',
          'v2~1',
          'v2^{commit}',
          'refs/heads/main',
          'heads/main',
          hash,
          hash.slice(0, 8),
        ])
          expect(read(folder, revision), revision).toEqual(expected(folder, revision));
        expect(read(join(folder, 'shop'), 'HEAD~1')).toEqual({ 'models/two.sql': 'second two' });
      });

  it('from a further work tree beside it, and from a submodule', () => {
    const folder = makeRepository();
    const beside = join(makeFolder(), 'tree');
    git(folder, 'worktree', 'add', '-q', beside, 'v2');
    expect(read(beside, 'HEAD')).toEqual(expected(folder, 'v2'));
    const around = makeFolder();
    git(around, 'init', '-q');
    git(around, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', folder, 'inner');
    expect(read(join(around, 'inner'), 'HEAD')).toEqual(expected(folder, 'main'));
  });
});

describe('a repository that leads elsewhere is not followed', () => {
  const secret = makeRepository();
  const secretHash = git(secret, 'rev-parse', 'HEAD').trim();

  it.each<[string, (folder: string) => void]>([
    ['a .git file that names another repository', (folder) => write(folder, { '.git': `gitdir: ${secret}/.git\n` })],
    ['a .git file that names it by a relative path', (folder) => write(folder, { '.git': `gitdir: ../${secret.split('/').pop()}/.git\n` })],
    ['a .git that is a link', (folder) => symlinkSync(join(secret, '.git'), join(folder, '.git'))],
    [
      'objects that are a link',
      (folder) => {
        git(folder, 'init', '-q');
        rmSync(join(folder, '.git/objects'), { recursive: true });
        symlinkSync(join(secret, '.git/objects'), join(folder, '.git/objects'));
        write(folder, { '.git/refs/heads/main': `${secretHash}\n` });
      },
    ],
    [
      'alternates',
      (folder) => {
        git(folder, 'init', '-q');
        write(folder, { '.git/objects/info/alternates': `${secret}/.git/objects\n`, '.git/refs/heads/main': `${secretHash}\n` });
      },
    ],
    [
      'a common folder',
      (folder) => {
        git(folder, 'init', '-q');
        write(folder, { '.git/commondir': `${secret}/.git\n`, '.git/refs/heads/main': `${secretHash}\n` });
      },
    ],
    ['a bare repository in the folder', (folder) => cpSync(join(secret, '.git'), folder, { recursive: true })],
    ['a folder without a repository', () => undefined],
  ])('%s', (_name, arrange) => {
    const folder = makeFolder();
    arrange(folder);
    expect(() => read(folder, 'main')).toThrow(/outside|no git repository|not in this clone/);
  });

  it('a ref that names a file outside', () => {
    const folder = makeRepository();
    write(folder, { '.git/refs/heads/odd': 'ref: refs/../../../etc/hostname\n', '.git/HEAD': 'ref: ../../etc/passwd\n' });
    for (const revision of ['odd', 'HEAD', '../HEAD']) expect(() => read(folder, revision)).toThrow(/there is no branch|only a branch/);
  });

  it('refs and objects that are pipes are not waited for', () => {
    const folder = makeRepository();
    execFileSync('mkfifo', [join(folder, '.git/refs/heads/pipe')]);
    expect(() => read(folder, 'pipe')).toThrow(/there is no branch/);
  });
});

describe('a damaged repository is a sentence', () => {
  it.each<[string, RegExp, (folder: string) => void]>([
    [
      'objects that are not there',
      /not in this clone, and nothing is fetched/,
      (folder) => {
        const hash = git(folder, 'rev-parse', 'HEAD:models/deep/er/one.sql').trim();
        rmSync(join(folder, '.git/objects', hash.slice(0, 2), hash.slice(2)));
      },
    ],
    [
      'bytes of another object',
      /damaged/,
      (folder) => {
        const [one = '', other = ''] = ['data.csv', 'models/big.sql'].map((path) => git(folder, 'rev-parse', `HEAD:${path}`).trim());
        const pathOf = (hash: string) => join(folder, '.git/objects', hash.slice(0, 2), hash.slice(2));
        rmSync(pathOf(one));
        cpSync(pathOf(other), pathOf(one));
      },
    ],
    [
      'a pack of noise',
      /format|damaged|cut off|not in this clone/,
      (folder) => {
        git(folder, 'gc', '-q');
        for (const name of readdirSync(join(folder, '.git/objects/pack')))
          if (name.endsWith('.pack')) {
            rmSync(join(folder, '.git/objects/pack', name));
            writeFileSync(join(folder, '.git/objects/pack', name), Buffer.alloc(5000, 0xa7));
          }
      },
    ],
  ])('%s', (_name, message, arrange) => {
    const folder = makeRepository();
    arrange(folder);
    expect(() => read(folder, 'HEAD')).toThrow(message);
  });

  it('folders that hold each other many times over end', () => {
    const folder = makeRepository();
    let tree = git(folder, 'rev-parse', 'HEAD:models/deep/er').trim();
    const add = (entries: string) => execFileSync('git', ['mktree'], { cwd: folder, input: entries, encoding: 'utf8' }).trim();
    for (let depth = 0; depth < 30; depth++) tree = add(`040000 tree ${tree}\ta\n040000 tree ${tree}\tb\n`);
    const commit = git(folder, 'commit-tree', tree, '-m', 'many').trim();
    const started = Date.now();
    expect(() => read(folder, commit)).toThrow(/too many folders|more than/);
    expect(Date.now() - started).toBeLessThan(5000);
  });
});
