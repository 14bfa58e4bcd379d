import { execFileSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdirSync, openSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { type Attack, many, shop, times } from './attack.ts';

const reads: Attack['calls'] = [
  ['graph', '--quiet'],
  ['build', '--timeout', '5', '--quiet'],
  ['erd', '--timeout', '5'],
];

/** A file of a size without its bytes, behind a beginning. */
function sparse(folder: string, path: string, size: number, begin: string | Uint8Array): void {
  const descriptor = openSync(join(folder, path), 'w');
  writeSync(descriptor, Buffer.from(begin));
  ftruncateSync(descriptor, size);
  closeSync(descriptor);
}

function write(path: string | Buffer, content = 'select 1 as a'): void {
  writeFileSync(path, content);
}

const gigabyte = 2 ** 30;
const seeds = (files: Attack['files']): Attack['files'] => shop({ 'models/m.sql': "select * from {{ ref('s') }}", ...files });

const csvs: Readonly<Record<string, string | Uint8Array>> = {
  'twenty thousand columns': `${many(20_000, (i) => `c${i}`, ',')}\n${many(20_000, (i) => String(i), ',')}\n`,
  'a quote without an end': `a,b\n1,"${times('x\n', 2_000_000)}`,
  'only quotes': times('"', 3_000_000),
  'only commas': times(',', 3_000_000),
  'only line ends': times('\n', 3_000_000),
  'only carriage returns': `a,b\r${times('1,2\r', 200_000)}`,
  'one line of ten megabytes': `a\n${times('x', 10_000_000)}`,
  'a header of ten megabytes': times('x', 10_000_000),
  'null bytes': Buffer.from(`a,b\n1,\u0000\n${times('\u0000', 100_000)}`),
  'bytes that are no text': Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 7919) & 0xff)),
  'another encoding': Buffer.from(`\ufeffa,b\n1,2\n`, 'utf16le'),
  'a header that repeats': `${times('a,', 5000)}a\n${times('1,', 5000)}1\n`,
  'ragged rows': `a,b\n${many(100_000, (i) => times(',', i % 50))}`,
  formulas: "a,b\n=cmd|' /C calc'!A0,+1+1\n@SUM(1),-1\n\t=1,\r=2\n",
  'names of objects': '__proto__,constructor,toString,hasOwnProperty\n1,2,3,4\n',
  'numbers out of range': `a,b\n1e400,${times('9', 100_000)}\nNaN,-inf\n0x10,1_000\n`,
  'dates out of range': 'a,b\n9999-99-99,0000-00-00\n99999-12-31,-0001-01-01\n2024-02-30 25:61:61,12:99\n',
  'letters that fold': 'İ,ı,ß,ẞ,K,k\n1,2,3,4,5,6\n',
  nothing: '',
  'a mark of byte order': '\ufeff',
  'only a header': 'a,b,c\n',
  'rows by the hundred thousand': `a,b,c\n${many(300_000, (i) => `${i},x${i % 7},${i / 3}`)}`,
};

/** A page of SQLite's header with what follows it. */
function sqliteFile(change: (bytes: Buffer) => void, pages = 2): Uint8Array {
  const bytes = Buffer.alloc(pages * 4096);
  bytes.write('SQLite format 3\0', 0, 'latin1');
  bytes.writeUInt16BE(4096, 16);
  bytes.set([1, 1, 0, 64, 32, 32], 18);
  bytes.writeUInt32BE(pages, 28);
  bytes.writeUInt32BE(4, 44);
  bytes.writeUInt32BE(1, 56);
  bytes[100] = 13;
  bytes.writeUInt16BE(0, 103);
  bytes.writeUInt16BE(4096, 105);
  change(bytes);
  return bytes;
}

