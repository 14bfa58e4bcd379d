import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Runner, sqlRunner, type Tables } from './run.ts';

const { tables } = JSON.parse(readFileSync('test/acceptance/sql/expressions.json', 'utf8')) as { readonly tables: Tables };
const cases = JSON.parse(readFileSync('test/core/translate/statements.json', 'utf8')) as readonly {
  readonly dialect: string;
  readonly sql: string;
  readonly expected: string;
}[];

const normal = (value: unknown): string => String(value === true ? 1 : value === false ? 0 : value);

describe.each(['sqlite', 'duckdb'] as const)('statements mean in %s what their dialect documents', (engine) => {
  let run: Runner;
  beforeAll(async () => {
    run = await sqlRunner(engine);
  }, 60_000);

  it.each(cases.map((one) => [`${one.dialect}: ${one.sql}`, one] as const))('%s', async (_name, one) => {
    const result = await run(one.dialect, one.sql, tables);
    expect(result.error).toBeUndefined();
    expect(result.rows.map((row) => normal(row[0])).join('|')).toBe(one.expected);
  });

  it.each([
    ['snowflake', 'select hash(x) from t', 'HASH'],
    ['postgres', 'select gen_random_uuid() from t', 'GEN_RANDOM_UUID'],
    ['bigquery', 'select no_such_function(x) from t', 'NO_SUCH_FUNCTION'],
    ['postgres', 'select g, x from t group by g', "'x' is neither grouped nor aggregated"],
    ['snowflake', 'select "nope" from t', "no column 'nope'"],
    ['postgres', 'select 1/0', 'division by zero'],
  ])('%s refuses %s by name', async (dialect, sql, message) => {
    expect((await run(dialect, sql, tables)).error).toContain(message);
  });

  it('says what CURRENT_DATE is in this run, and what is exact where the warehouse approximates', async () => {
    expect((await run('postgres', 'select current_date from t', tables)).notes).toEqual([
      'CURRENT_DATE is 2024-06-15 12:00:00 UTC for this preview.',
    ]);
    expect((await run('bigquery', 'select approx_count_distinct(g) from t', tables)).notes.join()).toContain('exact here');
  });

  it('reads a table that a CTE of the same name hides', async () => {
    const result = await run('postgres', 'with t as (select id from t where id > 1) select count(*) from t', tables);
    expect(result.rows).toEqual([[2]]);
  });
});
