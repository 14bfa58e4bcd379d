import type { Cte, Expression, Query, QueryBody, Select, SetOperation, SortKey } from '../ir.ts';
import { readsTable } from '../reads-table.ts';
import { readQueryAgain } from '../second/second-reader.ts';
import { readTableAlias, stringName } from './aliases.ts';
import type { Cursor } from './cursor.ts';
import { isQueryAhead, setStrength, sideOfSet, sideWord } from './lookahead.ts';
import { readPivotQuery } from './pivots.ts';
import { opaqueExpression, recovering } from './recovery.ts';
import { readSelect } from './selects.ts';
import { readOrderBy } from './windows.ts';
import { skipFunctions } from './with-functions.ts';
import { clauseWords } from './words.ts';

/** Reads a query with its WITH clause, its set operations, and what sorts and limits the whole. */
export function readQuery(cursor: Cursor): Query {
  return cursor.deeper(() => {
    const start = cursor.at;
    skipFunctions(cursor);
    const { ctes, recursive } = cursor.is('with') ? readWith(cursor) : { ctes: [], recursive: false };
    const term = cursor.done && ctes.length > 0 ? emptyQuery(cursor) : readSetOperations(cursor, 0);
    const tail = readTail(cursor);
    const query: Query = {
      ...term,
      ctes: [...ctes, ...term.ctes],
      recursive: recursive || term.recursive,
      ...tail,
      orderBy: tail.orderBy.length > 0 ? tail.orderBy : term.orderBy,
      span: cursor.since(start),
    };
    const whole = cursor.is('|>') ? cursor.grammar.pipes(cursor, query) : query;
    // ClickHouse and MySQL's kin let LIMIT stand before a set operation without brackets.
    return setStrength[cursor.peek().lower] !== undefined && cursor.peek().type === 'word' ? continueSets(cursor, whole, start) : whole;
  });
}

/** Reads the query in the brackets that open here; what follows it in them is reported and passed over. */
export function readBracketedQuery(cursor: Cursor): Query {
  return cursor.inBrackets(() => {
    const query = recovering(
      cursor,
      () => true,
      () => readQuery(cursor),
      (start, reason) => {
        cursor.at = cursor.end;
        return opaqueQuery(cursor, start, reason);
      },
    );
    if (!cursor.done) {
      const from = cursor.at;
      cursor.at = cursor.end;
      const span = cursor.since(from);
      cursor.report(`'${cursor.slice(span).slice(0, 60)}' was not understood at the end of this query`, span);
    }
    return query;
  });
}

/** A query of which nothing but its text and the reason is known. */
export function opaqueQuery(cursor: Cursor, start: number, reason: string): Query {
  const span = cursor.since(start);
  const meaning = cursor.again(span, readQueryAgain);
  return toQuery({ kind: 'opaque-query', reason, text: cursor.slice(span), ...(meaning === undefined ? {} : { meaning }), span });
}

function emptyQuery(cursor: Cursor): Query {
  const at = cursor.peek().start;
  const reason = 'The query after WITH is missing';
  cursor.report(reason, { start: at, end: at });
  return toQuery({ kind: 'opaque-query', reason, text: '', span: { start: at, end: at } });
}

function toQuery(body: QueryBody, limit?: Expression): Query {
  return { kind: 'query', ctes: [], recursive: false, body, orderBy: [], ...(limit === undefined ? {} : { limit }), span: body.span };
}

function readWith(cursor: Cursor): { ctes: Cte[]; recursive: boolean } {
  cursor.at++;
  const recursive = cursor.take('recursive');
  const ctes: Cte[] = [];
  do {
    if (ctes.length > 0 && (cursor.is('select') || cursor.done)) break;
    const cte = readCte(cursor);
    ctes.push(recursive || (unsaid.has(cursor.dialect) && stepsOnItself(cte)) ? { ...cte, recursive: true } : cte);
  } while (cursor.take(',') || (cursor.isName() && cursor.peek(1).lower === 'as' && cursor.peek(2).lower === '('));
  return { ctes, recursive: recursive || ctes.some((cte) => cte.recursive === true) };
}