/** A row of sqlite_master in the first page. */
function masterRow(bytes: Buffer, sql: string, root: number, name = 't'): void {
  const texts = ['table', name, name].map((text) => Buffer.from(text));
  const body = Buffer.from(sql);
  const varint = (n: number) =>
    n < 128 ? [n] : n < 16384 ? [0x80 | (n >> 7), n & 127] : [0x80 | (n >> 14), 0x80 | ((n >> 7) & 127), n & 127];
  const header = [...texts.flatMap((text) => varint(13 + 2 * text.length)), 1, ...varint(13 + 2 * body.length)];
  const record = Buffer.concat([Buffer.from([header.length + 1, ...header]), ...texts, Buffer.from([root]), body]);
  const cell = Buffer.concat([Buffer.from([...varint(record.length), 1]), record]);
  const at = 4096 - cell.length;
  cell.copy(bytes, at);
  bytes.writeUInt16BE(1, 103);
  bytes.writeUInt16BE(at, 105);
  bytes.writeUInt16BE(at, 108);
}

const interior = (bytes: Buffer, page: number, children: readonly number[], right: number): void => {
  const start = (page - 1) * 4096;
  bytes[start] = 5;
  bytes.writeUInt16BE(children.length, start + 3);
  bytes.writeUInt32BE(right, start + 8);
  for (const [i, child] of children.entries()) {
    const at = 4000 - i * 8;
    bytes.writeUInt32BE(child, start + at);
    bytes[start + at + 4] = i + 1;
    bytes.writeUInt16BE(at, start + 12 + i * 2);
  }
};

const sqlites: Readonly<Record<string, string | Uint8Array>> = {
  noise: Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.from(Array.from({ length: 50_000 }, (_, i) => (i * 7919) & 0xff))]),
  'only a header': 'SQLite format 3\0',
  zeros: Buffer.alloc(8192),
  nothing: '',
  'pages of no size': sqliteFile((bytes) => bytes.writeUInt16BE(0, 16)),
  'pages of an odd size': sqliteFile((bytes) => bytes.writeUInt16BE(513, 16)),
  'a page that is its own child': sqliteFile((bytes) => {
    masterRow(bytes, 'create table t (a int)', 2);
    interior(bytes, 2, [2, 2, 2, 2], 2);
  }),
  'pages that are each other’s children': sqliteFile((bytes) => {
    masterRow(bytes, 'create table t (a int)', 2);
    interior(
      bytes,
      2,
      Array.from({ length: 200 }, () => 3),
      3,
    );
    interior(
      bytes,
      3,
      Array.from({ length: 200 }, () => 4),
      4,
    );
    interior(
      bytes,
      4,
      Array.from({ length: 200 }, () => 5),
      5,
    );
    interior(
      bytes,
      5,
      Array.from({ length: 200 }, () => 2),
      2,
    );
  }, 6),
  'a first page that is its own child': sqliteFile((bytes) => {
    bytes[100] = 5;
    bytes.writeUInt16BE(1, 103);
    bytes.writeUInt32BE(1, 108);
    bytes.writeUInt16BE(4000, 112);
    bytes.writeUInt32BE(1, 4000);
  }),
  'cells beyond the page': sqliteFile((bytes) => {
    bytes.writeUInt16BE(60_000, 103);
    for (let i = 0; i < 1000; i++) bytes.writeUInt16BE(65_535, 108 + i * 2);
  }),
  'a row of endless size': sqliteFile((bytes) => {
    bytes.writeUInt16BE(1, 103);
    bytes.writeUInt16BE(4000, 108);
    bytes.fill(0xff, 4000, 4096);
  }),
  'a table of noise for SQL': sqliteFile((bytes) => masterRow(bytes, `create table t (${times('(', 1000)}`, 2)),
  'a table that calls': sqliteFile((bytes) =>
    masterRow(
      bytes,
      "create table t (a int generated always as (load_extension('/tmp/x')) stored, b default (readfile('/etc/passwd')))",
      2,
    ),
  ),
  'a virtual table': sqliteFile((bytes) => masterRow(bytes, "create virtual table t using csv(filename='/etc/passwd')", 0)),
  'a name that ends a quote': sqliteFile((bytes) =>
    masterRow(bytes, 'create table "a""; drop table x; --" (a int)', 2, 'a"; drop table x; --'),
  ),
  'a version to come': sqliteFile((bytes) => bytes.set([9, 9], 18)),
};

