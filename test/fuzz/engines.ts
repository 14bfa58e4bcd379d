import type { KnownTable } from '../../src/core/translate/table.ts';
import { formatType } from '../../src/core/translate/value-type.ts';
import type { SqliteEngine } from '../../src/engines/sqlite.ts';
import { openSqlite } from '../support/open-sqlite.ts';

let opened: Promise<SqliteEngine> | undefined;

/** One SQLite for all inputs, with a few rows of some tables. */
export function openTables(tables: ReadonlyMap<string, KnownTable>): Promise<SqliteEngine> {
  opened ??= (async () => {
    const engine = await openSqlite();
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