/** Where WITH need not say RECURSIVE. */
const unsaid: ReadonlySet<string> = new Set(['snowflake', 'tsql', 'oracle']);

/** Whether a CTE is a start without itself and a step that reads it; one that only reads a table of its name is none. */
function stepsOnItself({ name, query: { body } }: Cte): boolean {
  return body.kind === 'set' && body.operator === 'union' && !readsTable(body.left, name.text) && readsTable(body.right, name.text);
}

function readCte(cursor: Cursor): Cte {
  const start = cursor.at;
  const isExpression =
    (!cursor.isName() && cursor.peek().type !== 'string') || (cursor.peek(1).lower !== 'as' && cursor.peek(1).lower !== '(');
  if (isExpression && cursor.dialect === 'clickhouse') return readScalarCte(cursor);
  const name = cursor.peek().type === 'string' ? stringName(cursor) : cursor.name();
  const columns = cursor.is('(') && !isQueryAhead(cursor, cursor.at) ? cursor.bracketedNames() : [];
  if (cursor.take('using', 'key')) cursor.skipBrackets();
  if (!cursor.take('as') && !isQueryAhead(cursor, cursor.at)) cursor.fail('expected AS');
  let materialized: boolean | undefined;
  if (cursor.take('not', 'materialized')) materialized = false;
  else if (cursor.take('materialized')) materialized = true;
  if (!cursor.is('(')) {
    if (cursor.dialect === 'clickhouse') {
      cursor.at = start;
      return readScalarCte(cursor);
    }
    cursor.fail("expected '(' after AS");
  }
  const query = readBracketedQuery(cursor);
  const marks = readMarks(cursor);
  return {
    name,
    columns,
    query,
    ...(materialized === undefined ? {} : { materialized }),
    ...(marks.length === 0 ? {} : { marks }),
    span: cursor.since(start),
  };
}

/** `SEARCH DEPTH FIRST BY a SET o` and `CYCLE a SET c [TO 'y' DEFAULT 'n'] USING p`: the columns that they add. */
function readMarks(cursor: Cursor): NonNullable<Cte['marks']> {
  const marks: NonNullable<Cte['marks']>[number][] = [];
  while (cursor.is('search') || cursor.is('cycle')) {
    cursor.at++;
    while (!cursor.done && !cursor.take('by') && (cursor.is('depth') || cursor.is('breadth') || cursor.is('first'))) cursor.at++;
    const from = [cursor.name()];
    while (!cursor.done && !cursor.is('set') && !cursor.is('select')) if (cursor.next().lower === ',') from.push(cursor.name());
    while (!cursor.done && !markEnds.has(cursor.peek().lower))
      if (cursor.take('set') || cursor.take('using')) marks.push({ name: cursor.name(), from });
      else cursor.at++;
  }
  return marks;
}

const markEnds = new Set([',', 'select', 'cycle', 'search', 'insert', 'update', 'delete', 'merge', '(']);

/** ClickHouse's `WITH expression AS name`, which names a value rather than a relation. */
function readScalarCte(cursor: Cursor): Cte {
  const start = cursor.at;
  const expression = cursor.grammar.expression(cursor);
  const { span } = expression;
  cursor.expect('as');
  const alias = cursor.name();
  const body: Select = {
    kind: 'select',
    distinct: false,
    items: [{ kind: 'item', expression, alias, span }],
    from: [],
    groupBy: [],
    groupByAll: false,
    windows: [],
    span,
  };
  return { name: alias, columns: [], query: toQuery(body), scalar: true, span: cursor.since(start) };
}

/** A set operation behind a query that was sorted or limited before. */
function continueSets(cursor: Cursor, first: Query, start: number): Query {
  const nested = toQuery({ kind: 'nested', query: first, span: first.span });
  const term = readSetOperations(cursor, 0, nested);
  return { ...term, ...readTail(cursor), span: cursor.since(start) };
}

