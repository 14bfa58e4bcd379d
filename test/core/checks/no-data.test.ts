import { describe, expect, test } from 'vitest';
import { runBuild } from '../../../src/core/checks/build.ts';
import { formatSummary, isFine, summarize } from '../../../src/core/checks/result.ts';
import { runTests } from '../../../src/core/checks/run-tests.ts';
import { SmallProject } from '../engine/small-project.ts';

const people = { 'seeds/people.csv': 'id,amount\n1,2\n' };
const sources = 'sources: [{name: raw, tables: [{name: orders, columns: [{name: id}]}]}]\n';
const about = (name: string, columns: string) => ({ 'models/m.yml': `${sources}models: [{name: ${name}, columns: ${columns}}]\n` });

async function run(files: Readonly<Record<string, string>>, build = false) {
  const { snapshot, session } = await SmallProject.open({ ...people, ...files }, 'postgres');
  const around = { session, snapshot, clock: () => 0 };
  const ids = [...snapshot.nodes.values()].filter((node) => node.enabled).map((node) => node.id);
  return build ? runBuild(around, ids) : runTests(around, ids);
}

const said = (results: Awaited<ReturnType<typeof run>>) =>
  results.map(({ name, status, message }) => `${name} ${status}${message === '' ? '' : `: ${message}`}`);

const noOrders = "No data for the source 'raw.orders': a file raw_orders.csv among the seeds would fill it.";

describe('a test that has nothing to test says neither yes nor no', () => {
  test.each<[string, Record<string, string>, string]>([
    [
      'over a source without rows',
      { 'models/m.yml': 'sources: [{name: raw, tables: [{name: orders, columns: [{name: id, data_tests: [unique]}]}]}]' },
      `source_unique_raw_orders_id no-data: ${noOrders}`,
    ],
    [
      'over a model that reads such a source',
      { 'models/m.sql': "select id from {{ source('raw', 'orders') }}", ...about('m', '[{name: id, data_tests: [not_null]}]') },
      `not_null_m_id no-data: ${noOrders}`,
    ],
    [
      'over a column that only such a source fills',
      {
        'models/m.sql': "select p.id, o.status from {{ ref('people') }} p left join {{ source('raw', 'orders') }} o on o.id = p.id",
        ...about('m', "[{name: status, data_tests: [{accepted_values: {values: ['x']}}]}]"),
      },
      `accepted_values_m_status__x no-data: ${noOrders}`,
    ],
    [
      'over keys that such a source would hold, though it seems to fail',
      {
        'models/m.sql': "select id from {{ ref('people') }}",
        ...about('m', "[{name: id, data_tests: [{relationships: {to: \"source('raw', 'orders')\", field: id}}]}]"),
      },
      `relationships_m_id__id__source_raw_orders_ no-data: ${noOrders}`,
    ],
    [
      'in a file of its own',
      {
        'models/m.yml': sources,
        'models/m.sql': "select id from {{ source('raw', 'orders') }}",
        'tests/t.sql': "select * from {{ ref('m') }} where id < 0",
      },
      `t no-data: ${noOrders}`,
    ],
    [
      'over a model whose rows are all filtered away',
      { 'models/m.sql': "select id from {{ ref('people') }} where 1 = 0", ...about('m', '[{name: id, data_tests: [unique]}]') },
      "unique_m_id no-data: 'm' has no rows, so there is nothing to test.",
    ],
    [
      'over a seed without rows',
      { 'seeds/none.csv': 'id\n', 'seeds/s.yml': 'seeds: [{name: none, columns: [{name: id, data_tests: [unique]}]}]' },
      "unique_none_id no-data: 'none' has no rows, so there is nothing to test.",
    ],
    [
      'over rows that a hook would add',
      {
        'models/m.sql': "{{ config(post_hook='insert into {{ this }} select 2') }}select id from {{ ref('people') }}",
        ...about('m', '[{name: id, data_tests: [unique]}]'),
      },
      "unique_m_id no-data: 'm' gets rows from a post-hook of 'm', which is not run here.",
    ],
    [
      'over rows that a macro of a hook would take away, also further down',
      {
        'macros/m.sql': '{% macro purge(relation) %}delete from {{ relation }} where id = 1{% endmacro %}',
        'models/a.sql': "{{ config(post_hook='{{ purge(this) }}') }}select id from {{ ref('people') }}",
        'models/m.sql': "select id from {{ ref('a') }}",
        ...about('m', '[{name: id, data_tests: [unique]}]'),
      },
      "unique_m_id no-data: 'a' gets rows from a post-hook of 'a', which is not run here.",
    ],
    [
      'over a table that a hook makes',
      {
        'dbt_project.yml': 'name: shop\nprofile: shop\non-run-start: "create table if not exists dev.audit as select 1 as id"\n',
        'models/m.sql': 'select id from dev.audit',
        ...about('m', '[{name: id, data_tests: [unique]}]'),
      },
      "unique_m_id no-data: The table 'dev.audit' is made by the hook 'on-run-start', which is not run here.",
    ],
  ])('%s', async (_, files, expected) => expect(said(await run(files))).toEqual([expected]));

  test.each<[string, Record<string, string>, string]>([
    [
      'where it has rows',
      { 'models/m.sql': "select id from {{ ref('people') }}", ...about('m', '[{name: id, data_tests: [unique]}]') },
      'unique_m_id pass',
    ],
    [
      'where its fault is there whatever is missing',
      {
        'models/m.sql': "select p.id, null as x from {{ ref('people') }} p left join {{ source('raw', 'orders') }} o on o.id = p.id",
        ...about('m', '[{name: x, data_tests: [not_null]}]'),
      },
      `not_null_m_x fail: Got 1 failure. There is no data for the source 'raw.orders', so it is an empty table: add raw_orders.csv to the seeds to fill it.`,
    ],
    [
      'where a hook writes elsewhere',
      {
        'models/m.sql': "{{ config(post_hook=\"insert into dev.log values ('{{ this }}')\") }}select id from {{ ref('people') }}",
        ...about('m', '[{name: id, data_tests: [unique]}]'),
      },
      'unique_m_id pass',
    ],
    [
      'where a hook grants or empties before the model is made',
      {
        'models/m.sql':
          "{{ config(pre_hook='delete from {{ this }}', post_hook='grant select on {{ this }} to x') }}select id from {{ ref('people') }}",
        ...about('m', '[{name: id, data_tests: [unique]}]'),
      },
      'unique_m_id pass',
    ],
    [
      'where a model builds what the source names',
      {
        'models/orders.sql': "{{ config(schema='raw') }}select id from {{ ref('people') }}",
        'macros/s.sql': '{% macro generate_schema_name(custom, node) %}{{ custom or target.schema }}{% endmacro %}',
        'models/m.sql': "select id from {{ source('raw', 'orders') }}",
        ...about('m', '[{name: id, data_tests: [unique]}]'),
      },
      'unique_m_id pass',
    ],
  ])('but does %s', async (_, files, expected) => expect(said(await run(files))).toEqual([expected]));
});

