import type { Expression, Name, OpaqueExpression } from '../ir.ts';
import { readExpressionAgain } from '../second/second-reader.ts';
import type { Cursor } from './cursor.ts';
import { toName, Unreadable } from './cursor.ts';
import { bareFunctions, clauseWords, dateUnits, notAnAlias } from './words.ts';

/**
 * Reads a piece; where it cannot be read, moves to the end of the piece and puts `opaque` in its place. `follows` says whether the piece
 * may end at a token; a piece never ends inside brackets that it opened.
 */
export function recovering<T>(
  cursor: Cursor,
  follows: (cursor: Cursor) => boolean,
  read: () => T,
  opaque: (start: number, reason: string) => T,
): T {
  const start = cursor.at;
  const { end } = cursor;
  try {
    const value = read();
    if (!cursor.done && !follows(cursor)) cursor.fail('expected nothing more');
    return value;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    cursor.end = end;
    cursor.at = start;
    skipTo(cursor, follows);
    const reason = capitalise(error.message);
    const piece = opaque(start, reason);
    const span = { start: Math.min(error.at, cursor.text.length), end: cursor.since(start).end };
    cursor.report(reason, span, isReadAgain(piece));
    return piece;
  }
}

/** Whether a second parser read what ours could not. */
function isReadAgain(piece: unknown): boolean {
  if (Array.isArray(piece)) return piece.some(isReadAgain);
  if (typeof piece !== 'object' || piece === null) return false;
  const { meaning, body, query, expression } = piece as Readonly<Record<string, unknown>>;
  return meaning !== undefined || [body, query, expression].some((part) => part !== undefined && isReadAgain(part));
}

function skipTo(cursor: Cursor, follows: (cursor: Cursor) => boolean): void {
  let cases = 0;
  while (!cursor.done && (cases > 0 || !follows(cursor))) {
    if (cursor.is('case')) cases++;
    else if (cursor.is('end') && cases > 0) cases--;
    if (cursor.is('(') || cursor.is('[') || cursor.is('{')) cursor.skipBrackets();
    else cursor.at++;
  }
}

/** What could not be read, with every name in it that may be a column. */
export function opaqueExpression(cursor: Cursor, start: number, reason: string): OpaqueExpression {
  const span = cursor.since(start);
  const empty = cursor.at <= start;
  const meaning = empty ? undefined : cursor.again(span, readExpressionAgain);
  return {
    kind: 'opaque',
    reason,
    text: empty ? '' : cursor.slice(span),
    inputs: findColumns(cursor, start, cursor.at),
    ...(meaning === undefined ? {} : { meaning }),
    span: empty ? { start: cursor.peek().start, end: cursor.peek().start } : span,
  };
}

/** The names between two tokens that may be columns: neither keywords, nor functions, nor aliases. */
export function findColumns(cursor: Cursor, from: number, to: number): Expression[] {
  const { tokens } = cursor.stream;
  const found: Expression[] = [];
  for (let at = from; at < to; at++) {
    const token = tokens[at];
    if (token === undefined || (token.type !== 'word' && token.type !== 'quoted')) continue;
    const parts: Name[] = [toName(token)];
    const previous = tokens[at - 1]?.lower;
    while (tokens[at + 1]?.lower === '.' && at + 2 < to && (tokens[at + 2]?.type === 'word' || tokens[at + 2]?.type === 'quoted')) {
      const part = tokens[at + 2];
      if (part !== undefined) parts.push(toName(part));
      at += 2;
    }
    const isCall = tokens[at + 1]?.lower === '(';
    const bare = parts.length === 1 ? token.lower : '';
    const isUnit = dateUnits.has(bare) && tokens.slice(from, at).some((token) => token.lower === 'interval');
    const isWord = isUnit || notAnAlias.has(bare) || clauseWords.has(bare) || expressionWords.has(bare) || bareFunctions.has(bare);
    if (isCall || isWord || (at > from && (previous === 'as' || previous === '::'))) continue;
    found.push({ kind: 'column', parts, span: { start: token.start, end: tokens[at]?.end ?? token.end } });
  }
  return found;
}

const expressionWords = new Set(
  'case when then else end null true false distinct cast interval all any some exists by rows range preceding following unbounded current row partition respect ignore struct array date timestamp select at zone'.split(
    ' ',
  ),
);

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
