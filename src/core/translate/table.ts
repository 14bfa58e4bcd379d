import type { ValueType } from './value-type.ts';

/** A column as the translation knows it. */
export interface TableColumn {
  readonly name: string;
  readonly type: ValueType;
}

/** A table of the engine that a name in the query stands for. */
export interface KnownTable {
  /** The engine's name for it, unquoted. */
  readonly physical: string;
  readonly columns: readonly TableColumn[];
  /** The columns of its declared primary key: PostgreSQL lets the others stand beside them in a grouped query. */
  readonly primaryKey?: readonly string[];
}
