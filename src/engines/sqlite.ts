import type { Database, SqlJsStatic, Statement } from 'sql.js';
import initSqlJs from 'sql.js';
import type { Cell, Engine, EngineCapabilities, EngineColumn, Page } from '../core/engine/engine.ts';
import type { Raw, RuntimeFunction } from '../core/translate/runtime/function.ts';
import { runtimeFunctions } from '../core/translate/runtime/functions.ts';
import { restartRandom } from '../core/translate/runtime/random.ts';

const rowsPerInsert = 100;

/** SQLite in WebAssembly, with the functions that translated SQL calls; the caller hands in the bytes of `sql-wasm.wasm`. */
export class SqliteEngine implements Engine {
  readonly capabilities: EngineCapabilities = { name: 'sqlite', dialect: 'sqlite', interruptible: false, maxBytes: 2 ** 31 };
  #static: SqlJsStatic | undefined;
  #database: Database | undefined;
  readonly #defined = new Set<string>();

  constructor(readonly wasm: ArrayBuffer) {}

  async open(): Promise<void> {
    // SQLite's own ceil, floor and sign, and not those that sql.js brought before SQLite had them.
    const options = { wasmBinary: this.wasm, useOldExtensionFunctions: false };
    this.#static ??= await initSqlJs(options);
    this.#database = new this.#static.Database(null);
    this.#defined.clear();
    this.#database.run('pragma journal_mode = off; pragma synchronous = off; pragma temp_store = memory; pragma cache_size = -65536');
  }

  async load(table: string, columns: readonly EngineColumn[], rows: Iterable<readonly Cell[]>): Promise<number> {
    const database = this.#open();
    const name = quote(table);
    database.run(`drop table if exists ${name}`);
    // A table without columns is not possible in SQLite.
    const definitions =
      columns.length === 0 ? '"hw:none"' : columns.map((column) => `${quote(column.name)}${affinity(column.type)}`).join(',');
    database.run(`create table ${name} (${definitions})`);
    if (columns.length === 0) return 0;
    const one = `(${columns.map(() => '?').join(',')})`;
    const perInsert = Math.max(1, Math.min(rowsPerInsert, Math.floor(30_000 / columns.length)));
    const many = prepare(database, `insert into ${name} values ${Array.from({ length: perInsert }, () => one).join(',')}`);
    let count = 0;
    let values: Raw[] = [];
    database.run('begin');
    try {
      for (const row of rows) {
        for (let i = 0; i < columns.length; i++) values.push(toRaw(row[i] ?? null));
        count++;
        if (values.length === perInsert * columns.length) {
          many.run(values);
          values = [];
        }
      }
      for (let at = 0; at < values.length; at += columns.length)
        database.run(`insert into ${name} values ${one}`, values.slice(at, at + columns.length));
      database.run('commit');
    } catch (error) {
      database.run('rollback');
      throw error;
    } finally {
      many.free();
    }
    return count;
  }

  async attach(bytes: Uint8Array, tables: ReadonlyMap<string, string>): Promise<void> {
    const found = this.#static;
    if (found === undefined) throw new Error('the engine is not open');
    const source = new found.Database(bytes);
    const database = this.#open();
    // sql.js keeps every database in a file of its own file system, so that one can read another without a value passing through here.
    const { filename } = source as unknown as { readonly filename: string };
    try {
      database.run(`attach database '${filename}' as hw_file`);
      for (const [from, to] of tables) {
        const statement = source.prepare(`select * from ${quote(from)}`);
        // A plus before a column keeps its values as they are and drops its affinity: comparisons are those of the translation.
        const columns = statement.getColumnNames().map((name) => `+${quote(name)} as ${quote(name)}`);
        statement.free();
        database.run(`drop table if exists ${quote(to)}`);
        database.run(`create table ${quote(to)} as select ${columns.join(', ')} from hw_file.${quote(from)}`);
      }
      database.run('detach database hw_file');
    } catch (error) {
      detach(database);
      throw error;
    } finally {
      source.close();
    }
  }

  async execute(sql: string): Promise<void> {
    this.#define(sql);
    this.#open().run(sql);
  }

  async query(sql: string, page: { readonly offset: number; readonly limit: number }): Promise<Page> {
    this.#define(sql);
    const database = this.#open();
    const statement = prepare(
      database,
      page.offset === 0 && page.limit === Number.POSITIVE_INFINITY
        ? sql
        : `select * from (${sql}) limit ${Number.isFinite(page.limit) ? page.limit + 1 : -1} offset ${page.offset}`,
    );
    try {
      const names = statement.getColumnNames();
      const rows: Cell[][] = [];
      while (rows.length < page.limit && statement.step()) rows.push(readRow(statement));
      const more = rows.length === page.limit && statement.step();
      return {
        columns: names.map((name) => ({ name, type: '' })),
        rows,
        offset: page.offset,
        ...(more ? {} : { rowCount: page.offset + rows.length }),
      };
    } finally {
      statement.free();
    }
  }

  /** SQLite in WebAssembly cannot be interrupted: whoever owns the worker ends it. */
  cancel(): void {}

  async close(): Promise<void> {
    this.#database?.close();
    this.#database = undefined;
  }

  #open(): Database {
    if (this.#database === undefined) throw new Error('the engine is not open');
    return this.#database;
  }

  /** Makes known the functions of ours that a statement calls. */
  #define(sql: string): void {
    if (sql.includes('hw_random(')) restartRandom();
    for (const match of sql.matchAll(/\bhw_(\w+)\(/g)) {
      const name = match[1] ?? '';
      if (this.#defined.has(name)) continue;
      const found = runtimeFunctions[name];
      if (found === undefined) continue;
      this.#defined.add(name);
      this.#open().create_function(`hw_${name}`, anyArity(found));
    }
  }
}

/** Lets go of a file that may never have been attached. */
function detach(database: Database): void {
  try {
    database.run('detach database hw_file');
  } catch {
    // What went wrong before is what is told.
  }
}

/** The function for SQLite; sql.js hands its `length` on as the number of arguments, where -1 stands for any. */
function anyArity(found: RuntimeFunction): (...args: Raw[]) => Raw {
  const run = found.strict
    ? (...args: Raw[]): Raw => {
        for (const arg of args) if (arg === null) return null;
        return toResult(found.run(...args));
      }
    : (...args: Raw[]): Raw => toResult(found.run(...args));
  Object.defineProperty(run, 'length', { value: -1 });
  return run;
}

function toResult(value: Raw | boolean): Raw {
  return typeof value === 'boolean' ? Number(value) : value;
}

function toRaw(value: Cell): Raw {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'bigint') return value.toString();
  return value;
}

function affinity(type: string): string {
  if (/^(integer|int|bigint|boolean)/i.test(type)) return ' integer';
  if (/^(decimal|float|real|double|numeric)/i.test(type)) return ' real';
  return type === '' || /^bytes/i.test(type) ? '' : ' text';
}

function prepare(database: Database, sql: string): Statement {
  return database.prepare(sql);
}

/** One row; integers beyond 2^53 come as bigint, which only a second look at the row can give. */
function readRow(statement: Statement): Cell[] {
  const row = statement.get() as Cell[];
  for (const value of row)
    if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
      const exact = (statement as unknown as { get(params: null, config: { useBigInt: boolean }): Cell[] }).get(null, { useBigInt: true });
      return row.map((cell, i) =>
        typeof cell === 'number' && !Number.isSafeInteger(cell) && Number.isInteger(cell) ? (exact[i] ?? cell) : cell,
      );
    }
  return row;
}

const quote = (name: string): string => `"${name.replace(/"/g, '""')}"`;
