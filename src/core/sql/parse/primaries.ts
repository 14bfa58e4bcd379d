import type { CallExpression, Expression, LiteralExpression, Name } from '../ir.ts';
import { isCallSyntax, readCall } from './calls.ts';
import type { Cursor } from './cursor.ts';
import { toName } from './cursor.ts';
import { readBracketedList } from './lists.ts';
import { isQueryAhead } from './lookahead.ts';
import { readPostfix } from './postfix.ts';
import { splitQuoted } from './table-names.ts';
import { readTypeName } from './type-names.ts';
import { bareFunctions, dateUnits } from './words.ts';

/** Words that can never be a column by themselves. */
const neverAColumn = new Set(
  `select from where group having order union intersect except join on using when then else end and or in between like is as by case limit qualify inner
  cross full`.split(/\s+/),
);

const typedLiterals = new Map<string, LiteralExpression['type']>([
  ['date', 'date'],
  ['timestamp', 'timestamp'],
  ['datetime', 'datetime'],
  ['time', 'time'],
]);

/** Reads one value with what stands directly behind it. */
export function readPrimary(cursor: Cursor): Expression {
  const start = cursor.at;
  return readPostfix(cursor, readBare(cursor), start);
}

function readBare(cursor: Cursor): Expression {
  const start = cursor.at;
  const token = cursor.peek();
  const span = { start: token.start, end: token.end };
  switch (token.type) {
    case 'string':
    case 'bytes':
    case 'number':
      cursor.at++;
      if (token.type === 'string') while (cursor.peek().type === 'string') cursor.at++;
      return { kind: 'literal', type: token.type, value: token.value, span: cursor.since(start) };
    case 'parameter':
      cursor.at++;
      return { kind: 'parameter', text: token.value, span };
    case 'operator':
      return readOperator(cursor);
    case 'quoted':
      return readNames(cursor);
    case 'word':
      return readWord(cursor);
    case 'end':
      return cursor.fail('expected an expression');
  }
}

function readOperator(cursor: Cursor): Expression {
  const start = cursor.at;
  const { lower } = cursor.peek();
  if (lower === '(') return readBrackets(cursor);
  if (lower === '[') return readComprehension(cursor) ?? { kind: 'array', items: readBracketedList(cursor), span: cursor.since(start) };
  if (lower === '{') return readBraces(cursor);
  if (lower === '#' && cursor.peek(1).type === 'number' && cursor.dialect === 'duckdb') {
    // The column at a place of what FROM gives.
    const { value } = cursor.peek(1);
    cursor.at += 2;
    const span = cursor.since(start);
    return { kind: 'column', parts: [{ text: `#${value}`, quoted: false, span }], span };
  }
  if (lower === '*') {
    cursor.at++;
    return { kind: 'all-columns', span: cursor.since(start) };
  }
  if (lower === '?' || lower === ':' || lower === '@' || lower === '%' || lower === '$') {
    cursor.at++;
    if (lower !== '?' && (cursor.isName() || cursor.peek().type === 'number')) cursor.at++;
    if (lower === '%' && cursor.is('(')) {
      cursor.skipBrackets();
      if (cursor.isName()) cursor.at++;
    }
    return { kind: 'parameter', text: cursor.slice(cursor.since(start)), span: cursor.since(start) };
  }
  return cursor.fail('expected an expression');
}

/** `(x)`, a tuple `(x, y)`, or a query. */
function readBrackets(cursor: Cursor): Expression {
  const start = cursor.at;
  if (isQueryAhead(cursor, start)) {
    const query = cursor.inBrackets(() => cursor.grammar.query(cursor));
    return { kind: 'subquery', form: 'scalar', query, span: cursor.since(start) };
  }
  if ((cursor.traits.lambdas || cursor.dialect === 'generic') && cursor.isName(1)) {
    const close = cursor.closing(start);
    if (cursor.stream.tokens[close + 1]?.lower === '->' && close + 1 < cursor.end && cursor.stream.tokens[close + 2]?.type !== 'string')
      return readLambda(cursor, cursor.bracketedNames(), start);
  }
  const items = readBracketedList(cursor);
  const [only] = items;
  if (only !== undefined && items.length === 1) return only;
  return { kind: 'struct', fields: items.map((value) => ({ value })), span: cursor.since(start) };
}

