import type { Expression, JoinRelation, Name, OpaqueRelation, Query, Relation, TableAlias } from '../ir.ts';
import { readRelationAgain } from '../second/second-reader.ts';
import { beginsInsert, readTableAlias } from './aliases.ts';
import { selectFrom } from './building.ts';
import type { Cursor } from './cursor.ts';
import { readFileFunction } from './file-functions.ts';
import { isQueryAhead } from './lookahead.ts';
import { readMatchRecognize } from './match-recognize.ts';
import { readPivot } from './pivots.ts';
import { readBracketedQuery, readValues } from './queries.ts';
import { opaqueExpression, recovering } from './recovery.ts';
import { readSemanticView } from './semantic-views.ts';
import { isTableFunction, readLateralView, readRowsFrom, readTableFunction } from './table-functions.ts';
import { readModifiers, readTableName } from './table-names.ts';
import { clauseWords, notAnAlias } from './words.ts';

const joinWords = new Set([
  'join',
  'inner',
  'left',
  'right',
  'full',
  'cross',
  'natural',
  'outer',
  'semi',
  'anti',
  'asof',
  'straight_join',
  'positional',
  'global',
  'any',
  'array',
  'lateral',
]);
const after = new Set([
  ',',
  ';',
  'on',
  'using',
  'when',
  'set',
  'returning',
  'pivot',
  'unpivot',
  'option',
  'for',
  'with',
  'match_condition',
  'as',
  'format',
  'select',
  '|>',
  'array',
  'sample',
  'lock',
]);

/** Reads one element of FROM with everything that is joined to it. */
export function readRelation(cursor: Cursor): Relation {
  return cursor.deeper(() => {
    const start = cursor.at;
    let left = readOperand(cursor);
    for (;;) {
      const joined = readJoin(cursor, left, start);
      if (joined === undefined) return left;
      left = joined;
    }
  });
}

function endsRelation(cursor: Cursor): boolean {
  return cursor.isAny(after) || cursor.isAny(joinWords) || cursor.isAny(clauseWords) || beginsInsert(cursor);
}

function readOperand(cursor: Cursor): Relation {
  return recovering(
    cursor,
    endsRelation,
    () => readWithModifiers(cursor),
    (start, reason) => opaqueRelation(cursor, start, reason),
  );
}

/** What could not be read, with the tables that may be named in it. */
export function opaqueRelation(cursor: Cursor, start: number, reason: string): OpaqueRelation {
  const span = cursor.since(start);
  const first = cursor.stream.tokens[start];
  const inputs: Relation[] = [];
  if (cursor.at > start && first !== undefined && (first.type === 'word' || first.type === 'quoted')) {
    const parts: Name[] = [];
    for (let at = start; at < cursor.at; at += 2) {
      const token = cursor.stream.tokens[at];
      if (token === undefined || (token.type !== 'word' && token.type !== 'quoted')) break;
      parts.push({ text: token.value, quoted: token.type === 'quoted', span: { start: token.start, end: token.end } });
      if (cursor.stream.tokens[at + 1]?.lower !== '.') break;
    }
    if (cursor.stream.tokens[start + parts.length * 2 - 1]?.lower !== '(') inputs.push({ kind: 'table', parts, modifiers: [], span });
  }
  const at = cursor.peek().start;
  const text = cursor.slice(span);
  const again = cursor.at > start ? cursor.again(span, readRelationAgain) : undefined;
  if (again !== undefined)
    return { kind: 'opaque-relation', reason, text, inputs, meaning: opaqueSelect(again, reason, text), ...aliasOf(again), span };
  return cursor.at > start
    ? { kind: 'opaque-relation', reason, text, inputs, span }
    : { kind: 'opaque-relation', reason, text: '', inputs, span: { start: at, end: at } };
}

/** Every column of a relation that a second parser read. */
function opaqueSelect(relation: Relation, reason: string, text: string): Query {
  const { span } = relation;
  const query = selectFrom(relation);
  return { ...query, body: { kind: 'opaque-query', reason, text, meaning: query, span } };
}

