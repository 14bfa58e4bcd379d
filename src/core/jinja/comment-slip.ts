import type { Span } from '../text/span.ts';

/**
 * A tag written `{{-- … --}}` around an offset, which reads as an expression and was meant as a comment. Only looked for where the template
 * cannot be read: `{{--1}}` is a number.
 */
export function findCommentSlip(source: string, offset: number): Span | undefined {
  const start = source.lastIndexOf('{{--', offset);
  const close = start === -1 ? -1 : source.indexOf('--}}', start + 4);
  if (close === -1 || close + 4 <= offset) return undefined;
  const end = close + 4;
  return /[{}]{2}/.test(source.slice(start + 4, close)) ? undefined : { start, end };
}
