import type { Expression, LikeExpression, OperatorExpression } from '../ir.ts';
import type { Cursor } from './cursor.ts';
import { readBracketedList } from './lists.ts';
import { isQueryAhead } from './lookahead.ts';
import { readPostfix } from './postfix.ts';
import { notAnAlias } from './words.ts';

/** How tightly operators bind; those of the same strength are read from the left. */
const strength = {
  or: 10,
  xor: 15,
  and: 20,
  not: 30,
  compare: 40,
  bitOr: 50,
  bitAnd: 52,
  shift: 54,
  other: 56,
  add: 60,
  multiply: 70,
  power: 80,
  sign: 90,
  zone: 95,
};

const binary: ReadonlyMap<string, number> = new Map([
  ['or', strength.or],
  ['xor', strength.xor],
  ['and', strength.and],
  ...['=', '==', '<>', '!=', '^=', '<', '<=', '>', '>=', '<=>', '!=='].map((word) => [word, strength.compare] as const),
  ['|', strength.bitOr],
  ['&', strength.bitAnd],
  ['<<', strength.shift],
  ['>>', strength.shift],
  ...['||', '->', '->>', '#>', '#>>', '#-', '@>', '<@', '?', '?|', '?&', '&&', '^@', '@@', '#'].map(
    (word) => [word, strength.other] as const,
  ),
  ['+', strength.add],
  ['-', strength.add],
  ...['*', '/', '%', 'div', 'mod', '//'].map((word) => [word, strength.multiply] as const),
  ['^', strength.power],
  ['**', strength.power],
]);

const maxChain = 1_000;

/** Operators whose chains are kept as one node of many operands, so that ten thousand terms are no deeper than two. */
const flat = new Set(['and', 'or', '||', '+', '*', '|', '&']);

const likeWords = new Set(['like', 'ilike', 'rlike', 'regexp', 'glob', 'similar', '~', '~*', '!~', '!~*', '~~', '~~*', '!~~', '!~~*']);

/** Reads one expression, up to the first token that cannot belong to it. */
export function readExpression(cursor: Cursor): Expression {
  return cursor.deeper(() => readAbove(cursor, 0));
}

/** Reads sums and products, and whatever binds more tightly than they do. */
export function readArithmetic(cursor: Cursor): Expression {
  return cursor.deeper(() => readAbove(cursor, strength.add - 1));
}

/** Reads an expression of operators that bind more tightly than a limit. */
export function readAbove(cursor: Cursor, limit: number): Expression {
  const start = cursor.at;
  let left = readPrefix(cursor);
  for (let length = 0; ; length++) {
    const next = readInfix(cursor, left, start, limit);
    if (next === undefined) return left;
    if (next !== left && length > maxChain) cursor.fail(`this is a chain of more than ${maxChain} operators`);
    if (next === left) length--;
    left = next;
  }
}

function readPrefix(cursor: Cursor): Expression {
  const start = cursor.at;
  const { lower } = cursor.peek();
  const unary = (operator: string, above: number): OperatorExpression => {
    const operand = cursor.deeper(() => readAbove(cursor, above));
    return { kind: 'operator', operator, operands: [operand], span: cursor.since(start) };
  };
  if (lower === 'not') {
    cursor.at++;
    return unary('not', strength.not - 1);
  }
  if (lower === '-' || lower === '+' || lower === '~' || lower === '!') {
    cursor.at++;
    return unary(lower === '!' ? 'not' : lower, strength.sign - 1);
  }
  if (lower === 'binary' && (cursor.isName(1) ? !notAnAlias.has(cursor.peek(1).lower) : cursor.peek(1).type === 'string')) {
    cursor.at++;
    return unary('binary', strength.sign - 1);
  }
  if (lower === '@' && cursor.peek(1).lower === '(') {
    cursor.at++;
    return unary('@', strength.sign - 1);
  }
  if ((lower === 'prior' || lower === 'connect_by_root') && cursor.isName(1)) {
    cursor.at++;
    return unary(lower, strength.sign - 1);
  }
  return cursor.grammar.primary(cursor);
}

