import type { Expression, Name, PivotRelation, QueryBody, Relation, Select, UnpivotRelation } from '../ir.ts';
import { readAlias, readTableAlias } from './aliases.ts';
import type { Cursor } from './cursor.ts';
import { isQueryAhead } from './lookahead.ts';
import { readOrderBy } from './windows.ts';

type Aliased = { expression: Expression; alias?: Name };
type Values = Pick<PivotRelation, 'values' | 'found'>;

/** Reads PIVOT (…) or UNPIVOT (…) behind a relation. */
export function readPivot(cursor: Cursor, input: Relation, start: number): Relation {
  return cursor.next().lower === 'pivot' ? pivotOf(cursor, input, start) : unpivotOf(cursor, input, start);
}

function pivotOf(cursor: Cursor, input: Relation, start: number): PivotRelation {
  const inside = cursor.inBrackets(() => {
    const aggregates = aliasedList(cursor, new Set(['for']));
    cursor.expect('for');
    const on: Expression[] = [];
    let values: Values = {};
    do {
      on.push(...pivotColumns(cursor));
      cursor.expect('in');
      values = { ...values, ...readValues(cursor) };
    } while (!cursor.done && !cursor.is('group') && cursor.isName() && !cursor.is('default'));
    const groupBy: Expression[] = [];
    if (cursor.take('group', 'by'))
      do groupBy.push(cursor.grammar.expression(cursor));
      while (cursor.take(','));
    let fallback: Expression | undefined;
    if (cursor.take('default', 'on', 'null')) fallback = cursor.inBrackets(() => cursor.grammar.expression(cursor));
    if (cursor.is('default')) cursor.at = cursor.end;
    return { aggregates, on, groupBy, ...values, ...(fallback === undefined ? {} : { fallback }) };
  });
  const alias = readTableAlias(cursor);
  return { kind: 'pivot', input, ...inside, ...(alias === undefined ? {} : { alias }), span: cursor.since(start) };
}

/** The columns between FOR and IN; a name is read alone, so that IN is not taken for its operator. */
function pivotColumns(cursor: Cursor): Expression[] {
  const one = readPivotColumn(cursor);
  if (!cursor.is(',')) return one;
  while (cursor.take(',')) one.push(...readPivotColumn(cursor));
  return one;
}

function readPivotColumn(cursor: Cursor): Expression[] {
  if (cursor.is('('))
    return cursor.inBrackets(() => {
      const list = [cursor.grammar.primary(cursor)];
      while (cursor.take(',')) list.push(cursor.grammar.primary(cursor));
      return list;
    });
  return [cursor.grammar.primary(cursor)];
}

function aliasedList(cursor: Cursor, ends: ReadonlySet<string>): Aliased[] {
  const list: Aliased[] = [];
  while (!cursor.done && !cursor.isAny(ends)) {
    const expression = cursor.grammar.expression(cursor);
    const alias = cursor.isAny(ends) ? undefined : readAlias(cursor);
    list.push({ expression, ...(alias === undefined ? {} : { alias }) });
    if (!cursor.take(',')) break;
  }
  return list;
}

/** What stands in IN (…); undefined where the values are found in the data. */
function readValues(cursor: Cursor): Values {
  if (!cursor.is('(')) {
    cursor.grammar.primary(cursor);
    return {};
  }
  if (isQueryAhead(cursor, cursor.at)) return { found: { query: cursor.inBrackets(() => cursor.grammar.query(cursor)), orderBy: [] } };
  if (cursor.peek(1).lower === 'any')
    return cursor.inBrackets(() => {
      cursor.at++;
      return { found: { orderBy: cursor.is('order', 'by') ? readOrderBy(cursor) : [] } };
    });
  if (cursor.peek(1).lower === '*') {
    cursor.skipBrackets();
    return {};
  }
  return { values: cursor.inBrackets(() => aliasedList(cursor, new Set())) };
}

