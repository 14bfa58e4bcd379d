import { describe, expect, it } from 'vitest';
import { SmallProject } from './small-project.ts';

/** A model over two rows; `[[` and `]]` stand around what the problem is to point at. */
async function check(marked: string, message: string): Promise<void> {
  const start = marked.indexOf('[[');
  const text = marked.replace('[[', '').replace(']]', '');
  const project = await SmallProject.open({ 'seeds/raw.csv': 'id,word\n1,a\n0,b\n', 'models/m.sql': text }, 'postgres');
  const before = text.slice(0, start).split('\n');
  const at = `models/m.sql:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
  const [shown = ''] = (await project.show('m')).problems;
  expect(shown).toBe(`${at} ${message}`);
}

const zero = 'The query failed: division by zero.';

describe('a failure of the engine is shown where it was written', () => {
  it.each([
    ['an item', "select id,\n  [[10 / id]] as share\nfrom {{ ref('raw') }}", zero],
    [
      'a CTE',
      "with a as (select id from {{ ref('raw') }}),\nb as (select id, [[1 / id]] as x from a)\nselect count(*) from b where x > 0",
      zero,
    ],
    ['a condition', "select word from {{ ref('raw') }}\nwhere word <> '' and [[1 / id = 1]]", zero],
    ['a side of a union', "select 1 as n union all\nselect [[1 / id]] from {{ ref('raw') }}", zero],
    ['a query in FROM', "select * from (select [[1 / id]] as n from {{ ref('raw') }}) as x", zero],
    ['a macro', "{% set x = 'id' %}select word, [[1 / {{ x }}]] as n from {{ ref('raw') }}", zero],
    [
      'what is refused',
      "select word, [[st_distance(word, word)]] as n\nfrom {{ ref('raw') }}",
      'ST_DISTANCE is not available in a preview: geography is not computed here.',
    ],
  ])('%s', async (_, marked, message) => check(marked, message));

  it('in SQL that is typed in', async () => {
    const project = await SmallProject.open({ 'seeds/raw.csv': 'id\n0\n' }, 'postgres');
    expect((await project.show({ sql: "select 1 as one,\n  1 / id as n from {{ ref('raw') }}" })).problems).toEqual([`:2:3 ${zero}`]);
  });
});

describe('the rows of each CTE', () => {
  it('say which could not be counted, and why', async () => {
    const sql = "with a as (select * from {{ ref('raw') }}), b as (select 1 / id as x from a), c as (select 1 as one) select * from c";
    const project = await SmallProject.open({ 'seeds/raw.csv': 'id\n0\n1\n', 'models/m.sql': sql }, 'postgres');
    const node = [...project.snapshot.nodes.values()].find(({ name }) => name === 'm');
    const steps = await project.session.funnel(node!.id);
    expect(steps.map((step) => ('rows' in step ? `${step.cte} ${step.rows}` : `${step.cte} ${step.problem.message}`))).toEqual([
      'a 2',
      `b ${zero}`,
      'c 1',
    ]);
  });
});
