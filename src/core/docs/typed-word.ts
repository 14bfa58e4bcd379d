import type { Span } from '../text/span.ts';

/** The name that is being typed at an offset. */
export function typedWord(text: string, offset: number): Span {
  let start = offset;
  while (start > 0 && /[\w$]/.test(text[start - 1] ?? '')) start--;
  let end = offset;
  while (end < text.length && /[\w$]/.test(text[end] ?? '')) end++;
  return { start, end };
}
