import type { Cell, EngineColumn } from '../engine/engine.ts';

/** Rows of a statement that ran where the data is. */
export interface RemoteRows {
  /** Types as the database spells them. */
  readonly columns: readonly EngineColumn[];
  readonly rows: readonly (readonly Cell[])[];
  /** How many rows the statement has, those that were not fetched included. */
  readonly rowCount: number;
  /** Whether counting ended before the last row, so that there are at least as many. */
  readonly isAtLeast: boolean;
}

/** How much of a result travels: rows to fetch, and rows to count beyond them. */
export interface FetchLimits {
  readonly rows: number;
  readonly counted: number;
}

/** A relation that stands in the database. */
export interface RemoteRelation {
  readonly schema: string;
  readonly name: string;
  readonly kind: 'table' | 'view';
  readonly columns: readonly EngineColumn[];
}

/** A database that holds the project's relations. Reading cannot change it; writing is asked for statement by statement. */
export interface Warehouse {
  readonly adapter: string;
  /** The schema that temporary tables go by. */
  readonly temporarySchema: string;
  /** Runs one query that cannot write; throws a WarehouseError. */
  query(sql: string, limits: FetchLimits): Promise<RemoteRows>;
  /** Tables and views of schemas, in the order of their names. */
  relations(schemas: readonly string[]): Promise<readonly RemoteRelation[]>;
  /** Runs statements in order, all of them or none; gives the rows that the last one touched. */
  write(statements: readonly string[]): Promise<number>;
  close(): Promise<void>;
}

/** What a database refuses, in its own words, or why it cannot be reached. */
export class WarehouseError extends Error {
  constructor(
    message: string,
    /** Where in the statement, in UTF-16 units; undefined where the database does not say. */
    readonly position?: number,
    /** The statement that it refused, where several were sent. */
    readonly statement?: string,
  ) {
    super(message);
  }
}
