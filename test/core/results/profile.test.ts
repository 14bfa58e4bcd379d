import { describe, expect, it } from 'vitest';
import { columnFacts } from '../../../src/core/results/column-facts.ts';
import { profileTable } from '../../../src/core/results/profile.ts';
import type { NodeId } from '../../../src/core/text/ids.ts';
import { SmallProject } from '../engine/small-project.ts';

/** The findings of the one column of a seed. */
async function findingsOf(values: readonly string[], column = 'c', tests = ''): Promise<readonly string[]> {
  const files = {
    'seeds/t.csv': `${column},other\n${values.map((value) => `${value},1`).join('\n')}\n`,
    ...(tests === ''
      ? {}
      : { 'seeds/schema.yml': `seeds:\n  - name: t\n    columns:\n      - name: ${column}\n        tests: ${tests}\n` }),
  };
  const { session, snapshot } = await SmallProject.open(files, 'duckdb');
  const relation = await session.relation('seed.shop.t' as NodeId);
  if (relation.kind === 'failed') throw new Error(relation.problem.message);
  const facts = columnFacts(snapshot, 'seed.shop.t' as NodeId, [column]);
  const { columns } = await profileTable(session.engine, relation.table, { now: session.now, shown: [], facts });
  return columns[0]?.findings ?? [];
}

const many = (count: number, value: (i: number) => string): string[] => Array.from({ length: count }, (_, i) => value(i));

describe('a profile says what stands out', () => {
  it.each([
    ['one value alone', ['x', 'x', 'x'], "Constant: every value is 'x'."],
    ['one value and NULL', ['x', '', 'x'], "Constant: every value that is not NULL is 'x'."],
    ['nothing but NULL', ['', '', ''], 'Every value is NULL.'],
    ['a key with a slip', [...many(60, String), '59'], 'Nearly unique: 1 value appears more than once (59 2 times).'],
    ['a mix of cases', ['Paid', 'Paid', 'paid', 'open'], "Mixed case: 'Paid' (2 rows), 'paid' (1 row)."],
    ['spaces', ['" a"', 'b', 'b'], "1 value with spaces before or after, such as ' a'."],
    ['near-duplicates', ['New York', 'New-York', 'Oslo'], "Near-duplicates: 'New York' (1 row), 'New-York' (1 row)."],
    [
      'a slip of the pen',
      [...many(20, () => 'completed'), 'compelted', 'open'],
      "Near-duplicates: 'completed' (20 rows), 'compelted' (1 row).",
    ],
    ['dates to come', ['2024-01-01', '2024-06-15', '2099-12-31'], '1 date in the future: after 2024-06-15, up to 2099-12-31.'],
    ['a date for none', ['2024-01-01', '1900-01-01'], '1 row with 1900-01-01, which often stands for a missing date.'],
    [
      'an outlier',
      [...many(400, (i) => String(i % 50)), '99999'],
      '1 outlier: half of the values lie between 12 and 37, but the greatest is 99999.',
    ],
    ['a few below zero', [...many(400, (i) => String(i % 50)), '-3'], '1 value below zero, down to -3; all others are not.'],
  ])('%s', async (_, values, finding) => {
    expect(await findingsOf(values)).toContain(finding);
  });

  it('and nothing of what is usual', async () => {
    expect(await findingsOf(many(400, (i) => String(i % 50)))).toEqual([]);
    expect(await findingsOf(many(400, (i) => `word ${String.fromCharCode(97 + (i % 26))}`))).toEqual([]);
  });

  it.each([
    ['not_null', ['a', '', 'b'], '[not_null]', '1 NULL, although not_null is declared in seeds/schema.yml:4.'],
    [
      'unique',
      ['a', 'a', 'b'],
      '[unique]',
      "1 value appears more than once ('a' 2 times), although unique is declared in seeds/schema.yml:4.",
    ],
    [
      'accepted_values',
      ['a', 'z', 'b'],
      '[{accepted_values: {values: [a, b]}}]',
      "1 value outside accepted_values of seeds/schema.yml:4: 'z' (1 row).",
    ],
  ])('what breaks %s', async (_, values, tests, finding) => {
    expect(await findingsOf(values, 'c', tests)).toContain(finding);
  });

  it('what is stored as text although it is a number or a date', async () => {
    const { session } = await SmallProject.open({}, 'duckdb');
    const answer = await session.preview({
      kind: 'sql',
      sql: "select '12' as n, '2024-01-02' as d, '' as e, '007' as code union all select '3.5', '2024-02-02', ' ', '08'",
    });
    if (answer.kind === 'failed') throw new Error();
    const { columns } = await profileTable(session.engine, answer.result.table, { now: session.now, shown: [] });
    expect(columns.map(({ name, findings }) => [name, findings])).toEqual([
      ['n', ['Numbers stored as text.']],
      ['d', ['Dates stored as text.']],
      ['e', ['2 empty texts.']],
      ['code', []],
    ]);
  });

  it('accepted values of a column that this one is copied from', async () => {
    const { session, snapshot } = await SmallProject.open(
      {
        'seeds/t.csv': 'status\na\nb\n',
        'models/m.sql': "select status as state from {{ ref('t') }} union all select 'c' as state",
        'models/n.sql': "select status as state from {{ ref('t') }}",
        'seeds/schema.yml': 'seeds:\n  - name: t\n    columns:\n      - name: status\n        tests: [{accepted_values: {values: [a]}}]\n',
      },
      'duckdb',
    );
    const id = 'model.shop.n' as NodeId;
    const relation = await session.relation(id);
    if (relation.kind === 'failed') throw new Error(relation.problem.message);
    const facts = columnFacts(snapshot, id, ['state']);
    const { columns } = await profileTable(session.engine, relation.table, { now: session.now, shown: [], facts });
    expect(columns[0]?.findings).toEqual(["1 value outside accepted_values of t.status in seeds/schema.yml:4: 'b' (1 row)."]);
  });
});