function readSetOperations(cursor: Cursor, limit: number, first?: Query): Query {
  const start = cursor.at;
  let left = first ?? readTerm(cursor);
  for (;;) {
    const words = sideOfSet(cursor);
    const binds = setStrength[cursor.peek(words).lower] ?? 0;
    if (binds <= limit || cursor.peek(words).type !== 'word') return left;
    const side = sideWord(cursor, words);
    cursor.at += words;
    const word = cursor.next().lower;
    const all = cursor.take('all');
    if (!all) cursor.take('distinct');
    if (cursor.is('strict', 'corresponding')) cursor.at++;
    const byName = cursor.take('by', 'name') || cursor.take('corresponding');
    if (byName && cursor.is('on', '(')) cursor.at++;
    if (byName && cursor.is('by')) cursor.at++;
    if (byName && cursor.is('(') && !isQueryAhead(cursor, cursor.at)) cursor.skipBrackets();
    const right = cursor.deeper(() => readSetOperations(cursor, binds));
    const operator: SetOperation['operator'] = word === 'union' ? 'union' : word === 'intersect' ? 'intersect' : 'except';
    left = toQuery({ kind: 'set', operator, all, byName, ...side, left, right, span: cursor.since(start) });
  }
}

function readTerm(cursor: Cursor): Query {
  const start = cursor.at;
  const { lower } = cursor.peek();
  if (lower === '(') {
    const query = readBracketedQuery(cursor);
    return toQuery({ kind: 'nested', query, span: cursor.since(start) });
  }
  if (lower === 'with') return readQuery(cursor);
  if (lower === 'values' || (lower === 'value' && cursor.peek(1).lower === '(')) {
    const values = toQuery(readValues(cursor));
    if (!cursor.is('as') && !cursor.isName()) return values;
    const alias = setStrength[cursor.peek().lower] === undefined ? readTableAlias(cursor) : undefined;
    if (alias === undefined) return values;
    return toQuery(selectAll(cursor, { kind: 'derived', query: values, lateral: false, alias, span: values.span }, start));
  }
  if (lower === 'pivot' || lower === 'unpivot') return toQuery(readPivotQuery(cursor));
  if (lower === 'table' && cursor.isName(1)) {
    cursor.at++;
    const relation = cursor.grammar.relation(cursor);
    return toQuery(selectAll(cursor, relation, start));
  }
  if (lower !== 'select' && lower !== 'from') cursor.fail('expected SELECT');
  const { select, limit } = readSelect(cursor);
  return toQuery(select, limit);
}

function selectAll(cursor: Cursor, relation: Select['from'][number], start: number): Select {
  const span = cursor.since(start);
  return {
    kind: 'select',
    distinct: false,
    items: [{ kind: 'star', qualifier: [], except: [], replace: [], rename: [], span }],
    from: [relation],
    groupBy: [],
    groupByAll: false,
    windows: [],
    span,
  };
}

/** `VALUES (1, 'a'), (2, 'b')`. */
export function readValues(cursor: Cursor): QueryBody {
  const start = cursor.at;
  cursor.at++;
  const rows: Expression[][] = [];
  do {
    if (cursor.done) break;
    if (cursor.is('row') && cursor.peek(1).lower === '(') cursor.at++;
    if (!cursor.is('(')) {
      rows.push([cursor.grammar.expression(cursor)]);
      continue;
    }
    rows.push(
      cursor.inBrackets(() => {
        const row: Expression[] = [];
        while (!cursor.done) {
          if (cursor.is('default')) cursor.at++;
          else row.push(cursor.grammar.expression(cursor));
          if (!cursor.take(',')) break;
        }
        return row;
      }),
    );
  } while (cursor.take(',') || cursor.is('('));
  return { kind: 'values', rows, span: cursor.since(start) };
}

export interface Tail {
  orderBy: SortKey[];
  limit?: Expression;
  offset?: Expression;
}

