import { beforeAll, describe, expect, it } from 'vitest';
import type { Cell } from '../../src/core/engine/engine.ts';
import { types } from '../../src/core/translate/value-type.ts';
import type { CellSearch, ResultView } from '../../src/protocol.ts';
import { readChart } from '../../src/worker/chart-data.ts';
import { ResultTable } from '../../src/worker/result-table.ts';
import { openSqlite } from '../support/open-sqlite.ts';

const columns = [
  { name: 'id', type: 'integer' },
  { name: 'name', type: 'varchar' },
  { name: 'is_paid', type: 'boolean' },
  { name: 'paid_at', type: 'timestamp' },
];
const rows: Cell[][] = [
  [1, 'Adah', true, '2024-01-05 08:30:00'],
  [2, 'Bryn', false, '2024-01-05 23:59:59.5'],
  [3, null, null, '2024-01-06 00:00:00'],
  [4, "O'Dah", true, '2024-02-01 00:00:00'],
  [5, 'adah again', false, null],
  [12, '', true, null],
];
const plain: ResultView = { sort: undefined, filters: [] };
let table: ResultTable;

beforeAll(async () => {
  const engine = await openSqlite();
  await engine.load('source', columns, rows);
  await engine.execute('create table t as with q(c0, c1, c2, c3) as (select * from source) select * from q');
  table = new ResultTable(engine, 't', columns, rows.length, [types.integer, types.string, types.boolean, types.timestamp]);
});

const idsOf = async (view: ResultView): Promise<unknown[]> => (await table.page(view, 0, 100)).rows.map((row) => row[0]);

describe('the profile of a column', () => {
  const now = '2024-01-31 00:00:00';
  const facts = { notNull: { where: 'models/schema.yml:3' } };

  it('counts the rows that pass the filters, and holds them against what is declared', async () => {
    expect(await table.profile(plain, 1, { now, facts })).toMatchObject({
      nulls: 1,
      distinct: 5,
      unique: true,
      findings: ['1 NULL, although not_null is declared in models/schema.yml:3.', '1 empty text beside 1 NULL.'],
    });
    const filters = [{ column: 2, operator: 'one of', values: ['true'] }] as const;
    expect(await table.profile({ ...plain, filters }, 3, { now, facts: undefined })).toMatchObject({
      nulls: 1,
      min: '2024-01-05 08:30:00',
      findings: ['1 moment in the future: after 2024-01-31, up to 2024-02-01 00:00:00.'],
    });
    expect((await table.profile(plain, 2, { now, facts: undefined })).top).toEqual([
      { value: true, count: 3 },
      { value: false, count: 2 },
    ]);
  });
});

describe('the points of a chart', () => {
  const group = { kind: 'groups', x: 3, step: 'month', y: 0, aggregate: 'sum', limit: 10 } as const;

  it('are counted over every row of the view, and say what they leave out', async () => {
    expect(await readChart(table, plain, group)).toEqual({
      points: [
        ['2024-01', 6, 3],
        ['2024-02', 4, 1],
      ],
      groups: 2,
      rows: 6,
      missing: 2,
    });
    const filters = [{ column: 0, operator: 'less', values: ['3'] }] as const;
    expect((await readChart(table, { ...plain, filters }, { ...group, step: 'day', aggregate: 'mean' })).points).toEqual([
      ['2024-01-05', 1.5, 2],
    ]);
    expect(await readChart(table, plain, { ...group, x: 2, step: 'value', y: undefined, limit: 2 })).toMatchObject({
      groups: 3,
      missing: 0,
    });
    const pairs = await readChart(table, plain, { kind: 'points', x: 0, y: 0, limit: 2 });
    expect(pairs).toEqual({
      points: [
        [1, 1, 1],
        [2, 2, 1],
      ],
      groups: 6,
      rows: 6,
      missing: 0,
    });
  });
});

