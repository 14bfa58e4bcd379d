import type { DuckDBConnection } from '@duckdb/duckdb-wasm/blocking';
import type { Cell, Engine, EngineCapabilities, EngineColumn, Page } from '../core/engine/engine.ts';
import { findBlank, isPlainCsv, selectCsv, storageType } from './duckdb-csv.ts';
import { type DuckDbDriver, memoryLimit, registeredFolder, startDuckDb } from './duckdb-driver.ts';
import { type ArrowTable, readRows } from './duckdb-values.ts';

const separator = '\x1f';

const macros = [
  // A text as JSON has it; what needs more than quotes is left to a function.
  `create or replace temp macro hw_json_text(s) as case when regexp_matches(s, '[\\x00-\\x1f]') then hw_json_quote(s) else '"' || replace(replace(s, '\\', '\\\\'), '"', '\\"') || '"' end`,
  `create or replace temp macro hw_json_any(x) as case when typeof(x) in ('BIGINT', 'INTEGER', 'HUGEINT', 'DOUBLE', 'BOOLEAN') then cast(x as varchar) else hw_json_text(cast(x as varchar)) end`,
];

/** DuckDB in WebAssembly, with the functions that translated SQL calls; the caller gives the bytes of `duckdb-eh.wasm` when they are wanted. */
export class DuckDbEngine implements Engine {
  readonly capabilities: EngineCapabilities = { name: 'duckdb', dialect: 'duckdb', interruptible: false, maxBytes: 3_000_000_000 };
  #driver: DuckDbDriver | undefined;
  #connection: DuckDBConnection | undefined;
  #database = '';
  #files = 0;

  constructor(
    readonly wasm: () => Promise<Uint8Array>,
    /** Reads SQLite files for this engine, which cannot. */
    readonly openSqlite: () => Promise<Engine>,
  ) {}

  async open(): Promise<void> {
    this.#driver = await startDuckDb(this.wasm);
    const { connection, database } = this.#driver.connect();
    this.#connection = connection;
    this.#database = database;
    this.#driver.define(connection, 'hw_json_quote(');
    for (const macro of macros) connection.query(macro);
  }

  async load(table: string, columns: readonly EngineColumn[], rows: Iterable<readonly Cell[]>): Promise<number> {
    const name = quote(table);
    const definitions =
      columns.length === 0 ? '"hw:none" integer' : columns.map((column) => `${quote(column.name)} ${storageType(column.type)}`).join(', ');
    this.#run(`create or replace table ${name} (${definitions})`);
    if (columns.length === 0) return 0;
    let count = 0;
    let lines: string[] = [];
    const flush = (): void => {
      if (lines.length === 0) return;
      this.#insertText(table, columns, lines.join(''));
      lines = [];
    };
    for (const row of rows) {
      lines.push(toLine(row, columns.length));
      count++;
      if (lines.length === 50_000) flush();
    }
    flush();
    return count;
  }

  async loadCsv(table: string, columns: readonly EngineColumn[], bytes: Uint8Array, delimiter: string): Promise<boolean> {
    if (columns.length === 0 || columns.some((column) => storageType(column.type) === 'blob') || !isPlainCsv(bytes)) return false;
    const driver = this.#driver;
    if (driver === undefined) throw new Error('the engine is not open');
    const file = `${registeredFolder}${this.#database}_${++this.#files}.csv`;
    // The library keeps what it is given: a copy, because the file is still wanted here.
    driver.bindings.registerFileBuffer(file, bytes.slice());
    try {
      this.#run(`create or replace table ${quote(table)} as ${selectCsv(file, columns, delimiter)}`);
      const blank = findBlank(table, columns);
      return blank === undefined || this.#run(blank).numRows === 0;
    } catch {
      return false;
    } finally {
      driver.bindings.dropFile(file);
    }
  }

  /** SQLite reads its own file; its rows move over. */
  async attach(bytes: Uint8Array, tables: ReadonlyMap<string, string>, types?: ReadonlyMap<string, string>): Promise<void> {
    const source = await this.openSqlite();
    try {
      await source.attach(bytes, tables);
      for (const table of tables.values()) {
        const page = await source.query(`select * from ${quote(table)}`, { offset: 0, limit: Number.POSITIVE_INFINITY });
        const columns = page.columns.map((column, i) => ({
          name: column.name,
          type: types?.get(column.name.toLowerCase()) ?? typeOfValues(page.rows, i),
        }));
        await this.load(table, columns, page.rows);
      }
    } finally {
      await source.close();
    }
  }

