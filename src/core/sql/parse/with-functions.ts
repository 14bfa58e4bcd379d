import type { Token } from '../tokens.ts';
import type { Cursor } from './cursor.ts';

/** Whether Trino's functions for one query begin at a token: `WITH FUNCTION f(x int) RETURNS int RETURN x + 1`. */
export function beginsFunctions(tokens: readonly Token[], at: number): boolean {
  return (
    tokens[at]?.lower === 'with' &&
    tokens[at + 1]?.lower === 'function' &&
    (tokens[at + 2]?.type === 'word' || tokens[at + 2]?.type === 'quoted') &&
    tokens[at + 2]?.lower !== 'as' &&
    tokens[at + 3]?.lower === '('
  );
}

/** Where the query behind the functions begins: semicolons and queries inside their bodies are theirs. */
export function endOfFunctions(tokens: readonly Token[], closing: ArrayLike<number | undefined>, start: number, end: number): number {
  let depth = 0;
  let isReturned = false;
  for (let at = start + 1; at < end; at++) {
    const { lower } = tokens[at] as Token;
    if (lower === '(') {
      at = closing[at] ?? end;
      continue;
    }
    if (lower === 'begin' || lower === 'case') depth++;
    // END IF, END LOOP and the like close what is not counted; END CASE closes what is.
    else if (lower === 'end' && !(depth > 0 && parts.has(tokens[at + 1]?.lower ?? ''))) {
      depth--;
      if (tokens[at + 1]?.lower === 'case') at++;
    } else if (lower === 'return' || lower === 'returns') isReturned = lower === 'return' || isReturned;
    else if (depth === 0 && isReturned && (lower === 'select' || lower === 'with' || lower === 'values' || lower === 'table')) return at;
    else if (depth === 0 && lower === ';') {
      // Oracle ends each function with a semicolon.
      const next = tokens[at + 1]?.lower ?? '';
      if (next !== 'function' && next !== 'procedure') return next === 'select' || next === 'with' ? at + 1 : at;
    }
    if (depth === 0 && lower === 'end') isReturned = true;
    if (depth === 0 && lower === 'function') isReturned = false;
  }
  return end;
}

const parts = new Set(['if', 'while', 'loop', 'repeat']);

/** Moves past the functions that a query defines for itself: what they compute from is what they are called with. */
export function skipFunctions(cursor: Cursor): void {
  const { tokens, closing } = cursor.stream;
  if (beginsFunctions(tokens, cursor.at)) cursor.at = Math.min(endOfFunctions(tokens, closing, cursor.at, cursor.end), cursor.end);
}
