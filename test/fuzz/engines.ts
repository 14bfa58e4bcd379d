import { readFileSync } from 'node:fs';
import type { KnownTable } from '../../src/core/translate/table.ts';
import { formatType } from '../../src/core/translate/value-type.ts';
import { SqliteEngine } from '../../src/engines/sqlite.ts';

let opened: Promise<SqliteEngine> | undefined;

/** One SQLite for all inputs, with a few rows of some tables. */
export function openSqlite(tables: ReadonlyMap<string, KnownTable>): Promise<SqliteEngine> {
  opened ??= (async () => {
    const bytes = readFileSync('node_modules/sql.js/dist/sql-wasm.wasm');
    const engine = new SqliteEngine(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer);
    await engine.open();
    for (const { physical, columns } of tables.values())
      await engine.load(
        physical,
        columns.map(({ name, type }) => ({ name, type: formatType(type) })),
        [
          [1, 9.5, 'paid', '2024-01-31', '2024-01-31 10:00:00'],
          [2, null, 'open', '2024-02-29', '2024-02-29 23:59:59'],
        ],
      );
    return engine;
  })();
  return opened;
}
