// A million rows in both engines: a CSV file loaded, grouped and joined by a preview, and by the engine alone in the same run. And a preview
// after the last of twenty models upstream was edited.

import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readDuckDbWasm } from '../scripts/duckdb-wasm.mjs';
import { loadCore } from './load-core.mjs';

const root = path.resolve(import.meta.dirname, '..');
const rows = Number(process.env.HEADWATER_BENCH_ROWS ?? 1_000_000);

let loaded;
async function load() {
  if (loaded !== undefined) return loaded;
  const contents = `
    export { Analyzer } from './src/core/analyze.ts';
    export { templateEngine } from './src/core/dbt/template-engine.ts';
    export { readCsv } from './src/core/project/csv.ts';
    export { Sources } from './src/core/project/sources.ts';
    export { PreviewSession } from './src/core/engine/preview.ts';
    export { DuckDbEngine } from './src/engines/duckdb.ts';
    export { startDuckDb } from './src/engines/duckdb-driver.ts';
    export { SqliteEngine } from './src/engines/sqlite.ts';
    export { Disk } from './src/disk/disk.ts';
    export { default as initSqlJs } from 'sql.js';`;
  loaded = await loadCore('engines', contents);
  return loaded;
}

const settings = { vars: {}, env: {}, runStartedAt: '2024-01-01T00:00:00Z', invocationId: '0' };
const sqliteWasm = () => new Uint8Array(readFileSync(path.join(root, 'node_modules/sql.js/dist/sql-wasm.wasm'))).buffer;
const duckDbWasm = async () => readDuckDbWasm();

const grouped = 'select customer, count(*) as orders, sum(amount) as amount, max(ordered_at) as latest from SOURCE group by customer';
const joined =
  'select a.customer, count(*) as pairs, sum(b.quantity) as quantity from SOURCE as a join SOURCE as b on a.id = b.parent group by a.customer';

let project;
/** A project of one seed and two models over it. */
async function openProject() {
  if (project !== undefined) return project;
  const folder = mkdtempSync(path.join(tmpdir(), 'headwater-rows-'));
  for (const name of ['seeds', 'models']) mkdirSync(path.join(folder, name));
  writeFileSync(
    path.join(folder, 'dbt_project.yml'),
    "name: rows\nversion: '1.0'\nprofile: rows\nseed-paths: [seeds]\nmodel-paths: [models]\n",
  );
  writeFileSync(
    path.join(folder, 'profiles.yml'),
    'rows:\n  target: dev\n  outputs:\n    dev:\n      type: duckdb\n      path: rows.duckdb\n',
  );
  const lines = ['id,parent,customer,quantity,amount,ordered_at,code,comment'];
  for (let i = 0; i < rows; i++)
    lines.push(
      `${i},${(i * 7919) % rows},customer ${i % 1000},${i % 90},${(i % 9973) / 4},2024-${String(1 + (i % 12)).padStart(2, '0')}-${String(1 + (i % 28)).padStart(2, '0')},${String(i % 5000).padStart(5, '0')},order ${i} of many`,
    );
  writeFileSync(path.join(folder, 'seeds/orders.csv'), `${lines.join('\n')}\n`);
  writeFileSync(path.join(folder, 'models/grouped.sql'), grouped.replaceAll('SOURCE', "{{ ref('orders') }}"));
  writeFileSync(path.join(folder, 'models/joined.sql'), joined.replaceAll('SOURCE', "{{ ref('orders') }}"));
  const core = await load();
  const sources = await core.Sources.read(new core.Disk(folder));
  project = {
    core,
    snapshot: new core.Analyzer(core.templateEngine).analyze(sources, settings),
    bytes: sources.find('seeds/orders.csv').bytes,
  };
  return project;
}

const timed = async (run) => {
  const started = performance.now();
  const answer = await run();
  if (answer?.kind === 'failed') throw new Error(answer.problems[0].message);
  return performance.now() - started;
};

async function makeEngine(core, name) {
  const engine =
    name === 'sqlite'
      ? new core.SqliteEngine(sqliteWasm())
      : new core.DuckDbEngine(duckDbWasm, async () => new core.SqliteEngine(sqliteWasm()));
  await engine.open();
  return engine;
}

const idOf = (what) => (what === 'load' ? 'seed.rows.orders' : `model.rows.${what === 'group' ? 'grouped' : 'joined'}`);

/** What a preview does, in milliseconds: the seed stands already when a model is asked for. */
async function throughPreview(name, what) {
  const { core, snapshot } = await openProject();
  const engine = await makeEngine(core, name);
  const session = new core.PreviewSession(engine, snapshot, '2024-01-01 00:00:00');
  if (what !== 'load') await session.preview({ kind: 'node', node: 'seed.rows.orders' });
  const ms = await timed(() => session.preview({ kind: 'node', node: idOf(what) }));
  await engine.close();
  return ms;
}

const definition = 'id integer, parent integer, customer text, quantity integer, amount real, ordered_at text, code text, comment text';