/** A Parquet file whose footer is what it is given. */
function parquet(footer: Buffer): Uint8Array {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(footer.length);
  return Buffer.concat([Buffer.from('PAR1'), footer, size, Buffer.from('PAR1')]);
}

const parquets: Readonly<Record<string, Uint8Array>> = {
  noise: parquet(Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) & 0xff))),
  'only marks': Buffer.from('PAR1PAR1'),
  'a footer larger than the file': Buffer.concat([Buffer.from('PAR1'), Buffer.from([0xff, 0xff, 0xff, 0x7f]), Buffer.from('PAR1')]),
  'lists of lists': parquet(Buffer.alloc(100_000, 0x19)),
  'a list of endless size': parquet(Buffer.from([0x15, 0x02, 0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x0f])),
};

const links: Readonly<Record<string, (folder: string, outside: string) => void>> = {
  'a model that is a link outside': (folder, outside) => symlinkSync(join(outside, 'secret.sql'), join(folder, 'models/secret.sql')),
  'a seed that is a link outside': (folder, outside) => symlinkSync(join(outside, 'secret.csv'), join(folder, 'seeds/secret.csv')),
  'a folder that is a link outside': (folder, outside) => symlinkSync(outside, join(folder, 'models/linked')),
  'a folder that is a link to the root': (folder) => symlinkSync('/', join(folder, 'models/root')),
  'a folder that is a link to itself': (folder) => symlinkSync('.', join(folder, 'models/self')),
  'folders that are links to each other': (folder) => {
    symlinkSync('../models', join(folder, 'seeds/m'));
    symlinkSync('../seeds', join(folder, 'models/s'));
  },
  'a link to nowhere': (folder) => symlinkSync('nowhere', join(folder, 'models/nowhere.sql')),
  'a link to itself': (folder) => symlinkSync('self.sql', join(folder, 'models/self.sql')),
  'a link to a device without end': (folder) => symlinkSync('/dev/zero', join(folder, 'models/zero.sql')),
  'a link to standard input': (folder) => symlinkSync('/dev/stdin', join(folder, 'models/stdin.sql')),
  'a link to the process': (folder) => symlinkSync('/proc/self/environ', join(folder, 'models/environ.sql')),
  'project files that are links outside': (folder, outside) => {
    symlinkSync(join(outside, 'dbt_project.yml'), join(folder, 'packages.yml'));
    symlinkSync(join(outside, 'secret.sql'), join(folder, 'selectors.yml'));
    symlinkSync(join(outside, 'secret.sql'), join(folder, 'headwater.yml'));
  },
  'installed packages that are a link outside': (folder, outside) => symlinkSync(outside, join(folder, 'dbt_packages')),
  'a package that is a link outside': (folder, outside) => {
    mkdirSync(join(folder, 'dbt_packages'));
    symlinkSync(outside, join(folder, 'dbt_packages/secret'));
  },
  'a pipe among the models': (folder) => void execFileSync('mkfifo', [join(folder, 'models/pipe.sql')]),
  'a pipe for a project file': (folder) => void execFileSync('mkfifo', [join(folder, 'packages.yml')]),
  'a pipe for selectors': (folder) => void execFileSync('mkfifo', [join(folder, 'selectors.yml')]),
  'a folder called like a model': (folder) => mkdirSync(join(folder, 'models/a.sql')),
  'a folder called like a project file': (folder) => mkdirSync(join(folder, 'packages.yml')),
  'a thousand folders in each other': (folder) => {
    let path = join(folder, 'models');
    for (let i = 0; i < 300; i++) path = join(path, 'deeper');
    mkdirSync(path, { recursive: true });
    write(join(path, 'm.sql'));
  },
  'folders deeper than a path may be long': (folder) => {
    // Each level from within the one above it, as no single path reaches so far down.
    execFileSync('sh', [
      '-c',
      'cd "$0" && i=0; while [ $i -lt 600 ]; do mkdir dddddddddddddddd && cd dddddddddddddddd || exit 0; i=$((i+1)); done; echo select 1 > deep.sql',
      join(folder, 'models'),
    ]);
  },
  'twenty thousand files': (folder) => {
    for (let i = 0; i < 20_000; i++) write(join(folder, `models/junk${i}.txt`), '');
    for (let i = 0; i < 200; i++) write(join(folder, `models/m${i}.sql`));
  },
  'names that are no UTF-8': (folder) => {
    write(Buffer.concat([Buffer.from(join(folder, 'models/')), Buffer.from([0xff, 0xfe, 0x80]), Buffer.from('.sql')]));
    write(Buffer.concat([Buffer.from(join(folder, 'seeds/')), Buffer.from([0xc3, 0x28]), Buffer.from('.csv')]), 'a\n1\n');
    mkdirSync(Buffer.concat([Buffer.from(join(folder, 'models/')), Buffer.from([0xe0, 0xa4])]));
    write(Buffer.concat([Buffer.from(join(folder, 'models/')), Buffer.from([0xe0, 0xa4]), Buffer.from('/m.sql')]));
  },
  'names of control characters': (folder) => {
    for (const name of [
      'a\nb.sql',
      'a\rb.sql',
      '\u001b[31mred.sql',
      'a\tb.sql',
      'a\u202eb.sql',
      'a"b.sql',
      "a'b.sql",
      'a`b.sql',
      'a|b.sql',
      'a<b>.sql',
      'a&b.sql',
      '%E0.sql',
      '%2e%2e%2fx.sql',
      ' .sql',
      '.sql',
      '..sql',
      '...sql',
      '-rf.sql',
      '--help.sql',
      '$(id).sql',
      '`id`.sql',
      'a;b.sql',
      '*.sql',
      '?.sql',
      '[a].sql',
      '{{ 1 }}.sql',
      '{% endraw %}.sql',
      `${times('x', 250)}.sql`,
      '💥.sql',
      'é.sql',
      'é.sql',
      'CON.sql',
      'nul.sql',
    ])
      write(join(folder, 'models', name));
    write(join(folder, 'models/s\n.yml'), 'version: 2\nmodels: [{name: "a\\nb", description: x}]\n');
  },
  'files without permission': (folder) => {
    write(join(folder, 'models/locked.sql'));
    execFileSync('chmod', ['000', join(folder, 'models/locked.sql')]);
    mkdirSync(join(folder, 'models/locked'));
    write(join(folder, 'models/locked/m.sql'));
    execFileSync('chmod', ['000', join(folder, 'models/locked')]);
  },
  'a seed of three gigabytes': (folder) => sparse(folder, 'seeds/s.csv', 3 * gigabyte, 'a,b\n1,2\n'),
  'ten seeds of half a gigabyte': (folder) => {
    for (let i = 0; i < 10; i++) sparse(folder, `seeds/s${i}.csv`, gigabyte / 2, 'a,b\n1,2\n');
  },
  'a model of one gigabyte': (folder) => sparse(folder, 'models/big.sql', gigabyte, 'select 1 as a\n'),
  'a properties file of one gigabyte': (folder) => sparse(folder, 'models/big.yml', gigabyte, 'version: 2\n'),
  'a project file of one gigabyte': (folder) => sparse(folder, 'packages.yml', gigabyte, 'packages: []\n'),
  'a SQLite file of three gigabytes': (folder) =>
    sparse(
      folder,
      'seeds/s.sqlite',
      3 * gigabyte,
      sqliteFile(() => undefined),
    ),
  'a Parquet file of three gigabytes': (folder) => sparse(folder, 'seeds/s.parquet', 3 * gigabyte, 'PAR1'),
  'a Markdown file of one gigabyte': (folder) => sparse(folder, 'models/big.md', gigabyte, '# a\n'),
  'a hundred models of ten megabytes': (folder) => {
    for (let i = 0; i < 100; i++) write(join(folder, `models/big${i}.sql`), `select 1 as a -- ${times('x', 10_000_000)}`);
  },
};

