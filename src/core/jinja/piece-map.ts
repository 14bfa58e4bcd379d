import type { Origin, SourceMap } from '../text/source-map.ts';
import type { Span } from '../text/span.ts';
import type { TemplateText } from './lexer.ts';

/** The source map of a rendering: four numbers a piece, as an Output collects them. */
export class PieceMap implements SourceMap {
  constructor(
    readonly pieces: readonly number[],
    readonly length: number,
    readonly text: TemplateText,
    /** Where the template begins in its file. */
    readonly offset: number,
  ) {}

  locate(offset: number): Origin {
    const at = this.#pieceAt(offset);
    if (at === -1) return { span: { start: this.offset, end: this.offset }, verbatim: false };
    const [from = 0, start = 0, end = 0, verbatim] = this.pieces.slice(at, at + 4);
    if (verbatim !== 1) return { span: this.#original(start, end), verbatim: false };
    const source = start + Math.min(offset - from, end - start);
    return { span: this.#original(source, Math.min(source + 1, end)), verbatim: true };
  }

  locateSpan(span: Span): Span {
    const first = this.locate(span.start).span;
    let { start, end } = first;
    const last = Math.max(span.start, span.end - 1);
    for (const at of [...this.#startsWithin(span.start, last), last]) {
      const { span: part } = this.locate(at);
      start = Math.min(start, part.start);
      end = Math.max(end, part.end);
    }
    return { start, end };
  }

  outputOf(sourceOffset: number): number | undefined {
    for (let at = 0; at < this.pieces.length; at += 4) {
      const [from = 0, start = 0, end = 0, verbatim] = this.pieces.slice(at, at + 4);
      if (verbatim !== 1) continue;
      const span = this.#original(start, end);
      if (sourceOffset < span.start || sourceOffset >= span.end) continue;
      for (let i = start; i < end; i++) if (this.offset + this.text.original(i) >= sourceOffset) return from + i - start;
    }
    return undefined;
  }

  #original(start: number, end: number): Span {
    return { start: this.offset + this.text.original(start), end: this.offset + this.text.original(end) };
  }

  *#startsWithin(start: number, end: number): Generator<number> {
    for (let at = Math.max(0, this.#pieceAt(start)); at < this.pieces.length; at += 4) {
      const from = this.pieces[at] ?? 0;
      if (from > end) return;
      if (from >= start) yield from;
    }
  }

  /** The index of the piece that holds an output offset, or -1. */
  #pieceAt(offset: number): number {
    let low = 0;
    let high = this.pieces.length / 4 - 1;
    if (high < 0) return -1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.pieces[middle * 4] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low * 4;
  }
}
