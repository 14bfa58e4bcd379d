import type { Token, Tokens } from '../tokens.ts';
import { beginsFunctions, endOfFunctions } from './with-functions.ts';

interface Piece {
  readonly start: number;
  readonly end: number;
}

/** The statements between semicolons; those inside brackets separate nothing. T-SQL needs none where a line begins a statement. */
export function splitStatements(stream: Tokens, text: string, isTsql: boolean): readonly Piece[] {
  const { tokens, closing } = stream;
  const pieces: Piece[] = [];
  let start = 0;
  let hasQuery = false;
  const endAt = (at: number): void => {
    if (at > start) pieces.push({ start, end: at });
    hasQuery = false;
  };
  for (let at = 0; at <= tokens.length; at++) {
    const token = tokens[at];
    if (token !== undefined && closing[at] !== undefined && (token.lower === '(' || token.lower === '[' || token.lower === '{')) {
      const close = closing[at] ?? tokens.length;
      if (close < tokens.length) at = close;
      continue;
    }
    if (at === start && beginsFunctions(tokens, at)) {
      at = endOfFunctions(tokens, closing, at, tokens.length) - 1;
      continue;
    }
    if (token === undefined || token.lower === ';' || (isTsql && token.lower === 'go')) {
      endAt(at);
      start = at + 1;
    } else if (isTsql && at > start && (hasQuery ? beginsQuery : beginsStatement)(tokens, at, text, tokens[start]?.lower)) {
      endAt(at);
      start = at;
    }
    if (token?.lower === 'select') hasQuery = true;
  }
  return pieces;
}

const beginnings = new Set(
  'print truncate exec execute declare drop create alter use insert update delete merge while return raiserror throw bulk if begin set'.split(
    ' ',
  ),
);

/** Whether the first word of a line cannot go on with the statement before it. */
function beginsStatement(tokens: readonly Token[], at: number, text: string, statement: string | undefined, hasQuery = false): boolean {
  const { lower, start } = tokens[at] as Token;
  const before = tokens[at - 1];
  if (!beginnings.has(lower) || before === undefined || !text.slice(before.end, start).includes('\n')) return false;
  const next = tokens[at + 1];
  // Parts of MERGE, UPDATE … SET, and words behind which a statement only goes on.
  if (statement === 'merge' && (lower === 'update' || lower === 'delete' || lower === 'insert' || lower === 'set')) return false;
  // WITH goes on until the statement that reads its CTEs.
  if (statement === 'with' && (lower === 'insert' || lower === 'update' || lower === 'delete' || lower === 'merge') && !hasQuery)
    return false;
  if (lower === 'set') return next?.value.startsWith('@') === true || options.has(next?.lower ?? '');
  if (lower === 'insert') return next?.lower === 'into' || (next?.type === 'word' && before.lower !== 'then');
  return !goesOn.has(before.lower);
}

/** The same behind a query, where a further one begins a statement too. */
function beginsQuery(tokens: readonly Token[], at: number, text: string, statement: string | undefined): boolean {
  const { lower, start } = tokens[at] as Token;
  const before = tokens[at - 1] as Token;
  if (lower !== 'select' && lower !== 'with') return beginsStatement(tokens, at, text, statement, true);
  if (!text.slice(before.end, start).includes('\n') || betweenQueries.has(before.lower)) return false;
  // WITH also introduces hints, options and TIES.
  const third = tokens[at + 2]?.lower;
  return lower === 'select' || (tokens[at + 1]?.type !== 'operator' && (third === 'as' || third === '('));
}

const betweenQueries = new Set([
  'union',
  'all',
  'except',
  'intersect',
  'as',
  'in',
  'exists',
  'any',
  'some',
  ',',
  '(',
  '=',
  'return',
  'then',
]);
const options = new Set([
  'nocount',
  'xact_abort',
  'identity_insert',
  'ansi_nulls',
  'quoted_identifier',
  'datefirst',
  'dateformat',
  'language',
]);
const goesOn = new Set(['as', 'or', 'then', 'on', 'for', 'explain', ',', '(', '=', 'and', 'not', 'begin', 'try', 'catch', 'with']);
