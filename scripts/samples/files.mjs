// How the generated tables become files: CSV with one header line, and SQLite databases.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import initSqlJs from 'sql.js';

/** The text of a CSV file: a header, then a line for each row; nothing stands for null. Booleans are 0 and 1, or true and false in `words`. */
export function toCsv(rows, { words = false } = {}) {
  const columns = Object.keys(rows[0]);
  const lines = [columns.join(',')];
  for (const row of rows) lines.push(columns.map((column) => toCell(row[column], words)).join(','));
  return `${lines.join('\n')}\n`;
}

function toCell(value, words) {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'boolean' && !words ? String(Number(value)) : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The bytes of a SQLite database with the given tables: name → { ddl, rows }. */
export async function toSqlite(tables) {
  const folder = dirname(createRequire(import.meta.url).resolve('sql.js'));
  const SQL = await initSqlJs({ wasmBinary: await readFile(join(folder, 'sql-wasm.wasm')) });
  const database = new SQL.Database();
  database.run('pragma page_size = 4096');
  for (const [name, { ddl, rows }] of Object.entries(tables)) {
    database.run(ddl);
    if (rows.length === 0) continue;
    const columns = Object.keys(rows[0]);
    const insert = database.prepare(`insert into ${name} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`);
    database.run('begin');
    for (const row of rows) insert.run(columns.map((column) => toSqliteValue(row[column])));
    database.run('commit');
    insert.free();
  }
  database.run('vacuum');
  const bytes = database.export();
  database.close();
  return Buffer.from(bytes);
}

function toSqliteValue(value) {
  if (value === undefined) return null;
  return typeof value === 'boolean' ? Number(value) : value;
}
