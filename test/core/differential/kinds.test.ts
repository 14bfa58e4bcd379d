import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Runner, sqlRunner } from '../translate/run.ts';
import { expand, templates } from './generated.ts';
import { startDuckDb, startPostgres } from './servers.ts';
import { valueTable } from './values.ts';

type Ask = (sql: string) => Promise<string | undefined>;

/** The real servers, asked for the type of a query's only column; a query that one of them refuses has none. */
const servers: Readonly<Record<'postgres' | 'duckdb', () => Promise<{ ask: Ask; stop(): Promise<void> }>>> = {
  postgres: async () => {
    const { client, stop } = await startPostgres('kinds');
    return {
      ask: async (sql) => {
        try {
          const { fields } = await client.query(sql);
          return String((await client.query('select format_type($1, null) as f', [fields[0]?.dataTypeID ?? 0])).rows[0].f);
        } catch {
          return undefined;
        }
      },
      stop,
    };
  },
  duckdb: async () => {
    const { connection, stop } = await startDuckDb();
    return {
      ask: (sql) =>
        connection.runAndReadAll(sql).then(
          (result) => String(result.columnTypes()[0]),
          () => undefined,
        ),
      stop,
    };
  },
};

/** The kind of value that a server's type stands for, as far as what follows depends on it: a division, a comparison, a sum. */
function kindOf(type: string): string {
  const plain = type.toLowerCase();
  if (/\[\]$|^list/.test(plain)) return 'array';
  if (/^u?(tiny|small|big|huge)?int(eger)?$/.test(plain)) return 'integer';
  if (/^(double( precision)?|real|float)$/.test(plain)) return 'float';
  if (/^(numeric|decimal)/.test(plain)) return 'decimal';
  if (/^(text|varchar|character varying|name|bpchar|character)/.test(plain)) return 'string';
  if (/^timestamp with(?!out)/.test(plain)) return 'timestamptz';
  if (/^timestamp/.test(plain)) return 'timestamp';
  if (/^(bytea|blob)$/.test(plain)) return 'bytes';
  return plain;
}

describe.each(['postgres', 'duckdb'] as const)('the kinds of values in %s', (dialect) => {
  let server: Awaited<ReturnType<(typeof servers)[typeof dialect]>>;
  let run: Runner;

  beforeAll(async () => {
    server = await servers[dialect]();
    run = await sqlRunner();
  }, 60_000);
  afterAll(async () => server?.stop());

  it.each([...templates[dialect].rows, ...templates[dialect].groups])('%s', async (template) => {
    const different: string[] = [];
    for (const expression of expand(template)) {
      // DuckDB folds a constant NULL and calls what is left an integer.
      if (dialect === 'duckdb' && expression.includes('cast(null')) continue;
      const sql = `select ${expression} as r from v`;
      const type = await server.ask(sql);
      if (type === undefined) continue;
      const ours = await run(dialect, sql, { v: valueTable });
      if (ours.error === undefined && ours.kinds?.[0] !== kindOf(type))
        different.push(`${expression} is ${ours.kinds?.[0]}, the server has ${type}`);
    }
    expect(different).toEqual([]);
  });
});
