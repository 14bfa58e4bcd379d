import type { Span } from './span.ts';

/** Where a piece of rendered text comes from. */
export interface Origin {
  /** The range in the template's own file: the very characters, or the whole expression or macro call that produced them. */
  readonly span: Span;
  /** True when the output character is a verbatim copy of the source character. */
  readonly verbatim: boolean;
}

/** Maps every character of rendered text back to the template that the user typed in. */
export interface SourceMap {
  /** The origin of the character at an output offset. */
  locate(offset: number): Origin;
  /** The source range that a range of output comes from, joined over everything in it. */
  locateSpan(span: Span): Span;
  /** The output offset that a verbatim source offset was copied to, or undefined where it produced none. */
  outputOf(sourceOffset: number): number | undefined;
}
