import { describe, expect, test } from 'vitest';
import { traceScript } from '../../../src/core/lineage/script.ts';
import type { Dialect } from '../../../src/core/sql/dialect.ts';
import { SmallProject } from '../engine/small-project.ts';

const read = (sql: string, dialect: Dialect): string[] => {
  const [statement] = traceScript(`select ${sql} as x from t`, dialect, {
    t: { d: 'date', n: 'int', ts: 'timestamp', m: 'int' },
  }).statements;
  return (statement?.columns[0]?.from ?? []).map(({ column, confidence }) => `${column} ${confidence}`).sort();
};

describe('the unit of an interval is no column, whatever expression stands before it', () => {
  test.each<[Dialect, string, string[]]>([
    ['bigquery', 'date_add(d, interval n * 7 day)', ['d exact', 'n exact']],
    ['bigquery', 'date_add(d, interval n + 1 year)', ['d exact', 'n exact']],
    ['bigquery', 'date_sub(d, interval n * m + 1 month)', ['d exact', 'm exact', 'n exact']],
    ['bigquery', 'date_add(d, interval (n * 7) day)', ['d exact', 'n exact']],
    ['bigquery', 'date_add(d, interval -n week)', ['d exact', 'n exact']],
    ['bigquery', 'date_add(d, interval -n * 7 day)', ['d exact', 'n exact']],
    ['bigquery', 'timestamp_sub(ts, interval cast(n as int64) * 60 second)', ['n exact', 'ts exact']],
    ['bigquery', 'd + interval coalesce(n, 1) / 2 quarter', ['d exact', 'n exact']],
    ['bigquery', 'interval t.n % 2 hour', ['n exact']],
    ['mysql', 'date_add(d, interval n * 7 day)', ['d exact', 'n exact']],
    ['mysql', 'd - interval n - 1 hour', ['d exact', 'n exact']],
    ['clickhouse', 'd + interval n * 7 day', ['d exact', 'n exact']],
    ['duckdb', 'd - interval (n * 7) day', ['d exact', 'n exact']],
    ['databricks', "d + interval '1' day * n", ['d exact', 'n exact']],
    ['postgres', "d + n * interval '7 day'", ['d exact', 'n exact']],
    ['trino', "d + interval '1' day * n", ['d exact', 'n exact']],
    ['tsql', 'date_bucket(week, 2, d)', ['d exact']],
    ['snowflake', 'dateadd(day, n * 7, d)', ['d exact', 'n exact']],
  ])('%s: %s', (dialect, sql, expected) => expect(read(sql, dialect)).toEqual(expected));

  test('a column of that name is one all the same', () => {
    expect(read('n * interval', 'postgres').length).toBe(2);
    const [statement] = traceScript('select day, interval from t', 'bigquery', { t: { day: 'date', interval: 'int' } }).statements;
    expect(statement?.columns.map(({ from }) => from[0]?.column)).toEqual(['day', 'interval']);
  });
});

test('words in a piece that nobody can read are no certain columns', () => {
  expect(read('coalesce(d, ts ts ts)', 'bigquery')).toEqual(['d exact', 'ts opaque']);
});

test('an interval of an expression is computed', async () => {
  const project = await SmallProject.open(
    {
      'seeds/t.csv': 'd,n\n2024-01-01,2\n',
      'models/m.sql': "select date_add(d, interval n * 7 day) as a, date_add(d, interval n + 1 year) as b from {{ ref('t') }}",
    },
    'bigquery',
  );
  expect((await project.show('m')).rows).toEqual([['2024-01-15', '2027-01-01']]);
});
