import type { DerivedRelation, Expression, Grouping, Query, Relation, Select, SelectItem, SetOperation, SortKey } from '../ir.ts';
import { readAlias, readTableAlias } from './aliases.ts';
import { selectFrom, toQuery } from './building.ts';
import type { Cursor } from './cursor.ts';
import { sideOfSet, sideWord } from './lookahead.ts';
import { readPivot } from './pivots.ts';
import { readTail } from './queries.ts';
import { recovering } from './recovery.ts';
import { opaqueRelation, readJoin } from './relations.ts';
import { readItems } from './selects.ts';
import { readModifiers } from './table-names.ts';

/** A query, and whether the operator behind it may still name the relations in its FROM. */
interface Piped {
  readonly query: Query;
  readonly isOpen: boolean;
}

/** Reads `|> operator …` behind a query, as often as it stands there: each operator is a query over the one before it. */
export function readPipes(cursor: Cursor, first: Query): Query {
  let piped: Piped = { query: first, isOpen: true };
  while (cursor.take('|>')) {
    const before = piped;
    piped = recovering(
      cursor,
      (at) => at.is('|>') || at.is(';'),
      () => readOperator(cursor, before),
      (start, reason) => {
        const input = derive(before);
        return { query: selectFrom({ ...opaqueRelation(cursor, start, reason), inputs: [input] }), isOpen: false };
      },
    );
  }
  return piped.query;
}

function derive({ query, isOpen }: Piped): DerivedRelation {
  return { kind: 'derived', query, lateral: false, span: query.span, ...(isOpen ? { piped: true } : {}) };
}

function readOperator(cursor: Cursor, before: Piped): Piped {
  const start = cursor.at - 1;
  const input = derive(before);
  const done = (query: Query, isOpen = true): Piped => ({ query: { ...query, span: cursor.since(start) }, isOpen });
  const over = (more: Partial<Select>, from: Relation = input): Query => {
    const query = selectFrom(from);
    return { ...query, body: { ...(query.body as Select), ...more, span: cursor.since(start) } };
  };
  const star = (more: Partial<Extract<SelectItem, { kind: 'star' }>> = {}): SelectItem => ({
    kind: 'star',
    qualifier: [],
    except: [],
    replace: [],
    rename: [],
    ...more,
    span: cursor.since(start),
  });
  const word = cursor.peek().lower;
  switch (word) {
    case 'select': {
      cursor.at++;
      const distinct = cursor.take('distinct');
      if (!distinct) cursor.take('all');
      return done(over({ distinct, items: itemList(cursor) }), false);
    }
    case 'extend':
    case 'window':
      cursor.at++;
      return done(over({ items: [star(), ...itemList(cursor)] }));
    case 'set': {
      cursor.at++;
      const replace = list(cursor, () => {
        let name = cursor.name();
        while (cursor.take('.')) name = cursor.name();
        cursor.expect('=');
        return { name, expression: cursor.grammar.expression(cursor) };
      });
      return done(over({ items: [star({ replace })] }));
    }
    case 'drop': {
      cursor.at++;
      const except = list(cursor, () => cursor.name());
      return done(over({ items: [star({ except })] }));
    }
    case 'rename': {
      cursor.at++;
      const rename = list(cursor, () => {
        const from = cursor.name();
        cursor.take('as');
        return { from, to: cursor.name() };
      });
      return done(over({ items: [star({ rename })] }));
    }
    case 'as': {
      const alias = readTableAlias(cursor);
      return done(over({}, { kind: 'derived', query: before.query, lateral: false, ...(alias ? { alias } : {}), span: before.query.span }));
    }
    case 'where':
      cursor.at++;
      return done(over({ where: cursor.grammar.expression(cursor) }));
    case 'distinct':
      cursor.at++;
      return done(over({ distinct: true }));
    case 'aggregate':
      cursor.at++;
      return done(readAggregate(cursor, over), false);
    case 'order':
    case 'limit':
    case 'offset':
      return done({ ...over({}), ...readTail(cursor) });
    case 'assert':
      cursor.at++;
      list(cursor, () => cursor.grammar.expression(cursor));
      return before;
    case 'tablesample':
      readModifiers(cursor);
      return before;
    case 'pivot':
    case 'unpivot':
      return done(over({}, readPivot(cursor, input, start)), false);
    case 'call': {
      const reason = 'nobody can tell which columns a table function gives';
      while (!cursor.done && !cursor.is('|>')) cursor.is('(') ? cursor.skipBrackets() : cursor.at++;
      return done(over({}, { ...opaqueRelation(cursor, start + 1, reason), inputs: [input] }), false);
    }
    case 'union':
    case 'intersect':
    case 'except':
      return done(readSets(cursor, before.query), false);
    default: {
      const words = sideOfSet(cursor);
      if (words > 0) {
        const side = sideWord(cursor, words);
        cursor.at += words;
        return done(readSets(cursor, before.query, side), false);
      }
      const joined = readJoin(cursor, input, start);
      if (joined === undefined) cursor.fail('expected an operator after |>');
      return done(over({}, joined));
    }
  }
}