describe('a run over nothing', () => {
  const nothing = { 'models/m.sql': "select id from {{ source('raw', 'orders') }}", ...about('m', '[{name: id, data_tests: [unique]}]') };
  const something = { 'seeds/s.yml': 'seeds: [{name: people, columns: [{name: id, data_tests: [unique]}]}]' };

  test('is counted apart and is not fine', async () => {
    const results = await run(nothing);
    expect(summarize(results)).toEqual({ total: 1, pass: 0, fail: 0, warn: 0, error: 0, skip: 0, 'no-data': 1 });
    expect(formatSummary(summarize(results))).toBe('0 passed, 1 without data');
    expect(isFine(results)).toBe(false);
  });

  test('is fine beside tests that could be run', async () => expect(isFine(await run({ ...nothing, ...something }))).toBe(true));

  test('is the same in a build, which goes on', async () => {
    const results = await run({ ...nothing, 'models/late.sql': "select id from {{ ref('m') }}" }, true);
    expect(results.map(({ name, status }) => `${name} ${status}`)).toEqual(['people pass', 'm pass', 'unique_m_id no-data', 'late pass']);
  });

  test('in a build below a table that a hook makes is without data, not broken', async () => {
    const hook = 'name: shop\nprofile: shop\non-run-start: "create table dev.audit as select 1 as id"\n';
    const results = await run(
      { 'dbt_project.yml': hook, 'models/m.sql': 'select id from dev.audit', ...about('m', '[{name: id, data_tests: [unique]}]') },
      true,
    );
    expect(results.map(({ name, status }) => `${name} ${status}`)).toEqual(['m no-data', 'unique_m_id no-data', 'people pass']);
  });
});
