// Writes a dbt project made up from a seed: the same arguments give the same bytes.
// node bench/generate.mjs --models 1000 --columns 12 --dialect snowflake --seed 7 --out /tmp/generated
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    models: { type: 'string', default: '1000' },
    columns: { type: 'string', default: '12' },
    dialect: { type: 'string', default: 'snowflake' },
    seed: { type: 'string', default: '7' },
    rows: { type: 'string', default: '50' },
    out: { type: 'string' },
  },
});
const modelCount = wholeNumber('models', 1);
const columnCount = wholeNumber('columns', 4);
const rowCount = wholeNumber('rows', 1);
const seed = wholeNumber('seed', 0);
const out = values.out ?? join('bench', 'generated', `${values.dialect}-${modelCount}-${columnCount}-${seed}`);
const random = mulberry(seed);

// id is unique and parent_id points to an id of any other relation; the rest are amounts, codes and days in turn.
const columns = ['id', 'parent_id', ...Array.from({ length: columnCount - 2 }, (_, i) => `${['amount', 'code', 'day'][i % 3]}_${i + 1}`)];
const amounts = columns.filter((name) => name.startsWith('amount'));
const seedCount = Math.max(2, Math.ceil(modelCount / 50));
const stagingCount = Math.min(modelCount, Math.max(1, Math.ceil(modelCount * 0.3)));
const perFolder = 40;

const seeds = Array.from({ length: seedCount }, (_, i) => `raw_${pad(i)}`);
const shapes = {
  join: ([left, right = left]) => `with base as (
    select * from {{ ref('${left}') }}
),

other as (
    select id, ${amounts.map((name) => `${name} as other_${name}`).join(', ')} from {{ ref('${right}') }}
)

select
${columns.map((name) => `    ${name.startsWith('amount') ? `base.${name} + coalesce(other.other_${name}, 0) as ${name}` : `base.${name}`}`).join(',\n')}
from base
left join other on base.parent_id = other.id
`,
  window: ([parent]) => `with ranked as (
    select
        *,
        row_number() over (partition by id order by ${columns.at(-1)} desc) as row_number_in_id
    from {{ ref('${parent}') }}
)

select
${columns.map((name) => `    ${name}`).join(',\n')}
from ranked
where row_number_in_id = 1
`,
  // Each id keeps the side it came from: the second branch takes only what the first does not have.
  union: ([first, second = first]) => `select ${columns.join(', ')} from {{ ref('${first}') }}
union all
select ${columns.join(', ')} from {{ ref('${second}') }}
where id not in (select id from {{ ref('${first}') }})
`,
  star: ([parent]) => `{{ config(tags=['passed-through']) }}
select * from {{ ref('${parent}') }}
where id is not null
`,
  aggregate: ([parent]) => `select
    id,
    max(parent_id) as parent_id,
${columns
  .slice(2)
  .map((name) => `    ${name.startsWith('amount') ? 'sum' : 'max'}(${name}) as ${name}`)
  .join(',\n')}
from {{ ref('${parent}') }}
group by id
`,
  incremental: ([parent]) => `{{ config(materialized='incremental', unique_key='id') }}
select
{%- for name in [${columns.map((name) => `'${name}'`).join(', ')}] %}
    {{ name }}{{ ',' if not loop.last }}
{%- endfor %}
from {{ ref('${parent}') }}
{% if is_incremental() %}
where id > (select coalesce(max(id), 0) from {{ this }})
{% endif %}
`,
};

const models = [];
for (let i = 0; i < modelCount; i++) models.push(makeModel(i));

