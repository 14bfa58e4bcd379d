import type { Expression, FunctionRelation, Name } from '../ir.ts';
import { readTableAlias } from './aliases.ts';
import type { Cursor } from './cursor.ts';
import { readTypeName } from './type-names.ts';

/** Whether a function stands here in FROM, its name perhaps qualified. */
export function isTableFunction(cursor: Cursor): boolean {
  let ahead = 0;
  while (cursor.isName(ahead) && cursor.peek(ahead + 1).lower === '.') ahead += 2;
  if (!cursor.isName(ahead) || cursor.peek(ahead + 1).lower !== '(') return false;
  if (cursor.is('identifier', '(') && cursor.peek(2).type !== 'word') return false;
  // T-SQL's hints: `orders (nolock)`.
  return !(cursor.dialect === 'tsql' && cursor.peek(ahead + 3).lower === ')' && hints.has(cursor.peek(ahead + 2).lower));
}

const hints = new Set(['nolock', 'readpast', 'updlock', 'holdlock', 'tablock', 'rowlock']);

type Declared = FunctionRelation['declared'][number];

/** Reads `unnest(x) with offset as o`, `table(flatten(input => x)) f`, `json_table(… columns (…)) as j`, `generate_series(1, 10) as g (n)`. */
export function readTableFunction(cursor: Cursor, lateral: boolean): FunctionRelation {
  const start = cursor.at;
  let declared: Declared[] = [];
  let found = readFunction(cursor, (columns) => {
    declared = columns;
  });
  if (found.name === 'table' && found.args.length === 1) {
    const [inner] = found.args;
    if (inner?.kind === 'call') {
      // What the rows are handed over by decides what comes back too.
      const by = [...(inner.over?.partitionBy ?? []), ...(inner.over?.orderBy.map((key) => key.expression) ?? [])];
      found = { name: inner.name, args: [...inner.args, ...by], named: inner.named };
    }
  }
  if (found.name === 'rows' && cursor.is('from')) cursor.at++;
  const args = [...found.args];
  let outer = false;
  for (const { name, value } of found.named) {
    if (name === 'outer') outer = value.kind === 'literal' && value.value.toLowerCase() === 'true';
    else if (name === 'input') args.unshift(value);
    else args.push(value);
  }
  let ordinal: Name | undefined;
  if (cursor.take('with', 'ordinality')) ordinal = { text: 'ordinality', quoted: false, span: cursor.since(cursor.at - 1) };
  if (cursor.is('with', '(')) {
    cursor.at++;
    declared = cursor.inBrackets(() => readDeclared(cursor));
  }
  const alias = cursor.is('with', 'offset')
    ? undefined
    : readFunctionAlias(cursor, (columns) => {
        declared = columns;
      });
  if (cursor.take('with', 'offset')) {
    const named = cursor.take('as') || (cursor.isName() && !cursor.is('where') && !cursor.is('on') && !isClause(cursor));
    ordinal = named ? cursor.name() : { text: 'offset', quoted: false, span: cursor.since(cursor.at - 1) };
  }
  const late = alias ?? (ordinal === undefined ? undefined : readTableAlias(cursor));
  return {
    kind: 'function',
    name: found.name,
    args,
    lateral: lateral || found.name === 'flatten' || found.name === 'unnest',
    outer,
    ...(late === undefined ? {} : { alias: late }),
    ...(ordinal === undefined ? {} : { ordinal }),
    declared,
    span: cursor.since(start),
  };
}

/** PostgreSQL's `rows from (f(x), g(y)) as t (a, b)`: functions side by side. */
export function readRowsFrom(cursor: Cursor, lateral: boolean): FunctionRelation {
  const start = cursor.at;
  cursor.at += 2;
  const args = cursor.inBrackets(() => {
    const list: Expression[] = [];
    do {
      list.push(cursor.grammar.expression(cursor));
      if (cursor.take('as')) while (!cursor.done && !cursor.is(',')) cursor.is('(') ? cursor.skipBrackets() : cursor.at++;
    } while (cursor.take(','));
    return list;
  });
  cursor.take('with', 'ordinality');
  const alias = readTableAlias(cursor);
  return {
    kind: 'function',
    name: 'rows from',
    args,
    lateral,
    outer: false,
    ...(alias === undefined ? {} : { alias }),
    declared: [],
    span: cursor.since(start),
  };
}

function isClause(cursor: Cursor): boolean {
  return new Set([
    'join',
    'left',
    'inner',
    'cross',
    'right',
    'full',
    'group',
    'order',
    'qualify',
    'having',
    'limit',
    'union',
    'window',
  ]).has(cursor.peek().lower);
}

