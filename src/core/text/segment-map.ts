import type { Origin, SourceMap } from './source-map.ts';
import type { Span } from './span.ts';

/** A source map made of consecutive pieces of output; offsets of the source are shifted by a constant for templates inside a file. */
export class SegmentMap implements SourceMap {
  readonly #outputs: number[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #verbatim: boolean[] = [];
  #length = 0;

  constructor(readonly offset = 0) {}

  /** A map of pieces as `parts` gives them. */
  static of(offset: number, parts: readonly number[]): SegmentMap {
    const map = new SegmentMap(offset);
    for (let at = 0; at < parts.length; at += 4) {
      const [length = 0, start = 0, end = 0, verbatim] = parts.slice(at, at + 4);
      map.add(length, { start, end }, verbatim === 1);
    }
    return map;
  }

  /** Four numbers a piece: its length, the span it is from without the offset, and whether it is a copy. */
  get parts(): readonly number[] {
    return this.#outputs.flatMap((output, at) => [
      (this.#outputs[at + 1] ?? this.#length) - output,
      (this.#starts[at] ?? 0) - this.offset,
      (this.#ends[at] ?? 0) - this.offset,
      this.#verbatim[at] ? 1 : 0,
    ]);
  }

  /** Adds the next piece of output: a copy of the source span, or what the span produced. */
  add(length: number, source: Span, verbatim: boolean): void {
    if (length === 0) return;
    this.#outputs.push(this.#length);
    this.#starts.push(source.start + this.offset);
    this.#ends.push(source.end + this.offset);
    this.#verbatim.push(verbatim);
    this.#length += length;
  }

  locate(offset: number): Origin {
    const at = this.#find(offset);
    const start = this.#starts[at] ?? this.offset;
    const end = this.#ends[at] ?? start;
    if (!this.#verbatim[at]) return { span: { start, end }, verbatim: false };
    const exact = Math.min(start + offset - (this.#outputs[at] ?? 0), end);
    return { span: { start: exact, end: Math.min(exact + 1, end) }, verbatim: true };
  }

  locateSpan(span: Span): Span {
    const first = this.locate(span.start).span;
    if (span.end <= span.start) return { start: first.start, end: first.start };
    let start = first.start;
    let end = first.end;
    const last = this.locate(span.end - 1).span;
    start = Math.min(start, last.start);
    end = Math.max(end, last.end);
    for (let at = this.#find(span.start) + 1; at < this.#outputs.length && (this.#outputs[at] ?? 0) < span.end - 1; at++) {
      start = Math.min(start, this.#starts[at] ?? start);
      if (!this.#verbatim[at]) end = Math.max(end, this.#ends[at] ?? end);
    }
    return { start, end };
  }

  outputOf(sourceOffset: number): number | undefined {
    for (const [at, start] of this.#starts.entries())
      if (this.#verbatim[at] && sourceOffset >= start && sourceOffset < (this.#ends[at] ?? 0))
        return (this.#outputs[at] ?? 0) + sourceOffset - start;
    return undefined;
  }

  #find(offset: number): number {
    let low = 0;
    let high = this.#outputs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#outputs[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
