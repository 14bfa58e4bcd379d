import { parseSql } from '../sql/parse.ts';
import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import type { DdlTable } from './ddl.ts';
import { toDdlTable } from './ddl.ts';
import { SqliteDamage, SqlitePages } from './sqlite-pages.ts';

/** A table or view of a SQLite file, as its schema declares it. */
export interface SqliteTable extends DdlTable {
  readonly kind: 'table' | 'view';
  /** The statement that made it, as the file keeps it. */
  readonly sql: string;
}

/** Reads which tables and views a SQLite file holds; a damaged file gives what could be read, and a problem. */
export function readSqliteSchema(
  bytes: Uint8Array,
  path: string,
): { readonly tables: readonly SqliteTable[]; readonly problems: readonly Problem[] } {
  const tables: SqliteTable[] = [];
  const problems: Problem[] = [];
  // An empty file is an empty database to SQLite.
  if (bytes.length === 0) return { tables, problems };
  try {
    for (const [type, name, , , sql] of new SqlitePages(bytes).table(1)) {
      if ((type !== 'table' && type !== 'view') || typeof name !== 'string' || name.startsWith('sqlite_')) continue;
      tables.push(toTable(type, name, typeof sql === 'string' ? sql : '', path));
    }
  } catch (error) {
    const reason = error instanceof SqliteDamage ? error.message : error instanceof RangeError ? 'it ends too early' : undefined;
    if (reason === undefined) throw error;
    problems.push(toProblem('file-undecodable', `This SQLite file cannot be read: ${reason}.`, path));
  }
  return { tables: tables.sort((a, b) => (a.name < b.name ? -1 : 1)), problems };
}

function toTable(kind: 'table' | 'view', name: string, sql: string, path: string): SqliteTable {
  const from = { path, line: 1, kind: 'sqlite' };
  const statement = parseSql(sql, 'sqlite').statements[0];
  const table = statement === undefined ? { columns: [], constraints: [], comment: '' } : toDdlTable(statement, from);
  return { ...table, kind, name, sql };
}
