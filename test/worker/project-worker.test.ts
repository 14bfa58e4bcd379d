import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { readDuckDbWasm } from '../../scripts/duckdb-wasm.mjs';
import type { NodeId } from '../../src/core/text/ids.ts';
import { Disk } from '../../src/disk/disk.ts';
import { followOutline } from '../../src/extension/follow-outline.ts';
import type {
  AnalysisCalls,
  ChecksCalls,
  ChecksHostCalls,
  LostEngine,
  PreviewCalls,
  PreviewHostCalls,
  WorkerHostCalls,
} from '../../src/protocol.ts';
import type { Port } from '../../src/wire.ts';
import { channelOf, connect } from '../../src/wire.ts';
import { serveEngine } from '../../src/worker/engine-actor.ts';
import { serve } from '../../src/worker/serve.ts';

const made: string[] = [];

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

/** Two ends of a channel that clones what crosses it, as threads do. */
function joinPorts(): readonly [Port, Port] {
  const listeners: [((message: unknown) => void)[], ((message: unknown) => void)[]] = [[], []];
  const end = (own: 0 | 1): Port => ({
    post: (message) => {
      const sent = structuredClone(message);
      setImmediate(() => {
        for (const listen of listeners[own === 0 ? 1 : 0]) listen(sent);
      });
    },
    listen: (take) => void listeners[own].push(take),
  });
  return [end(0), end(1)];
}

/** Follows which tables an engine holds by what it is told. */
function noteTable(tables: Set<string>, sql = '', loaded: string | undefined): void {
  const [, act, name = ''] = /^(create table|drop table if exists|drop table) ("[^"]*"|\w+)/.exec(sql) ?? [];
  const plain = name.replaceAll('"', '');
  const [, from = '', to = ''] = /^alter table "([^"]*)" rename to (\w+)/.exec(sql) ?? [];
  if (to !== '') tables.add(to).delete(from);
  if (loaded !== undefined || act === 'create table') tables.add(loaded ?? plain);
  else if (act !== undefined) tables.delete(plain);
}

/** A project worker over a folder, with engines that can be told to hang. */
function openWorker(files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'headwater-worker-'));
  made.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const [ours, theirs] = joinPorts();
  const engines = { opened: [] as string[], ended: 0, hangs: false, listed: 0, tables: new Set<string>() };
  serve('project', {
    port: theirs,
    openFolder: (_host, _folder, disk) => {
      const files = new Disk(disk ?? '');
      return {
        list: () => {
          engines.listed++;
          return files.list();
        },
        read: (path) => files.read(path),
        stat: (path) => files.stat(path),
      };
    },
    cache: () => ({ read: async () => undefined, write: async () => undefined }),
    readAsset: (_host, name) =>
      name === 'duckdb-eh.wasm' ? Promise.resolve(readDuckDbWasm()) : readFile(join('node_modules/sql.js/dist', name)),
    startEngine: () => {
      const [near, far] = joinPorts();
      serveEngine(far);
      let ended = false;
      return {
        port: {
          post: (message) => {
            const { kind, type, ask } = message as {
              readonly kind: string;
              readonly type?: string;
              readonly ask?: { readonly name?: string; readonly sql?: string; readonly table?: string };
            };
            if (kind === 'ask') noteTable(engines.tables, ask?.sql, type?.startsWith('load') === true ? ask?.table : undefined);
            if (kind === 'ask' && type === 'open') engines.opened.push(ask?.name ?? '');
            if (!(engines.hangs && type === 'execute')) near.post(message);
          },
          listen: (take) => near.listen((message) => (ended ? undefined : take(message))),
        },
        onDied: () => undefined,
        end: () => {
          ended = true;
          engines.ended++;
        },
      };
    },
  });
  const lost: LostEngine[] = [];
  const completed: string[] = [];
  const analysis = connect<AnalysisCalls, Pick<WorkerHostCalls, 'completed'>>(channelOf(ours, 'analysis'), {
    completed: ({ folder: which }) => void completed.push(which),
  });
  const preview = connect<PreviewCalls, Pick<PreviewHostCalls, 'lost' | 'progress'>>(channelOf(ours, 'preview'), {
    lost: (engine) => void lost.push(engine),
    progress: () => undefined,
  });
  const checks = connect<ChecksCalls, Pick<ChecksHostCalls, 'started' | 'ended'>>(channelOf(ours, 'checks'), {
    started: () => undefined,
    ended: () => undefined,
  });
  const settings = { dialect: 'auto', target: '', vars: {}, envVars: {} } as const;
  const open = (root = '') =>
    analysis
      .ask('open', { folder: 'file:///shop', disk: folder, settings, unsaved: [], setAside: [] })
      .then(() => ({ folder: 'file:///shop', root }));
  return {
    analysis,
    preview,
    checks,
    engines,
    lost,
    completed,
    opening: { folder: 'file:///shop', disk: folder, settings, unsaved: [], setAside: [] },
    open,
  };
}

