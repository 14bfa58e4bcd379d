import { describe, expect, it } from 'vitest';
import { SmallProject } from './small-project.ts';

const batches = `batches:
  - { name: base, files: [data/raw_orders.csv], at: 2024-06-01 }
  - { name: june, files: [data/june/raw_orders.csv], apply: upsert, at: 2024-06-10 }
`;

const files = {
  'headwater.yml': batches,
  'models/sources.yml': `sources:
  - name: raw
    tables:
      - name: orders
        columns:
          - { name: id, data_tests: [unique, not_null] }
`,
  'data/raw_orders.csv': 'id,day,amount,note\n1,2024-05-01,10,a\n2,2024-05-02,20,b\n3,2024-05-02,30,c\n',
  'data/june/raw_orders.csv': 'id,day,amount,note\n3,2024-06-03,33,cc\n4,2024-06-04,40,d\n',
};

const select = "select id, day, amount, note from {{ source('raw', 'orders') }}";
const since = '{% if is_incremental() %} where day > (select max(day) from {{ this }}) {% endif %}';

function open(config: string, sql = `${select} ${since}`, adapter = 'postgres'): Promise<SmallProject> {
  return SmallProject.open({ ...files, 'models/orders.sql': `{{ config(materialized='incremental'${config}) }}\n${sql}` }, adapter);
}

const first = ['1 2024-05-01 10 a', '2 2024-05-02 20 b', '3 2024-05-02 30 c'];

describe('an incremental model', () => {
  it('is built in full over the first batch', async () => {
    const project = await open(", unique_key='id'");
    expect(await project.lines('orders')).toEqual(first);
  });

  it('replaces rows of the same key by delete+insert, which PostgreSQL does where there is a key', async () => {
    const project = await open(", unique_key='id'");
    expect(await project.lines('orders', { batch: 'june' })).toEqual([...first.slice(0, 2), '3 2024-06-03 33 cc', '4 2024-06-04 40 d']);
    expect((await project.show('orders', { batch: 'june' })).notes.at(-1)).toBe(
      "'orders' is incremental: this run gave 2 rows on top of 3 (delete+insert: 1 deleted, 2 inserted by id).",
    );
  });

  it('adds rows where there is no key', async () => {
    const project = await open('');
    expect(await project.lines('orders', { batch: 'june' })).toEqual([...first, '3 2024-06-03 33 cc', '4 2024-06-04 40 d']);
  });

  it('is built anew by a full refresh, unless it says otherwise', async () => {
    const anew = ['1 2024-05-01 10 a', '2 2024-05-02 20 b', '3 2024-06-03 33 cc', '4 2024-06-04 40 d'];
    expect(await (await open('')).lines('orders', { batch: 'june', build: 'full' })).toEqual(anew);
    expect((await (await open(', full_refresh=false')).lines('orders', { batch: 'june', build: 'full' })).length).toBe(5);
    expect(await (await open(', full_refresh=true')).lines('orders', { batch: 'june' })).toEqual(anew);
  });

  it('takes one more increment over the same data when asked to', async () => {
    const project = await open('', select);
    expect((await project.lines('orders', { build: 'increment' })).length).toBe(6);
  });

  it('goes back to the first batch, and forth again', async () => {
    const project = await open(", unique_key='id'");
    const june = await project.lines('orders', { batch: 'all' });
    expect(await project.lines('orders', { batch: 'base' })).toEqual(first);
    expect(await project.lines('orders', { batch: 'JUNE' })).toEqual(june);
  });

  it('merges only the columns that it is told to', async () => {
    const project = await open(
      ", unique_key='id', incremental_strategy='merge', merge_update_columns=['amount']",
      `${select} ${since}`,
      'snowflake',
    );
    expect(await project.lines('orders', { batch: 'june' })).toEqual([...first.slice(0, 2), '3 2024-05-02 33 c', '4 2024-06-04 40 d']);
  });

  it('merges all but the columns that it is told to leave', async () => {
    const project = await open(", unique_key='id', merge_exclude_columns=['note']", `${select} ${since}`, 'bigquery');
    expect(await project.lines('orders', { batch: 'june' })).toEqual([...first.slice(0, 2), '3 2024-06-03 33 c', '4 2024-06-04 40 d']);
  });

  it('meets rows only where the predicates of a merge hold', async () => {
    const predicate = 'incremental_predicates=["DBT_INTERNAL_DEST.day >= \'2024-05-15\'"]';
    const project = await open(`, unique_key='id', incremental_strategy='merge', ${predicate}`);
    expect(await project.lines('orders', { batch: 'june' })).toEqual([...first, '3 2024-06-03 33 cc', '4 2024-06-04 40 d']);
  });

  it('fails where a merge would touch a row twice, as every warehouse does', async () => {
    const project = await open(", unique_key='day', incremental_strategy='merge'", select);
    const [problem] = await project.lines('orders', { build: 'increment' });
    expect(problem).toContain('The run has several rows for the same day in 2 cases: a MERGE fails on that in the warehouse too.');
  });

  it('overwrites the partitions that the run has rows for', async () => {
    const spark = await open(
      ", incremental_strategy='insert_overwrite', partition_by='day'",
      `${select} {% if is_incremental() %} where id = 2 {% endif %}`,
      'spark',
    );
    expect(await spark.lines('orders', { build: 'increment' })).toEqual(['1 2024-05-01 10 a', '2 2024-05-02 20 b']);
    const month = ", incremental_strategy='insert_overwrite', partition_by={'field': 'day', 'data_type': 'date', 'granularity': 'month'}";
    const bigquery = await open(month, `${select} {% if is_incremental() %} where id = 2 {% endif %}`, 'bigquery');
    expect(await bigquery.lines('orders', { build: 'increment' })).toEqual(['2 2024-05-02 20 b']);
  });

  it('refuses a strategy of the project by its name', async () => {
    const project = await open(", incremental_strategy='insert_only'");
    expect((await project.show('orders')).problems).toEqual([]);
    expect((await project.lines('orders', { batch: 'june' }))[0]).toContain("asks for the incremental strategy 'insert_only'");
  });
});

