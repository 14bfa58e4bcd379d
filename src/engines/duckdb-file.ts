import type { Cell } from '../core/engine/engine.ts';
import { type FetchLimits, type RemoteRelation, type RemoteRows, type Warehouse, WarehouseError } from '../core/remote/warehouse.ts';
import { type DuckDbDriver, registeredFolder, startDuckDb } from './duckdb-driver.ts';
import { emptyDatabase } from './duckdb-empty.ts';
import { type ArrowTable, readRows } from './duckdb-values.ts';

type Connection = ReturnType<DuckDbDriver['connect']>['connection'];

/** A DuckDB database file: what is in it, and where changes go. */
export interface DuckDbFile {
  /** The name that its relations have before the schema: that of the file without its ending. */
  readonly name: string;
  /** Empty for a database that is made with the first write. */
  readonly bytes: Uint8Array;
  /** The log of changes that lie beside it, where another program left one. */
  readonly log?: Uint8Array;
  /** Keeps the database after a build; absent where it may only be read. */
  readonly save?: (bytes: Uint8Array) => Promise<void>;
}

/** The types whose values come as they are; every other is read as DuckDB itself prints it. */
const plainTypes =
  /^(BOOLEAN|(U?(TINY|SMALL|BIG)INT|U?INTEGER)|FLOAT|DOUBLE|DECIMAL\(\d+,\d+\)|VARCHAR|DATE|TIMESTAMP|TIMESTAMP WITH TIME ZONE|BLOB)$/;

/** A `.duckdb` file in DuckDB's WebAssembly: attached for reading only, or kept whole after what a build changed. */
export class DuckDbFileWarehouse implements Warehouse {
  readonly adapter = 'duckdb';
  readonly temporarySchema = 'temp';
  #hasChanged = false;

  private constructor(
    private readonly driver: DuckDbDriver,
    private readonly connection: Connection,
    private readonly file: DuckDbFile,
    private readonly path: string,
  ) {}

  /** Opens the file; throws a WarehouseError where it is no database that this version reads. */
  static async open(file: DuckDbFile, wasm: () => Promise<Uint8Array>): Promise<DuckDbFileWarehouse> {
    const driver = await startDuckDb(wasm);
    const { connection } = driver.connect();
    const path = `${registeredFolder}${file.name}.duckdb`;
    // The library keeps what it is given, and writes into it.
    driver.bindings.registerFileBuffer(path, file.bytes.length === 0 ? emptyDatabase() : file.bytes.slice());
    // Without a log of its own in memory, one would be looked for on the disk.
    if (file.log !== undefined || file.save !== undefined)
      driver.bindings.registerFileBuffer(`${path}.wal`, file.log?.slice() ?? new Uint8Array());
    const warehouse = new DuckDbFileWarehouse(driver, connection, file, path);
    try {
      connection.query(`attach '${path.replaceAll("'", "''")}' as ${quote(file.name)}${file.save === undefined ? ' (read_only)' : ''}`);
      connection.query(`use ${quote(file.name)}`);
    } catch (error) {
      await warehouse.close();
      throw new WarehouseError(`The file is no database that DuckDB reads here: ${toMessage(error)}`);
    }
    return warehouse;
  }

