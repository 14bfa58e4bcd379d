import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Runner, sqlRunner } from './run.ts';

/** One row each, with the values that BigQuery's documentation gives for these calls. */
const cases = JSON.parse(readFileSync('test/core/translate/bigquery-examples.json', 'utf8')) as readonly {
  readonly sql: string;
  readonly expected: readonly string[];
}[];

const shown = (value: unknown): string => (value === null ? 'NULL' : String(value));

describe.each(['sqlite', 'duckdb'] as const)('bigquery means in %s what its documentation shows', (engine) => {
  let run: Runner;
  beforeAll(async () => {
    run = await sqlRunner(engine);
  }, 60_000);

  it.each(cases.map((one) => [one.sql, one] as const))('%s', async (_name, one) => {
    const result = await run('bigquery', one.sql);
    expect(result.error).toBeUndefined();
    expect(result.rows.map((row) => row.map(shown))).toEqual([one.expected]);
  });
});