describe('a change of columns', () => {
  const changing =
    'select id, day {% if is_incremental() %}, amount * 2 as twice{% else %}, amount{% endif %} from {{ source("raw", "orders") }} where id = 1';

  it.each([
    ['append_new_columns', ['id', 'day', 'amount', 'twice'], ['1 2024-05-01 10 -', '1 2024-05-01 - 20']],
    ['sync_all_columns', ['id', 'day', 'twice'], ['1 2024-05-01 -', '1 2024-05-01 20']],
  ])('%s', async (choice, columns, rows) => {
    const project = await open(`, on_schema_change='${choice}'`, changing);
    expect((await project.show('orders', { build: 'increment' })).columns).toEqual(columns);
    expect(await project.lines('orders', { build: 'increment' })).toEqual(rows);
  });

  it.each([
    ['fail', "have changed (new: 'twice'; gone: 'amount'), and on_schema_change is 'fail'"],
    ['ignore', "The run does not give 'amount', which the table has"],
  ])('%s stops the run', async (choice, message) => {
    const project = await open(`, on_schema_change='${choice}'`, changing);
    expect((await project.lines('orders', { build: 'increment' }))[0]).toContain(message);
  });
});

describe('microbatches', () => {
  const config = ", incremental_strategy='microbatch', event_time='day', batch_size='day', begin='2024-05-01', lookback=2";
  const timed = files['models/sources.yml'].replace('- name: orders\n', '- name: orders\n        config: { event_time: day }\n');

  async function openMicro(sql: string, secondRun = '2024-06-10'): Promise<SmallProject> {
    return SmallProject.open(
      {
        ...files,
        'headwater.yml': batches.replace('2024-06-10', secondRun),
        'models/sources.yml': timed,
        'models/orders.sql': `{{ config(materialized='incremental'${config}) }}\n${sql}`,
      },
      'snowflake',
    );
  }

  it('run once for each batch of time, so that a sum is a sum of its batch', async () => {
    const project = await openMicro("select max(day) as day, sum(amount) as amount from {{ source('raw', 'orders') }}");
    expect(await project.lines('orders')).toEqual(['2024-05-01 10', '2024-05-02 50']);
  });

  it('replace the newest batches of time only', async () => {
    const project = await openMicro("select id, day, amount from {{ source('raw', 'orders') }}");
    const june = await project.show('orders', { batch: 'june' });
    // The run at the start of 10 June covers 7 to 9 June, so what happened on the third and fourth stays out.
    expect(june.rows.length).toBe(3);
    expect(june.notes.join(' ')).toContain('0 of them, from 2024-06-07 to before 2024-06-10, have rows');
    const sooner = await openMicro("select id, day, amount from {{ source('raw', 'orders') }}", '2024-06-05 06:00:00');
    expect(await sooner.lines('orders', { batch: 'june' })).toEqual([
      '1 2024-05-01 10',
      '2 2024-05-02 20',
      '3 2024-05-02 30',
      '3 2024-06-03 33',
      '4 2024-06-04 40',
    ]);
  });
});

describe('a batch', () => {
  const changes = {
    ...files,
    'models/orders.sql': select,
    'a/raw_orders.csv': 'id,day,amount,note\n1,2024-06-01,11,x\n',
    'headwater.yml': batches.replace('data/june/raw_orders.csv', 'a/raw_orders.csv'),
  };

  it('never stands for the base, whatever its file is called', async () => {
    const project = await SmallProject.open(changes, 'postgres');
    expect(await project.lines('orders')).toEqual(first);
  });

  it.each([
    ['replace', ['1 2024-06-01 11 x']],
    ['append', [...first, '1 2024-06-01 11 x']],
    ['upsert', [...first.slice(1), '1 2024-06-01 11 x']],
  ])('that is to %s does so', async (apply, rows) => {
    const project = await SmallProject.open({ ...changes, 'headwater.yml': changes['headwater.yml'].replace('upsert', apply) }, 'postgres');
    expect(await project.lines('orders', { batch: 'june' })).toEqual(rows);
  });

  it('that has a file which is not there is said', async () => {
    const project = await SmallProject.open(
      { ...changes, 'headwater.yml': 'batches: [{ name: b, files: [gone.csv], at: soon }]' },
      'postgres',
    );
    expect(project.snapshot.problems.map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        "The batch's file 'gone.csv' does not exist.",
        "'soon' is not a valid batch time: write it as 2026-06-01 or 2026-06-01 08:00:00.",
      ]),
    );
  });
});