describe('the rows of a result', () => {
  it('are sorted with nulls last, and those that are equal in their own order', async () => {
    expect(await idsOf({ ...plain, sort: { column: 2, descending: false } })).toEqual([2, 5, 1, 4, 12, 3]);
    expect(await idsOf({ ...plain, sort: { column: 2, descending: true } })).toEqual([1, 4, 12, 2, 5, 3]);
  });

  it.each([
    ['contains', 1, ['DAH'], [1, 4, 5]],
    ['contains', 1, ["o'd"], [4]],
    ['contains', 2, ['tru'], [1, 4, 12]],
    ['not contains', 1, ['dah'], [2, 3, 12]],
    ['like', 1, ['a*h'], [1]],
    ['like', 1, ['*n'], [2, 5]],
    ['like', 1, ['%'], []],
    ['unlike', 1, ['adah*'], [2, 3, 4, 12]],
    ['one of', 2, ['false'], [2, 5]],
    ['one of', 1, [''], [12]],
    ['one of', 1, ['Adah', 'Bryn'], [1, 2]],
    ['one of', 0, ['1', '12'], [1, 12]],
    ['greater', 0, ['4'], [5, 12]],
    ['at least', 0, ['4'], [4, 5, 12]],
    ['less', 0, ['2'], [1]],
    ['at most', 0, ['2'], [1, 2]],
    ['between', 0, ['2', '4'], [2, 3, 4]],
    ['none of', 1, ['Adah'], [2, 3, 4, 5, 12]],
    ['none of', 0, ['1', '2'], [3, 4, 5, 12]],
    ['null', 1, [], [3]],
    ['not null', 1, [], [1, 2, 4, 5, 12]],
    ['one of', 3, ['2024-01-05'], [1, 2]],
    ['one of', 3, ['2024-01'], [1, 2, 3]],
    ['greater', 3, ['2024-01-05'], [3, 4]],
    ['at most', 3, ['2024-01-05'], [1, 2]],
    ['between', 3, ['2024-01-05 10', '2024-02'], [2, 3, 4]],
  ] as const)('that a filter keeps: %s of column %i with %j', async (operator, column, values, ids) => {
    expect(await idsOf({ ...plain, filters: [{ column, operator, values }] })).toEqual(ids);
  });

  it('come to sums over the numbers alone, of the rows and columns that are selected', async () => {
    const view: ResultView = { ...plain, sort: { column: 0, descending: true } };
    expect(await table.totals(view, { rows: [0, 3], columns: [0, 1], header: false })).toEqual({
      filled: 6,
      numbers: 3,
      sum: 21,
      min: 4,
      max: 12,
    });
  });

  it('have their most frequent values first, whatever the column itself is filtered by', async () => {
    const view: ResultView = { ...plain, filters: [{ column: 2, operator: 'one of', values: ['false'] }] };
    expect(await table.values(view, 2)).toEqual([
      { value: true, count: 3 },
      { value: false, count: 2 },
      { value: null, count: 1 },
    ]);
  });
});

describe('a search', () => {
  const find = async (text: string, from: CellSearch['from'], change: Partial<CellSearch> = {}, view = plain): Promise<unknown> => {
    const found = await table.find(view, { text, from, inclusive: false, backwards: false, ...change });
    return found && [found.row, found.column, `${found.at}/${found.rows}`];
  };

  it('finds the next cell, and goes around the end', async () => {
    expect(await find('dah', { row: 0, column: 0 })).toEqual([0, 1, '1/3']);
    expect(await find('dah', { row: 0, column: 1 })).toEqual([3, 1, '2/3']);
    expect(await find('dah', { row: 4, column: 1 })).toEqual([0, 1, '1/3']);
  });

  it('finds the one before, and the one that it stands on while it is typed', async () => {
    expect(await find('dah', { row: 3, column: 1 }, { backwards: true })).toEqual([0, 1, '1/3']);
    expect(await find('dah', { row: 0, column: 1 }, { backwards: true })).toEqual([4, 1, '3/3']);
    expect(await find('dah', { row: 3, column: 1 }, { inclusive: true })).toEqual([3, 1, '2/3']);
  });

  it('comes back to the only one', async () => {
    expect(await find('bryn', { row: 1, column: 1 })).toEqual([1, 1, '1/1']);
  });

  it('looks at what is shown, in the order and with the filters of the view', async () => {
    expect(await find('true', { row: 0, column: 0 })).toEqual([0, 2, '1/3']);
    expect(await find('dah', { row: 0, column: 0 }, {}, { ...plain, sort: { column: 0, descending: true } })).toEqual([1, 1, '1/3']);
    expect(
      await find('dah', { row: 0, column: 0 }, {}, { ...plain, filters: [{ column: 2, operator: 'one of', values: ['false'] }] }),
    ).toEqual([1, 1, '1/1']);
    expect(await find('nobody', { row: 0, column: 0 })).toBeUndefined();
  });
});
