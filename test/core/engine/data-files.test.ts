import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, describe, expect, it } from 'vitest';
import { SmallProject } from './small-project.ts';

const path = join(tmpdir(), `headwater-${process.pid}.parquet`);
let parquet: Uint8Array;

beforeAll(async () => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const rows = `select i::int as id, (i * 1.5)::decimal(9,2) as price, date '2024-01-01' + i::int as day from range(1, 4) r(i)`;
  await connection.run(`copy (${rows}) to '${path}' (format parquet)`);
  parquet = Uint8Array.from(readFileSync(path));
  rmSync(path);
  connection.closeSync();
});

const csv = 'id,name\n1,Ann\n2,Bob\n';

async function show(files: Readonly<Record<string, string | Uint8Array>>, sql: string) {
  const project = await SmallProject.open({ 'headwater.yml': 'dialect: duckdb\n', 'made.sql': sql, ...files }, 'duckdb', true);
  const { rows, problems, notes } = await project.show('made');
  const [model] = [...project.snapshot.nodes.values()].filter(({ name }) => name === 'made');
  const types = project.snapshot.columns.get(model?.id ?? ('' as never))?.map(({ name, type }) => `${name} ${type}`);
  return { rows, problems, notes, types, said: project.snapshot.problems.map(({ path: at, message }) => `${at}: ${message}`) };
}

describe('a plain project reads', () => {
  it.each([
    [
      'a Parquet file by its name',
      'select id, price::double, day from prices where id < 3',
      [
        [1, 1.5, '2024-01-02'],
        [2, 3, '2024-01-03'],
      ],
    ],
    ['a Parquet file by its path', "select id from 'data/prices.parquet' where price > 4", [[3]]],
    ['a Parquet file by a function', "select p.id from read_parquet('./data/prices.parquet') as p where p.price > 4", [[3]]],
    ['JSON lines', 'select tags from events where id = 2', [['["b"]']]],
    ['a list of JSON objects', 'select note from remarks', [['x']]],
    ['packed CSV', 'select name from people order by id', [['Ann'], ['Bob']]],
    ['packed CSV by its path', "select name from read_csv('data/people.csv.gz', header = true) where id = 1", [['Ann']]],
  ])('%s', async (_, sql, rows) => {
    const files = {
      'data/prices.parquet': parquet,
      'data/events.jsonl': '{"id":1,"tags":["a"]}\n{"id":2,"tags":["b"]}\n',
      'data/remarks.json': '[{"note":"x"}]',
      'data/people.csv.gz': Uint8Array.from(gzipSync(csv)),
    };
    const shown = await show(files, sql);
    expect(shown).toMatchObject({ rows, problems: [] });
  });

  it('the types of a Parquet file from its footer', async () => {
    expect((await show({ 'prices.parquet': parquet }, 'select * from prices')).types).toEqual([
      'id integer',
      'price decimal(9,2)',
      'day date',
    ]);
  });

  it('what is damaged as a problem at the file, and shows why where its rows are asked for', async () => {
    const shown = await show({ 'prices.parquet': parquet.subarray(0, 100), 'people.csv.gz': Uint8Array.of(1, 2) }, 'select * from prices');
    expect(shown.said).toEqual(
      expect.arrayContaining([
        'prices.parquet: This file cannot be read: it does not begin and end as a Parquet file does.',
        expect.stringMatching(/^people\.csv\.gz: This file cannot be read: \S/),
      ]),
    );
    expect(shown.problems.join()).toContain(
      "'prices' cannot be loaded from prices.parquet: it does not begin and end as a Parquet file does",
    );
  });
});

it('a source of a dbt project has its rows in a Parquet file that external_location names', async () => {
  const project = await SmallProject.open(
    {
      'data/prices.parquet': parquet,
      'models/made.sql': "select sum(price) as total from {{ source('lake', 'prices') }}",
      'models/sources.yml': `
sources:
  - name: lake
    meta: { external_location: "read_parquet('data/{name}.parquet')" }
    tables: [{ name: prices }]
`,
    },
    'duckdb',
  );
  expect(await project.show('made')).toMatchObject({ rows: [[9]], problems: [] });
});
