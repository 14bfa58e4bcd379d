import type { Expression, Query, SortKey, Window } from '../sql/ir.ts';
import type { Span } from '../text/span.ts';
import type { Context, EmittedQuery, TranslateOptions } from './context.ts';
import { CteScope } from './cte-scope.ts';
import { toDuckDb } from './duckdb/lower.ts';
import { Unwritable } from './duckdb/piece.ts';
import { mark, markStored } from './duckdb/portable.ts';
import { emitExpression } from './emit-expression.ts';
import { emitQuery } from './emit-query.ts';
import { emitSortKeys, emitWindow } from './emit-window.ts';
import type { Scope } from './scope.ts';
import { Question, Refusal, type Typed } from './sql-text.ts';
import type { TableColumn } from './table.ts';
import type { ValueType } from './value-type.ts';

/** A query for the engine, or why there is none. */
export type Translation =
  | { readonly kind: 'translated'; readonly sql: string; readonly columns: readonly TableColumn[]; readonly notes: readonly string[] }
  /** A query whose rows must be known first: run it and translate again with its answer. */
  | { readonly kind: 'asks'; readonly sql: string; readonly span: Span }
  | { readonly kind: 'refused'; readonly message: string; readonly span: Span; readonly alternative?: string };

class Translator implements Context {
  readonly notes = new Set<string>();
  readonly dialect: TranslateOptions['dialect'];
  #count = 0;
  #ctes = new CteScope();

  constructor(readonly options: TranslateOptions) {
    this.dialect = options.dialect;
  }

  fresh(prefix: string): string {
    return `${prefix}${++this.#count}`;
  }

  emit(expression: Expression, scope: Scope): Typed {
    const value = emitExpression(this, expression, scope);
    return this.options.engine === 'duckdb' ? { ...value, sql: mark(value.sql, value.type) } : value;
  }

  placed(sql: string, type: ValueType): string {
    return this.options.engine === 'duckdb' ? mark(sql, type) : sql;
  }

  filled(value: Typed): string {
    return this.options.engine === 'duckdb' ? markStored(value.sql, value.type) : value.sql;
  }

  query(query: Query, scope: Scope | undefined): EmittedQuery {
    return emitQuery(this, query, scope, this.#ctes);
  }

  queryIn(query: Query, scope: Scope | undefined, ctes: CteScope): EmittedQuery {
    return emitQuery(this, query, scope, ctes);
  }

  /** Runs with the CTEs that a subquery inside an expression may name. */
  within<T>(ctes: CteScope, run: () => T): T {
    const outer = this.#ctes;
    this.#ctes = ctes;
    try {
      return run();
    } finally {
      this.#ctes = outer;
    }
  }

  window(window: Window, scope: Scope): string {
    return emitWindow(this, window, scope);
  }

  sortKeys(keys: readonly SortKey[], scope: Scope): string {
    return emitSortKeys(this, keys, scope);
  }

  ask(sql: string, span: Span): readonly (readonly (string | number | null)[])[] {
    const asked = this.options.engine === 'duckdb' ? toDuckDb(sql) : sql;
    const rows = this.options.answer?.(asked);
    if (rows === undefined) throw new Question(asked, span);
    return rows;
  }

  refuse(message: string, span: Span, alternative?: string): never {
    throw new Refusal(message, span, alternative);
  }
}

/** The query in SQLite's dialect over functions of ours, with the meaning it has in its own; never an approximation in silence. */
export function translate(query: Query, options: TranslateOptions): Translation {
  const translator = new Translator(options);
  try {
    const { sql, columns } = translator.query(query, undefined);
    return { kind: 'translated', sql: options.engine === 'duckdb' ? toDuckDb(sql) : sql, columns, notes: [...translator.notes] };
  } catch (error) {
    if (error instanceof Refusal)
      return {
        kind: 'refused',
        message: error.message,
        span: error.span,
        ...(error.alternative === undefined ? {} : { alternative: error.alternative }),
      };
    if (error instanceof Unwritable) return { kind: 'refused', message: error.message, span: query.span };
    if (error instanceof Question) return { kind: 'asks', sql: error.sql, span: error.span };
    if (error instanceof RangeError)
      return { kind: 'refused', message: 'This query is nested too deeply to be previewed.', span: query.span };
    throw error;
  }
}
