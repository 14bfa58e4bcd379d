import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import initSqlJs from 'sql.js';
import { Analyzer } from '../../src/core/analyze.ts';
import { readParquetShape } from '../../src/core/data/parquet-file.ts';
import { readParquet } from '../../src/core/data/parquet-rows.ts';
import { unpack } from '../../src/core/data/unpack.ts';
import { templateEngine } from '../../src/core/dbt/template-engine.ts';
import { Sources } from '../../src/core/project/sources.ts';
import { readSqliteSchema } from '../../src/core/project/sqlite-file.ts';
import { SqliteDamage, SqlitePages } from '../../src/core/project/sqlite-pages.ts';
import { applyDelta } from '../../src/disk/git/delta.ts';
import { GitError } from '../../src/disk/git/git-error.ts';
import { ReadBudget } from '../../src/disk/git/object.ts';
import { openRepository } from '../../src/disk/git/repository.ts';
import { readTreeFiles } from '../../src/disk/git/tree-files.ts';
import type { Kind } from './kinds.ts';
import { mutateBytes } from './mutate.ts';

const settings = { vars: {}, env: {}, runStartedAt: '2024-06-15T12:00:00Z', invocationId: 'fuzz', folderName: 'shop' };

const shop = Sources.of({
  'dbt_project.yml': 'name: shop\nprofile: shop\n',
  'seeds/a.csv': 'id,name\n1,x\n',
  'models/b.sql': "select id, name as label from {{ ref('a') }}",
});

/** A repository whose objects lie in one pack; an input is the pack behind its length, and the pack's index. */
let repository: { readonly folder: string; readonly pack: string } | undefined;