/** sql.js alone: rows of the same scanner, a hundred to a statement. */
async function bareSqlite(what) {
  const { core, bytes } = await openProject();
  const SQL = await core.initSqlJs({ wasmBinary: sqliteWasm(), useOldExtensionFunctions: false });
  const database = new SQL.Database();
  database.run('pragma journal_mode = off; pragma synchronous = off; pragma temp_store = memory; pragma cache_size = -65536');
  const fill = () => {
    database.run(`create table orders (${definition})`);
    const one = `(${'?,'.repeat(8).slice(0, -1)})`;
    const statement = database.prepare(`insert into orders values ${`${one},`.repeat(100).slice(0, -1)}`);
    const single = database.prepare(`insert into orders values ${one}`);
    database.run('begin');
    let values = [];
    for (const row of core.readCsv(bytes).rows()) {
      values.push(Number(row[0]), Number(row[1]), row[2], Number(row[3]), Number(row[4]), row[5], row[6], row[7]);
      if (values.length === 800) {
        statement.run(values);
        values = [];
      }
    }
    for (let i = 0; i < values.length; i += 8) single.run(values.slice(i, i + 8));
    database.run('commit');
  };
  const query = (sql) => {
    database.run(`create table answer as ${sql.replaceAll('SOURCE', 'orders')}`);
    database.exec('select count(*) from answer');
  };
  if (what !== 'load') fill();
  const ms = await timed(async () => (what === 'load' ? fill() : query(what === 'group' ? grouped : joined)));
  database.close();
  return ms;
}

/** DuckDB alone: its own reader of CSV with the types named. */
async function bareDuckDb(what) {
  const { core, bytes } = await openProject();
  const driver = await core.startDuckDb(duckDbWasm);
  const { connection, database } = driver.connect();
  const types =
    "{'id': 'BIGINT', 'parent': 'BIGINT', 'customer': 'VARCHAR', 'quantity': 'BIGINT', 'amount': 'DOUBLE', 'ordered_at': 'DATE', 'code': 'VARCHAR', 'comment': 'VARCHAR'}";
  const fill = () => {
    driver.bindings.registerFileBuffer('bare.csv', bytes.slice());
    connection.query(`create table orders as select * from read_csv('bare.csv', header = true, columns = ${types})`);
    driver.bindings.dropFile('bare.csv');
  };
  const query = (sql) => {
    connection.query(`create table answer as ${sql.replaceAll('SOURCE', 'orders')}`);
    connection.query('select count(*) from answer');
  };
  if (what !== 'load') fill();
  const ms = await timed(async () => (what === 'load' ? fill() : query(what === 'group' ? grouped : joined)));
  connection.query('use memory');
  connection.query(`detach ${database}`);
  connection.close();
  return ms;
}

const titles = { load: 'CSV load', group: 'group by', join: 'join' };
const millions = `${rows / 1e6} M rows`;

/** A chain of twenty models, the last of which is edited before each preview. */
async function openChain(name) {
  const folder = mkdtempSync(path.join(tmpdir(), 'headwater-chain-'));
  for (const part of ['seeds', 'models']) mkdirSync(path.join(folder, part));
  writeFileSync(
    path.join(folder, 'dbt_project.yml'),
    "name: chain\nversion: '1.0'\nprofile: chain\nseed-paths: [seeds]\nmodel-paths: [models]\n",
  );
  writeFileSync(
    path.join(folder, 'profiles.yml'),
    'chain:\n  target: dev\n  outputs:\n    dev:\n      type: duckdb\n      path: chain.duckdb\n',
  );
  writeFileSync(
    path.join(folder, 'seeds/start.csv'),
    `id,name,amount\n${Array.from({ length: 5000 }, (_, i) => `${i},name ${i % 50},${i / 4}`).join('\n')}\n`,
  );
  for (let i = 0; i <= 20; i++)
    writeFileSync(
      path.join(folder, `models/step_${i}.sql`),
      `select id, name, amount + ${i} as amount from {{ ref('${i === 0 ? 'start' : `step_${i - 1}`}') }} where id >= ${i}\n`,
    );
  const core = await load();
  const sources = await core.Sources.read(new core.Disk(folder));
  const analyzer = new core.Analyzer(core.templateEngine);
  const session = new core.PreviewSession(await makeEngine(core, name), analyzer.analyze(sources, settings), '2024-01-01 00:00:00');
  const node = 'model.chain.step_20';
  await timed(() => session.preview({ kind: 'node', node }));
  return { sources, analyzer, session, node };
}

export const benchmarks = [
  ...['sqlite', 'duckdb'].flatMap((name) =>
    Object.entries(titles).flatMap(([what, title]) => [
      { name: `${name}: ${title} of ${millions}, bare`, repeat: 3, run: () => (name === 'sqlite' ? bareSqlite(what) : bareDuckDb(what)) },
      {
        name: `${name}: ${title} of ${millions}, preview`,
        against: `${name}: ${title} of ${millions}, bare`,
        repeat: 3,
        run: () => throughPreview(name, what),
      },
    ]),
  ),
  ...['sqlite', 'duckdb'].map((name) => ({
    name: `${name}: preview after editing the last of 20 upstream models`,
    prepare: () => openChain(name),
    run: ({ sources, analyzer, session, node }, i) => {
      const file = 'models/step_19.sql';
      session.use(analyzer.analyze(sources.edit({ [file]: `${sources.find(file).text}\n-- ${i}\n` }), settings));
      return timed(() => session.preview({ kind: 'node', node }));
    },
  })),
];
