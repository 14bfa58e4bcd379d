import { describe, expect, it } from 'vitest';
import type { NodeId } from '../../../src/core/text/ids.ts';
import { SmallProject } from './small-project.ts';

const files = {
  'seeds/events_a.csv': 'id,price\n1,1.5\n',
  'seeds/events_b.csv': 'id,price\n2,2.5\n',
  'seeds/seeds.yml': 'seeds:\n  - name: events_a\n    config: { column_types: { price: "numeric(10,2)", id: bigint } }\n',
  'models/found.sql': `{% set found = run_query("select table_name from information_schema.tables where table_name like 'events_%' order by 1") %}
{% for row in found.rows if execute %}select '{{ row[0] }}' as source, id from dev.{{ row[0] }}{{ '' if loop.last else ' union all ' }}{% endfor %}`,
};

describe('information_schema', () => {
  it('lists the relations of the project to templates, which may read them by name', async () => {
    const project = await SmallProject.open(files, 'postgres');
    expect(await project.lines('found')).toEqual(['events_a 1', 'events_b 2']);
  });

  it('has the columns with their types as PostgreSQL spells them', async () => {
    const project = await SmallProject.open(files, 'postgres');
    const sql = `select column_name, data_type, numeric_precision, numeric_scale, ordinal_position
      from information_schema.columns where table_schema = 'dev' and table_name = 'events_a' order by ordinal_position`;
    expect(await project.lines({ sql })).toEqual(['id bigint - - 1', 'price numeric 10 2 2']);
  });

  it('says whether a relation is a view', async () => {
    const project = await SmallProject.open(
      { ...files, 'models/kept.sql': "{{ config(materialized='table') }}select 1 as one" },
      'postgres',
    );
    const sql = "select table_name, table_type from information_schema.tables where table_name in ('found', 'kept') order by 1";
    expect(await project.lines({ sql })).toEqual(['found VIEW', 'kept BASE TABLE']);
  });
});

describe('the columns of a relation, asked by a template', () => {
  const asked = `select '{% for column in adapter.get_columns_in_relation(ref("typed")) %}{{ column.name }} {{ column.data_type }};{% endfor %}' as types`;
  const typed = 'select cast(1 as bigint) as a, cast(1.5 as numeric) as b, cast(null as timestamp) as c, 1.5 * 2 > 1 as d';

  it.each([
    ['postgres', 'a bigint;b numeric;c timestamp without time zone;d boolean;'],
    ['bigquery', 'a INT64;b NUMERIC;c TIMESTAMP;d BOOL;'],
  ])('are of the types that %s names', async (adapter, expected) => {
    const project = await SmallProject.open({ 'models/typed.sql': typed, 'models/asked.sql': asked }, adapter);
    expect(await project.lines('asked')).toEqual([expected]);
  });
});

describe('RANDOM', () => {
  it('gives the same numbers on every run, and says so', async () => {
    const sql = "select id, random() as r from {{ ref('events_a') }} union all select id, random() from {{ ref('events_b') }}";
    const [first, second] = [await SmallProject.open(files, 'postgres'), await SmallProject.open(files, 'postgres')];
    const shown = await first.show({ sql });
    expect(shown.rows).toEqual((await second.show({ sql })).rows);
    expect(shown.rows[0]?.[1]).not.toBe(shown.rows[1]?.[1]);
    expect(shown.notes.join()).toContain('The numbers of RANDOM are the same on every run of a preview.');
  });
});

describe('a zone behind a time', () => {
  const sql =
    "select cast('2021-06-07 07:35:20 America/Los_Angeles' as timestamptz) as a, cast('2021-06-07 07:35:20+05' as timestamp) as b, cast(timestamp '2021-06-07 07:35:20' at time zone 'UTC' at time zone 'America/New_York' as timestamp) as c";

  it('is worked in where the type has one, passed over where it has none, and read from the left', async () => {
    const project = await SmallProject.open(files, 'postgres');
    expect(await project.lines({ sql })).toEqual(['2021-06-07 14:35:20 2021-06-07 07:35:20 2021-06-07 03:35:20']);
  });
});

describe('a source over the file of a seed', () => {
  it('has the types and the delimiter that the seed gives its table', async () => {
    const project = await SmallProject.open(
      {
        'seeds/orders.csv': 'id;code\n1;007\n2;8\n',
        'seeds/seeds.yml': 'seeds:\n  - name: orders\n    config: { delimiter: ";", column_types: { id: bigint, code: integer } }\n',
        'models/sources.yml': 'sources:\n  - name: shop\n    schema: dev\n    tables: [{ name: orders }]\n',
        'models/doubled.sql': "select id, code + 1 as next from {{ source('shop', 'orders') }} order by id",
      },
      'postgres',
    );
    expect(await project.lines('doubled')).toEqual(['1 8', '2 9']);
    const types = project.snapshot.columns.get('source.shop.shop.orders' as NodeId)?.map(({ name, type }) => `${name} ${type}`);
    expect(types).toEqual(['id bigint', 'code integer']);
  });
});
