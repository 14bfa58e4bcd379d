import { readFileSync } from 'node:fs';
import { SqliteEngine } from '../../src/engines/sqlite.ts';

/** SQLite in this process, open. */
export async function openSqlite(): Promise<SqliteEngine> {
  const bytes = readFileSync('node_modules/sql.js/dist/sql-wasm.wasm');
  const engine = new SqliteEngine(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer);
  await engine.open();
  return engine;
}