function readInfix(cursor: Cursor, left: Expression, start: number, limit: number): Expression | undefined {
  const { lower, type } = cursor.peek();
  if (lower === '') return undefined;
  const negated = lower === 'not';
  const word = negated ? cursor.peek(1).lower : lower;
  if (likeWords.has(word) || word === 'in' || word === 'between') {
    if (limit >= strength.compare) return undefined;
    if (word === 'glob' && type === 'word' && cursor.dialect !== 'sqlite' && cursor.dialect !== 'duckdb') return undefined;
    if (negated) cursor.at++;
    if (word === 'in') return readIn(cursor, left, start, negated);
    if (word === 'between') return readBetween(cursor, left, start, negated);
    return readLike(cursor, left, start, negated);
  }
  if (lower === 'is') return limit >= strength.compare ? undefined : readIs(cursor, left, start);
  if (lower === 'isnull' || lower === 'notnull') {
    if (limit >= strength.compare) return undefined;
    cursor.at++;
    return { kind: 'operator', operator: lower === 'isnull' ? 'is null' : 'is not null', operands: [left], span: cursor.since(start) };
  }
  const compared = cursor.dialect === 'generic' ? teradata[lower] : undefined;
  if (compared !== undefined && limit < strength.compare && startsValue(cursor)) {
    cursor.at++;
    const right = cursor.deeper(() => readAbove(cursor, strength.compare));
    return { kind: 'operator', operator: compared, operands: [left, right], span: cursor.since(start) };
  }
  const worded = wordedOperators[lower];
  if (
    worded !== undefined &&
    limit < strength.compare &&
    (worded.length === 0 || cursor.peek(1).lower === worded) &&
    startsOperand(cursor)
  ) {
    cursor.at += worded.length === 0 ? 1 : 2;
    const right = cursor.deeper(() => readAbove(cursor, strength.compare));
    return {
      kind: 'operator',
      operator: worded.length === 0 ? lower : `${lower} ${worded}`,
      operands: [left, right],
      span: cursor.since(start),
    };
  }
  if (lower === 'global' && (cursor.is('global', 'in') || cursor.is('global', 'not', 'in')) && limit < strength.compare) {
    cursor.at++;
    return readIn(cursor, left, start, cursor.take('not'));
  }
  if (lower === 'not' && cursor.peek(1).lower === 'null' && limit < strength.compare) {
    cursor.at += 2;
    return { kind: 'operator', operator: 'is not null', operands: [left], span: cursor.since(start) };
  }
  if (lower === 'overlaps' && limit < strength.compare) {
    cursor.at++;
    return { kind: 'operator', operator: 'overlaps', operands: [left, readAbove(cursor, strength.compare)], span: cursor.since(start) };
  }
  if (lower === 'at' && limit < strength.zone && cursor.peek(1).lower === 'time' && cursor.peek(2).lower === 'zone') {
    cursor.at += 3;
    const zone = readAbove(cursor, strength.zone);
    return { kind: 'operator', operator: 'at time zone', operands: [left, zone], span: cursor.since(start) };
  }
  if (lower === 'collate') {
    cursor.at++;
    const token = cursor.next();
    while (cursor.take('.')) cursor.next();
    const collation: Expression = { kind: 'literal', type: 'string', value: token.value, span: { start: token.start, end: token.end } };
    return { kind: 'operator', operator: 'collate', operands: [left, collation], span: cursor.since(start) };
  }
  if (lower === 'operator' && cursor.peek(1).lower === '(') {
    cursor.at++;
    const operator = cursor.inBrackets(() => {
      let text = '';
      while (!cursor.done) text += cursor.next().value;
      return text;
    });
    return { kind: 'operator', operator, operands: [left, readAbove(cursor, strength.other)], span: cursor.since(start) };
  }
  return readBinary(cursor, left, start, limit);
}