  async execute(sql: string): Promise<void> {
    this.#run(sql);
  }

  async query(sql: string, page: { readonly offset: number; readonly limit: number }): Promise<Page> {
    const paged =
      page.offset === 0 && page.limit === Number.POSITIVE_INFINITY
        ? sql
        : `select * from (${sql})${Number.isFinite(page.limit) ? ` limit ${page.limit + 1}` : ''} offset ${page.offset}`;
    const table = this.#run(paged);
    const rows = readRows(table, page.limit);
    return {
      columns: table.schema.fields.map((field) => ({ name: field.name, type: '' })),
      rows,
      offset: page.offset,
      ...(table.numRows > rows.length ? {} : { rowCount: page.offset + rows.length }),
    };
  }

  /** DuckDB's blocking interface hears nothing while it runs: whoever owns the worker ends it. */
  cancel(): void {}

  async close(): Promise<void> {
    const connection = this.#connection;
    if (connection === undefined) return;
    connection.query('use memory');
    connection.query(`detach ${this.#database}`);
    connection.close();
    this.#connection = undefined;
  }

  #run(sql: string): ArrowTable {
    const [driver, connection] = [this.#driver, this.#connection];
    if (driver === undefined || connection === undefined) throw new Error('the engine is not open');
    driver.define(connection, sql);
    try {
      return connection.query(sql) as unknown as ArrowTable;
    } catch (error) {
      throw new Error(toMessage(error), { cause: error });
    }
  }

  /** Rows as lines of text, which DuckDB reads faster than statements. */
  #insertText(table: string, columns: readonly EngineColumn[], text: string): void {
    const driver = this.#driver;
    if (driver === undefined) throw new Error('the engine is not open');
    const file = `${registeredFolder}${this.#database}_${++this.#files}.csv`;
    const names = columns.map((_, i) => `'c${i}': 'VARCHAR'`).join(', ');
    const values = columns.map((column, i) => {
      const type = storageType(column.type);
      return type === 'varchar' ? `c${i}` : type === 'blob' ? `unhex(c${i})` : `cast(c${i} as ${type})`;
    });
    driver.bindings.registerFileText(file, text);
    try {
      this.#run(
        `insert into ${quote(table)} select ${values.join(', ')} from read_csv('${file}', header = false, auto_detect = false, delim = '\x1f', quote = '"', escape = '"', nullstr = '\uE011', columns = {${names}}, parallel = false)`,
      );
    } finally {
      driver.bindings.dropFile(file);
    }
  }
}

/** What DuckDB says, without its own word for the kind of error and without the statement that we wrote. */
function toMessage(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  if (/out of memory|allocation failure|memory access out of bounds/i.test(text))
    return `The engine's memory is used up: DuckDB holds ${memoryLimit} in WebAssembly. A filter or a limit early in the query makes it smaller`;
  return (text.split('\n')[0] ?? text).replace(/^(Invalid|Invalid Input|Conversion|Binder|Catalog|Parser) Error: (Error: )?/, '');
}

function toLine(row: readonly Cell[], width: number): string {
  let line = '';
  for (let i = 0; i < width; i++) line += `${i === 0 ? '' : separator}${toField(row[i] ?? null)}`;
  return `${line}\n`;
}

function toField(value: Cell): string {
  if (value === null) return '\uE011';
  if (value instanceof Uint8Array) return Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('') || '""';
  const text = typeof value === 'boolean' ? (value ? 'true' : 'false') : String(value);
  return needsQuotes(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const needsQuotes = (text: string): boolean => text === '' || ['"', separator, '\r', '\n'].some((character) => text.includes(character));

/** The type that all values of a column of SQLite have, which has none of its own. */
function typeOfValues(rows: readonly (readonly Cell[])[], column: number): string {
  let type = '';
  for (const row of rows) {
    const value = row[column] ?? null;
    if (value === null) continue;
    const own =
      typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))
        ? 'integer'
        : typeof value === 'number'
          ? 'float'
          : value instanceof Uint8Array
            ? 'bytes'
            : 'text';
    if (own === 'text') return 'text';
    type = type === '' || type === own ? own : type === 'bytes' || own === 'bytes' ? 'text' : 'float';
  }
  return type === '' ? 'text' : type;
}

const quote = (name: string): string => `"${name.replace(/"/g, '""')}"`;
