import type { Engine } from '../core/engine/engine.ts';
import { DuckDbEngine } from '../engines/duckdb.ts';
import { SqliteEngine } from '../engines/sqlite.ts';

/** Reads a binary file that ships beside the bundles. */
export type ReadAsset = (name: string) => Promise<Uint8Array>;

/** An engine in this worker, ready for its first statement; the WebAssembly of DuckDB is read only when it is wanted. */
export async function openEngine(name: 'sqlite' | 'duckdb', readAsset: ReadAsset): Promise<Engine> {
  const openSqlite = async (): Promise<Engine> => {
    const bytes = await readAsset('sql-wasm.wasm');
    const made = new SqliteEngine(new Uint8Array(bytes).buffer);
    await made.open();
    return made;
  };
  if (name === 'sqlite') return openSqlite();
  const engine = new DuckDbEngine(() => readAsset('duckdb-eh.wasm'), openSqlite);
  await engine.open();
  return engine;
}
