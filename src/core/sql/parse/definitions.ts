import type { ColumnDefinition, Name, TableConstraint } from '../ir.ts';
import type { Cursor } from './cursor.ts';
import { readTableName } from './table-names.ts';
import { readTypeName } from './type-names.ts';

interface Definitions {
  definitions: ColumnDefinition[];
  constraints: TableConstraint[];
  targetColumns: Name[];
}

const constraintWords = new Set([
  'constraint',
  'primary',
  'foreign',
  'unique',
  'check',
  'index',
  'key',
  'exclude',
  'period',
  'fulltext',
  'spatial',
  'like',
  'projection',
]);

/** Reads the columns and constraints of CREATE TABLE, or the bare names of CREATE VIEW; `unbracketed` for one constraint behind ALTER TABLE … ADD. */
export function readDefinitions(cursor: Cursor, isView: boolean, unbracketed = false): Definitions {
  const found: Definitions = { definitions: [], constraints: [], targetColumns: [] };
  if (unbracketed) {
    readConstraint(cursor, found);
    return found;
  }
  cursor.inBrackets(() => {
    while (!cursor.done) {
      if (isConstraint(cursor)) readConstraint(cursor, found);
      else found.definitions.push(readColumn(cursor, found));
      while (!cursor.done && !cursor.is(',')) cursor.is('(') ? cursor.skipBrackets() : cursor.at++;
      if (!cursor.take(',')) break;
    }
  });
  if (isView || found.definitions.every((column) => column.type === undefined))
    found.targetColumns = found.definitions.map((column) => column.name);
  return found;
}

/** A constraint of the table, unless a column merely bears one of its words as a name. */
function isConstraint(cursor: Cursor): boolean {
  if (!cursor.isAny(constraintWords)) return false;
  const next = cursor.peek(1).lower;
  if (cursor.is('primary') || cursor.is('foreign')) return next === 'key';
  if (cursor.is('unique')) return next === '(' || next === 'key' || next === 'index' || next === 'nulls';
  if (cursor.is('check') || cursor.is('exclude')) return next === '(' || next === 'using';
  if (cursor.is('key') || cursor.is('index')) return cursor.peek(2).lower === '(' || next === '(';
  return true;
}

function readConstraint(cursor: Cursor, found: Definitions): void {
  if (cursor.take('constraint') && !cursor.isAny(constraintWords)) cursor.name();
  if (cursor.take('primary', 'key')) {
    skipTo(cursor, '(');
    if (cursor.is('(')) found.constraints.push({ kind: 'primary-key', columns: cursor.bracketedNames() });
  } else if (cursor.take('unique')) {
    skipTo(cursor, '(');
    if (cursor.is('(')) found.constraints.push({ kind: 'unique', columns: cursor.bracketedNames() });
  } else if (cursor.take('foreign', 'key')) {
    skipTo(cursor, '(');
    const columns = cursor.is('(') ? cursor.bracketedNames() : [];
    const references = readReferences(cursor);
    found.constraints.push({ kind: 'foreign-key', columns, ...(references === undefined ? {} : { references }) });
  } else cursor.next();
}

function skipTo(cursor: Cursor, word: string): void {
  while (!cursor.done && !cursor.is(word) && !cursor.is(',')) cursor.at++;
}

function readReferences(cursor: Cursor): { table: readonly Name[]; columns: readonly Name[] } | undefined {
  if (!cursor.take('references')) return undefined;
  const table = readTableName(cursor);
  return { table, columns: cursor.is('(') ? cursor.bracketedNames() : [] };
}

function readColumn(cursor: Cursor, found: Definitions): ColumnDefinition {
  const name = cursor.name();
  let type: string | undefined;
  let notNull = false;
  let primaryKey = false;
  let unique = false;
  let comment: string | undefined;
  let references: ColumnDefinition['references'];
  if (cursor.isName() && !cursor.isAny(columnWords)) type = readTypeName(cursor);
  while (!cursor.done && !cursor.is(',')) {
    if (cursor.take('not', 'null')) notNull = true;
    else if (cursor.take('primary', 'key')) primaryKey = true;
    else if (cursor.take('unique')) unique = true;
    else if (cursor.is('references')) references = readReferences(cursor);
    else if (cursor.is('comment') && cursor.peek(1).type === 'string') {
      comment = cursor.peek(1).value;
      cursor.at += 2;
    } else if (cursor.is('description') && cursor.peek(1).lower === '=' && cursor.peek(2).type === 'string') {
      comment = cursor.peek(2).value;
      cursor.at += 3;
    } else if (cursor.is('options', '(')) {
      comment = descriptionIn(cursor) ?? comment;
      cursor.at++;
      cursor.skipBrackets();
    } else if (cursor.is('(')) cursor.skipBrackets();
    else cursor.at++;
  }
  if (primaryKey) found.constraints.push({ kind: 'primary-key', columns: [name] });
  if (references !== undefined) found.constraints.push({ kind: 'foreign-key', columns: [name], references });
  return {
    name,
    ...(type === undefined ? {} : { type }),
    notNull: notNull || primaryKey,
    primaryKey,
    unique,
    ...(references === undefined ? {} : { references }),
    ...(comment === undefined ? {} : { comment }),
  };
}

/** BigQuery's `options (description = '…')`. */
function descriptionIn(cursor: Cursor): string | undefined {
  for (let ahead = 2; cursor.at + ahead < cursor.closing(cursor.at + 1); ahead++)
    if (cursor.peek(ahead).lower === 'description' && cursor.peek(ahead + 2).type === 'string') return cursor.peek(ahead + 2).value;
  return undefined;
}

const columnWords = new Set([
  'not',
  'null',
  'primary',
  'unique',
  'references',
  'default',
  'comment',
  'check',
  'constraint',
  'collate',
  'generated',
  'options',
  'with',
  'as',
  'tag',
  'masking',
  'autoincrement',
  'identity',
  'encode',
  'distkey',
  'sortkey',
]);