interface FoundFunction {
  name: string;
  args: readonly Expression[];
  named: readonly { readonly name: string; readonly value: Expression }[];
}

const declaring = new Set(['json_table', 'xmltable']);

function readFunction(cursor: Cursor, declare: (columns: Declared[]) => void): FoundFunction {
  const first = cursor.peek().lower;
  if (declaring.has(first)) {
    cursor.at++;
    const args = cursor.inBrackets(() => {
      const list = [cursor.grammar.expression(cursor)];
      while (!cursor.done && !cursor.is('columns')) {
        if (cursor.take(',') && !cursor.done && cursor.peek().type !== 'string') list.push(cursor.grammar.expression(cursor));
        else if (cursor.take('passing')) {
          cursor.take('by', 'ref');
          list.push(cursor.grammar.expression(cursor));
        } else cursor.at++;
      }
      if (cursor.take('columns')) {
        if (cursor.is('(')) declare(cursor.inBrackets(() => readDeclared(cursor)));
        else declare(readDeclared(cursor));
      }
      cursor.at = cursor.end;
      return list;
    });
    return { name: first, args, named: [] };
  }
  const call = cursor.grammar.primary(cursor);
  if (call.kind === 'call') return { name: call.name, args: call.args, named: call.named };
  if (call.kind === 'subquery') return { name: 'table', args: [call], named: [] };
  return { name: first, args: [call], named: [] };
}

/** `name type path '…', nested path '…' columns (…)`: the columns that a function declares. */
function readDeclared(cursor: Cursor): Declared[] {
  const columns: Declared[] = [];
  while (!cursor.done) {
    if (cursor.is('nested')) {
      while (!cursor.done && !cursor.is('columns')) cursor.at++;
      cursor.at++;
      if (cursor.is('(')) columns.push(...cursor.inBrackets(() => readDeclared(cursor)));
    } else {
      const name = cursor.name();
      const hasType = cursor.isName() && !cursor.is('path') && !cursor.is('for') && !cursor.is('exists');
      const type = hasType ? readTypeName(cursor) : undefined;
      if (cursor.is('path')) cursor.at++;
      const isOrdinal = cursor.is('for', 'ordinality');
      const path = cursor.peek().type === 'string' ? cursor.peek().value : undefined;
      columns.push({
        name,
        ...(type === undefined ? {} : { type }),
        ...(path === undefined ? {} : { path }),
        ...(isOrdinal ? { isOrdinal } : {}),
      });
      while (!cursor.done && !cursor.is(',')) cursor.is('(') ? cursor.skipBrackets() : cursor.at++;
    }
    if (!cursor.take(',')) break;
  }
  return columns;
}

/** An alias whose columns may carry types, as PostgreSQL asks of functions that return records. */
function readFunctionAlias(cursor: Cursor, declare: (columns: Declared[]) => void): FunctionRelation['alias'] {
  const open = cursor.is('as') ? 2 : 1;
  const typed = cursor.peek(open).lower === '(' && cursor.isName(open + 1) && cursor.isName(open + 2);
  if (!typed) return readTableAlias(cursor);
  cursor.take('as');
  const name = cursor.name();
  declare(cursor.inBrackets(() => readDeclared(cursor)));
  return { name, columns: [] };
}

/** Hive's `LATERAL VIEW [OUTER] explode(x) t AS a, b`. */
export function readLateralView(cursor: Cursor): FunctionRelation {
  const start = cursor.at;
  cursor.at += 2;
  const outer = cursor.take('outer');
  const call = cursor.grammar.primary(cursor);
  if (call.kind !== 'call') cursor.fail('expected a function after LATERAL VIEW');
  const none: Name = { text: '', quoted: false, span: { start: cursor.peek().start, end: cursor.peek().start } };
  const name =
    cursor.isName() && !cursor.is('as') && !cursor.is('lateral') && !cursor.is('where') && !isClause(cursor) ? cursor.name() : none;
  const hasColumns =
    cursor.take('as') || (name !== none && cursor.isName() && !cursor.is('lateral') && !cursor.is('where') && !isClause(cursor));
  const columns = hasColumns ? (cursor.is('(') ? cursor.bracketedNames() : cursor.names()) : [];
  return {
    kind: 'function',
    name: call.name,
    args: call.args,
    lateral: true,
    outer,
    alias: { name, columns },
    declared: [],
    span: cursor.since(start),
  };
}