const packages: Readonly<Record<string, string>> = {
  'beside it': '../outside',
  'by an absolute path': '$OUTSIDE',
  'by a way around': 'models/../../outside',
  'by dots and slashes': './/..//./outside/',
  'by back slashes': '..\\outside',
  'by a drive': 'C:\\outside',
  'by a share': '\\\\server\\share',
  'by an address': 'file://$OUTSIDE',
  'above it': '../..',
  itself: '.',
  'at the root': '/',
  'at home': '~/outside',
  'by an expression': "{{ env_var('HOME') }}",
};

/** A repository whose objects are what the attack says. */
function repository(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, content] of Object.entries({
    HEAD: 'ref: refs/heads/main\n',
    config: '[core]\n\trepositoryformatversion = 0\n',
    ...files,
  })) {
    mkdirSync(join(folder, '.git', path, '..'), { recursive: true });
    writeFileSync(join(folder, '.git', path), content);
  }
  for (const name of ['objects', 'refs']) mkdirSync(join(folder, '.git', name), { recursive: true });
}

const hash = times('a1', 20);
const objectPath = `objects/a1/${hash.slice(2)}`;
const gits: Readonly<Record<string, (folder: string, outside: string) => void>> = {
  'no commit': (folder) => repository(folder, {}),
  'a head of noise': (folder) => repository(folder, { HEAD: '\u0000\u0001\u0002' }),
  'a head in a ring': (folder) =>
    repository(folder, { HEAD: 'ref: refs/heads/a\n', 'refs/heads/a': 'ref: refs/heads/b\n', 'refs/heads/b': 'ref: refs/heads/a\n' }),
  'a head outside': (folder) =>
    repository(folder, { HEAD: 'ref: ../../outside/secret.sql\n', 'refs/heads/main': 'ref: refs/../../../outside/secret.sql\n' }),
  'an object that unpacks to gigabytes': (folder) =>
    repository(folder, { 'refs/heads/main': `${hash}\n`, [objectPath]: deflateSync(Buffer.alloc(200_000_000)) }),
  'an object of noise': (folder) => repository(folder, { 'refs/heads/main': `${hash}\n`, [objectPath]: 'noise' }),
  'a commit of itself': (folder) =>
    repository(folder, { 'refs/heads/main': `${hash}\n`, [objectPath]: deflateSync(`commit 95\0tree ${hash}\nparent ${hash}\n`) }),
  'packed refs of a million lines': (folder) => repository(folder, { 'packed-refs': many(300_000, (i) => `${hash} refs/heads/b${i}`) }),
  'a pack index of endless size': (folder) => {
    const index = Buffer.alloc(2000, 0xff);
    index.writeUInt32BE(0xff744f63, 0);
    index.writeUInt32BE(2, 4);
    repository(folder, { 'refs/heads/main': `${hash}\n`, 'objects/pack/pack-1.idx': index, 'objects/pack/pack-1.pack': 'PACK' });
  },
  'a pack of three gigabytes': (folder) => {
    repository(folder, { 'refs/heads/main': `${hash}\n`, 'objects/pack/pack-1.pack': 'PACK' });
    sparse(folder, '.git/objects/pack/pack-1.idx', 3 * gigabyte, Buffer.from([0xff, 0x74, 0x4f, 0x63, 0, 0, 0, 2]));
  },
  'a .git file outside': (folder, outside) => writeFileSync(join(folder, '.git'), `gitdir: ${outside}/.git\n`),
  'a .git link outside': (folder, outside) => symlinkSync(join(outside, '.git'), join(folder, '.git')),
  'a .git pipe': (folder) => void execFileSync('mkfifo', [join(folder, '.git')]),
  'programs in its configuration': (folder) =>
    repository(folder, {
      config:
        '[core]\n\tfsmonitor = touch /tmp/headwater-git\n\tsshCommand = touch /tmp/headwater-git\n\thooksPath = .\n\tpager = touch /tmp/headwater-git\n[include]\n\tpath = ../outside/config\n[remote "origin"]\n\turl = ext::sh -c touch% /tmp/headwater-git\n\tpromisor = true\n[extensions]\n\tpartialClone = origin\n',
      'refs/heads/main': `${hash}\n`,
    }),
};

