import { readFileSync } from 'node:fs';
import { readDuckDbWasm } from '../../../scripts/duckdb-wasm.mjs';
import type { Cell, Engine } from '../../../src/core/engine/engine.ts';
import { prepareSql, toCell } from '../../../src/core/engine/run-sql.ts';
import type { Dialect } from '../../../src/core/sql/dialect.ts';
import type { KnownTable } from '../../../src/core/translate/table.ts';
import { formatType, toValueType } from '../../../src/core/translate/value-type.ts';
import { DuckDbEngine } from '../../../src/engines/duckdb.ts';
import { SqliteEngine } from '../../../src/engines/sqlite.ts';

export type Tables = Readonly<
  Record<string, { readonly columns: Readonly<Record<string, string>>; readonly rows: readonly (readonly Cell[])[] }>
>;
export type Runner = (
  dialect: string,
  sql: string,
  tables?: Tables,
) => Promise<{
  readonly rows: readonly (readonly Cell[])[];
  /** The kinds of the columns' types. */
  readonly kinds?: readonly string[];
  readonly notes: readonly string[];
  readonly error?: string;
}>;

/** An engine that reads its WebAssembly where the package lies. */
export function openEngine(name: 'sqlite' | 'duckdb'): Engine {
  if (name === 'duckdb')
    return new DuckDbEngine(
      async () => readDuckDbWasm(),
      async () => {
        const engine = openEngine('sqlite');
        await engine.open();
        return engine;
      },
    );
  const bytes = readFileSync('node_modules/sql.js/dist/sql-wasm.wasm');
  return new SqliteEngine(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer);
}

/** Runs SQL of any dialect over tables as `headwater sql run` does, at noon of a fixed day. */
export async function sqlRunner(name: 'sqlite' | 'duckdb' = 'sqlite'): Promise<Runner> {
  const engine = openEngine(name);
  await engine.open();
  return async (dialect, sql, tables = {}) => {
    const known = new Map<string, KnownTable>();
    for (const [title, table] of Object.entries(tables)) {
      const columns = Object.entries(table.columns).map(([column, type]) => ({
        name: column,
        type: toValueType(type, dialect as Dialect),
      }));
      known.set(title, { physical: `base:${title}`, columns });
      await engine.load(
        `base:${title}`,
        columns.map((column) => ({ name: column.name, type: formatType(column.type) })),
        table.rows,
      );
    }
    const prepared = await prepareSql(sql, dialect as Dialect, known, '2024-06-15 12:00:00', engine);
    if (prepared.kind === 'refused') return { rows: [], notes: [], error: prepared.message };
    try {
      const page = await engine.query(prepared.sql, { offset: 0, limit: Number.POSITIVE_INFINITY });
      return {
        rows: page.rows.map((row) => row.map((cell, i) => toCell(cell, prepared.columns[i]?.type ?? { kind: 'unknown' }))),
        kinds: prepared.columns.map(({ type }) => type.kind),
        notes: prepared.notes,
      };
    } catch (error) {
      return { rows: [], notes: [], error: error instanceof Error ? error.message : String(error) };
    }
  };
}