/** DuckDB's `[f(x) for x in list if condition]`: a function of the element, called over the list. */
function readComprehension(cursor: Cursor): Expression | undefined {
  if (cursor.dialect !== 'duckdb') return undefined;
  const start = cursor.at;
  const close = cursor.closing(start);
  let at = start + 1;
  while (at < close && cursor.stream.tokens[at]?.lower !== 'for') at = isOpening(cursor, at) ? cursor.closing(at) + 1 : at + 1;
  if (at >= close) return undefined;
  return cursor.inBrackets(() => {
    const body = cursor.within(at, () => cursor.grammar.expression(cursor));
    cursor.expect('for');
    const parameters = cursor.names();
    cursor.expect('in');
    const elements = cursor.grammar.expression(cursor);
    const condition = cursor.take('if') ? cursor.grammar.expression(cursor) : undefined;
    const span = cursor.since(start);
    const lambda = (of: Expression): Expression => ({ kind: 'lambda', parameters, body: of, span: of.span });
    const args = [elements, lambda(body), ...(condition === undefined ? [] : [lambda(condition)])];
    return { kind: 'call', name: 'list_transform', args, named: [], distinct: false, orderBy: [], span };
  });
}

function isOpening(cursor: Cursor, at: number): boolean {
  const lower = cursor.stream.tokens[at]?.lower;
  return lower === '(' || lower === '[' || lower === '{';
}

/** `{'key': value}` of DuckDB, and `{name:Type}` of ClickHouse. */
function readBraces(cursor: Cursor): Expression {
  const start = cursor.at;
  if (cursor.dialect === 'clickhouse') {
    cursor.skipBrackets();
    return { kind: 'parameter', text: cursor.slice(cursor.since(start)), span: cursor.since(start) };
  }
  if (cursor.dialect === 'snowflake' && (cursor.peek(1).lower === '*' || (cursor.isName(1) && cursor.peek(2).lower === '.'))) {
    // An object of all columns, by their names.
    const qualifier = cursor.isName(1) ? [toName(cursor.peek(1))] : undefined;
    cursor.skipBrackets();
    const span = cursor.since(start);
    return {
      kind: 'call',
      name: 'object_construct',
      args: [{ kind: 'all-columns', whole: true, ...(qualifier ? { qualifier } : {}), span }],
      named: [],
      distinct: false,
      orderBy: [],
      span,
    };
  }
  if (cursor.is('{', 'fn')) {
    // ODBC's escape: { fn ceiling(a) }.
    return cursor.inBrackets(() => {
      cursor.at++;
      return cursor.grammar.expression(cursor);
    });
  }
  const fields = cursor.inBrackets(() => {
    const read: { name: Name; value: Expression }[] = [];
    while (!cursor.done) {
      const key = cursor.next();
      cursor.expect(':');
      read.push({
        name: { text: key.value, quoted: true, span: { start: key.start, end: key.end } },
        value: cursor.grammar.expression(cursor),
      });
      if (!cursor.take(',')) break;
    }
    return read;
  });
  return { kind: 'struct', fields, span: cursor.since(start) };
}

function readLambda(cursor: Cursor, parameters: readonly Name[], start: number): Expression {
  cursor.expect('->');
  return { kind: 'lambda', parameters, body: cursor.grammar.expression(cursor), span: cursor.since(start) };
}