/** What sorts and limits a whole query, in any order. */
export function readTail(cursor: Cursor): Tail {
  const tail: Tail = { orderBy: [] };
  const piece = (): Expression =>
    recovering(
      cursor,
      (at) =>
        at.isAny(clauseWords) ||
        at.is(',') ||
        at.is('by') ||
        at.isAny(tailWords) ||
        at.is('lock') ||
        setStrength[at.peek().lower] !== undefined,
      () => cursor.grammar.expression(cursor),
      (start, reason) => opaqueExpression(cursor, start, reason),
    );
  for (;;) {
    if (cursor.is('order', 'by') || cursor.is('sort', 'by') || cursor.is('order', 'siblings')) tail.orderBy = readSorting(cursor);
    else if (cursor.is('cluster', 'by') || cursor.is('distribute', 'by')) {
      cursor.at += 2;
      do piece();
      while (cursor.take(','));
    } else if (cursor.take('limit')) {
      if (cursor.take('all')) continue;
      const first = limitOf(cursor) ?? piece();
      if (cursor.take(',')) {
        tail.offset = first;
        tail.limit = piece();
      } else tail.limit = first;
      if (cursor.is('%') || cursor.is('percent')) cursor.at++;
      if (cursor.take('by'))
        do piece();
        while (cursor.take(','));
      cursor.take('with', 'ties');
    } else if (cursor.take('offset')) {
      tail.offset = piece();
      if (cursor.is('row') || cursor.is('rows')) cursor.at++;
      if (cursor.take('by'))
        do piece();
        while (cursor.take(','));
    } else if (cursor.is('fetch')) {
      cursor.at++;
      if (cursor.is('first') || cursor.is('next')) cursor.at++;
      if (!cursor.is('row') && !cursor.is('rows')) tail.limit = piece();
      while (cursor.isAny(fetchWords)) cursor.at++;
    } else if (cursor.is('for', 'update') || cursor.is('for', 'share') || cursor.is('for', 'no') || cursor.is('for', 'key')) {
      while (!cursor.done && !cursor.is(';')) cursor.at++;
    } else if (
      (cursor.is('for') && (cursor.peek(1).lower === 'xml' || cursor.peek(1).lower === 'json' || cursor.peek(1).lower === 'browse')) ||
      cursor.is('lock', 'in', 'share') ||
      cursor.is('with', 'read', 'only') ||
      cursor.is('with', 'check', 'option') ||
      cursor.is('settings') ||
      cursor.is('option', '(')
    ) {
      while (!cursor.done && !cursor.is(';')) cursor.is('(') || cursor.is('{') ? cursor.skipBrackets() : cursor.at++;
    } else if (cursor.is('format') && cursor.isName(1) && cursor.dialect === 'clickhouse') cursor.at += 2;
    else return tail;
  }
}

/** A bare number, so that `limit 10%` is not taken for a remainder. */
function limitOf(cursor: Cursor): Expression | undefined {
  const { type, value, start, end } = cursor.peek();
  if (type !== 'number' || cursor.peek(1).lower !== '%') return undefined;
  cursor.at += 2;
  return { kind: 'literal', type: 'number', value, span: { start, end } };
}

const fetchWords = new Set(['row', 'rows', 'only', 'with', 'ties', 'percent']);
const tailWords = new Set(['row', 'rows', 'percent', 'with', 'for', 'only', 'option', ';', '%', 'on', 'returning']);

function readSorting(cursor: Cursor): SortKey[] {
  // Its own ORDER is no clause that follows: recovery would stop there again and again.
  const start = cursor.at + 1;
  return recovering(
    cursor,
    (at) => at.at > start && (at.isAny(clauseWords) || at.isAny(tailWords) || at.isAny(afterSorting)),
    () => readOrderBy(cursor),
    (start, reason) => [{ expression: opaqueExpression(cursor, start, reason), descending: false }],
  );
}

const afterSorting = new Set(['separator', 'rows', 'range', 'format', 'ignore', 'as', 'comment']);