function aliasOf(relation: Relation): { readonly alias?: TableAlias } {
  if (relation.kind === 'join') return {};
  if (relation.alias !== undefined) return { alias: relation.alias };
  const name = relation.kind === 'table' ? relation.parts.at(-1) : undefined;
  return name === undefined ? {} : { alias: { name, columns: [] } };
}

function readWithModifiers(cursor: Cursor): Relation {
  const start = cursor.at;
  let relation = readPlain(cursor);
  for (;;) {
    if ((cursor.is('pivot') || cursor.is('unpivot')) && (cursor.peek(1).lower === '(' || cursor.peek(2).lower === 'nulls'))
      relation = readPivot(cursor, relation, start);
    else if (cursor.is('match_recognize', '(')) relation = readMatchRecognize(cursor, relation, start);
    else return relation;
  }
}

function readPlain(cursor: Cursor): Relation {
  const start = cursor.at;
  if (cursor.dialect === 'duckdb' && cursor.isName() && cursor.peek(1).lower === ':') {
    const alias = cursor.name();
    cursor.at++;
    return aliased(readPlain(cursor), { name: alias, columns: [] });
  }
  if (cursor.is('stream') && cursor.isName(1) && cursor.peek(2).lower === '(') cursor.at++;
  if (cursor.is('stream', '(') && (cursor.dialect === 'databricks' || cursor.dialect === 'spark')) {
    cursor.at++;
    const inner = cursor.inBrackets(() => readRelation(cursor));
    const alias = readTableAlias(cursor);
    return alias === undefined ? inner : aliased(inner, alias);
  }
  if (cursor.is('unpivot') && cursor.isName(1)) return readObjectUnpivot(cursor);
  const lateral = cursor.take('lateral');
  const { lower, type } = cursor.peek();
  if (lower === '(') {
    if (isQueryAhead(cursor, cursor.at)) {
      const query = readBracketedQuery(cursor);
      readModifiers(cursor);
      const alias = readTableAlias(cursor);
      const modified = readModifiers(cursor);
      const late = alias ?? (modified.length > 0 ? readTableAlias(cursor) : undefined);
      return { kind: 'derived', query, lateral, ...(late === undefined ? {} : { alias: late }), span: cursor.since(start) };
    }
    const inner = cursor.inBrackets(() => readRelation(cursor));
    const alias = readTableAlias(cursor);
    return alias === undefined ? inner : aliased(inner, alias);
  }
  if (lower === 'values' && (cursor.peek(1).lower === '(' || cursor.peek(1).type === 'number')) {
    const body = readValues(cursor);
    const { span } = body;
    const alias = readTableAlias(cursor);
    const query = { kind: 'query', ctes: [], recursive: false, body, orderBy: [], span } as const;
    return { kind: 'derived', query, lateral: false, ...(alias === undefined ? {} : { alias }), span: cursor.since(start) };
  }
  if (cursor.is('rows', 'from', '(')) return readRowsFrom(cursor, lateral);
  if (cursor.is('semantic_view', '(')) return readSemanticView(cursor);
  const file = readFileFunction(cursor);
  if (file !== undefined) return file;
  if (isTableFunction(cursor)) return readTableFunction(cursor, lateral);
  if (type === 'string') {
    const token = cursor.next();
    const parts = [{ text: token.value, quoted: true, span: { start: token.start, end: token.end } }];
    const alias = readTableAlias(cursor);
    return { kind: 'table', parts, ...(alias === undefined ? {} : { alias }), modifiers: [], span: cursor.since(start) };
  }
  return readTable(cursor);
}

/** Redshift's `unpivot object as value at key`: the object's values and keys. */
function readObjectUnpivot(cursor: Cursor): Relation {
  const start = cursor.at;
  cursor.at++;
  const object = cursor.grammar.primary(cursor);
  const alias = readTableAlias(cursor);
  const ordinal = cursor.take('at') ? cursor.name() : undefined;
  const columns = alias === undefined ? [] : [alias.name];
  return {
    kind: 'function',
    name: 'unpivot',
    args: [object],
    lateral: true,
    outer: false,
    ...(alias === undefined ? {} : { alias: { name: alias.name, columns } }),
    ...(ordinal === undefined ? {} : { ordinal }),
    declared: [],
    span: cursor.since(start),
  };
}

