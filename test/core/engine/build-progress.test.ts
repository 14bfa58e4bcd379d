import { expect, it } from 'vitest';
import { SmallProject } from './small-project.ts';

const files = {
  'seeds/raw.csv': 'id\n1\n',
  'models/first.sql': "select id from {{ ref('raw') }}",
  'models/second.sql': "select id from {{ ref('first') }} union all select id from {{ ref('raw') }}",
  'models/beside.sql': 'select 1 as id',
};

it('a preview says which of the relations that it needs is being built', async () => {
  const project = await SmallProject.open(files, 'postgres');
  await project.show('second');
  expect(project.told).toEqual(['Loading raw · 1 of 3', 'Building first · 2 of 3', 'Building second · 3 of 3']);
});

it('relations that stand already are counted as done', async () => {
  const project = await SmallProject.open(files, 'postgres');
  await project.show('first');
  await project.show('second');
  expect(project.told.at(-1)).toBe('Building second · 3 of 3');
  await project.show('beside');
  expect(project.told.at(-1)).toBe('Building beside');
});

it('a cast to the type of a column that nobody knows keeps the value as it is', async () => {
  const project = await SmallProject.open({ 'models/m.sql': "select cast('a' as unknown) as a, cast(1 as UNKNOWN) + 1 as b" }, 'snowflake');
  expect((await project.show('m')).rows).toEqual([['a', 2]]);
});
