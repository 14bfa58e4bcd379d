import type { Name } from '../ir.ts';
import { selectFrom } from './building.ts';
import type { Draft } from './changes.ts';
import type { Cursor } from './cursor.ts';
import { isQueryAhead, startsQuery } from './lookahead.ts';
import { readBracketedQuery } from './queries.ts';
import { readTableName } from './table-names.ts';

/**
 * A statement that fills a table from a file: `BULK INSERT t FROM 'x.csv'`, `COPY t FROM 'x.csv'`, `LOAD DATA INFILE 'x.csv' INTO TABLE t`.
 * The file is read as the table that is called like it, which is what a project's CSV files are.
 */
export function readLoad(cursor: Cursor): Draft {
  const { lower } = cursor.next();
  if (lower === 'load') return readLoadData(cursor);
  if (lower === 'export' || lower === 'unload') return readExport(cursor);
  if (lower === 'bulk' && !cursor.take('insert')) return other(cursor);
  if (lower === 'copy' && cursor.is('(')) return readExport(cursor);
  if (lower === 'copy' && cursor.take('into')) return readCopyInto(cursor);
  const target = readTableName(cursor);
  const targetColumns = cursor.is('(') ? cursor.bracketedNames() : [];
  return cursor.take('from') ? fill(cursor, target, targetColumns) : other(cursor);
}

/** `COPY (select …) TO 'file'`, `UNLOAD (select …) TO 'place'`, `EXPORT DATA … AS select …`: the query whose rows go elsewhere. */
function readExport(cursor: Cursor): Draft {
  while (!cursor.done && !cursor.is('as') && !isQueryAhead(cursor, cursor.at)) cursor.is('(') ? cursor.skipBrackets() : cursor.at++;
  if (cursor.take('as') ? !startsQuery(cursor, 0) : cursor.done) return other(cursor);
  const query = cursor.is('(') ? readBracketedQuery(cursor) : cursor.grammar.query(cursor);
  cursor.at = cursor.end;
  return { kind: 'select', query };
}

/** `COPY INTO t (a, b) FROM (select … from @stage)`, from a stage or a file, and the other way round. */
function readCopyInto(cursor: Cursor): Draft {
  const target = readPlace(cursor);
  const targetColumns = cursor.is('(') ? cursor.bracketedNames() : [];
  if (!cursor.take('from')) return other(cursor);
  const start = cursor.at;
  const query = isQueryAhead(cursor, start)
    ? cursor.inBrackets(() => cursor.grammar.query(cursor))
    : selectFrom({ kind: 'table', parts: readPlace(cursor), modifiers: [], span: cursor.since(start) });
  cursor.at = cursor.end;
  return { kind: 'insert', target, targetColumns, query };
}

/** A table, a stage, or a file by its path. */
function readPlace(cursor: Cursor): Name[] {
  const { type, value, start, end } = cursor.peek();
  if (type !== 'string') return readTableName(cursor);
  cursor.at++;
  return [{ text: value, quoted: true, span: { start, end } }];
}

function readLoadData(cursor: Cursor): Draft {
  while (!cursor.done && !cursor.is('infile')) cursor.at++;
  if (cursor.done) return other(cursor);
  cursor.at++;
  const file = cursor.at;
  while (!cursor.done && !cursor.is('into', 'table')) cursor.at++;
  if (cursor.done) return other(cursor);
  cursor.at += 2;
  const target = readTableName(cursor);
  cursor.at = file;
  return fill(cursor, target, []);
}

function fill(cursor: Cursor, target: readonly Name[], targetColumns: readonly Name[]): Draft {
  const { type, value } = cursor.peek();
  const start = cursor.at;
  const stem = type === 'string' && !value.includes('://') ? /([^\\/]+)\.(csv|tsv|txt)$/i.exec(value)?.[1] : undefined;
  if (stem === undefined) return other(cursor);
  cursor.at++;
  const span = cursor.since(start);
  cursor.at = cursor.end;
  const query = selectFrom({ kind: 'table', parts: [{ text: stem, quoted: false, span }], modifiers: [], span });
  return { kind: 'insert', target, targetColumns, query };
}

function other(cursor: Cursor): Draft {
  cursor.at = cursor.end;
  return { kind: 'other' };
}