function aliased(inner: Relation, alias: TableAlias): Relation {
  if (inner.kind === 'join') {
    const { span } = inner;
    const star = { kind: 'star', qualifier: [], except: [], replace: [], rename: [], span } as const;
    const body = {
      kind: 'select',
      distinct: false,
      items: [star],
      from: [inner],
      groupBy: [],
      groupByAll: false,
      windows: [],
      span,
    } as const;
    return { kind: 'derived', query: { kind: 'query', ctes: [], recursive: false, body, orderBy: [], span }, lateral: false, alias, span };
  }
  return { ...inner, alias };
}

function readTable(cursor: Cursor): Relation {
  const start = cursor.at;
  if (cursor.is('only') && cursor.isName(1)) cursor.at++;
  if (cursor.is('table') && cursor.isName(1) && !notAnAlias.has(cursor.peek(1).lower)) cursor.at++;
  if (cursor.is('stream') && cursor.isName(1) && !notAnAlias.has(cursor.peek(1).lower) && !cursor.is('stream', 'as')) cursor.at++;
  const parts = readTableName(cursor);
  if (cursor.is('*') && cursor.dialect === 'postgres') cursor.at++;
  const modifiers = readModifiers(cursor);
  const alias = readTableAlias(cursor);
  modifiers.push(...readModifiers(cursor));
  const late = alias ?? (modifiers.length > 0 ? readTableAlias(cursor) : undefined);
  const ordinal = readOrdinal(cursor);
  if (ordinal !== undefined && parts.length > 1)
    return {
      kind: 'function',
      name: 'unnest',
      args: [{ kind: 'column', parts, span: cursor.since(start) }],
      lateral: true,
      outer: false,
      alias: late ?? { name: parts[parts.length - 1] as Name, columns: [] },
      ordinal,
      declared: [],
      span: cursor.since(start),
    };
  return { kind: 'table', parts, ...(late === undefined ? {} : { alias: late }), modifiers, span: cursor.since(start) };
}

/** The position beside the elements of an array: Redshift's `t.items as i at n`, BigQuery's `t.items as i with offset as n`. */
function readOrdinal(cursor: Cursor): Name | undefined {
  if (cursor.dialect === 'redshift' && cursor.is('at') && cursor.isName(1)) {
    cursor.at++;
    return cursor.name();
  }
  if (cursor.dialect !== 'bigquery' || !cursor.is('with', 'offset')) return undefined;
  cursor.at += 2;
  if (cursor.take('as') || (cursor.isName() && !endsRelation(cursor))) return cursor.name();
  return { text: 'offset', quoted: false, span: cursor.since(cursor.at - 1) };
}

/** Reads what is joined to a relation, or nothing when no join stands here. */
export function readJoin(cursor: Cursor, left: Relation, start: number): Relation | undefined {
  if (cursor.is('lateral', 'view')) {
    const right = readLateralView(cursor);
    return join(cursor, start, 'cross', left, right, {});
  }
  if (cursor.is('cross', 'apply') || cursor.is('outer', 'apply')) {
    const type = cursor.next().lower === 'cross' ? 'cross' : 'left';
    cursor.at++;
    const right = asLateral(readOperand(cursor));
    return join(cursor, start, type, left, right, {});
  }
  if ((cursor.is('array', 'join') || cursor.is('left', 'array', 'join')) && cursor.dialect === 'clickhouse')
    return readArrayJoin(cursor, left, start);
  if (cursor.is('on') && left.kind === 'join') {
    // `a join b join c on … on …`: the second condition belongs to the first join.
    const on = readOn(cursor);
    const both: Expression = left.on === undefined ? on : { kind: 'operator', operator: 'and', operands: [left.on, on], span: on.span };
    return { ...left, on: both, span: cursor.since(start) };
  }
  const type = readJoinType(cursor);
  if (type === undefined) return undefined;
  const right = readOperand(cursor);
  let condition: Expression | undefined;
  let using: Name[] = [];
  if (cursor.take('match_condition')) condition = cursor.inBrackets(() => cursor.grammar.expression(cursor));
  if (cursor.is('on')) {
    const on = readOn(cursor);
    condition = condition === undefined ? on : { kind: 'operator', operator: 'and', operands: [condition, on], span: on.span };
  } else if (cursor.is('using', '(')) {
    cursor.at++;
    using = cursor.bracketedNames();
    if (cursor.is('as') && cursor.isName(1)) cursor.at += 2;
  } else if (cursor.is('using') && cursor.isName(1) && cursor.dialect === 'clickhouse') {
    cursor.at++;
    using = cursor.names();
  }
  return join(cursor, start, type.type, left, right, {
    natural: type.natural,
    using,
    ...(condition === undefined ? {} : { on: condition }),
  });
}

