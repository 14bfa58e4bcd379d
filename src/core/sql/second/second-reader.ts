import type { Span } from '../../text/span.ts';
import type { Dialect } from '../dialect.ts';
import type { Expression, Query, Relation } from '../ir.ts';
import { toExpression, toQuery } from './from-library.ts';

/** A parser of somebody else: the tree of a text in one of its own dialects; throws where it cannot read it. */
export type ForeignParse = (sql: string, database: string) => unknown;

/** Why what a second parser reads is not certain, as every edge that rests on it says. */
export const secondReason = 'our reader could not read this; it was read by a second parser (node-sql-parser)';

/** What node-sql-parser calls the dialects that it knows. */
export const databases: Partial<Record<Dialect, string>> = {
  bigquery: 'bigquery',
  snowflake: 'snowflake',
  redshift: 'redshift',
  postgres: 'postgresql',
  tsql: 'transactsql',
  sqlite: 'sqlite',
  mysql: 'mysql',
  trino: 'trino',
  athena: 'athena',
  hive: 'hive',
};

/** Longer or deeper pieces are not asked about: the time it takes grows with the square of either. */
const longest = 8000;
const deepest = 12;

let load: (() => ForeignParse | undefined) | undefined;
let loaded: { readonly parse: ForeignParse | undefined } | undefined;

/**
 * Says where the second parser is. It is read when the first piece needs it, once, and reading SQL waits for it: nobody who reads SQL
 * could wait otherwise.
 */
export function installSecondReader(loader: (() => ForeignParse | undefined) | undefined): void {
  load = loader;
  loaded = undefined;
}

/** What the second parser reads in the piece of an expression. */
export function readExpressionAgain(text: string, dialect: Dialect, span: Span): Expression | undefined {
  const query = readQueryAgain(`select ${text}`, dialect, span);
  if (query?.body.kind !== 'select' || query.body.from.length > 0 || query.body.items.length !== 1) return undefined;
  const [item] = query.body.items;
  return item?.kind === 'item' ? item.expression : undefined;
}

/** What it reads in a piece of FROM. */
export function readRelationAgain(text: string, dialect: Dialect, span: Span): Relation | undefined {
  const query = readQueryAgain(`select * from ${text}`, dialect, span);
  if (query?.body.kind !== 'select' || query.ctes.length > 0 || query.body.where !== undefined) return undefined;
  return query.body.from.length === 1 ? query.body.from[0] : undefined;
}

/** What it reads in a query, or in a statement that is one. */
export function readQueryAgain(text: string, dialect: Dialect, span: Span): Query | undefined {
  const database = databases[dialect];
  if (database === undefined || load === undefined || text.length > longest || depthOf(text) > deepest) return undefined;
  loaded ??= { parse: load() };
  if (loaded.parse === undefined) return undefined;
  try {
    return toQuery(loaded.parse(text, database), { text, span, toExpression });
  } catch {
    // It cannot read it either, in one of the several ways in which it says so.
    return undefined;
  }
}

function depthOf(text: string): number {
  let deepestHere = 0;
  let depth = 0;
  for (const sign of text) {
    if (sign === '(' || sign === '[') depth++;
    else if (sign === ')' || sign === ']') depth--;
    deepestHere = Math.max(deepestHere, depth);
  }
  return deepestHere + (text.match(/\bcase\b/gi)?.length ?? 0) / 4;
}
