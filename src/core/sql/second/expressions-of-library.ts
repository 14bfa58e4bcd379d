import type { Expression, LiteralExpression, Window } from '../ir.ts';
import { type Foreign, isForeign, listOf, type Reading, textOf, toName } from './foreign.ts';

/** A call with its arguments. */
export function toCall(name: string, args: readonly Expression[], { span }: Reading, distinct = false, over?: Window): Expression {
  return { kind: 'call', name: name.toLowerCase(), args, named: [], distinct, orderBy: [], ...(over === undefined ? {} : { over }), span };
}

/** An expression of a kind that means the same in every dialect of the library; undefined for others. */
export function toKnown(node: Foreign, reading: Reading): Expression | undefined {
  switch (node.type) {
    case 'column_ref':
      return toColumn(node, reading);
    case 'aggr_func':
    case 'window_func':
    case 'function':
      return toFunction(node, reading);
    case 'binary_expr':
      return toBinary(node, reading);
    case 'unary_expr': {
      const operand = reading.toExpression(node.expr, reading);
      return operand === undefined ? undefined : operator(String(node.operator).toLowerCase(), [operand], reading);
    }
    case 'case':
      return toCase(node, reading);
    case 'cast': {
      const operand = reading.toExpression(node.expr, reading);
      const target = listOf(node.target)[0];
      if (operand === undefined || !isForeign(target)) return undefined;
      const safe = /^(try|safe)/i.test(String(node.keyword ?? ''));
      return { kind: 'cast', operand, type: String(target.dataType ?? '').toLowerCase(), safe, span: reading.span };
    }
    default:
      return toLiteral(node, reading);
  }
}

const literals: Readonly<Record<string, LiteralExpression['type']>> = {
  number: 'number',
  bigint: 'number',
  bool: 'boolean',
  boolean: 'boolean',
  null: 'null',
  string: 'string',
  single_quote_string: 'string',
  double_quote_string: 'string',
  date: 'date',
  timestamp: 'timestamp',
  datetime: 'datetime',
  time: 'time',
};

function toLiteral(node: Foreign, { span }: Reading): Expression | undefined {
  if (node.type === 'star') return { kind: 'all-columns', span };
  const type = literals[String(node.type)];
  if (type === undefined || (typeof node.value === 'object' && node.value !== null)) return undefined;
  return { kind: 'literal', type, value: String(node.value ?? ''), span };
}

function toColumn(node: Foreign, reading: Reading): Expression | undefined {
  const names = [node.db, node.schema, node.table, node.column].flatMap((part) => textOf(part) ?? []);
  if (names.length === 0) return undefined;
  const { span } = reading;
  if (names.at(-1) === '*') return { kind: 'all-columns', span };
  return { kind: 'column', parts: names.map((name) => toName(name, reading)), span };
}

function toFunction(node: Foreign, reading: Reading): Expression | undefined {
  const written = isForeign(node.name)
    ? listOf(node.name.name)
        .map((part) => textOf(part) ?? '')
        .join('.')
    : textOf(node.name);
  if (written === undefined || written === '') return undefined;
  const args = isForeign(node.args) ? node.args : {};
  const given = [...listOf(args.value), ...listOf(args.expr)].flatMap((part) => reading.toExpression(part, reading) ?? []);
  const [only] = given;
  if (/^exists$/i.test(written) && only?.kind === 'subquery') return { ...only, form: 'exists' };
  return toCall(written, given, reading, args.distinct === 'DISTINCT', toWindow(node.over, reading));
}

/** OVER, wherever the dialect puts the keys. */
function toWindow(over: unknown, reading: Reading): Window | undefined {
  if (!isForeign(over)) return undefined;
  const specification = [over.as_window_specification, over]
    .filter(isForeign)
    .map((one) => one.window_specification ?? one)
    .find(isForeign);
  const keys = (name: string) => listOf(specification?.[name]).filter(isForeign);
  return {
    partitionBy: keys('partitionby').flatMap((key) => reading.toExpression(key, reading) ?? []),
    orderBy: keys('orderby').flatMap((key) => {
      const expression = reading.toExpression(key.expr, reading);
      return expression === undefined ? [] : [{ expression, descending: key.type === 'DESC' }];
    }),
  };
}

function toBinary(node: Foreign, reading: Reading): Expression | undefined {
  const { span } = reading;
  const word = String(node.operator).toLowerCase();
  const left = reading.toExpression(node.left, reading);
  if (left === undefined) return undefined;
  const negated = word.startsWith('not ');
  const members = isForeign(node.right) && node.right.type === 'expr_list' ? listOf(node.right.value) : undefined;
  const values = members?.flatMap((part) => reading.toExpression(part, reading) ?? []);
  if (/^(not )?in$/.test(word) && values !== undefined) {
    const [only] = values;
    return { kind: 'in', operand: left, negated, values: only?.kind === 'subquery' ? only.query : values, span };
  }
  if (/^(not )?between$/.test(word) && values?.length === 2)
    return { kind: 'between', operand: left, negated, low: values[0] as Expression, high: values[1] as Expression, span };
  const right = reading.toExpression(node.right, reading);
  return right === undefined ? undefined : operator(word, [left, right], reading);
}

function operator(word: string, operands: readonly Expression[], { span }: Reading): Expression {
  return { kind: 'operator', operator: word, operands, span };
}

function toCase(node: Foreign, reading: Reading): Expression | undefined {
  const parts = listOf(node.args).filter(isForeign);
  const branches = parts.flatMap((part) => {
    const when = reading.toExpression(part.cond, reading);
    const result = reading.toExpression(part.result, reading);
    return part.type === 'when' && when !== undefined && result !== undefined ? [{ when, result }] : [];
  });
  const last = parts.find((part) => part.type === 'else');
  const otherwise = last === undefined ? undefined : reading.toExpression(last.result, reading);
  if (branches.length + (last === undefined ? 0 : 1) !== parts.length) return undefined;
  const operand = reading.toExpression(node.expr, reading);
  return {
    kind: 'case',
    ...(operand === undefined ? {} : { operand }),
    branches,
    ...(otherwise === undefined ? {} : { otherwise }),
    span: reading.span,
  };
}
