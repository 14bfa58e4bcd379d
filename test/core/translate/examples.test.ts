import { beforeAll, describe, expect, it } from 'vitest';
import { readExamples } from './examples.ts';
import { type Runner, sqlRunner } from './run.ts';

const shown = (value: unknown): string => (value === null ? 'NULL' : String(value));

const dialects = ['snowflake', 'redshift', 'databricks', 'trino', 'tsql'] as const;
const engines = ['sqlite', 'duckdb'] as const;
const both = engines.flatMap((engine) => dialects.map((dialect) => [dialect, engine] as const));

/** What DuckDB refuses or says otherwise, as docs/engines.md tells; whoever repairs one takes it off this list. */
const differsInDuckDb = /connect by|f\.value:business|map_filter\(|transform_values\(|transform_keys\(|map_zip_with\(/;

describe.each(both)('%s means what its documentation shows, in %s', (dialect, engine) => {
  let run: Runner;
  beforeAll(async () => {
    run = await sqlRunner(engine);
  });

  it.each(readExamples(dialect).map((one) => [one.written, one] as const))('%s', async (_name, one) => {
    const result = await run(dialect, one.sql);
    const rows = result.rows.map((row) => row.map(shown).join(' | ')).join(' // ');
    if (engine === 'duckdb' && differsInDuckDb.test(one.sql)) {
      expect(result.error ?? rows).not.toBe(one.expected);
      return;
    }
    expect(result.error).toBeUndefined();
    expect(rows).toBe(one.expected);
  });
});