function openPacked(): { readonly folder: string; readonly pack: string } {
  if (repository !== undefined) return repository;
  const folder = mkdtempSync(join(tmpdir(), 'headwater-fuzz-git-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const git = (...args: readonly string[]): void => void execFileSync('git', args, { cwd: folder, stdio: 'ignore' });
  git('init', '-q');
  git('config', 'user.name', 'Ada');
  git('config', 'user.email', 'ada@example.com');
  mkdirSync(join(folder, 'models'));
  for (const word of ['first', 'second', 'third']) {
    for (let file = 0; file < 4; file++)
      writeFileSync(
        join(folder, `models/m${file}.sql`),
        `${Array.from({ length: 60 }, (_, i) => `select ${i * file}`).join('\n')} -- ${word}`,
      );
    git('add', '-A');
    git('commit', '-q', '-m', word);
  }
  git('gc', '-q');
  const packs = join(folder, '.git/objects/pack');
  const name = readdirSync(packs).find((each) => each.endsWith('.pack')) ?? '';
  repository = { folder, pack: join(packs, name.slice(0, -'.pack'.length)) };
  return repository;
}

function joinPack(pack: Uint8Array, index: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + pack.length + index.length);
  new DataView(bytes.buffer).setUint32(0, pack.length);
  bytes.set(pack, 4);
  bytes.set(index, 4 + pack.length);
  return bytes;
}

/** Files of bytes of a project, by what is done with them. */
export const byteKinds: Readonly<Record<string, Kind>> = {
  sqlite: {
    seeds: async () => {
      const { Database } = await initSqlJs();
      return ['utf-8', 'utf-16'].map((encoding) => {
        const base = new Database();
        base.run(`pragma encoding = '${encoding}'; pragma page_size = 512; create table t (id integer primary key, name text, x real, b blob);
          create view v as select * from t; create table long (s text); create index i on t (name);`);
        for (let row = 0; row < 40; row++)
          base.run('insert into t values (?, ?, ?, ?)', [row * 1000, `name ${row}`, row / 3, new Uint8Array(row)]);
        base.run('insert into long values (?)', ['x'.repeat(5000)]);
        return base.export();
      });
    },
    mutate: mutateBytes,
    run: (input) => {
      const { tables, problems } = readSqliteSchema(input, 'a.sqlite');
      let rows = 0;
      try {
        const pages = new SqlitePages(input);
        for (const [, , , root] of pages.table(1)) {
          if (typeof root !== 'number') continue;
          for (const row of pages.table(root)) rows += row.length > 0 ? 1 : 0;
        }
      } catch (error) {
        if (!(error instanceof SqliteDamage || error instanceof RangeError)) throw error;
        return `${tables.length} ${error.message.replace(/\d+/g, '')}`;
      }
      return `${tables.length} ${problems.length} ${rows > 0}`;
    },
  },
  parquet: {
    seeds: async () => {
      const { DuckDBInstance } = await import('@duckdb/node-api');
      const connection = await (await DuckDBInstance.create(':memory:')).connect();
      const path = join(tmpdir(), `headwater-fuzz-${process.pid}.parquet`);
      const seeds: Uint8Array[] = [];
      for (const codec of ['uncompressed', 'snappy', 'zstd', 'gzip', 'brotli', 'lz4_raw']) {
        await connection.run(
          `copy (select i, i::decimal(20,3) as d, 'x' || (i % 3) as s, [i, null] as l, {'a': i} as o, timestamp '2024-01-01' as t, i % 2 = 0 as b from range(50) r(i)) to '${path}' (format parquet, codec '${codec}')`,
        );
        seeds.push(Uint8Array.from(readFileSync(path)));
      }
      rmSync(path);
      return seeds;
    },
    mutate: mutateBytes,
    run: async (input) => {
      const shape = readParquetShape(input, 'duckdb');
      if ('damage' in shape) return shape.damage.replace(/\d+/g, '').slice(0, 60);
      try {
        const table = await readParquet(input, 'duckdb');
        for (const column of table.values)
          if (column.length !== table.rowCount) throw new TypeError('a column has another number of values than the table');
        return table.lost
          .map((what) => what.replace(/'[^']*'|\d+/g, ''))
          .join()
          .slice(0, 80);
      } catch (error) {
        // A refusal is an Error of our own; anything else went wrong on the way.
        if (!(error instanceof Error) || error.constructor !== Error) throw error;
        return error.message.replace(/\d+/g, '').slice(0, 60);
      }
    },
  },
  packed: {
    seeds: () => [
      gzipSync('id,name\n1,Ann\n'.repeat(50)),
      gzipSync(Buffer.alloc(4000, 7)),
      Uint8Array.from(atob('KLUv/QRYKQAAaWQKMQrtgLVy'), (letter) => letter.charCodeAt(0)),
    ],
    mutate: mutateBytes,
    run: (input) => {
      const found = unpack(input, input[0] === 0x1f ? 'gz' : 'zst', 1 << 20);
      return 'damage' in found ? found.damage.slice(0, 60) : `${found.bytes.length}`;
    },
  },
  delta: {
    seeds: () => [Uint8Array.of(8, 8, 0x90, 4, 4, 1, 2, 3, 4), Uint8Array.of(8, 5, 0x91, 2, 5), Uint8Array.of(8, 0x88, 1, 0xb0, 8, 0)],
    mutate: mutateBytes,
    run: (input) => {
      try {
        return `${applyDelta(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), input, new ReadBudget()).length}`;
      } catch (error) {
        if (!(error instanceof GitError)) throw error;
        return error.message;
      }
    },
  },
  git: {
    seeds: () => {
      const { pack } = openPacked();
      return [joinPack(readFileSync(`${pack}.pack`), readFileSync(`${pack}.idx`))];
    },
    mutate: mutateBytes,
    run: (input) => {
      if (input.length < 4) return 'short';
      const { folder, pack } = openPacked();
      const size = new DataView(input.buffer, input.byteOffset).getUint32(0);
      const [from, until] = [4, Math.min(4 + size, input.length)];
      const copy = mkdtempSync(join(tmpdir(), 'headwater-fuzz-pack-'));
      try {
        cpSync(join(folder, '.git'), join(copy, '.git'), { recursive: true });
        const base = join(copy, '.git/objects/pack', pack.split('/').at(-1) ?? '');
        rmSync(`${base}.pack`);
        rmSync(`${base}.idx`);
        writeFileSync(`${base}.pack`, input.slice(from, until));
        writeFileSync(`${base}.idx`, input.slice(until));
        const found = openRepository(copy);
        return `${Object.keys(readTreeFiles(found, 'HEAD', () => true)).length}`;
      } catch (error) {
        if (!(error instanceof GitError)) throw error;
        return error.message
          .replace(/[0-9a-f]{40}/g, '')
          .replace(copy, '')
          .slice(0, 60);
      } finally {
        rmSync(copy, { recursive: true, force: true });
      }
    },
  },
  cache: {
    seeds: () => {
      const analyzer = new Analyzer(templateEngine);
      return [analyzer.pack(analyzer.analyze(shop, settings), settings) ?? new Uint8Array()];
    },
    mutate: mutateBytes,
    run: (input) => {
      const revived = new Analyzer(templateEngine).revive(input, shop, settings);
      return revived === undefined ? 'refused' : `${revived.nodes.size} ${revived.columns.size} ${revived.problems.length}`;
    },
  },
};
