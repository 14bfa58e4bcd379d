import type { Engine } from '../core/engine/engine.ts';
import { DuckDbEngine } from '../engines/duckdb.ts';
import type { WorkerHostCalls } from '../protocol.ts';
import type { Wire } from '../wire.ts';
import { openSqlite } from './open-sqlite.ts';
import type { WorkerPlatform } from './platform.ts';

/** An engine in this worker, ready for its first statement; the WebAssembly of DuckDB is read only when it is wanted. */
export async function openEngine(name: 'sqlite' | 'duckdb', platform: WorkerPlatform, host: Wire<WorkerHostCalls>): Promise<Engine> {
  if (name === 'sqlite') return openSqlite(platform, host);
  const engine = new DuckDbEngine(
    () => platform.readAsset(host, 'duckdb-eh.wasm'),
    () => openSqlite(platform, host),
  );
  await engine.open();
  return engine;
}
