import type { RowFormat } from '../data/formats.ts';
import type { Dialect } from '../sql/dialect.ts';
import type { TableColumn } from '../translate/table.ts';

/** A value as an engine hands it over; dates and decimals travel as text in ISO and plain notation, so that nothing is rounded. */
export type Cell = null | boolean | number | bigint | string | Uint8Array;

export interface EngineColumn {
  readonly name: string;
  /** The type in the project's dialect where it is known, else the engine's own. */
  readonly type: string;
}

export interface Page {
  readonly columns: readonly EngineColumn[];
  readonly rows: readonly (readonly Cell[])[];
  readonly offset: number;
  /** Known once the last page was read or the result was counted. */
  readonly rowCount?: number;
}

/** A file with rows that becomes a table. */
export interface RowsFile {
  readonly bytes: Uint8Array;
  readonly format: RowFormat;
  /** The types that columns are declared to have, by lower-case name. */
  readonly declared: ReadonlyMap<string, string>;
  readonly dialect: Dialect;
  readonly delimiter?: string;
}

/** The table that it became. */
export interface LoadedRows {
  readonly columns: readonly TableColumn[];
  /** What does not fit the type that its column is declared to have. */
  readonly misfits: readonly string[];
}

/** What an engine can do, as data, so that the plan and the translation never ask which engine it is. */
export interface EngineCapabilities {
  readonly name: 'sqlite' | 'duckdb';
  readonly dialect: 'sqlite' | 'duckdb';
  /** Whether a running statement can be interrupted; otherwise its worker is ended and started again. */
  readonly interruptible: boolean;
  readonly maxBytes: number;
}

/** A database that previews run in; a real warehouse would be just another implementation. Names are those of the plan. */
export interface Engine {
  readonly capabilities: EngineCapabilities;
  open(): Promise<void>;
  /** Fills a new table; replaces one of the same name. */
  load(table: string, columns: readonly EngineColumn[], rows: Iterable<readonly Cell[]>): Promise<number>;
  /**
   * Fills a new table from the bytes of a CSV file with a header, where the engine reads that itself exactly as `readCsv` does and every value
   * fits its column; false where it cannot, and nothing stands.
   */
  loadCsv?(table: string, columns: readonly EngineColumn[], bytes: Uint8Array, delimiter: string): Promise<boolean>;
  /** Fills a new table from a file where the engine runs, so that its rows need not travel; absent where that is here. */
  loadFile?(table: string, file: RowsFile): Promise<LoadedRows>;
  /** Makes the tables of a SQLite file readable under the given names; `types` are those known of columns, by lower-case name. */
  attach(bytes: Uint8Array, tables: ReadonlyMap<string, string>, types?: ReadonlyMap<string, string>): Promise<void>;
  execute(sql: string): Promise<void>;
  query(sql: string, page: { readonly offset: number; readonly limit: number }): Promise<Page>;
  cancel(): void;
  close(): Promise<void>;
}
