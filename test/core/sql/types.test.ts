import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../../src/core/sql/dialect.ts';
import { findModelQuery, parseSql } from '../../../src/core/sql/parse.ts';
import { resolve } from '../../../src/core/sql/resolve.ts';
import { parseType, showType } from '../../../src/core/sql/types.ts';

const columns = [
  ['i', 'bigint', false],
  ['n', 'numeric(10,2)', true],
  ['s', 'varchar', true],
  ['d', 'date', true],
  ['x', 'array<int>', true],
  ['r', 'struct<a int, b string>', true],
] as const;

/** The type of an expression over a table of columns `i n s d x r`; `not null` where it cannot be NULL. */
function typeOf(expression: string, dialect: Dialect): string {
  const sql = `select ${expression} as e from t`;
  const query = findModelQuery(parseSql(sql, dialect));
  if (query === undefined) throw new Error('no query');
  const catalog = {
    find: () => ({
      columns: columns.map(([name, type, nullable]) => ({ name, type: parseType(type, dialect), nullable })),
      isComplete: true,
    }),
  };
  const [column] = resolve(query, catalog, dialect, sql).columns;
  if (column === undefined) throw new Error('no column');
  return `${showType(column.type, dialect)}${column.nullable === false ? ' not null' : ''}`;
}

describe('types', () => {
  const cases: readonly (readonly [expression: string, type: string, dialect?: Dialect])[] = [
    ['i', 'bigint not null'],
    ['i + 1', 'bigint not null'],
    ['i + n', 'numeric'],
    ['cast(s as integer)', 'integer'],
    ["coalesce(s, '-')", 'varchar not null'],
    ['case when i = 1 then n end', 'numeric(10,2)'],
    ['count(s)', 'int64 not null', 'bigquery'],
    ['extract(date from d)', 'date', 'bigquery'],
    ['extract(year from d)', 'int64', 'bigquery'],
    ['sum(n)', 'numeric', 'postgres'],
    ['avg(i)', 'numeric', 'postgres'],
    ['upper(s)', 'text', 'postgres'],
    ["date_trunc('month', d)", 'date', 'snowflake'],
    ['current_timestamp', 'timestamptz not null', 'postgres'],
    ['i = 1', 'boolean not null'],
    ['row_number() over (order by i)', 'int64 not null', 'bigquery'],
    ['lag(n) over (order by i)', 'numeric(10,2)'],
    ['r.a', 'int', 'bigquery'],
    ['x[0]', 'int', 'spark'],
    ['mystery(i)', 'unknown'],
    ["s || 'x'", 'varchar'],
    ['(select max(i) from t)', 'bigint'],
    ['exists (select 1 from t)', 'boolean not null'],
    ['nullif(i, 0)', 'bigint'],
    ['try_cast(i as int)', 'int', 'snowflake'],
  ];
  for (const [expression, type, dialect = 'generic'] of cases)
    it(`${expression} (${dialect})`, () => expect(typeOf(expression, dialect)).toBe(type));

  it('read nested types of every spelling', () => {
    expect(parseType('STRUCT<a INT64, b ARRAY<STRING>>', 'bigquery').fields?.map(({ name, type }) => `${name} ${type.kind}`)).toEqual([
      'a integer',
      'b array',
    ]);
    expect(parseType('row(a bigint, b varchar(3))', 'trino').fields?.map(({ name, type }) => `${name} ${type.kind}`)).toEqual([
      'a integer',
      'b string',
    ]);
    expect(parseType('int[]', 'postgres').element?.kind).toBe('integer');
    expect(parseType('number(38,0)', 'snowflake').kind).toBe('integer');
    expect(parseType('number(10,2)', 'snowflake').kind).toBe('decimal');
    expect(parseType('timestamp with time zone', 'postgres').kind).toBe('timestamp');
    expect(parseType('nullable(int64)', 'clickhouse').kind).toBe('integer');
  });
});