export const fileAttacks: readonly Attack[] = [
  ...Object.entries(csvs).map(
    ([name, csv]): Attack => ({
      name: `CSV: ${name}`,
      files: seeds({ 'seeds/s.csv': csv }),
      calls: [...(reads ?? []), ['build', '--engine', 'duckdb', '--timeout', '5', '--quiet']],
    }),
  ),
  ...Object.entries(sqlites).map(
    ([name, bytes]): Attack => ({
      name: `SQLite: ${name}`,
      files: { 'data.sqlite': bytes, 'q.sql': 'select * from t', 'x.csv': 'a\n1\n' },
      calls: [
        ...(reads ?? []),
        ['preview', '--sql', 'q.sql', '--timeout', '5'],
        ['preview', '--sql', 'q.sql', '--engine', 'duckdb', '--timeout', '5'],
      ],
    }),
  ),
  ...Object.entries(parquets).map(
    ([name, bytes]): Attack => ({
      name: `Parquet: ${name}`,
      files: { 't.parquet': bytes, 'q.sql': 'select * from t', 'x.csv': 'a\n1\n' },
      calls: [...(reads ?? []), ['preview', '--sql', 'q.sql', '--engine', 'duckdb', '--timeout', '5']],
    }),
  ),
  ...Object.entries(links).map(
    ([name, arrange]): Attack => ({
      name: `disk: ${name}`,
      files: shop({ 'models/fine.sql': 'select 1 as id', 'seeds/fine_seed.csv': 'a\n1\n' }),
      arrange,
      calls: [...(reads ?? []), ['check', '--json']],
    }),
  ),
  ...Object.entries(packages).map(
    ([name, local]): Attack => ({
      name: `package: ${name}`,
      files: shop({ 'models/fine.sql': 'select 1 as id' }),
      arrange: (folder, outside) =>
        write(join(folder, 'packages.yml'), `packages:\n  - local: ${JSON.stringify(local.replace('$OUTSIDE', outside))}\n`),
      calls: [['graph'], ['check', '--json']],
    }),
  ),
  ...Object.entries(gits).map(
    ([name, arrange]): Attack => ({
      name: `git: ${name}`,
      files: shop({
        'models/fine.sql': 'select 1 as id',
        'selectors.yml': 'selectors: [{name: s, default: true, definition: {method: state, value: modified}}]\n',
      }),
      arrange,
      calls: [
        ['list'],
        ['list', '--select', 'state:modified'],
        ['diff', '--base', 'HEAD'],
        ['diff', '--base', 'main~1', '--json'],
        ['diff', '--base', `${hash}`],
      ],
    }),
  ),
  { name: 'files: nothing at all', files: {}, calls: [['list'], ['graph'], ['check'], ['docs', '--out', 'out.html'], ['build']] },
  {
    name: 'files: only a project file',
    files: { 'dbt_project.yml': '' },
    calls: [['list'], ['graph'], ['check'], ['docs', '--out', 'out.html'], ['build']],
  },
];
