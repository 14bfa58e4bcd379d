import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Client } from 'pg';
import { findPostgres, TemporaryPostgres } from '../../samples/support/postgres.ts';
import { makeValueTable } from './values.ts';

/** A real PostgreSQL that holds the table of values. */
export async function startPostgres(database: string): Promise<{ client: Client; stop(): Promise<void> }> {
  const server = new TemporaryPostgres(findPostgres());
  const client = await server.connect(database);
  for (const statement of makeValueTable) await client.query(statement);
  return {
    client,
    stop: async () => {
      await client.end();
      server.stop();
    },
  };
}

/** A real DuckDB that holds the table of values. */
export async function startDuckDb(): Promise<{ connection: DuckDBConnection; stop(): Promise<void> }> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  for (const statement of ["set timezone = 'UTC'", ...makeValueTable]) await connection.run(statement);
  return { connection, stop: async () => connection.closeSync() };
}
