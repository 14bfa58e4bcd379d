import type { Expression, Name } from '../ir.ts';
import type { Cursor } from './cursor.ts';
import { readBracketedList } from './lists.ts';
import { readTypeName } from './type-names.ts';

/** What may stand directly behind a value: `::type`, `[0]`, `.field`, `:path`. */
export function readPostfix(cursor: Cursor, value: Expression, start: number): Expression {
  let left = value;
  for (;;) {
    const { lower } = cursor.peek();
    if (lower === '?' && cursor.peek(1).lower === '::' && cursor.dialect === 'databricks') {
      cursor.at += 2;
      left = { kind: 'cast', operand: left, type: readTypeName(cursor), safe: true, span: cursor.since(start) };
    } else if (lower === '.' && cursor.dialect === 'clickhouse' && (cursor.peek(1).lower === ':' || cursor.peek(1).lower === '^')) {
      const isType = cursor.peek(1).lower === ':';
      cursor.at += 2;
      left = isType
        ? { kind: 'cast', operand: left, type: readTypeName(cursor), safe: false, span: cursor.since(start) }
        : { kind: 'field', operand: left, field: fieldName(cursor), form: 'struct', span: cursor.since(start) };
    } else if (lower === '::') {
      cursor.at++;
      const type = readTypeName(cursor);
      left = { kind: 'cast', operand: left, type, safe: false, span: cursor.since(start) };
    } else if (lower === '[') {
      left = readIndex(cursor, left, start);
    } else if (lower === '.' && left.kind !== 'literal' && (cursor.isName(1) || cursor.peek(1).type === 'number')) {
      cursor.at++;
      const field = fieldName(cursor);
      if (cursor.is('(') && chains.has(cursor.dialect)) {
        const args = readBracketedList(cursor);
        const name = field.text.toLowerCase();
        left = { kind: 'call', name, args: [left, ...args], named: [], distinct: false, orderBy: [], span: cursor.since(start) };
      } else left = { kind: 'field', operand: left, field, form: 'struct', span: cursor.since(start) };
    } else if (lower === ':' && cursor.traits.colonPath && (cursor.isName(1) || cursor.peek(1).lower === '[')) {
      cursor.at++;
      if (!cursor.is('[')) left = { kind: 'field', operand: left, field: cursor.name(), form: 'variant', span: cursor.since(start) };
      left = readPath(cursor, left, start);
    } else if ((lower === '->' || lower === '->>') && (cursor.peek(1).type === 'string' || cursor.peek(1).type === 'number')) {
      cursor.at++;
      const key = cursor.next();
      const field: Name = { text: key.value, quoted: key.type === 'string', span: { start: key.start, end: key.end } };
      left = { kind: 'field', operand: left, field, form: lower === '->' ? 'json' : 'json-text', span: cursor.since(start) };
    } else if (lower === '(' && cursor.is('(', '+', ')')) {
      cursor.at += 3;
    } else return left;
  }
}

function readPath(cursor: Cursor, value: Expression, start: number): Expression {
  let left = value;
  while (cursor.is('.') && cursor.isName(1)) {
    cursor.at++;
    left = { kind: 'field', operand: left, field: fieldName(cursor), form: 'variant', span: cursor.since(start) };
    if (cursor.is('[')) left = readIndex(cursor, left, start);
  }
  return left;
}

function fieldName(cursor: Cursor): Name {
  const token = cursor.next();
  return { text: token.value, quoted: token.type === 'quoted', span: { start: token.start, end: token.end } };
}

/** Dialects in which `value.function(…)` calls a function or a method of the value. */
const chains = new Set(['duckdb', 'bigquery', 'tsql', 'oracle', 'generic']);

const indexModes = new Set(['offset', 'ordinal', 'safe_offset', 'safe_ordinal']);

function readIndex(cursor: Cursor, operand: Expression, start: number): Expression {
  type Inside = { index: Expression; end?: Expression; mode?: 'offset' | 'ordinal' | 'safe_offset' | 'safe_ordinal' };
  const inside = cursor.inBrackets((): Inside => {
    const mode = cursor.peek();
    if (indexModes.has(mode.lower) && cursor.peek(1).lower === '(') {
      cursor.at++;
      const index = cursor.inBrackets(() => cursor.grammar.expression(cursor));
      return { index, mode: mode.lower as 'offset' };
    }
    const missing = (): Expression => ({
      kind: 'literal',
      type: 'null',
      value: 'null',
      span: { start: cursor.peek().start, end: cursor.peek().start },
    });
    const index = cursor.is(':') ? missing() : cursor.grammar.expression(cursor);
    if (!cursor.take(':')) return { index };
    const end = cursor.done || cursor.is(':') ? missing() : cursor.grammar.expression(cursor);
    if (cursor.take(':')) cursor.grammar.expression(cursor);
    return { index, end };
  });
  return { kind: 'index', operand, ...inside, span: cursor.since(start) };
}