  async query(sql: string, limits: FetchLimits): Promise<RemoteRows> {
    const query = sql.replace(/[;\s]+$/, '');
    const described = this.#run(`describe ${query}`, 'describe '.length, query);
    const columns = readRows(described, Number.POSITIVE_INFINITY).map((row) => ({ name: String(row[0]), type: String(row[1]) }));
    const head = `with hw_all(${columns.map((_, i) => `c${i}`).join(', ')}) as (\n`;
    const picked = columns.map(({ type }, i) => (plainTypes.test(type) ? `c${i}` : `cast(c${i} as varchar)`)).join(', ');
    const rows = readRows(
      this.#run(`${head}${query}\n) select ${picked} from hw_all limit ${limits.rows}`, head.length, query),
      limits.rows,
    );
    const full = rows.length === limits.rows;
    if (!full || limits.counted === 0) return { columns, rows, rowCount: rows.length, isAtLeast: full };
    const counted = readRows(this.#run(`select count(*) from (\n${query}\n) as hw_all`, 0, query), 1);
    return { columns, rows, rowCount: Number(counted[0]?.[0] ?? rows.length), isAtLeast: false };
  }

  async relations(schemas: readonly string[]): Promise<readonly RemoteRelation[]> {
    const wanted = schemas.map((schema) => `'${schema.toLowerCase().replaceAll("'", "''")}'`).join(', ');
    const rows: Cell[][] = readRows(
      this.#run(
        `select c.schema_name, c.table_name, v.view_name is not null, c.column_name, c.data_type from duckdb_columns() as c
         left join duckdb_views() as v on v.database_name = c.database_name and v.schema_name = c.schema_name and v.view_name = c.table_name
         where c.database_name = '${this.file.name.replaceAll("'", "''")}' and lower(c.schema_name) in (${wanted}) order by 1, 2, c.column_index`,
      ),
      Number.POSITIVE_INFINITY,
    );
    const found = new Map<string, { schema: string; name: string; kind: 'table' | 'view'; columns: { name: string; type: string }[] }>();
    for (const [schema, name, isView, column, type] of rows) {
      const key = `${String(schema)}.${String(name)}`;
      const known = found.get(key) ?? { schema: String(schema), name: String(name), kind: isView === true ? 'view' : 'table', columns: [] };
      found.set(key, known);
      known.columns.push({ name: String(column), type: String(type) });
    }
    return [...found.values()];
  }

  async write(statements: readonly string[]): Promise<number> {
    if (this.file.save === undefined) throw new WarehouseError('The file was opened for reading only');
    this.#run('begin transaction');
    try {
      let rows = 0;
      for (const sql of statements) rows = Number(readRows(this.#run(sql, 0, sql), 1)[0]?.[0] ?? 0);
      this.#run('commit');
      this.#hasChanged = true;
      return rows;
    } catch (error) {
      try {
        this.#run('rollback');
      } catch {
        // DuckDB has ended the transaction by itself.
      }
      throw error;
    }
  }

  async close(): Promise<void> {
    const { save, name } = this.file;
    try {
      if (save !== undefined && this.#hasChanged) {
        this.#run(`checkpoint ${quote(name)}`);
        await save(this.driver.bindings.copyFileToBuffer(this.path));
      }
    } finally {
      this.connection.close();
    }
  }

  #run(sql: string, shift = 0, written = ''): ArrowTable {
    try {
      return this.connection.query(sql) as unknown as ArrowTable;
    } catch (error) {
      throw new WarehouseError(toMessage(error), findPosition(error, sql, shift, written), written);
    }
  }
}

/** The sentence of DuckDB's own message, without its word for the kind of error and the piece of the statement below it. */
function toMessage(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const extension = /(?:required extension|extension) '(\w+)'/.exec(text)?.[1];
  if (extension !== undefined && /auto|install|load/i.test(text))
    return `This needs DuckDB's extension '${extension}', which is not part of the DuckDB here, and nothing is fetched`;
  const [sentence = '', ...rest] = text.split('\n');
  const hint = rest.find((line) => /^(Candidate|Did you mean)/.test(line));
  return `${sentence.replace(/^[A-Z]\w*(?: \w+)? Error: /, '')}${hint === undefined ? '' : ` ${hint}`}`;
}

/** Where DuckDB points to, in the text as it was written: it gives a line, a piece of it and a caret. */
function findPosition(error: unknown, sql: string, shift: number, written: string): number | undefined {
  const found = /\nLINE (\d+): (.*)\n( *)\^/.exec(`\n${error instanceof Error ? error.message : String(error)}`);
  if (found === null) return undefined;
  const [, number = '', piece = '', blanks = ''] = found;
  const lines = sql.split('\n');
  const line = lines[Number(number) - 1] ?? '';
  const shown = piece.replace(/^\.\.\./, '').replace(/\.\.\.$/, '');
  const at = line.indexOf(shown);
  if (at < 0) return undefined;
  const inLine = blanks.length - `LINE ${number}: `.length - (piece.startsWith('...') ? 3 : 0);
  const before = lines.slice(0, Number(number) - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const position = before + at + inLine - shift;
  return position < 0 || position > written.length ? undefined : position;
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
