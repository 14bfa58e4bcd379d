// What a person waits for at the command line: whole processes, cold, on generated projects and on public ones that
// `node bench/fetch-projects.mjs` has fetched. Each figure is of five runs: wall time, processor time and the most memory that the process held.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const fetched = path.join(root, '.bench/projects');
const usage = path.join(import.meta.dirname, 'process-usage.cjs');
const runs = 5;

const generated = new Map();

function generate(models) {
  const known = generated.get(models);
  if (known !== undefined) return known;
  const folder = mkdtempSync(path.join(tmpdir(), 'headwater-cold-'));
  const options = { models, columns: 12, dialect: 'snowflake', seed: 7, out: folder };
  execFileSync('node', [
    path.join(import.meta.dirname, 'generate.mjs'),
    ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]),
  ]);
  generated.set(models, folder);
  return folder;
}

const publicProjects = existsSync(fetched) ? readdirSync(fetched) : [];

const cases = [
  { name: 'version', args: () => ['version'] },
  ...[
    ...[1000, 10_000].map((models) => ({ name: `${models} models`, place: () => generate(models) })),
    ...publicProjects.map((name) => ({ name, place: () => path.join(fetched, name) })),
  ].flatMap(({ name, place }) => [
    { name: `list, ${name}`, args: () => ['list', '--project', place()] },
    { name: `lineage, ${name}`, args: () => ['lineage', '--project', place()] },
  ]),
];

function measure(args) {
  const started = performance.now();
  const { status, stderr } = spawnSync('node', ['--require', usage, path.join(root, 'dist/cli.js'), ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const wall = performance.now() - started;
  const said = /headwater-usage (\{.*\})/.exec(stderr)?.[1];
  if (said === undefined || (status !== 0 && status !== 1)) throw new Error(`exit ${status}: ${stderr.slice(0, 300)}`);
  return { wall, ...JSON.parse(said) };
}

const measured = new Map();

/** The figures of one case, run once for all of its benchmarks. */
function figuresOf({ name, args }) {
  if (!measured.has(name)) {
    const asked = args();
    measured.set(
      name,
      Array.from({ length: runs }, () => measure(asked)),
    );
  }
  return measured.get(name);
}

const figures = [
  { key: 'wall', unit: 'ms' },
  { key: 'cpu', unit: 'ms' },
  { key: 'peak', unit: 'MB' },
];

export const benchmarks = cases.flatMap((one) =>
  figures.map(({ key, unit }) => ({ name: `cold: ${one.name} (${key})`, unit, repeat: runs, run: (_, i) => figuresOf(one)[i][key] })),
);
