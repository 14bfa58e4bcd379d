import { describe, expect, test } from 'vitest';
import { sniffCsv } from '../../../src/core/project/csv-columns.ts';

describe('the type of a column', () => {
  test.each([
    ['integers', ['1', '-20', '+3', '0'], 'integer'],
    ['integers beyond 32 bits', ['1', '2147483648'], 'bigint'],
    ['integers beyond 64 bits', ['1', '9223372036854775808'], 'decimal'],
    ['decimals', ['1.5', '2', '.25'], 'decimal'],
    ['exponents', ['1e5', '2.5'], 'double'],
    ['booleans in any case', ['true', 'FALSE', 'True'], 'boolean'],
    ['zero and one are numbers', ['0', '1'], 'integer'],
    ['booleans and numbers', ['true', '1'], 'text'],
    ['dates', ['2024-01-31', '1999-12-01'], 'date'],
    ['a month that does not exist', ['2024-13-01'], 'text'],
    ['a day that its month does not have', ['2024-02-29', '2023-02-29'], 'text'],
    ['the last days of months', ['2024-02-29 10:00:00', '2023-12-31', '2000-02-29'], 'timestamp'],
    ['dates as people write them', ['31.01.2024'], 'text'],
    ['timestamps', ['2024-01-31 10:11:12', '2024-01-31T10:11:12.123Z', '2024-01-31 10:11:12+02'], 'timestamp'],
    ['dates among timestamps', ['2024-01-31', '2024-01-31 10:11:12'], 'timestamp'],
    ['codes with leading zeros', ['00123', '45678'], 'text'],
    ['one zero is no leading zero', ['0', '0.5', '-0.25'], 'decimal'],
    ['words', ['a', '1'], 'text'],
    ['nothing', ['', ''], 'text'],
    ['numbers with gaps', ['1', '', 'null', '2'], 'integer'],
    ['years are numbers', ['2024', '1999'], 'integer'],
    ['group separators are text', ['"1,000"', '5'], 'text'],
  ])('%s', (_, values, type) => {
    const shape = sniffCsv(`value,rest\n${values.map((value) => `${value},x\n`).join('')}`);
    expect(shape.columns[0]?.type).toBe(type);
  });
});

test('nulls are counted, empty columns and leading zeros are told', () => {
  expect(sniffCsv('zip,none,n\n01234,,1\n56789,,\n').columns).toEqual([
    { name: 'zip', type: 'text', nulls: 0, leadingZeros: true, empty: false },
    { name: 'none', type: 'text', nulls: 2, leadingZeros: false, empty: true },
    { name: 'n', type: 'integer', nulls: 1, leadingZeros: false, empty: false },
  ]);
});

test('a file of which only the first rows were looked at says so', () => {
  const shape = sniffCsv(`a\n${'1\n'.repeat(10)}x\n`, { maxRows: 10, path: 'big.csv' });
  expect(shape).toMatchObject({ complete: false, rowsSeen: 10, columns: [{ type: 'integer' }] });
  expect(shape.problems.map((problem) => problem.message)).toEqual(['Types and counts are those of the first 10 rows.']);
});

test('a file of exactly that many rows is complete', () => {
  expect(sniffCsv(`a\n${'1\n'.repeat(10)}`, { maxRows: 10 })).toMatchObject({ complete: true, problems: [] });
});
