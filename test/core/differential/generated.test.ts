import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Runner, sqlRunner } from '../translate/run.ts';
import { toComparable } from './compare.ts';
import { templates, toQueries } from './generated.ts';
import { makeQueries } from './queries.ts';
import { startDuckDb, startPostgres } from './servers.ts';
import { valueTable } from './values.ts';

type Ask = (sql: string) => Promise<readonly (readonly string[])[] | undefined>;

/** The real servers; a query that one of them refuses has no answer. */
const servers: Readonly<Record<'postgres' | 'duckdb', () => Promise<{ ask: Ask; stop(): Promise<void> }>>> = {
  postgres: async () => {
    const { client, stop } = await startPostgres('differential');
    return {
      ask: (sql) =>
        client.query({ text: sql, rowMode: 'array' }).then(
          (result) => (result.rows as unknown[][]).map((row) => row.map(toComparable)),
          () => undefined,
        ),
      stop,
    };
  },
  duckdb: async () => {
    const { connection, stop } = await startDuckDb();
    const shown = (value: unknown): string => toComparable(typeof value === 'object' && value !== null ? JSON.stringify(value) : value);
    return {
      ask: (sql) =>
        connection.runAndReadAll(sql).then(
          (result) => result.getRowsJson().map((row) => row.map(shown)),
          () => undefined,
        ),
      stop,
    };
  },
};

describe.each(['postgres', 'duckdb'] as const)('made by chance, over %s', (dialect) => {
  let server: Awaited<ReturnType<(typeof servers)[typeof dialect]>>;
  let run: Runner;

  beforeAll(async () => {
    server = await servers[dialect]();
    run = await sqlRunner();
  }, 60_000);
  afterAll(async () => server?.stop());

  /** How the preview's rows differ from the server's; undefined where they are the same, or where the server refuses. */
  async function differenceOf(sql: string): Promise<string | undefined> {
    const real = await server.ask(sql);
    if (real === undefined) return undefined;
    const ours = await run(dialect, sql, { v: valueTable });
    if (ours.error !== undefined) return `${sql}: ${ours.error}`;
    const rows = ours.rows.map((row) => row.map(toComparable));
    const at = real.findIndex((row, i) => row.join('¦') !== rows[i]?.join('¦'));
    if (at < 0 && rows.length === real.length) return undefined;
    return `${sql}: row ${at + 1} is ${rows[at]?.join(', ')}, the server has ${real[at]?.join(', ')}; ${rows.length} of ${real.length} rows`;
  }

  it.each([
    ...templates[dialect].rows.map((template) => [template, toQueries(template, 'rows')] as const),
    ...templates[dialect].groups.map((template) => [template, toQueries(template, 'groups')] as const),
  ])('%s', async (_template, queries) => {
    const different: string[] = [];
    for (const sql of queries) {
      const difference = await differenceOf(sql);
      if (difference !== undefined) different.push(difference);
    }
    expect(different).toEqual([]);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('queries of the seed %d', async (seed) => {
    const different: string[] = [];
    let answered = 0;
    for (const sql of makeQueries(60, seed)) {
      if ((await server.ask(sql)) !== undefined) answered++;
      const difference = await differenceOf(sql);
      if (difference !== undefined) different.push(difference);
    }
    expect(different).toEqual([]);
    expect(answered).toBeGreaterThan(50);
  });
});
