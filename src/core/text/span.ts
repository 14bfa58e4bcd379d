/** A half-open range of UTF-16 offsets into one text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A place a person can go to: line and column count from 1, as editors show them. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A range in a file of the project; the path is relative to the project's root, with forward slashes. */
export interface Location {
  readonly path: string;
  readonly start: Position;
  readonly end: Position;
}

/** Converts between offsets and positions of one text in O(log lines). */
export class LineMap {
  readonly #starts: number[] = [0];
  readonly #length: number;

  constructor(text: string) {
    this.#length = text.length;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  /** The position of an offset; offsets outside the text are clamped to it. */
  position(offset: number): Position {
    const at = Math.max(0, Math.min(offset, this.#length));
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: at - (this.#starts[low] ?? 0) + 1 };
  }

  /** The offset of a position; a line or column past the end is clamped. */
  offset(position: Position): number {
    const line = Math.max(0, Math.min(position.line - 1, this.#starts.length - 1));
    return Math.min((this.#starts[line] ?? 0) + position.column - 1, this.#length);
  }

  location(path: string, span: Span): Location {
    return { path, start: this.position(span.start), end: this.position(span.end) };
  }
}
