import { beforeAll, describe, expect, it } from 'vitest';
import { readExamples } from './examples.ts';
import { type Runner, sqlRunner } from './run.ts';

const shown = (value: unknown): string => (value === null ? 'NULL' : String(value));

describe.each(['snowflake', 'redshift', 'databricks', 'trino', 'tsql'])('%s means what its documentation shows', (dialect) => {
  let run: Runner;
  beforeAll(async () => {
    run = await sqlRunner();
  });

  it.each(readExamples(dialect).map((one) => [one.written, one] as const))('%s', async (_name, one) => {
    const result = await run(dialect, one.sql);
    expect(result.error).toBeUndefined();
    expect(result.rows.map((row) => row.map(shown).join(' | ')).join(' // ')).toBe(one.expected);
  });
});