function readWord(cursor: Cursor): Expression {
  const start = cursor.at;
  const token = cursor.peek();
  const next = cursor.peek(1);
  const word = token.lower;
  const literal = (type: LiteralExpression['type'], value: string, length: number): LiteralExpression => {
    cursor.at += length;
    return { kind: 'literal', type, value, span: cursor.since(start) };
  };
  if (next.lower !== '.' && next.lower !== '(') {
    if (word === 'null') return literal('null', 'null', 1);
    if (word === 'true' || word === 'false') return literal('boolean', word, 1);
    const typed = typedLiterals.get(word);
    if (typed !== undefined && next.type === 'string') return literal(typed, next.value, 2);
    if (
      (word === 'timestamp' || word === 'time') &&
      (next.lower === 'with' || next.lower === 'without') &&
      cursor.peek(4).type === 'string'
    )
      return literal(word, cursor.peek(4).value, 5);
    if (next.type === 'string' && (castPrefixes.has(word) || /^u?int\d+$/.test(word))) return readPrefixedString(cursor);
    if (word === 'array' && next.lower === '[') {
      cursor.at++;
      return { kind: 'array', items: readBracketedList(cursor), span: cursor.since(start) };
    }
    if (word === 'map' && next.lower === '{') {
      cursor.at++;
      const struct = readBraces(cursor);
      return { kind: 'call', name: 'map', args: [struct], named: [], distinct: false, orderBy: [], span: cursor.since(start) };
    }
    if ((word === 'array' || word === 'struct') && (next.lower === '<' || next.lower === '<>')) return readTypedConstructor(cursor);
    if (word === 'case') return readCase(cursor);
    if (bareFunctions.has(word) || bareHere(cursor, word)) return bareCall(cursor, word);
    if (
      next.lower === '->' &&
      (cursor.traits.lambdas || cursor.dialect === 'generic') &&
      cursor.peek(2).type !== 'string' &&
      cursor.peek(2).type !== 'number'
    )
      return readLambda(cursor, [cursor.name()], start);
    // Snowflake's parameter with its type.
    if (cursor.dialect === 'snowflake' && cursor.isName(1) && cursor.peek(2).lower === '->') {
      const parameter = cursor.name();
      cursor.at++;
      return readLambda(cursor, [parameter], start);
    }
    if (
      word === 'lambda' &&
      cursor.dialect === 'duckdb' &&
      cursor.isName(1) &&
      (cursor.peek(2).lower === ':' || cursor.peek(2).lower === ',')
    ) {
      cursor.at++;
      const parameters = cursor.names();
      cursor.expect(':');
      return { kind: 'lambda', parameters, body: cursor.grammar.expression(cursor), span: cursor.since(start) };
    }
    if (word === 'approximate' && next.type === 'word' && cursor.peek(2).lower === '(') {
      cursor.at++;
      return readWord(cursor);
    }
    if (word === 'next' && next.lower === 'value') {
      cursor.at += 3;
      const names = readNames(cursor);
      if (cursor.is('over', '(')) {
        cursor.at++;
        cursor.skipBrackets();
      }
      return { kind: 'parameter', text: cursor.slice(cursor.since(start)), span: names.span };
    }
  }
  if (
    word === 'interval' &&
    (next.type === 'string' || next.type === 'number' || next.lower === '(' || next.lower === '-' || next.type === 'word')
  ) {
    const interval = readInterval(cursor);
    if (interval !== undefined) return interval;
  }
  if (next.lower === '(' && word === 'case') return readCase(cursor);
  if (neverAColumn.has(word) && !isColumnAfterAll(cursor, word) && next.lower !== '.' && !(next.lower === '(' && isCallSyntax(word)))
    cursor.fail('expected an expression');
  return readNames(cursor);
}

/** `limit` and `end` are names where nothing but a name can stand, as in `select a, limit, end::date from t`. */
function isColumnAfterAll(cursor: Cursor, word: string): boolean {
  const next = cursor.peek(1).lower;
  if (word === 'end') return next === '::';
  return word === 'limit' && (next === ',' || next === 'as' || next === 'from' || next === '::' || next === ')');
}

function bareHere(cursor: Cursor, word: string): boolean {
  const { dialect } = cursor;
  if (word === 'sysdate') return dialect !== 'bigquery' && dialect !== 'duckdb';
  return (word === 'rownum' || word === 'level') && dialect === 'oracle';
}

function bareCall(cursor: Cursor, name: string): CallExpression {
  const start = cursor.at;
  cursor.at++;
  return { kind: 'call', name, args: [], named: [], distinct: false, orderBy: [], span: cursor.since(start) };
}

const castPrefixes = new Set([
  'timestamptz',
  'json',
  'jsonb',
  'numeric',
  'bignumeric',
  'decimal',
  'varchar',
  'uuid',
  'inet',
  'bytea',
  'bigint',
  'int',
  'integer',
  'text',
  'bool',
  'boolean',
  'double',
  'real',
  'float',
  'char',
  'ipaddress',
]);

/** `numeric '1.5'`: a string read as a type. */
function readPrefixedString(cursor: Cursor): Expression {
  const start = cursor.at;
  const type = cursor.next().lower;
  const token = cursor.next();
  const operand: Expression = { kind: 'literal', type: 'string', value: token.value, span: { start: token.start, end: token.end } };
  return { kind: 'cast', operand, type, safe: false, span: cursor.since(start) };
}

/** `ARRAY<INT64>[1, 2]`, `STRUCT<a INT64>(1)`. */
function readTypedConstructor(cursor: Cursor): Expression {
  const start = cursor.at;
  const type = readTypeName(cursor);
  if (cursor.is('[')) {
    const operand: Expression = { kind: 'array', items: readBracketedList(cursor), span: cursor.since(start) };
    return { kind: 'cast', operand, type, safe: false, span: cursor.since(start) };
  }
  if (!cursor.is('(')) cursor.fail("expected '[' or '(' after the type");
  const values = readBracketedList(cursor);
  const operand: Expression = { kind: 'struct', fields: values.map((value) => ({ value })), span: cursor.since(start) };
  return { kind: 'cast', operand, type, safe: false, span: cursor.since(start) };
}

