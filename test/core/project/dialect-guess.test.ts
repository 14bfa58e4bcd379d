import { describe, expect, test } from 'vitest';
import { Analyzer } from '../../../src/core/analyze.ts';
import { templateEngine } from '../../../src/core/dbt/template-engine.ts';
import { Sources } from '../../../src/core/project/sources.ts';
import { testSettings } from '../../support/project.ts';
import { SmallProject } from '../engine/small-project.ts';

const read = (files: Readonly<Record<string, string>>) => new Analyzer(templateEngine).analyze(Sources.of(files), testSettings);
const project = { 'dbt_project.yml': 'name: shop\nprofile: shop\n' };
const bigquery = { 'models/m.sql': 'select date_trunc(d, week) as w, safe_cast(x as int64) as y from t' };
const guesses = (files: Readonly<Record<string, string>>) => read(files).problems.filter(({ code }) => code === 'dialect-guessed');

describe('a dialect that nothing names is told as a guess', () => {
  test('with what it rests on and the way to set it', () => {
    const [problem, ...others] = guesses({ ...project, ...bigquery });
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ severity: 'info', path: 'dbt_project.yml' });
    expect(problem?.message).toMatch(/taken for bigquery.*SAFE_ functions \(1×\).*headwater\.yml.*profiles\.yml/);
  });

  test.each<[string, Record<string, string>]>([
    ['a profile in the project', { 'profiles.yml': 'shop: {target: dev, outputs: {dev: {type: snowflake, schema: s, database: d}}}' }],
    ['headwater.yml', { 'headwater.yml': 'dialect: snowflake\n' }],
  ])('not where %s names it', (_, more) => expect(guesses({ ...project, ...bigquery, ...more })).toEqual([]));

  test('in a folder of SQL', () => {
    expect(guesses({ 'q.sql': "select strftime('%Y', a) from t" })[0]?.message).toContain('taken for sqlite');
    expect(guesses({ 'a.csv': 'id\n1\n' })).toEqual([]);
  });

  test('in the results of a preview', async () => {
    const note = expect.stringContaining('Computed as bigquery would: No profile names an adapter.');
    const small = await SmallProject.open(
      { ...bigquery, 'models/m.sql': 'select safe_cast(1 as int64) as y', 'profiles.yml': '' },
      'postgres',
    );
    expect((await small.show('m')).notes).toEqual([note]);
  });
});

describe('what speaks for a dialect', () => {
  const models = { 'models/m.sql': 'select 1 as a' };
  test.each<[string, string, Record<string, string>]>([
    ['a profile called after it', 'snowflake', { 'dbt_project.yml': 'name: shop\nprofile: my_snowflake\n' }],
    ['an example of a profile', 'redshift', { 'profiles.example.yml': 'shop:\n  outputs:\n    dev:\n      type: redshift\n' }],
    ['settings of dbt_project.yml', 'bigquery', { 'dbt_project.yml': 'name: shop\nmodels:\n  +require_partition_filter: true\n' }],
    ['nothing: PostgreSQL is assumed', 'postgres', {}],
    [
      'not the macros for other adapters',
      'postgres',
      { 'macros/m.sql': '{% macro bigquery__x() %}safe_cast(a as int64), safe_cast(b as int64){% endmacro %}' },
    ],
    ['not the macros of packages', 'postgres', { 'dbt_packages/p/macros/m.sql': 'safe_cast(a as int64) safe_divide(1, 2)' }],
  ])('%s', (_, adapter, files) => expect(read({ ...project, ...models, ...files }).project).toMatchObject({ adapter, isGuessed: true }));
});

test.each<[string, string]>([
  ['postgres', '"database"."public"."m"'],
  ['bigquery', '`database`.`public`.`m`'],
])('a database that nobody names has a name on %s, so that no text says None', (dialect, name) => {
  const files = { 'headwater.yml': `dialect: ${dialect}\n`, 'models/m.sql': '{{ target.database }} {{ this }}' };
  expect(
    read({ ...project, ...files })
      .texts.values()
      .next().value?.rendering.sql,
  ).toBe(`database ${name}`);
});
