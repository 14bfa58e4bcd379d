// Focused views of a project, laid out closely in the layout worker: time, and how often and how much elkjs makes them easier to follow.
// node scripts/build.mjs && node bench/graph-closely.mjs PROJECT...
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const folder = await mkdtemp(join(tmpdir(), 'headwater-bench-'));
await build({
  stdin: {
    contents: `export * from './src/core/layout/closely.ts'; export { buildPicture } from './src/core/layout/build.ts';
      export { GraphIndex } from './src/core/layout/project-graph.ts'; export { toFocusView } from './src/core/layout/picture.ts';`,
    resolveDir: root,
    loader: 'ts',
  },
  bundle: true,
  format: 'esm',
  platform: 'node',
  outfile: join(folder, 'core.mjs'),
});
const core = await import(pathToFileURL(join(folder, 'core.mjs')).href);

const started = performance.now();
const worker = new Worker(join(root, 'dist', 'layout.js'));
let next = 0;
const waiting = new Map();
worker.on('message', ({ id, answer }) => waiting.get(id)?.(answer));
const ask = (graph) =>
  new Promise((resolve) => {
    waiting.set(++next, resolve);
    worker.postMessage({ kind: 'ask', id: next, type: 'layout', ask: graph });
  });
await ask({ cards: [], at: [], links: [], keepOrder: false });
console.log(`worker warm after ${Math.round(performance.now() - started)} ms`);

const quantile = (values, q) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))] ?? 0;
const rows = [];
for (const project of process.argv.slice(2)) {
  const graph = JSON.parse(
    execFileSync('node', [join(root, 'dist', 'cli.js'), 'graph', '--project', project, '--format', 'json'], { maxBuffer: 1 << 30 }),
  );
  const index = new core.GraphIndex(graph);
  const ids = graph.nodes.filter((node) => node.kind === 'model').map((node) => node.id);
  const step = Math.max(1, Math.floor(ids.length / 60));
  for (const open of [false, true]) {
    const times = [];
    const [before, after] = [
      { crossings: 0, length: 0 },
      { crossings: 0, length: 0 },
    ];
    let used = 0;
    let views = 0;
    for (const id of ids.filter((_, i) => i % step === 0)) {
      let picture = core.buildPicture(index, core.toFocusView(id));
      if (open) picture = core.buildPicture(index, { ...core.toFocusView(id), expanded: picture.cards.map((card) => card.id) });
      const close = core.toCloseGraph(picture, false);
      if (close === undefined) continue;
      const from = performance.now();
      const made = await ask(close);
      times.push(performance.now() - from);
      views++;
      const ours = core.measureEffort(picture.links);
      const theirs = made === undefined ? ours : core.measureEffort(core.withLayout(picture, made).links);
      const better = core.isEasier(theirs, ours) ? theirs : ours;
      if (better === theirs && made !== undefined) used++;
      for (const key of ['crossings', 'length']) {
        before[key] += ours[key];
        after[key] += better[key];
      }
    }
    rows.push({
      project: basename(project),
      columns: open ? 'open' : 'closed',
      views,
      'p50 ms': Math.round(quantile(times, 0.5)),
      'p95 ms': Math.round(quantile(times, 0.95)),
      'worst ms': Math.round(quantile(times, 1)),
      'elkjs taken': `${Math.round((100 * used) / views)} %`,
      crossings: `${before.crossings} → ${after.crossings}`,
      length: `${before.length} → ${after.length}`,
    });
  }
}
console.table(rows);
await worker.terminate();
await rm(folder, { recursive: true });
