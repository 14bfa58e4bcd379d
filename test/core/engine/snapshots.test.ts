import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SmallProject } from './small-project.ts';

const files = {
  'headwater.yml': `batches:
  - { name: base, files: [seeds/plans.csv], at: 2024-06-01 }
  - { name: june, files: [data/june/plans.csv], at: 2024-06-10 }
  - { name: july, files: [data/july/plans.csv], at: 2024-07-01 }
`,
  'seeds/plans.csv': 'id,tier,seats,changed_at\n1,free,1,2024-05-01 08:00:00\n2,team,5,2024-05-02 08:00:00\n3,pro,9,2024-05-03 08:00:00\n',
  // The first is untouched, the second changes, the third is gone, the fourth is new.
  'data/june/plans.csv':
    'id,tier,seats,changed_at\n1,free,1,2024-05-01 08:00:00\n2,pro,5,2024-06-05 08:00:00\n4,free,2,2024-06-06 08:00:00\n',
  // The third comes back.
  'data/july/plans.csv':
    'id,tier,seats,changed_at\n1,free,2,2024-05-01 08:00:00\n2,pro,5,2024-06-05 08:00:00\n3,pro,9,2024-06-20 08:00:00\n4,free,2,2024-06-06 08:00:00\n',
};

function open(config: string, adapter = 'postgres'): Promise<SmallProject> {
  const sql = `{% snapshot plan_history %}{{ config(unique_key='id', ${config}) }}select id, tier, seats, changed_at from {{ ref('plans') }}{% endsnapshot %}`;
  return SmallProject.open({ ...files, 'snapshots/plan_history.sql': sql }, adapter);
}

/** Key, tier and the time in which a version holds, in order. */
const history = {
  sql: "select id, tier, dbt_valid_from, dbt_valid_to from {{ ref('plan_history') }} order by id, dbt_valid_from, dbt_valid_to",
};

describe('a snapshot by timestamp', () => {
  const config = "strategy='timestamp', updated_at='changed_at'";

  it('has every row as current after its first run', async () => {
    expect(await (await open(config)).lines(history)).toEqual([
      '1 free 2024-05-01 08:00:00 -',
      '2 team 2024-05-02 08:00:00 -',
      '3 pro 2024-05-03 08:00:00 -',
    ]);
  });

  it('closes what changed, adds the new, and leaves what is gone', async () => {
    expect(await (await open(config)).lines(history, { batch: 'june' })).toEqual([
      '1 free 2024-05-01 08:00:00 -',
      '2 team 2024-05-02 08:00:00 2024-06-05 08:00:00',
      '2 pro 2024-06-05 08:00:00 -',
      '3 pro 2024-05-03 08:00:00 -',
      '4 free 2024-06-06 08:00:00 -',
    ]);
  });

  it('ends what is gone at the time of the run where hard deletes invalidate', async () => {
    for (const deletes of ['invalidate_hard_deletes=true', "hard_deletes='invalidate'"]) {
      const lines = await (await open(`${config}, ${deletes}`)).lines(history, { batch: 'june' });
      expect(lines).toContain('3 pro 2024-05-03 08:00:00 2024-06-10 00:00:00');
    }
  });

  it('gathers history over every batch until the one that is looked at', async () => {
    const project = await open(`${config}, hard_deletes='invalidate'`);
    const third = (await project.lines(history, { batch: 'july' })).filter((line) => line.startsWith('3'));
    expect(third).toEqual(['3 pro 2024-05-03 08:00:00 2024-06-10 00:00:00', '3 pro 2024-06-20 08:00:00 -']);
  });

  it('writes a record of what is gone, and of its return', async () => {
    const project = await open(`${config}, hard_deletes='new_record'`);
    const records = {
      sql: "select dbt_is_deleted, dbt_valid_from, dbt_valid_to from {{ ref('plan_history') }} where id = 3 order by dbt_valid_from",
    };
    expect(await project.lines(records, { batch: 'june' })).toEqual([
      'False 2024-05-03 08:00:00 2024-06-10 00:00:00',
      'True 2024-06-10 00:00:00 -',
    ]);
    expect(await project.lines(records, { batch: 'july' })).toEqual([
      'False 2024-05-03 08:00:00 2024-06-10 00:00:00',
      'True 2024-06-10 00:00:00 2024-06-20 08:00:00',
      'False 2024-06-20 08:00:00 -',
    ]);
  });

  it("has dbt's hash of the key and the time", async () => {
    const [line] = await (await open(config)).lines({ sql: "select dbt_scd_id from {{ ref('plan_history') }} where id = 1" });
    expect(line).toBe(createHash('md5').update('1|2024-05-01 08:00:00').digest('hex'));
  });

  it('keeps its history in a full refresh', async () => {
    const project = await open(config);
    expect(await project.lines(history, { batch: 'june', build: 'full' })).toEqual(await project.lines(history, { batch: 'june' }));
  });
});

