import type { Name, TableAlias } from '../ir.ts';
import type { Cursor } from './cursor.ts';
import { aliasInSelect, notAnAlias } from './words.ts';

const afterAlias = new Set([',', 'from', ')', ';', 'union', 'where', 'into']);

/** The alias of an item of a SELECT list, with or without AS. */
export function readAlias(cursor: Cursor): Name | undefined {
  const token = cursor.peek();
  if (token.lower === 'as') {
    if (cursor.peek(1).type === 'string') {
      cursor.at++;
      return stringName(cursor);
    }
    if (cursor.peek(1).lower === ':' && cursor.isName(2)) cursor.at++;
    if (!cursor.isName(1)) cursor.fail('expected a name after AS');
    cursor.at++;
    return cursor.name();
  }
  if (token.type === 'quoted') return cursor.name();
  if (token.type === 'string' && stringAliases.has(cursor.dialect)) return stringName(cursor);
  if (token.type !== 'word' || cursor.is('bulk', 'collect') || cursor.is('exclude', '(')) return undefined;
  if (!notAnAlias.has(token.lower)) return cursor.name();
  const next = cursor.peek(1);
  if (aliasInSelect.has(token.lower) && (next.type === 'end' || afterAlias.has(next.lower))) return cursor.name();
  return undefined;
}

const stringAliases = new Set([
  'tsql',
  'mysql',
  'sqlite',
  'snowflake',
  'generic',
  'duckdb',
  'bigquery',
  'databricks',
  'spark',
  'hive',
  'redshift',
  'clickhouse',
]);

/** A name written as a string. */
export function stringName(cursor: Cursor): Name {
  const token = cursor.next();
  return { text: token.value, quoted: true, span: { start: token.start, end: token.end } };
}

/** The alias of a relation, with the names it gives its columns: `as t (a, b)`. */
export function readTableAlias(cursor: Cursor): TableAlias | undefined {
  const token = cursor.peek();
  if (token.lower === 'as' && !cursor.is('as', 'of')) {
    if (cursor.peek(1).lower === '(') {
      // `as (a, b)`: names for the columns alone.
      cursor.at++;
      const { start } = cursor.peek();
      return { name: { text: '', quoted: false, span: { start, end: start } }, columns: cursor.bracketedNames() };
    }
    if (cursor.peek(1).type === 'string') {
      cursor.at++;
      return { name: stringName(cursor), columns: [] };
    }
    cursor.at++;
    const name = cursor.name();
    return { name, columns: cursor.is('(') ? cursor.bracketedNames() : [] };
  }
  const isAlias = token.type === 'quoted' || (token.type === 'word' && !notAnAlias.has(token.lower) && !neverHere(cursor));
  if (!isAlias) return undefined;
  const name = cursor.name();
  const columns = cursor.is('(') && cursor.isName(1) && !hints.has(cursor.peek(1).lower) ? cursor.bracketedNames() : [];
  return { name, columns };
}

const hints = new Set(['nolock', 'readpast', 'updlock', 'holdlock', 'tablock', 'rowlock', 'index', 'nowait']);

/** Whether INSERT stands here, as Hive writes it behind the relations of FROM. */
export function beginsInsert(cursor: Cursor): boolean {
  return cursor.is('insert', 'into') || cursor.is('insert', 'overwrite') || cursor.is('insert', 'table');
}

function neverHere(cursor: Cursor): boolean {
  const { lower } = cursor.peek();
  const next = cursor.peek(1).lower;
  if (lower === 'at' || lower === 'before' || lower === 'changes') return next === '(';
  if (lower === 'version' || lower === 'system_time' || lower === 'timestamp') return next === 'as';
  if (lower === 'partition' || lower === 'tablesample') return next === '(';
  if (lower === 'indexed') return next === 'by';
  if (beginsInsert(cursor)) return true;
  return lower === 'cross' || lower === 'use' || lower === 'force' || lower === 'ignore' || lower === 'matched';
}
