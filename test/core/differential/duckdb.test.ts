import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Runner, sqlRunner } from '../translate/run.ts';
import { toComparable } from './compare.ts';
import { readCorpus, toQuery } from './corpus.ts';
import { makeValueTable, valueTable } from './values.ts';

describe.each(['sqlite', 'duckdb'] as const)('the preview of duckdb in %s gives what DuckDB gives', (engine) => {
  let connection: DuckDBConnection;
  let run: Runner;

  beforeAll(async () => {
    connection = await (await DuckDBInstance.create(':memory:')).connect();
    for (const statement of ["set timezone = 'UTC'", ...makeValueTable]) await connection.run(statement);
    run = await sqlRunner(engine);
  }, 60_000);

  it.each(readCorpus('duckdb.corpus').map((entry) => [entry.name, entry.expressions] as const))('%s', async (_name, expressions) => {
    const different: string[] = [];
    for (const expression of expressions) {
      const sql = toQuery(expression);
      const real = await connection.runAndReadAll(sql).then(
        (result) =>
          result
            .getRowsJson()
            .map((row) => row.map((value) => toComparable(typeof value === 'object' && value !== null ? JSON.stringify(value) : value))),
        (error: Error) => error.message.split('\n')[0] ?? '',
      );
      const ours = await run('duckdb', sql, { v: valueTable });
      if (typeof real === 'string') {
        if (ours.error === undefined) different.push(`${expression}: DuckDB says "${real}", the preview gives rows`);
        continue;
      }
      if (ours.error !== undefined) {
        different.push(`${expression}: ${ours.error}`);
        continue;
      }
      const rows = ours.rows.map((row) => row.map(toComparable));
      const at = real.findIndex((row, i) => row.join('¦') !== rows[i]?.join('¦'));
      if (at >= 0 || rows.length !== real.length)
        different.push(
          `${expression}: row ${at + 1} is ${rows[at]?.join(', ')}, DuckDB has ${real[at]?.join(', ')}; ${rows.length} of ${real.length} rows`,
        );
    }
    expect(different).toEqual([]);
  });
});
