// Columns of 10,000 models that all hang together: what they cost to resolve, what they hold in memory, and the questions about them.
import { loadCore } from './load-core.mjs';

async function load() {
  const contents = `
    export { resolveProject } from './src/core/lineage/project.ts';
    export { LineageQuestions } from './src/core/lineage/questions.ts';
    export { traceScript } from './src/core/lineage/script.ts';`;
  return loadCore('lineage', contents);
}

const models = 10_000;
const width = 12;
const idOf = (index) => `model.bench.m${index}`;

/** A number that looks like chance and is the same every time. */
function scatter(index) {
  let x = Math.imul(index + 1, 0x9e3779b1);
  x = Math.imul(x ^ (x >>> 15), 0x85ebca6b);
  return (x ^ (x >>> 13)) >>> 0;
}

/** Every model joins two earlier ones, near and far, so that a change of an early column reaches most of what comes later. */
function textOf(index, salt = '') {
  const columns = Array.from({ length: width }, (_, c) => c);
  if (index < 100) return `select id, ${columns.map((c) => `c${c}`).join(', ')} from raw.t${index}${salt}`;
  const near = index - 1 - (scatter(index) % 40);
  const far = scatter(index + 7) % index;
  const items = columns.map((c) => {
    if (c % 3 === 0) return `a.c${c}`;
    return c % 3 === 1 ? `a.c${c} + b.c${(c + 1) % width} as c${c}` : `coalesce(a.c${c}, b.c${(c + 2) % width}) as c${c}`;
  });
  return `select a.id, ${items.join(', ')} from m${near} as a left join m${far} as b on a.id = b.id where a.c0 > ${index}${salt}`;
}

let made;

async function open() {
  if (made !== undefined) return made;
  const core = await load();
  const nodes = Array.from({ length: models }, (_, index) => ({ id: idOf(index), sql: [textOf(index)], declared: [], isComplete: false }));
  const known = new Map(nodes.map((node, index) => [`m${index}`, node.id]));
  const input = { dialect: 'snowflake', nodes, findNode: (parts) => known.get(parts.at(-1).toLowerCase()) };
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const lineage = core.resolveProject(input);
  globalThis.gc?.();
  const bytes = process.memoryUsage().heapUsed - before;
  made = { core, input, lineage, bytes };
  return made;
}

/** Processor time of this process, which can be compared on a busy machine. */
function processorTime(work) {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const places = (i) => ({ node: idOf((i * 37) % 100), column: `c${i % width}` });

const questions = {
  'everything that a change reaches': (asked, i) => asked.impact(places(i)),
  'all ancestors': (asked, i) => asked.ancestors({ node: idOf(models - 1 - ((i * 31) % 500)), column: `c${i % width}` }),
  'the chain from a source': (asked, i) =>
    asked.path(places(i), { node: idOf(models - 1 - ((i * 31) % 500)), column: `c${(i * 5) % width}` }),
};

const asking = Object.entries(questions).flatMap(([name, ask]) => [
  {
    name: `lineage: 10000 models, ${name} (cpu)`,
    repeat: 60,
    prepare: async () => {
      const { core, lineage } = await open();
      return new core.LineageQuestions(lineage);
    },
    run: (asked, i) => processorTime(() => ask(asked, i)),
  },
]);

const afterSave = {
  name: 'lineage: 10000 models, what a change reaches, first after a save (cpu)',
  repeat: 20,
  prepare: async () => {
    const { core, input, lineage } = await open();
    new core.LineageQuestions(lineage).impact(places(0));
    return { core, state: { input, lineage } };
  },
  run: ({ core, state }, i) => {
    const index = 200 + i * 311;
    const nodes = state.input.nodes.slice();
    nodes[index] = { ...nodes[index], sql: [textOf(index, ` and a.c1 > ${i}`)] };
    state.input = { ...state.input, nodes };
    state.lineage = core.resolveProject(state.input, state.lineage);
    return processorTime(() => new core.LineageQuestions(state.lineage).impact(places(i)));
  },
};

const memory = {
  name: 'lineage: 10000 models, memory of a model',
  unit: 'kB',
  repeat: 1,
  prepare: open,
  run: ({ bytes }) => bytes / models / 1024,
};

const list = (length, make, separator) => Array.from({ length }, (_, i) => make(i)).join(separator);
const bad = {
  'of 1 MB': `select ${list(30_000, (i) => `a${i} + b${i} as column_number_${i}`, ', ')} from t`,
  'of 5000 columns through ten stars': `with c0 as (select ${list(5000, (i) => `t.a${i}`, ', ')} from t), ${list(10, (i) => `c${i + 1} as (select * from c${i})`, ', ')} select * from c10`,
  'of 300 brackets': `select ${'('.repeat(300)}a${')'.repeat(300)} as a from t`,
  'of an OR of 10000 terms': `select a from t where ${list(10_000, (i) => `b = ${i}`, ' or ')}`,
  'of 200 stars over 300 columns': `with c0 as (select ${list(300, (i) => `t.a${i}`, ', ')} from t), ${list(200, (i) => `c${i + 1} as (select * from c${i})`, ', ')} select * from c200`,
};

const hard = Object.entries(bad).map(([name, sql]) => ({
  name: `lineage: a query ${name} (cpu)`,
  repeat: 5,
  prepare: load,
  run: (core) => processorTime(() => core.traceScript(sql, 'snowflake')),
}));

export const benchmarks = [memory, ...asking, afterSave, ...hard];