function unpivotOf(cursor: Cursor, input: Relation, start: number): UnpivotRelation {
  let includeNulls = false;
  if (cursor.is('include', 'nulls') || cursor.is('exclude', 'nulls')) {
    includeNulls = cursor.peek().lower === 'include';
    cursor.at += 2;
  }
  const inside = cursor.inBrackets(() => {
    const valueNames = cursor.is('(') ? cursor.bracketedNames() : [cursor.name()];
    cursor.expect('for');
    const nameColumn = cursor.name();
    cursor.expect('in');
    return { valueNames, nameColumn, columns: cursor.inBrackets(() => unpivotColumns(cursor)) };
  });
  const alias = readTableAlias(cursor);
  return { kind: 'unpivot', input, ...inside, includeNulls, ...(alias === undefined ? {} : { alias }), span: cursor.since(start) };
}

function unpivotColumns(cursor: Cursor): { sources: readonly Name[]; label?: Expression }[] {
  const columns: { sources: readonly Name[]; label?: Expression }[] = [];
  while (!cursor.done) {
    const sources = cursor.is('(') ? cursor.bracketedNames() : [lastName(cursor)];
    let label: Expression | undefined;
    if (cursor.take('as') || cursor.isName() || cursor.peek().type === 'string') label = cursor.grammar.primary(cursor);
    columns.push({ sources, ...(label === undefined ? {} : { label }) });
    if (!cursor.take(',')) break;
  }
  return columns;
}

function lastName(cursor: Cursor): Name {
  let name = cursor.name();
  while (cursor.take('.')) name = cursor.name();
  return name;
}

/** DuckDB's `PIVOT t ON a USING sum(b) GROUP BY c` and `UNPIVOT t ON a, b INTO NAME n VALUE v`, as the query they stand for. */
export function readPivotQuery(cursor: Cursor): QueryBody {
  const start = cursor.at;
  const isPivot = cursor.next().lower === 'pivot';
  const input = cursor.grammar.relation(cursor);
  const relation = isPivot ? shortPivot(cursor, input, start) : shortUnpivot(cursor, input, start);
  const span = cursor.since(start);
  const select: Select = {
    kind: 'select',
    distinct: false,
    items: [{ kind: 'star', qualifier: [], except: [], replace: [], rename: [], span }],
    from: [relation],
    groupBy: [],
    groupByAll: false,
    windows: [],
    span,
  };
  return select;
}

const afterOn = new Set(['in', ',', 'using', 'group', 'order', 'limit', ';']);

function shortPivot(cursor: Cursor, input: Relation, start: number): PivotRelation {
  const on: Expression[] = [];
  let values: Values = {};
  if (cursor.take('on'))
    do {
      const from = cursor.at;
      const plain = cursor.grammar.primary(cursor);
      const isWhole = cursor.done || cursor.isAny(afterOn);
      if (!isWhole) cursor.at = from;
      on.push(isWhole ? plain : cursor.grammar.expression(cursor));
      if (cursor.take('in')) values = readValues(cursor);
    } while (cursor.take(','));
  const aggregates = cursor.take('using') ? aliasedList(cursor, new Set(['group', 'order', 'limit'])) : [];
  const groupBy: Expression[] = [];
  if (cursor.take('group', 'by'))
    do groupBy.push(cursor.grammar.expression(cursor));
    while (cursor.take(','));
  return { kind: 'pivot', input, aggregates, on, ...values, groupBy, span: cursor.since(start) };
}

function shortUnpivot(cursor: Cursor, input: Relation, start: number): Relation {
  cursor.take('include', 'nulls');
  cursor.expect('on');
  const from = cursor.at;
  let columns: { sources: readonly Name[]; label?: Expression }[] | undefined;
  if (cursor.isName() && cursor.peek(1).lower !== '(') {
    columns = [];
    do columns.push({ sources: cursor.is('(') ? cursor.bracketedNames() : [lastName(cursor)] });
    while (cursor.take(','));
  } else while (!cursor.done && !cursor.is('into')) cursor.is('(') ? cursor.skipBrackets() : cursor.at++;
  const written = cursor.since(from);
  const name = (text: string): Name => ({ text, quoted: false, span: written });
  let nameColumn = name('name');
  let valueNames: readonly Name[] = [name('value')];
  if (cursor.take('into', 'name')) {
    nameColumn = cursor.name();
    if (cursor.take('value')) valueNames = cursor.names();
  }
  const span = cursor.since(start);
  if (columns === undefined)
    return { kind: 'opaque-relation', reason: 'UNPIVOT over an expression of columns', text: cursor.slice(span), inputs: [input], span };
  return { kind: 'unpivot', input, valueNames, nameColumn, columns, includeNulls: false, span };
}