write(
  'dbt_project.yml',
  `name: generated
version: '1.0'
config-version: 2
profile: generated
model-paths: [models]
seed-paths: [seeds]
models:
  generated:
    staging:
      +materialized: view
    marts:
      +materialized: table
      +tags: [nightly]
`,
);
write(
  'profiles.yml',
  `generated:
  target: dev
  outputs:
    dev:
      type: ${values.dialect}
      schema: analytics
      database: warehouse
`,
);
write(
  'macros/or_zero.sql',
  `{% macro or_zero(column) -%}
    coalesce({{ column }}, {{ var('absent_amount', 0) }})
{%- endmacro %}
`,
);
for (const [i, name] of seeds.entries()) write(`seeds/${name}.csv`, seedText(i));
for (const model of models) write(`${model.folder}/${model.name}.sql`, model.sql);
for (const folder of new Set(models.map((model) => model.folder))) write(`${folder}/_models.yml`, propertiesText(folder));
process.stderr.write(`${modelCount} models and ${seedCount} seeds of ${columnCount} columns in ${out}\n`);

function makeModel(index) {
  const layer = index < stagingCount ? 'staging' : index < modelCount * 0.75 ? 'intermediate' : 'marts';
  const prefix = { staging: 'stg', intermediate: 'int', marts: 'fct' }[layer];
  const name = `${prefix}_${pad(index)}`;
  const folder = `models/${layer}/area_${String(Math.floor(index / perFolder)).padStart(3, '0')}`;
  if (layer === 'staging') return { name, folder, sql: stagingSql(seeds[index % seedCount]) };
  const shape = ['join', 'window', 'union', 'star', 'aggregate', 'incremental'][Math.floor(random() * 6)];
  const parents = pickParents(index, shape === 'join' || shape === 'union' ? 2 : 1);
  return { name, folder, sql: shapes[shape](parents, index) };
}

/** Near models rather than far ones, so that depth grows with the project as it does in real ones. */
function pickParents(index, count) {
  const found = new Set();
  while (found.size < Math.min(count, index)) {
    const reach = random() < 0.8 ? Math.max(stagingCount, Math.ceil(index / 4)) : index;
    found.add(Math.max(0, index - 1 - Math.floor(random() * Math.min(reach, index))));
  }
  return [...found].map((at) => models[at].name);
}

function stagingSql(from) {
  return `with source as (
    select * from {{ ref('${from}') }}
),

renamed as (
    select
${columns.map((name) => `        ${name.startsWith('amount') ? `{{ or_zero('${name}') }} as ${name}` : name}`).join(',\n')}
    from source
)

select * from renamed
`;
}

function propertiesText(folder) {
  const lines = ['version: 2', '', 'models:'];
  for (const model of models.filter((one) => one.folder === folder)) {
    lines.push(`  - name: ${model.name}`, `    description: The made-up relation ${model.name}.`, '    columns:');
    for (const name of columns) {
      lines.push(`      - name: ${name}`, `        description: The ${name.replaceAll('_', ' ')} of ${model.name}.`);
      if (name === 'id') lines.push('        data_tests: [unique, not_null]');
    }
  }
  return `${lines.join('\n')}\n`;
}

function seedText(index) {
  const lines = [columns.join(',')];
  for (let row = 1; row <= rowCount; row++) lines.push(columns.map((name) => cellOf(name, row, index)).join(','));
  return `${lines.join('\n')}\n`;
}

function cellOf(name, row, index) {
  if (name === 'id') return row;
  if (name === 'parent_id') return 1 + Math.floor(random() * rowCount);
  if (name.startsWith('amount')) return random() < 0.05 ? '' : (random() * 1000).toFixed(2);
  if (name.startsWith('code')) return `c${index}_${Math.floor(random() * 20)}`;
  return new Date(Date.UTC(2024, 0, 1 + Math.floor(random() * 365))).toISOString().slice(0, 10);
}

function write(path, text) {
  const file = join(out, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function wholeNumber(name, least) {
  const number = Number(values[name]);
  if (Number.isInteger(number) && number >= least) return number;
  process.stderr.write(`--${name} wants a whole number of at least ${least}, not '${values[name]}'\n`);
  process.exit(2);
}

function pad(index) {
  return String(index).padStart(5, '0');
}

function mulberry(start) {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
