// Large projects: cold without and with the lineage of columns, from the cache, and one save of each kind. The times are processor time of
// this process, so that they can be compared on a busy machine; `run` answers them, and bench/run.mjs takes the answer for the time.
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadCore } from './load-core.mjs';

const settings = { vars: {}, env: {}, runStartedAt: '2024-01-01T00:00:00Z', invocationId: '0' };

async function load() {
  const contents = `
    export { Analyzer } from './src/core/analyze.ts';
    export { templateEngine } from './src/core/dbt/template-engine.ts';
    export { loadDbtProject } from './src/core/project/dbt-loader.ts';
    export { findPackages } from './src/core/project/dbt-package.ts';
    export { ReadMemo } from './src/core/project/read-memo.ts';
    export { Sources } from './src/core/project/sources.ts';
    export { toOutline } from './src/worker/outline.ts';
    export { Disk } from './src/disk/disk.ts';`;
  return loadCore('projects', contents);
}

const projects = new Map();

/** A generated project; made once for all benchmarks of its size. */
async function open(models) {
  const known = projects.get(models);
  if (known !== undefined) return known;
  const folder = mkdtempSync(path.join(tmpdir(), 'headwater-bench-'));
  const options = Object.entries({ models, columns: 12, dialect: 'snowflake', seed: 7, out: folder });
  execFileSync('node', [
    path.join(import.meta.dirname, 'generate.mjs'),
    ...options.flatMap(([name, value]) => [`--${name}`, String(value)]),
  ]);
  const made = { core: await load(), folder };
  projects.set(models, made);
  return made;
}

async function processorTime(work) {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Asks a Snapshot for its problems, for which it compiles every text and traces every column. */
const everythingOf = (snapshot) => void snapshot.problems;

const read = ({ core, folder }) => core.Sources.read(new core.Disk(folder));

const edits = {
  text: (sources, i) => ({ [pathOf(sources, '.sql', i)]: (text) => `${text}\n-- ${i}` }),
  reference: (sources, i) => ({ [pathOf(sources, '.sql', i)]: (text) => `${text}\n-- {{ ref('stg_00001') }}` }),
  properties: (sources, i) => ({ [pathOf(sources, '.yml', i)]: (text) => text.replace(/description: .*/, `description: Changed ${i}.`) }),
  'new file': (_, i) => ({ [`models/new_${i}.sql`]: () => `select * from {{ ref('stg_00001') }}` }),
};

function pathOf(sources, ending, i) {
  const paths = sources.below('models', ending);
  return paths[(i * 37) % paths.length];
}

const cold = [1000, 10_000].flatMap((models) => [
  {
    name: `project: ${models} models, read, rendered and linked (cpu)`,
    repeat: models > 1000 ? 1 : 5,
    prepare: () => open(models),
    run: (project) =>
      processorTime(async () => {
        const { core } = project;
        const sources = await read(project);
        const inferred = () => ({ adapter: 'snowflake', because: '' });
        const dbt = core.loadDbtProject(sources, core.findPackages(sources), settings, inferred, core.templateEngine, new core.ReadMemo());
        dbt.texts.problems();
      }),
  },
  {
    name: `project: ${models} models, with columns (cpu)`,
    repeat: models > 1000 ? 1 : 5,
    prepare: () => open(models),
    run: (project) =>
      processorTime(async () => {
        const { core } = project;
        everythingOf(new core.Analyzer(core.templateEngine).analyze(await read(project), settings));
      }),
  },
]);

const warm = {
  name: 'project: 10000 models, from the cache to the outline (cpu)',
  repeat: 3,
  prepare: async () => {
    const project = await open(10_000);
    const { core } = project;
    const analyzer = new core.Analyzer(core.templateEngine);
    const snapshot = analyzer.analyze(await read(project), settings);
    return { ...project, cache: analyzer.pack(snapshot, settings) };
  },
  run: (project) =>
    processorTime(async () => {
      const { core, cache } = project;
      const snapshot = new core.Analyzer(core.templateEngine).revive(cache, await read(project), settings);
      core.toOutline({ folder: '', root: '' }, snapshot, 0);
    }),
};

const saves = Object.entries(edits).map(([kind, edit]) => ({
  name: `project: 5000 models, one save: ${kind} (cpu)`,
  repeat: 9,
  prepare: async () => {
    const project = await open(5000);
    const { core } = project;
    const analyzer = new core.Analyzer(core.templateEngine);
    const state = { sources: await read(project) };
    everythingOf(analyzer.analyze(state.sources, settings));
    return { analyzer, state };
  },
  run: ({ analyzer, state }, i) => {
    const changes = Object.entries(edit(state.sources, i + 1)).map(([file, change]) => [
      file,
      change(state.sources.find(file)?.text ?? ''),
    ]);
    const sources = state.sources.edit(Object.fromEntries(changes));
    state.sources = sources;
    return processorTime(() => everythingOf(analyzer.analyze(sources, settings)));
  },
}));

export const benchmarks = [...cold, warm, ...saves];
