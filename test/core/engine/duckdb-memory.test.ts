import { expect, it } from 'vitest';
import { readDuckDbWasm } from '../../../scripts/duckdb-wasm.mjs';
import { startDuckDb } from '../../../src/engines/duckdb-driver.ts';
import { openEngine } from '../translate/run.ts';

it('DuckDB says in one line that memory is used up', async () => {
  // The module is one for all engines of a process: the first to start it says how much it may hold.
  await startDuckDb(async () => readDuckDbWasm(), '20MB');
  const engine = openEngine('duckdb');
  await engine.open();
  await expect(
    engine.execute('create table large as select range::varchar as i, repeat(range::varchar, 20) as s from range(2000000)'),
  ).rejects.toThrow(/^The engine's memory is used up/);
  await engine.close();
});