function list<T>(cursor: Cursor, one: () => T): T[] {
  const found = [one()];
  while (cursor.take(',') && !cursor.done && !cursor.is('|>')) found.push(one());
  return found;
}

function itemList(cursor: Cursor): SelectItem[] {
  const items: SelectItem[] = [];
  readItems(cursor, items);
  return items;
}

/** `AGGREGATE sum(a) AS s, … GROUP [AND ORDER] BY b AS c, …`: what is grouped by comes first. */
function readAggregate(cursor: Cursor, over: (more: Partial<Select>) => Query): Query {
  const orderBy: SortKey[] = [];
  const items = (): SelectItem[] => {
    const found: SelectItem[] = [];
    while (!cursor.done && !cursor.is('|>') && !cursor.is('group')) {
      const start = cursor.at;
      const expression = cursor.grammar.expression(cursor);
      const alias = cursor.is('asc') || cursor.is('desc') ? undefined : readAlias(cursor);
      readDirection(cursor, expression, orderBy);
      found.push({ kind: 'item', expression, ...(alias === undefined ? {} : { alias }), span: cursor.since(start) });
      if (!cursor.take(',')) break;
    }
    return found;
  };
  const values = items();
  let keys: SelectItem[] = [];
  let isOrdered = false;
  if (cursor.take('group')) {
    isOrdered = cursor.take('and', 'order');
    if (cursor.take('by')) keys = items();
  }
  const expressions = keys.flatMap((item) => (item.kind === 'item' ? [item.expression] : []));
  const groupBy = expressions.map((expression): Grouping => ({ kind: 'expression', expression }));
  const sorting = isOrdered ? expressions.map((expression): SortKey => ({ expression, descending: false })) : orderBy;
  return { ...over({ items: [...keys, ...values], groupBy }), orderBy: sorting };
}

function readDirection(cursor: Cursor, expression: Expression, orderBy: SortKey[]): void {
  const descending = cursor.is('desc');
  if (!descending && !cursor.is('asc')) return;
  cursor.at++;
  const nulls = cursor.take('nulls', 'first') ? 'first' : cursor.take('nulls', 'last') ? 'last' : undefined;
  orderBy.push({ expression, descending, ...(nulls === undefined ? {} : { nulls }) });
}

function readSets(cursor: Cursor, first: Query, side: Pick<SetOperation, 'side'> = {}): Query {
  const word = cursor.next().lower;
  const operator: SetOperation['operator'] = word === 'union' || word === 'intersect' ? word : 'except';
  const all = cursor.take('all');
  if (!all) cursor.take('distinct');
  const byName = cursor.take('by', 'name');
  const queries = list(cursor, () =>
    cursor.is('(') ? cursor.inBrackets(() => cursor.grammar.query(cursor)) : cursor.grammar.query(cursor),
  );
  return queries.reduce(
    (left, right) =>
      toQuery({ kind: 'set', operator, all, byName, ...side, left, right, span: { start: left.span.start, end: right.span.end } }),
    first,
  );
}