const shop = {
  'dbt_project.yml': 'name: shop\nprofile: shop\n',
  'seeds/orders.csv': 'id,amount\n1,10\n2,20\n',
  'models/totals.sql': "select sum(amount) as amount from {{ ref('orders') }}",
  'models/shop.yml': 'models:\n  - name: totals\n    columns:\n      - {name: amount, data_tests: [not_null]}\n',
};
const previewOf = (project: { readonly folder: string; readonly root: string }, result = 1) =>
  ({
    result,
    question: { kind: 'node', project, node: 'model.shop.totals' as NodeId },
    settings: { engine: 'sqlite', rowLimit: 10 },
  }) as const;

test('what is analyzed, previewed and tested is read once', async () => {
  const worker = openWorker(shop);
  const project = await worker.open();
  expect(await worker.preview.ask('run', previewOf(project))).toMatchObject({ failed: false, rowCount: 1 });
  const what = { kind: 'select', select: 'totals', exclude: '' } as const;
  const { results } = await worker.checks.ask('run', { run: 1, project, what, batch: undefined, engine: 'auto' });
  expect(results.map(({ id, status }) => `${id.split('.').slice(0, 3).join('.')} ${status}`)).toEqual([
    'model.shop.totals pass',
    'test.shop.not_null_totals_amount pass',
  ]);
  expect(worker.engines.listed).toBe(1);
});

test('tests of a project read a local package beside it', async () => {
  const worker = openWorker({
    'shared/dbt_project.yml': 'name: shared\n',
    'shared/macros/double.sql': '{% macro double(x) %}2 * {{ x }}{% endmacro %}',
    'shop/dbt_project.yml': 'name: shop\n',
    'shop/packages.yml': 'packages:\n  - local: ../shared\n',
    'shop/models/totals.sql': 'select {{ shared.double(21) }} as amount',
    'shop/models/shop.yml': shop['models/shop.yml'],
  });
  const project = await worker.open('shop');
  const what = { kind: 'select', select: 'totals', exclude: '' } as const;
  const { results } = await worker.checks.ask('run', { run: 1, project, what, batch: undefined, engine: 'auto' });
  expect(results.map(({ status }) => status)).toEqual(['pass', 'pass']);
});

test.each([
  ['auto', 'sqlite'],
  ['sqlite', 'sqlite'],
  ['duckdb', 'duckdb'],
] as const)('tests run in the engine of the settings: %s is %s', { timeout: 30_000 }, async (engine, opened) => {
  const worker = openWorker(shop);
  const project = await worker.open();
  const what = { kind: 'select', select: 'totals', exclude: '' } as const;
  const { results } = await worker.checks.ask('run', { run: 1, project, what, batch: undefined, engine });
  expect(results.map(({ status }) => status)).toEqual(['pass', 'pass']);
  expect(worker.engines.opened).toEqual([opened]);
});

