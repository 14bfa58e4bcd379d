// How long the editor waits for an answer on a project of 5,000 models, through the worker that the extension host asks: hover, definition,
// completion, and the problems after a key. 60 questions each at places spread over the project; the budgets are of the 95th percentile.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');
const models = 5000;
let opened;

async function bundle() {
  const outdir = path.join(root, 'out/bench');
  const entryPoints = { worker: path.join(root, 'src/worker/node/project.ts'), wire: path.join(root, 'src/wire.ts') };
  await build({ entryPoints, outdir, bundle: true, platform: 'node', format: 'cjs', outExtension: { '.js': '.cjs' }, logLevel: 'error' });
  return outdir;
}

async function open() {
  const disk = mkdtempSync(path.join(tmpdir(), 'headwater-bench-'));
  const asked = { models, columns: 12, dialect: 'snowflake', seed: 7, out: disk };
  const options = Object.entries(asked).flatMap(([name, value]) => [`--${name}`, String(value)]);
  execFileSync('node', [path.join(import.meta.dirname, 'generate.mjs'), ...options]);
  const outdir = await bundle();
  const { channelOf, connect } = createRequire(import.meta.url)(path.join(outdir, 'wire.cjs'));
  const resourceLimits = { stackSizeMb: 32, maxOldGenerationSizeMb: 4096 };
  const worker = new Worker(path.join(outdir, 'worker.cjs'), { resourceLimits, workerData: { name: 'project' } });
  const port = { post: (message) => worker.postMessage(message), listen: (take) => void worker.on('message', take) };
  const wire = connect(channelOf(port, 'analysis'), {
    log: () => undefined,
    progress: () => undefined,
    cacheFolder: () => undefined,
    readCache: () => undefined,
    writeCache: () => undefined,
  });
  const folder = pathToFileURL(disk).toString();
  const settings = { dialect: 'auto', target: '', vars: {}, envVars: {} };
  const [{ outline }] = await wire.ask('open', { folder, disk, settings, unsaved: [], setAside: [] });
  const files = outline.nodes.filter((node) => node.kind === 'model').map((node) => node.path);
  return { worker, wire, folder, disk, project: outline.key, files };
}

/** Another model for each question, and a name of a column in it. */
function placeOf({ disk, files, project }, i) {
  let at = Math.floor((files.length * (i + 1)) / 62);
  let file;
  let text;
  let names = [];
  while (names.length === 0) {
    file = files[at++];
    text = readFileSync(path.join(disk, file), 'utf8');
    names = [...text.matchAll(/\b[a-z]\w*_\w+\b/g)].filter(({ index }) => !/['"{][^'"\n]*$/.test(text.slice(0, index)));
  }
  const { index } = names[Math.floor(i * 7) % names.length];
  const before = text.slice(0, index + 1).split('\n');
  return { project, path: file, text, index, position: { line: before.length, column: before.at(-1).length + 1 } };
}

const prepare = () => {
  opened ??= open();
  return opened;
};

/** Processor time of the whole process, the worker's thread included: to be compared on a busy machine. */
async function processorTime(work) {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const questions = {
  'hover (budget 50)': ({ wire, ...given }, i) => {
    const { project, path: file, position } = placeOf(given, i);
    return () => wire.ask('hover', { project, path: file, position });
  },
  'definition (budget 50)': ({ wire, ...given }, i) => {
    const { project, path: file, position } = placeOf(given, i);
    return () => wire.ask('definition', { project, path: file, position });
  },
  'completion after a key (budget 100)': ({ wire, ...given }, i) => {
    const { project, path: file, text, index, position } = placeOf(given, i);
    const typed = `${text.slice(0, index + 1)}x${text.slice(index + 1)}`;
    return () => wire.ask('complete', { project, path: file, text: typed, position: { ...position, column: position.column + 1 } });
  },
  'problems after a key (budget 150)': ({ wire, ...given }, i) => {
    const { path: file, text, index } = placeOf(given, i);
    return () => wire.ask('edit', { folder: given.folder, path: file, text: `${text.slice(0, index)}y${text.slice(index)}` });
  },
};

export const benchmarks = Object.entries(questions).flatMap(([name, question]) => [
  { name: `editor: ${models} models, ${name}`, repeat: 60, prepare, run: (given, i) => question(given, i)() },
  // Other places than those of the times above, whose texts are typed by now.
  { name: `editor: ${models} models, ${name}, cpu`, repeat: 60, prepare, run: (given, i) => processorTime(question(given, i + 0.5)) },
]);

/** Ends the worker, which would hold the process up. */
export const close = async () => (await opened)?.worker.terminate();
