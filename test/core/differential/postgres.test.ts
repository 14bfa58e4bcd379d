import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPostgres, TemporaryPostgres } from '../../samples/support/postgres.ts';
import { type Runner, sqlRunner } from '../translate/run.ts';
import { toComparable } from './compare.ts';
import { readCorpus, toQuery } from './corpus.ts';
import { makeValueTable, valueTable } from './values.ts';

describe.each(['sqlite', 'duckdb'] as const)('the preview of postgres in %s gives what PostgreSQL gives', (engine) => {
  let server: TemporaryPostgres;
  let client: Awaited<ReturnType<TemporaryPostgres['connect']>>;
  let run: Runner;

  beforeAll(async () => {
    server = new TemporaryPostgres(findPostgres());
    client = await server.connect('differential');
    for (const statement of makeValueTable) await client.query(statement);
    run = await sqlRunner(engine);
  }, 60_000);

  afterAll(async () => {
    await client?.end();
    server?.stop();
  });

  it.each(readCorpus('postgres.corpus').map((entry) => [entry.name, entry.expressions] as const))('%s', async (_name, expressions) => {
    const different: string[] = [];
    for (const expression of expressions) {
      const sql = toQuery(expression);
      const real = await client.query({ text: sql, rowMode: 'array' }).then(
        (result) => (result.rows as unknown[][]).map((row) => row.map(toComparable)),
        (error: Error) => error.message,
      );
      const ours = await run('postgres', sql, { v: valueTable });
      if (typeof real === 'string') {
        if (ours.error === undefined) different.push(`${expression}: PostgreSQL says "${real}", the preview gives rows`);
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
          `${expression}: row ${at + 1} is ${rows[at]?.join(', ')}, PostgreSQL has ${real[at]?.join(', ')}; ${rows.length} of ${real.length} rows`,
        );
    }
    expect(different).toEqual([]);
  });
});