function readInterval(cursor: Cursor): Expression | undefined {
  const start = cursor.at;
  const next = cursor.peek(1);
  if (
    next.type === 'word' &&
    next.lower !== 'case' &&
    !arithmetic.has(cursor.peek(2).lower) &&
    cursor.peek(2).type !== 'word' &&
    cursor.peek(2).lower !== '.' &&
    cursor.peek(2).lower !== '('
  )
    return undefined;
  if (next.type === 'word' && !isIntervalUnit(cursor, 2) && cursor.peek(2).type === 'word') return undefined;
  cursor.at++;
  const isText = next.type === 'string';
  const value = isText ? readBare(cursor) : readIntervalValue(cursor);
  let unit: string | undefined;
  if (cursor.peek().type === 'word' && dateUnits.has(cursor.peek().lower) && !cursor.is('as')) {
    unit = cursor.next().lower;
    if (cursor.is('(')) cursor.skipBrackets();
    if (cursor.is('to') && dateUnits.has(cursor.peek(1).lower)) {
      cursor.at++;
      unit += ` to ${cursor.next().lower}`;
      if (cursor.is('(')) cursor.skipBrackets();
    }
    // Spark: INTERVAL 5 HOURS 30 MINUTES, also with quotes.
    while (
      (cursor.peek().type === 'number' || cursor.peek().type === 'string') &&
      isIntervalUnit(cursor, 1) &&
      cursor.peek(1).type === 'word'
    )
      cursor.at += 2;
  } else if (!isText && value.kind !== 'literal') {
    const names = value.kind === 'column' || value.kind === 'call';
    if (!names) cursor.fail('expected the unit of the interval');
  }
  return { kind: 'interval', value, ...(unit === undefined ? {} : { unit }), span: cursor.since(start) };
}

const arithmetic: ReadonlySet<string> = new Set(['*', '+', '-', '/', '%']);

function readIntervalValue(cursor: Cursor): Expression {
  const start = cursor.at;
  const isNegative = cursor.take('-');
  const operand = readPrimary(cursor);
  const left: Expression = isNegative ? { kind: 'operator', operator: '-', operands: [operand], span: cursor.since(start) } : operand;
  if (!arithmetic.has(cursor.peek().lower) || cursor.peek(1).type === 'end') return left;
  const behind = cursor.at;
  cursor.at = start;
  const whole = cursor.grammar.arithmetic(cursor);
  if (isIntervalUnit(cursor, 0)) return whole;
  // What stands behind has no unit, so it is what the interval itself is put together with.
  cursor.at = behind;
  return left;
}

function isIntervalUnit(cursor: Cursor, ahead: number): boolean {
  return dateUnits.has(cursor.peek(ahead).lower);
}

function readCase(cursor: Cursor): Expression {
  const start = cursor.at;
  cursor.at++;
  const operand = cursor.is('when') ? undefined : cursor.grammar.expression(cursor);
  const branches: { when: Expression; result: Expression }[] = [];
  while (cursor.take('when')) {
    const when = cursor.grammar.expression(cursor);
    cursor.expect('then');
    branches.push({ when, result: cursor.grammar.expression(cursor) });
  }
  if (branches.length === 0) cursor.fail('expected WHEN');
  const otherwise = cursor.take('else') ? cursor.grammar.expression(cursor) : undefined;
  cursor.expect('end');
  return {
    kind: 'case',
    ...(operand === undefined ? {} : { operand }),
    branches,
    ...(otherwise === undefined ? {} : { otherwise }),
    span: cursor.since(start),
  };
}

/** `a`, `t.a`, `schema.t.a`, `f(x)`, `schema.f(x)`. */
function readNames(cursor: Cursor): Expression {
  const start = cursor.at;
  const parts: Name[] = cursor.dialect === 'bigquery' && cursor.peek().value.includes('.') ? splitQuoted(cursor.name()) : [cursor.name()];
  while (
    cursor.is('.') &&
    (cursor.isName(1) || cursor.peek(1).type === 'number' || cursor.peek(1).type === 'parameter' || cursor.peek(1).lower === '.')
  ) {
    cursor.at++;
    if (cursor.is('.')) continue;
    const token = cursor.next();
    parts.push({ text: token.value, quoted: token.type === 'quoted', span: { start: token.start, end: token.end } });
  }
  if (cursor.is('!') && cursor.isName(1) && cursor.dialect === 'snowflake') {
    cursor.at++;
    parts.push(cursor.name());
  }
  // Teradata's headings: name (TITLE 'First name').
  if ((cursor.is('(', 'title') || cursor.is('(', 'format')) && cursor.peek(2).type === 'string') cursor.skipBrackets();
  else if (cursor.is('(') && !cursor.is('(', '+', ')')) return readCall(cursor, parts, start);
  if (cursor.is('.', '*') && cursor.peek(2).lower !== '(') {
    cursor.at += 2;
    return { kind: 'all-columns', qualifier: parts, span: cursor.since(start) };
  }
  return { kind: 'column', parts, span: cursor.since(start) };
}
