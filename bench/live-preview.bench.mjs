// From a key to its first rows, as the results panel follows the cursor: edit, run, first page, over 100,000 rows upstream. The pause of 150 ms
// after a key is not in the figures, the worker is warm, as in a session.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openProject } from '../test/e2e/picture-stage.mjs';

const rows = 100_000;
const keys = 60;

/** What is typed into the model, a number of it another one with each key. */
const shapes = {
  'aggregate per customer': (key) =>
    `with paid as (select * from {{ ref('stg') }} where amount > ${key}) select customer_id, count(*) as n, sum(amount) as amount from paid group by 1`,
  'every row, a new column': (key) => `select *, amount * ${key} as more from {{ ref('stg') }}`,
  'a window over every row': (key) =>
    `select *, row_number() over (partition by customer_id order by amount + ${key} desc) as place from {{ ref('stg') }}`,
};

let opened;
let result = 0;

export const benchmarks = ['sqlite', 'duckdb'].flatMap((engine) =>
  Object.entries(shapes).map(([name, shape]) => ({
    name: `a key to its rows, ${engine}: ${name}`,
    repeat: keys,
    async prepare() {
      opened ??= await open();
      await type(engine, shape(0.5));
    },
    run: (_, key) => type(engine, shape(key + 1)),
  })),
);

export async function close() {
  if (opened === undefined) return;
  await opened.close();
  rmSync(opened.folder, { recursive: true });
}

async function open() {
  const folder = mkdtempSync(path.join(tmpdir(), 'headwater-live-'));
  const write = (name, text) => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  };
  write('dbt_project.yml', 'name: live\nprofile: live\n');
  const line = (i) => `${i},${i % 997},${['paid', 'open', 'void'][i % 3]},${((i * 37) % 9000) / 10},2024-0${1 + (i % 9)}-1${i % 10}`;
  const lines = Array.from({ length: rows }, (_, i) => line(i + 1));
  write('seeds/orders.csv', `id,customer_id,status,amount,ordered_at\n${lines.join('\n')}\n`);
  write('models/stg.sql', "select id, customer_id, status, amount, ordered_at from {{ ref('orders') }}");
  write('models/fct.sql', shapes['aggregate per customer'](0));
  return { ...(await openProject(folder)), folder };
}

/** Types a text and waits for its first rows; answers how long they took, without dropping those of before. */
async function type(engine, text) {
  const { analysis, project, preview } = opened;
  const started = performance.now();
  await analysis.ask('edit', { folder: project.folder, path: 'models/fct.sql', text });
  const question = { kind: 'node', project, node: 'model.live.fct' };
  const head = await preview.ask('run', { result: ++result, question, settings: { engine, rowLimit: 100_000 }, isTyped: true });
  if (head.failed) throw new Error(head.notes[0].message);
  await preview.ask('page', { result, view: { sort: undefined, filters: [] }, offset: 0, limit: 200 });
  const took = performance.now() - started;
  await preview.ask('drop', { result: result - 1 });
  return took;
}