/** Operators of PostgreSQL and its extensions that this table does not name one by one. */
function isOwnOperator(text: string): boolean {
  return text.length > 1 && /^[-+*/<>=~!@#%^&|`?]+$/.test(text) && text !== '|>' && text !== '=>' && text !== '::' && text !== ':=';
}

/** Operators that are words, with the second word of those that have two. */
const wordedOperators: Readonly<Record<string, string | undefined>> = {
  __proto__: null as never,
  member: 'of',
  sounds: 'like',
  match: '',
  iregexp: '',
};

/** Whether what follows the word is the right side of an operator, so that the word is no alias. */
function startsOperand(cursor: Cursor): boolean {
  const second = wordedOperators[cursor.peek().lower];
  const ahead = second === '' ? 1 : 2;
  const { type, lower } = cursor.peek(ahead);
  return type === 'string' || type === 'number' || type === 'parameter' || lower === '(' || (second !== '' && cursor.isName(ahead));
}

/** Comparisons in Teradata's words. */
const teradata: Readonly<Record<string, string | undefined>> = {
  __proto__: null as never,
  eq: '=',
  ne: '<>',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
};

/** Whether a value follows the word here, so that it is an operator and no alias. */
function startsValue(cursor: Cursor): boolean {
  const next = cursor.peek(1);
  if (next.type === 'string' || next.type === 'number' || next.type === 'parameter' || next.lower === '(') return true;
  return (next.type === 'word' || next.type === 'quoted') && !notAnAlias.has(next.lower);
}

function readBinary(cursor: Cursor, left: Expression, start: number, limit: number): Expression | undefined {
  const { lower } = cursor.peek();
  const binds =
    lower === '||' && cursor.traits.pipesMeanOr
      ? strength.or
      : lower === '&&' && cursor.dialect === 'mysql'
        ? strength.and
        : binary.get(lower);
  if (binds === undefined && cursor.peek().type === 'operator' && isOwnOperator(lower) && limit < strength.other) {
    cursor.at++;
    const right = cursor.deeper(() => readAbove(cursor, strength.other));
    return { kind: 'operator', operator: lower, operands: [left, right], span: cursor.since(start) };
  }
  if (binds === undefined || binds <= limit) return undefined;
  cursor.at++;
  const operator = spelling(lower, cursor);
  if (binds === strength.compare && (cursor.is('any', '(') || cursor.is('all', '(') || cursor.is('some', '('))) {
    const right = readQuantified(cursor);
    return { kind: 'operator', operator, operands: [left, right], span: cursor.since(start) };
  }
  const right = cursor.deeper(() => readAbove(cursor, binds));
  if (flat.has(operator) && left.kind === 'operator' && left.operator === operator) {
    (left.operands as Expression[]).push(right);
    (left as { span: { start: number; end: number } }).span = cursor.since(start);
    return left;
  }
  return { kind: 'operator', operator, operands: [left, right], span: cursor.since(start) };
}

function spelling(operator: string, cursor: Cursor): string {
  if (operator === '==') return '=';
  if (operator === '!=' || operator === '^=' || operator === '!==') return '<>';
  if (operator === 'mod') return '%';
  if (operator === '||' && cursor.traits.pipesMeanOr) return 'or';
  if (operator === '&&' && cursor.dialect === 'mysql') return 'and';
  return operator;
}

/** `any (…)`, `all (…)`: a query or an array. */
function readQuantified(cursor: Cursor): Expression {
  const start = cursor.at;
  const form = cursor.next().lower === 'all' ? 'all' : 'any';
  if (isQueryAhead(cursor, cursor.at)) {
    const query = cursor.inBrackets(() => cursor.grammar.query(cursor));
    return { kind: 'subquery', form, query, span: cursor.since(start) };
  }
  const args = readBracketedList(cursor);
  return { kind: 'call', name: form, args, named: [], distinct: false, orderBy: [], span: cursor.since(start) };
}

function readIn(cursor: Cursor, operand: Expression, start: number, negated: boolean): Expression {
  cursor.at++;
  if (!cursor.is('(')) {
    const value = readAbove(cursor, strength.compare);
    return { kind: 'in', operand, negated, values: [value], span: cursor.since(start) };
  }
  if (isQueryAhead(cursor, cursor.at)) {
    const query = cursor.inBrackets(() => cursor.grammar.query(cursor));
    return { kind: 'in', operand, negated, values: query, span: cursor.since(start) };
  }
  return { kind: 'in', operand, negated, values: readBracketedList(cursor), span: cursor.since(start) };
}

function readBetween(cursor: Cursor, operand: Expression, start: number, negated: boolean): Expression {
  cursor.at++;
  if (cursor.is('symmetric') || cursor.is('asymmetric')) cursor.at++;
  const low = cursor.deeper(() => readAbove(cursor, strength.compare));
  cursor.expect('and');
  const high = cursor.deeper(() => readAbove(cursor, strength.compare));
  return { kind: 'between', operand, low, high, negated, span: cursor.since(start) };
}

const likeOperators: Readonly<Record<string, LikeExpression['operator']>> = {
  similar: 'similar to',
  '!~': '~',
  '!~*': '~*',
  '~~': 'like',
  '!~~': 'like',
  '~~*': 'ilike',
  '!~~*': 'ilike',
};

function readLike(cursor: Cursor, operand: Expression, start: number, not: boolean): Expression {
  const { lower } = cursor.next();
  if (lower === 'similar') cursor.take('to');
  const operator = likeOperators[lower] ?? (lower as LikeExpression['operator']);
  const negated = not !== lower.startsWith('!');
  let patterns: Expression[];
  let quantifier: 'any' | 'all' | undefined;
  if (cursor.is('any', '(') || cursor.is('all', '(') || cursor.is('some', '(')) {
    quantifier = cursor.peek().lower === 'all' ? 'all' : 'any';
    if (isQueryAhead(cursor, cursor.at + 1)) patterns = [readQuantified(cursor)];
    else {
      cursor.at++;
      patterns = readBracketedList(cursor);
    }
  } else patterns = [cursor.deeper(() => readAbove(cursor, strength.compare))];
  const escapedBy = cursor.take('escape') ? readAbove(cursor, strength.compare) : undefined;
  return {
    kind: 'like',
    operator,
    operand,
    patterns,
    ...(quantifier === undefined ? {} : { quantifier }),
    ...(escapedBy === undefined ? {} : { escape: escapedBy }),
    negated,
    span: cursor.since(start),
  };
}

const unicodeForms = new Set(['nfc', 'nfd', 'nfkc', 'nfkd']);

function readIs(cursor: Cursor, left: Expression, start: number): Expression {
  cursor.at++;
  const not = cursor.take('not') ? 'not ' : '';
  const done = (operator: string, ...operands: Expression[]): Expression =>
    readPostfix(cursor, { kind: 'operator', operator, operands: [left, ...operands], span: cursor.since(start) }, start);
  if (cursor.take('distinct', 'from')) {
    const right = cursor.deeper(() => readAbove(cursor, strength.compare));
    return done(`is ${not}distinct from`, right);
  }
  for (const word of ['null', 'true', 'false', 'unknown', 'normalized']) if (cursor.take(word)) return done(`is ${not}${word}`);
  if (cursor.take('json')) {
    const form = cursor.is('object') || cursor.is('array') || cursor.is('scalar') || cursor.is('value') ? ` ${cursor.next().lower}` : '';
    if (cursor.is('with', 'unique') || cursor.is('without', 'unique')) cursor.at++;
    if (cursor.take('unique')) cursor.take('keys');
    return done(`is ${not}json${form}`);
  }
  if (unicodeForms.has(cursor.peek().lower) && cursor.peek(1).lower === 'normalized') {
    cursor.at += 2;
    return done(`is ${not}normalized`);
  }
  if (cursor.take('of')) {
    cursor.skipBrackets();
    return done(`is ${not}of`);
  }
  const right = cursor.deeper(() => readAbove(cursor, strength.compare));
  return done(not === '' ? 'is not distinct from' : 'is distinct from', right);
}
