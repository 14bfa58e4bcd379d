import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { sqlRunner } from './run.ts';

interface Cases {
  readonly tables: Parameters<Awaited<ReturnType<typeof sqlRunner>>>[2];
  readonly cases: readonly { readonly id: number; readonly dialect: string; readonly sql: string; readonly expected: unknown }[];
}

const { tables, cases } = JSON.parse(readFileSync('test/acceptance/sql/expressions.json', 'utf8')) as Cases;

/** Dates may stand with midnight, booleans as 0 and 1. */
const normal = (value: unknown): string => String(value === true ? 1 : value === false ? 0 : value).replace(' 00:00:00', '');

describe.each(['sqlite', 'duckdb'] as const)('statements of warehouses give in %s the values that the warehouses give', (engine) => {
  let run: Awaited<ReturnType<typeof sqlRunner>>;
  beforeAll(async () => {
    run = await sqlRunner(engine);
  }, 60_000);

  it.each(cases.map((one) => [`${one.dialect}: ${one.sql}`, one] as const))('%s', async (_name, one) => {
    const result = await run(one.dialect, one.sql, tables);
    expect(result.error).toBeUndefined();
    const values = result.rows.map((row) => row.map(normal));
    // A PIVOT has one row of several columns, one of which is the value.
    const found =
      values.length === 1 && values[0] !== undefined && values[0].length > 1 ? values[0] : [values.map((row) => row[0]).join('|')];
    expect(found).toContain(normal(one.expected));
  });
});
