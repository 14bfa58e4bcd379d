// What a person waits for: a project read cold and after a save, a preview warm and after an edit. Measured through the built command
// line and workers' own code, bundled for Node.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadCore } from './load-core.mjs';

const root = path.resolve(import.meta.dirname, '..');

async function load() {
  const contents = `
    export { Analyzer } from './src/core/analyze.ts';
    export { templateEngine } from './src/core/dbt/template-engine.ts';
    export { Sources } from './src/core/project/sources.ts';
    export { PreviewSession } from './src/core/engine/preview.ts';
    export { SqliteEngine } from './src/engines/sqlite.ts';
    export { Disk } from './src/disk/disk.ts';`;
  return loadCore('shell', contents);
}

const settings = { vars: {}, env: {}, runStartedAt: '2024-01-01T00:00:00Z', invocationId: '0' };

async function open(models) {
  const folder = mkdtempSync(path.join(tmpdir(), 'headwater-bench-'));
  const asked = { models, columns: 12, dialect: 'snowflake', seed: 7, out: folder };
  const options = Object.entries(asked).flatMap(([name, value]) => [`--${name}`, String(value)]);
  execFileSync('node', [path.join(import.meta.dirname, 'generate.mjs'), ...options]);
  const core = await load();
  const sources = await core.Sources.read(new core.Disk(folder));
  const analyzer = new core.Analyzer(core.templateEngine);
  const snapshot = analyzer.analyze(sources, settings);
  const last = [...snapshot.nodes.values()].filter((node) => node.kind === 'model').at(-1);
  return { core, folder, sources, analyzer, snapshot, last };
}

export const benchmarks = [100, 1000].flatMap((models) => [
  {
    name: `project: ${models} models, cold`,
    repeat: 3,
    prepare: () => open(models),
    run: async ({ core, folder }) => {
      const sources = await core.Sources.read(new core.Disk(folder));
      void new core.Analyzer(core.templateEngine).analyze(sources, settings).problems;
    },
  },
  {
    name: `project: ${models} models, after one save`,
    prepare: () => open(models),
    run: ({ analyzer, sources, last }, i) => {
      const text = sources.find(last.path).text;
      void analyzer.analyze(sources.edit({ [last.path]: `${text}\n-- ${i}\n` }), settings).problems;
    },
  },
  {
    name: `preview: the last of ${models} models, after editing it`,
    prepare: async () => {
      const opened = await open(models);
      const bytes = readFileSync(path.join(root, 'node_modules/sql.js/dist/sql-wasm.wasm'));
      const engine = new opened.core.SqliteEngine(new Uint8Array(bytes).buffer);
      await engine.open();
      const session = new opened.core.PreviewSession(engine, opened.snapshot, '2024-01-01 00:00:00');
      await session.preview({ kind: 'node', node: opened.last.id });
      return { ...opened, session };
    },
    run: async ({ analyzer, sources, session, last }, i) => {
      const text = sources.find(last.path).text;
      session.use(analyzer.analyze(sources.edit({ [last.path]: `${text}\n-- ${i}\n` }), settings));
      const answer = await session.preview({ kind: 'node', node: last.id });
      if (answer.kind === 'failed') throw new Error(answer.problems[0].message);
    },
  },
]);