describe('a snapshot by the values of columns', () => {
  it.each([
    ["check_cols=['tier']", ['1 free 2024-06-01 00:00:00 -']],
    ["check_cols=['tier', 'seats']", ['1 free 2024-06-01 00:00:00 2024-07-01 00:00:00', '1 free 2024-07-01 00:00:00 -']],
    ["check_cols='all'", ['1 free 2024-06-01 00:00:00 2024-07-01 00:00:00', '1 free 2024-07-01 00:00:00 -']],
  ])('%s', async (columns, expected) => {
    const lines = await (await open(`strategy='check', ${columns}`)).lines(history, { batch: 'july' });
    expect(lines.filter((line) => line.startsWith('1'))).toEqual(expected);
  });

  it('takes the time of a column where it names one', async () => {
    const lines = await (await open("strategy='check', check_cols=['tier'], updated_at='changed_at'")).lines(history, { batch: 'june' });
    expect(lines.filter((line) => line.startsWith('2'))).toEqual([
      '2 team 2024-05-02 08:00:00 2024-06-05 08:00:00',
      '2 pro 2024-06-05 08:00:00 -',
    ]);
  });

  it('says that it checks a column which its query does not give', async () => {
    const [problem] = await (await open("strategy='check', check_cols=['tear']")).lines('plan_history', { batch: 'june' });
    expect(problem).toContain("The snapshot 'plan_history' checks 'tear', which its query does not give.");
  });
});

describe('the columns that a snapshot adds', () => {
  it('go by the names that the project gives them, and end in the date that it gives current rows', async () => {
    const names =
      "snapshot_meta_column_names={'dbt_valid_from': 'from_time', 'dbt_valid_to': 'to_time', 'dbt_scd_id': 'version_id', 'dbt_updated_at': 'written_at'}";
    const project = await open(
      `strategy='timestamp', updated_at='changed_at', dbt_valid_to_current="cast('9999-12-31' as timestamp)", ${names}`,
    );
    const shown = await project.show('plan_history', { batch: 'june' });
    expect(shown.columns).toEqual(['id', 'tier', 'seats', 'changed_at', 'version_id', 'written_at', 'from_time', 'to_time']);
    expect(
      await project.lines({ sql: "select tier, to_time from {{ ref('plan_history') }} where id = 2 order by 2" }, { batch: 'june' }),
    ).toEqual(['team 2024-06-05 08:00:00', 'pro 9999-12-31 00:00:00']);
  });

  it('are said to be missing their key', async () => {
    const sql =
      "{% snapshot plan_history %}{{ config(strategy='timestamp', updated_at='changed_at') }}select * from {{ ref('plans') }}{% endsnapshot %}";
    const project = await SmallProject.open({ ...files, 'snapshots/plan_history.sql': sql }, 'postgres');
    expect((await project.lines('plan_history'))[0]).toContain("The snapshot 'plan_history' has no unique_key");
  });
});
