// From a key to its first rows, as the results panel follows the cursor: edit, run, first page, over 100,000 rows upstream, 60 keys in a row.
// `node bench/live-preview.bench.mjs [rows] [sqlite|duckdb]` over a built worker. The pause of 150 ms after a key is not in the figures.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openProject } from '../test/e2e/picture-stage.mjs';

const rows = Number(process.argv[2] ?? 100_000);
const engine = process.argv[3] ?? 'auto';
const folder = mkdtempSync(path.join(tmpdir(), 'headwater-live-'));
const write = (name, text) => {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  writeFileSync(path.join(folder, name), text);
};
write('dbt_project.yml', 'name: live\nprofile: live\n');
const line = (i) => `${i},${i % 997},${['paid', 'open', 'void'][i % 3]},${((i * 37) % 9000) / 10},2024-0${1 + (i % 9)}-1${i % 10}`;
write('seeds/orders.csv', `id,customer_id,status,amount,ordered_at\n${Array.from({ length: rows }, (_, i) => line(i + 1)).join('\n')}\n`);
write('models/stg.sql', "select id, customer_id, status, amount, ordered_at from {{ ref('orders') }}");
const shapes = {
  'aggregate per customer': (key) =>
    `with paid as (select * from {{ ref('stg') }} where amount > ${key}) select customer_id, count(*) as n, sum(amount) as amount from paid group by 1`,
  'every row, a new column': (key) => `select *, amount * ${key} as more from {{ ref('stg') }}`,
  'a window over every row': (key) =>
    `select *, row_number() over (partition by customer_id order by amount + ${key} desc) as place from {{ ref('stg') }}`,
};
write('models/fct.sql', shapes['aggregate per customer'](0));

const opened = await openProject(folder);
const { analysis, project, preview } = opened;
const question = { kind: 'node', project, node: 'model.live.fct' };
let result = 0;
const type = async (text) => {
  const started = performance.now();
  await analysis.ask('edit', { folder: project.folder, path: 'models/fct.sql', text });
  const head = await preview.ask('run', { result: ++result, question, settings: { engine, rowLimit: 100_000 }, isTyped: true });
  if (head.failed) throw new Error(head.notes[0].message);
  await preview.ask('page', { result, view: { sort: undefined, filters: [] }, offset: 0, limit: 200 });
  const took = performance.now() - started;
  await preview.ask('drop', { result: result - 1 });
  return took;
};
for (const [name, shape] of Object.entries(shapes)) {
  await type(shape(0.5));
  const times = [];
  for (let key = 1; key <= 60; key++) times.push(await type(shape(key)));
  times.sort((a, b) => a - b);
  const at = (share) => Math.round(times[Math.ceil(times.length * share) - 1]);
  console.log(`${name}: median ${at(0.5)} ms, p95 ${at(0.95)} ms, most ${at(1)} ms`);
}
await opened.close();
rmSync(folder, { recursive: true });