function join(
  cursor: Cursor,
  start: number,
  type: JoinRelation['type'],
  left: Relation,
  right: Relation,
  more: Partial<JoinRelation>,
): JoinRelation {
  return { kind: 'join', type, natural: false, using: [], ...more, left, right, span: cursor.since(start) };
}

function readOn(cursor: Cursor): Expression {
  cursor.at++;
  return recovering(
    cursor,
    endsRelation,
    () => cursor.grammar.expression(cursor),
    (start, reason) => opaqueExpression(cursor, start, reason),
  );
}

function asLateral(relation: Relation): Relation {
  return relation.kind === 'derived' || relation.kind === 'function' ? { ...relation, lateral: true } : relation;
}

const joinTypes: Readonly<Record<string, JoinRelation['type']>> = {
  left: 'left',
  right: 'right',
  full: 'full',
  cross: 'cross',
  semi: 'semi',
  anti: 'anti',
  asof: 'asof',
  positional: 'cross',
};

/** How to carry a join out: between its type and JOIN. */
const joinHints = new Set(['hash', 'loop', 'remote', 'merge', 'directed', 'broadcast', 'shuffle', 'redistribute', 'replicate', 'reduce']);

/** Moves past `[natural] [left|right|full [outer]|cross|semi|anti|asof…] join`, or reads nothing when no join stands here. */
function readJoinType(cursor: Cursor): { type: JoinRelation['type']; natural: boolean } | undefined {
  let ahead = 0;
  while (
    ahead < 5 &&
    joinWords.has(cursor.peek(ahead).lower) &&
    cursor.peek(ahead).lower !== 'join' &&
    cursor.peek(ahead).lower !== 'straight_join'
  )
    ahead++;
  if (ahead > 0 && joinHints.has(cursor.peek(ahead).lower) && cursor.peek(ahead + 1).lower === 'join') ahead++;
  const last = cursor.peek(ahead).lower;
  const isJoin = last === 'join' || last === 'straight_join' || (last === 'all' && cursor.peek(ahead + 1).lower === 'join');
  if (!isJoin) return undefined;
  let type: JoinRelation['type'] = 'inner';
  let natural = false;
  for (let i = 0; i < ahead; i++) {
    const { lower } = cursor.peek(i);
    if (lower === 'natural') natural = true;
    const named = joinTypes[lower];
    if (named !== undefined && !(type === 'left' && named === 'left')) type = named;
  }
  cursor.at += last === 'all' ? ahead + 2 : ahead + 1;
  // Hints such as Spark's or Fabric's stand between JOIN and the table only in comments.
  return { type, natural };
}

/** ClickHouse's ARRAY JOIN: every element of the arrays becomes a row. */
function readArrayJoin(cursor: Cursor, left: Relation, start: number): Relation {
  const outer = cursor.take('left');
  cursor.at += 2;
  let joined: Relation = left;
  do {
    const from = cursor.at;
    const expression = cursor.grammar.expression(cursor);
    const last = expression.kind === 'column' ? expression.parts[expression.parts.length - 1] : undefined;
    const name = cursor.take('as') ? cursor.name() : last;
    const column = name ?? { text: 'arrayJoin', quoted: false, span: expression.span };
    const right: Relation = {
      kind: 'function',
      name: 'arrayjoin',
      args: [expression],
      lateral: true,
      outer,
      alias: { name: { text: '', quoted: false, span: column.span }, columns: [column] },
      declared: [],
      span: cursor.since(from),
    };
    joined = join(cursor, start, outer ? 'left' : 'cross', joined, right, {});
  } while (cursor.take(','));
  return joined;
}
