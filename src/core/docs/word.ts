import type { Position } from '../text/span.ts';
import { LineMap } from '../text/span.ts';

/** A name in a text, with what stands before its dot. */
export interface Word {
  readonly text: string;
  /** `o` of `o.customer_id`; the source of `source('raw', 'orders')` is no qualifier. */
  readonly qualifier: string | undefined;
  readonly start: Position;
  readonly end: Position;
}

const part = /[\p{L}\p{N}_$]/u;

/** The name at a position, or undefined between names. A position at the end of a name still belongs to it. */
export function findWord(text: string, position: Position): Word | undefined {
  const map = new LineMap(text);
  const offset = map.offset(position);
  let start = offset;
  while (start > 0 && part.test(text[start - 1] ?? '')) start--;
  let end = offset;
  while (end < text.length && part.test(text[end] ?? '')) end++;
  if (start === end) return undefined;
  let before = start;
  if (/["`\]]/.test(text[before - 1] ?? '')) before--;
  let qualifier: string | undefined;
  if (text[before - 1] === '.') {
    const found = /([\p{L}\p{N}_$]+)["`\]]?$/u.exec(text.slice(Math.max(0, before - 130), before - 1));
    qualifier = found?.[1];
  }
  return { text: text.slice(start, end), qualifier, start: map.position(start), end: map.position(end) };
}
