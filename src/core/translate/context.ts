import type { Dialect } from '../sql/dialect.ts';
import type { Expression, Name, Query, SortKey, Window } from '../sql/ir.ts';
import type { Span } from '../text/span.ts';
import type { CteScope } from './cte-scope.ts';
import type { Scope } from './scope.ts';
import type { Typed } from './sql-text.ts';
import type { KnownTable, TableColumn } from './table.ts';
import type { ValueType } from './value-type.ts';

export interface TranslateOptions {
  readonly dialect: Dialect;
  /** The engine that runs the query; SQLite where none is named. */
  readonly engine?: 'sqlite' | 'duckdb';
  /** The moment that CURRENT_DATE and NOW stand for, `YYYY-MM-DD HH:MM:SS`, so that one run sees one time. */
  readonly now: string;
  /** The table a name stands for, or undefined when there is none. */
  table(parts: readonly Name[]): KnownTable | undefined;
  /** The rows that a query over the engine has given, or undefined where it has not been asked yet. */
  answer?(sql: string): readonly (readonly (string | number | null)[])[] | undefined;
  /** The bodies that the project gives to functions of its warehouse, by lower-case name. */
  readonly functions?: ReadonlyMap<string, string>;
  /** The names to offer when a table is not found. */
  tableNames?(): Iterable<string>;
}

/** What a query is emitted to, with the columns it gives. */
export interface EmittedQuery {
  readonly sql: string;
  readonly columns: readonly TableColumn[];
}

/** What the parts of the emitter share; a new one for every translation. */
export interface Context {
  readonly dialect: Dialect;
  readonly options: TranslateOptions;
  readonly notes: Set<string>;
  /** A name that occurs nowhere else in the statement. */
  fresh(prefix: string): string;
  emit(expression: Expression, scope: Scope): Typed;
  /** A column of FROM as `emit` gives it: with where its value lies, for an engine that wants to know. */
  placed(sql: string, type: ValueType): string;
  /** What a column of a result is filled with. */
  filled(value: Typed): string;
  query(query: Query, scope: Scope | undefined): EmittedQuery;
  /** A query inside FROM, with the CTEs that are defined around it. */
  queryIn(query: Query, scope: Scope | undefined, ctes: CteScope): EmittedQuery;
  /** Runs with the CTEs that queries inside expressions may name. */
  within<T>(ctes: CteScope, run: () => T): T;
  window(window: Window, scope: Scope): string;
  sortKeys(keys: readonly SortKey[], scope: Scope): string;
  /** The rows of a query that must run before the translation can go on. */
  ask(sql: string, span: Span): readonly (readonly (string | number | null)[])[];
  refuse(message: string, span: Span, alternative?: string): never;
}