test('a query that hangs loses its engine, and neither the project nor the next question', async () => {
  const worker = openWorker(shop);
  const project = await worker.open();
  await worker.preview.ask('run', previewOf(project, 1));
  worker.engines.hangs = true;
  const abort = new AbortController();
  const stuck = worker.preview.ask('run', previewOf(project, 2), abort.signal);
  // The worker answers while its engine is held.
  expect(await worker.analysis.ask('columns', { project, node: 'model.shop.totals' as NodeId })).toMatchObject([{ name: 'amount' }]);
  await new Promise((resolve) => setTimeout(resolve, 50));
  abort.abort();
  await expect(stuck).rejects.toThrow('cancelled');
  worker.engines.hangs = false;
  expect(await worker.preview.ask('run', previewOf(project, 3))).toMatchObject({ failed: false, rowCount: 1 });
  expect(worker.engines.ended).toBe(1);
  expect(worker.engines.opened).toEqual(['sqlite', 'sqlite']);
  expect(worker.lost).toEqual([{ kept: [1], ended: [2] }]);
  expect(worker.engines.listed).toBe(1);
});

test('the tree of a large project is there before its columns are, and questions are answered meanwhile', async () => {
  const models = Array.from({ length: 1100 }, (_, i) => [
    `models/m${i}.sql`,
    i === 0 ? 'select 1 as id' : `select id, idd from {{ ref('m${i - 1}') }}`,
  ]);
  const worker = openWorker({ 'dbt_project.yml': shop['dbt_project.yml'], ...Object.fromEntries(models) });
  const [early] = await worker.analysis.ask('open', worker.opening);
  if (early?.kind !== 'whole') throw new Error('the first outline is whole');
  expect(early.outline.nodes).toHaveLength(1100);
  expect(early.outline.problems).toEqual([]);
  expect(worker.completed).toEqual([]);
  const { key } = early.outline;
  expect(await worker.analysis.ask('definition', { project: key, path: 'models/m1.sql', position: { line: 1, column: 30 } })).toHaveLength(
    1,
  );
  await vi.waitFor(() => expect(worker.completed).toEqual(['file:///shop']), { timeout: 20_000 });
  const [update] = await worker.analysis.ask('change', { folder: 'file:///shop', paths: [] });
  const [outline] = update === undefined ? [] : [followOutline([early.outline], update)];
  expect(outline?.problems.map(({ code }) => code)).toContain('column-unknown');
  expect(outline?.nodes.find((node) => node.name === 'm0')?.columnCount).toBe(1);
});

test('fifty keys in a row leave no table behind, whether their rows came or were cancelled', async () => {
  const worker = openWorker(shop);
  const project = await worker.open();
  let shown = 0;
  const type = async (key: number, cancelled: boolean): Promise<void> => {
    const text = `with doubled as (select amount * ${key} as amount from {{ ref('orders') }}) select sum(amount)${cancelled ? '' : ','} as amount from doubled`;
    await worker.analysis.ask('edit', {
      folder: project.folder,
      path: 'models/totals.sql',
      text: key % 5 === 4 ? text : text.replace(',', ''),
    });
    const abort = new AbortController();
    const cte = key % 3 === 0 ? { cte: 'doubled' } : {};
    const question = { kind: 'node', project, node: 'model.shop.totals' as NodeId, ...cte } as const;
    const ask = { result: key, question, settings: { engine: 'sqlite', rowLimit: 10 }, isTyped: true } as const;
    const running = worker.preview.ask('run', ask, abort.signal).catch(() => undefined);
    if (cancelled) {
      for (let turns = key % 25; turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve));
      abort.abort();
    }
    const head = await running;
    // As the panel does it: rows that came take the place of those before, and what nobody waits for is dropped.
    const isShown = head !== undefined && !head.failed;
    await worker.preview.ask('drop', { result: isShown ? shown : key });
    if (isShown) shown = key;
  };
  await type(1, false);
  await type(2, false);
  const before = worker.engines.tables.size;
  for (let key = 3; key <= 50; key++) await type(key, key % 2 === 1);
  await type(52, false);
  expect(shown).toBe(52);
  expect([...worker.engines.tables]).toHaveLength(before);
  expect(worker.engines.ended).toBe(0);
});
