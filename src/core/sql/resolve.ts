import type { Dialect } from './dialect.ts';
import { traitsOf } from './dialect-traits.ts';
import type { ColumnExpression, Cte, Expression, Query, Select } from './ir.ts';
import type { ResolvedColumn, TableUse } from './resolve/columns.ts';
import { ColumnSet } from './resolve/columns.ts';
import type { Catalog, Reference, Scope, TypeInfo, Use } from './resolve/context.ts';
import { Context } from './resolve/context.ts';
import { resolveQuery } from './resolve/queries.ts';

/** What the names in a query mean. */
export interface Resolution {
  /** The columns of the result, in order. */
  readonly columns: readonly ResolvedColumn[];
  readonly set: ColumnSet;
  /** The columns that decide which rows there are. */
  readonly uses: readonly Use[];
  readonly tables: readonly TableUse[];
  readonly types: ReadonlyMap<Expression, TypeInfo>;
  readonly references: ReadonlyMap<ColumnExpression, Reference>;
  /** Where the names of each SELECT are looked up, its aliases among them. */
  readonly scopes: ReadonlyMap<Select, Scope>;
  /** The columns of every query in it. */
  readonly results: ReadonlyMap<Query, ColumnSet>;
  /** The columns of every CTE, under the names that it gives them. */
  readonly ctes: ReadonlyMap<Cte, ColumnSet>;
  /** One for every reference that nothing in scope answers to. */
  readonly problems: readonly { readonly message: string; readonly span: { readonly start: number; readonly end: number } }[];
}

/** A catalog that knows no table. */
export const emptyCatalog: Catalog = { find: () => undefined };

/** Resolves a query in one pass: its columns, their types, what they are made from, and what every column reference means. */
export function resolve(query: Query, catalog: Catalog, dialect: Dialect, text: string): Resolution {
  const context = new Context(catalog, dialect, traitsOf(dialect), text, resolveQuery);
  let set: ColumnSet;
  try {
    set = resolveQuery(context, query, undefined, undefined);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    context.problems.push({ message: 'This query is nested too deeply to be resolved', span: query.span });
    set = new ColumnSet([], context.fold);
  }
  const { uses, types, references, scopes, results, cteColumns: ctes, problems } = context;
  return { columns: set.columns, set, uses, tables: [...context.tables.values()], types, references, scopes, results, ctes, problems };
}
