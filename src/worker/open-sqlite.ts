import type { Engine } from '../core/engine/engine.ts';
import { SqliteEngine } from '../engines/sqlite.ts';
import type { WorkerHostCalls } from '../protocol.ts';
import type { Wire } from '../wire.ts';
import type { WorkerPlatform } from './platform.ts';

/** SQLite in this worker, ready for its first statement. */
export async function openSqlite(platform: WorkerPlatform, host: Wire<WorkerHostCalls>): Promise<Engine> {
  const bytes = await platform.readAsset(host, 'sql-wasm.wasm');
  const made = new SqliteEngine(new Uint8Array(bytes).buffer);
  await made.open();
  return made;
}
