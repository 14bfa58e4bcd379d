// What a person waits for: a preview as a whole process, one that follows, a sample built with its tests, one test after an edit, and five
// hundred tests on a hundred models over seeds of ten thousand rows.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');
const settings = { vars: {}, env: {}, runStartedAt: '2024-01-01T00:00:00Z', invocationId: '0' };

let loaded;
async function load() {
  if (loaded !== undefined) return loaded;
  const outfile = path.join(root, 'out/bench/runs.cjs');
  const contents = `
    export { Analyzer } from './src/core/analyze.ts';
    export { runBuild } from './src/core/checks/build.ts';
    export { runTests } from './src/core/checks/run-tests.ts';
    export { templateEngine } from './src/core/dbt/template-engine.ts';
    export { PreviewSession } from './src/core/engine/preview.ts';
    export { Sources } from './src/core/project/sources.ts';
    export { SqliteEngine } from './src/engines/sqlite.ts';
    export { Disk } from './src/disk/disk.ts';`;
  const options = { bundle: true, platform: 'node', format: 'cjs', outfile, logLevel: 'error' };
  await build({ stdin: { contents, resolveDir: root, loader: 'ts' }, external: ['@duckdb/*'], ...options });
  loaded = createRequire(import.meta.url)(outfile);
  return loaded;
}

async function open(sources) {
  const { Analyzer, templateEngine, PreviewSession, SqliteEngine } = await load();
  const analyzer = new Analyzer(templateEngine);
  const snapshot = analyzer.analyze(sources, settings);
  const engine = new SqliteEngine(new Uint8Array(readFileSync(path.join(root, 'node_modules/sql.js/dist/sql-wasm.wasm'))).buffer);
  await engine.open();
  return { analyzer, snapshot, session: new PreviewSession(engine, snapshot, '2024-01-01 00:00:00') };
}

const openSample = async (name) => {
  const { Sources, Disk } = await load();
  return open(await Sources.read(new Disk(path.join(root, 'samples', name))));
};

const idOf = (snapshot, name) => [...snapshot.nodes.values()].find((node) => node.name === name).id;
const clock = () => performance.now();

/** A hundred models over ten seeds of ten thousand rows, five tests on each. */
function largeFiles() {
  const files = {
    'dbt_project.yml': 'name: large\nversion: "1.0"\nprofile: large\n',
    'profiles.yml': 'large:\n  target: dev\n  outputs:\n    dev: { type: postgres, schema: dev }\n',
  };
  for (let seed = 0; seed < 10; seed++)
    files[`seeds/seed_${seed}.csv`] =
      `id,kind,amount\n${Array.from({ length: 10_000 }, (_, i) => `${i},${'abc'[i % 3]},${(i * 37) % 1000}`).join('\n')}\n`;
  const models = [];
  for (let i = 0; i < 100; i++) {
    files[`models/model_${i}.sql`] = `select id, kind, amount, amount * 2 as twice from {{ ref('seed_${i % 10}') }}`;
    models.push(
      `  - name: model_${i}\n    columns:\n      - { name: id, data_tests: [unique, not_null] }\n      - name: kind\n        data_tests: [not_null, { accepted_values: { arguments: { values: [a, b, c] } } }]\n      - { name: amount, data_tests: [not_null] }\n`,
    );
  }
  files['models/models.yml'] = `models:\n${models.join('')}`;
  return files;
}

/** Every result of a run that should be fine; the benchmark is of no worth otherwise. */
function expectFine(results, count) {
  const bad = results.filter((result) => result.status !== 'pass');
  if (bad.length > 0) throw new Error(`${bad.length} did not pass: ${bad[0].name} ${bad[0].message}`);
  if (results.length < count) throw new Error(`only ${results.length} ran`);
}

export const benchmarks = [
  {
    name: 'preview of a sample as a whole process (CPU)',
    repeat: 5,
    prepare: () => {
      if (spawnSync('node', ['scripts/build.mjs', '--only', 'cli'], { cwd: root }).status !== 0) throw new Error('the build failed');
    },
    run: () => {
      const command = 'node dist/cli.js preview --project samples/lightdash-saas --select accounts --quiet > /dev/null';
      const { stderr } = spawnSync('bash', ['-c', `TIMEFORMAT='%U %S'; time ${command}`], { cwd: root, encoding: 'utf8' });
      const [user = 0, system = 0] = stderr.trim().split('\n').at(-1).split(' ').map(Number);
      return (user + system) * 1000;
    },
  },
  {
    name: 'preview in a session that is open, model edited',
    prepare: async () => {
      const { Sources, Disk } = await load();
      const sources = await Sources.read(new Disk(path.join(root, 'samples/lightdash-saas')));
      const opened = await open(sources);
      const node = opened.snapshot.nodes.get(idOf(opened.snapshot, 'accounts'));
      await opened.session.preview({ kind: 'node', node: node.id });
      return { ...opened, sources, node };
    },
    run: async ({ analyzer, session, sources, node }, i) => {
      const text = `${sources.find(node.path).text}\n-- edit ${i}\n`;
      const started = performance.now();
      session.use(analyzer.analyze(sources.edit({ [node.path]: text }), settings));
      const answer = await session.preview({ kind: 'node', node: node.id });
      if (answer.kind !== 'rows') throw new Error(answer.problems[0].message);
      await answer.result.page(0, 500);
      return performance.now() - started;
    },
  },
  ...['b2b-saas', 'crm-warehouse', 'lightdash-saas', 'ravenstack'].map((sample) => ({
    name: `build of ${sample} with its tests`,
    repeat: 3,
    prepare: load,
    run: async ({ runBuild }) => {
      const { snapshot, session } = await openSample(sample);
      const started = performance.now();
      expectFine(await runBuild({ session, snapshot, clock }, [...snapshot.nodes.keys()]), 50);
      return performance.now() - started;
    },
  })),
  {
    name: 'one test after an edit of its model',
    prepare: async () => {
      const { Sources } = await load();
      const sources = Sources.of(largeFiles());
      const opened = await open(sources);
      await opened.session.relation(idOf(opened.snapshot, 'model_7'));
      return { ...opened, sources };
    },
    run: async ({ analyzer, session, sources }, i) => {
      const { runTests } = await load();
      const started = performance.now();
      const snapshot = analyzer.analyze(
        sources.edit({ 'models/model_7.sql': `${sources.find('models/model_7.sql').text} -- ${i}` }),
        settings,
      );
      session.use(snapshot);
      const test = [...snapshot.nodes.values()].find((node) => node.kind === 'test' && node.attached?.endsWith('.model_7'));
      expectFine(await runTests({ session, snapshot, clock }, [test.id]), 1);
      return performance.now() - started;
    },
  },
  {
    name: '500 tests on 100 models, seeds of 10,000 rows',
    repeat: 1,
    prepare: async () => {
      const { Sources, runTests } = await load();
      return { ...(await open(Sources.of(largeFiles()))), runTests };
    },
    run: async ({ session, snapshot, runTests }) => {
      const tests = [...snapshot.nodes.values()].filter((node) => node.kind === 'test').map((node) => node.id);
      const started = performance.now();
      expectFine(await runTests({ session, snapshot, clock }, tests), 500);
      return performance.now() - started;
    },
  },
];
