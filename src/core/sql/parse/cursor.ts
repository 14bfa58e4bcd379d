import type { Span } from '../../text/span.ts';
import type { Dialect } from '../dialect.ts';
import type { DialectTraits } from '../dialect-traits.ts';
import type { Expression, Name, Query, Relation } from '../ir.ts';
import type { Token, Tokens } from '../tokens.ts';

/** Ends the reading of one piece; caught by the nearest piece that can stand as opaque. Never leaves this folder. */
export class Unreadable extends Error {
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(message);
  }
}

/** The parts of the grammar that call each other in a circle, wired up in `parse.ts`. */
export interface Grammar {
  expression(cursor: Cursor): Expression;
  /** An expression without comparisons and logic, as stands before the unit of an interval. */
  arithmetic(cursor: Cursor): Expression;
  primary(cursor: Cursor): Expression;
  query(cursor: Cursor): Query;
  relation(cursor: Cursor): Relation;
  pipes(cursor: Cursor, query: Query): Query;
}

export interface SqlProblem {
  readonly message: string;
  readonly span: Span;
  /** Whether a second parser read the piece. */
  readonly isReadAgain?: boolean;
}

/** How many pieces of one text a second parser is asked about. */
const mostAsked = 20;

const maxDepth = 700;

/** A place in the tokens of one text, with the end of the piece that is being read. */
export class Cursor {
  at = 0;
  /** One past the last token of the piece; nothing beyond it can be read. */
  end: number;
  readonly problems: SqlProblem[] = [];
  #depth = 0;
  #asked = 0;

  constructor(
    readonly text: string,
    readonly stream: Tokens,
    readonly dialect: Dialect,
    readonly traits: DialectTraits,
    readonly grammar: Grammar,
  ) {
    this.end = stream.tokens.length;
  }

  peek(ahead = 0): Token {
    const index = this.at + ahead;
    return (index < this.end ? this.stream.tokens[index] : undefined) ?? this.#endToken();
  }

  get done(): boolean {
    return this.at >= this.end;
  }

  /** Whether the tokens here are these keywords or operators. */
  is(...words: readonly string[]): boolean {
    for (let i = 0; i < words.length; i++) if (this.peek(i).lower !== words[i]) return false;
    return true;
  }

  isAny(words: ReadonlySet<string>, ahead = 0): boolean {
    return words.has(this.peek(ahead).lower);
  }

  /** Moves past these keywords or operators when they are here. */
  take(...words: readonly string[]): boolean {
    if (!this.is(...words)) return false;
    this.at += words.length;
    return true;
  }

  expect(word: string): void {
    if (!this.take(word)) this.fail(`expected ${word.toUpperCase()}`);
  }

  next(): Token {
    const token = this.peek();
    if (this.at < this.end) this.at++;
    return token;
  }

  fail(message: string): never {
    const token = this.peek();
    const found =
      token.type === 'end' ? 'the text ends' : `'${this.text.slice(token.start, Math.min(token.end, token.start + 40))}' stands there`;
    throw new Unreadable(`${message}, but ${found}`, token.start);
  }

  /** The index of the bracket that closes the one at an index, never beyond the piece. */
  closing(index: number): number {
    return Math.min(this.stream.closing[index] ?? this.end, this.end);
  }

  /** Reads what stands in the brackets that open here, and moves past the closing one. */
  inBrackets<T>(read: () => T): T {
    const close = this.closing(this.at);
    this.at++;
    const value = this.within(close, read);
    this.at = close;
    if (this.at < this.end) this.at++;
    return value;
  }

  /** Reads a piece that ends at a token; what is left over in it is a failure of the piece. */
  within<T>(end: number, read: () => T): T {
    const outer = this.end;
    this.end = end;
    try {
      const value = read();
      if (!this.done) this.fail('expected nothing more');
      return value;
    } finally {
      this.end = outer;
    }
  }

  /** Moves past the brackets that open here without reading them. */
  skipBrackets(): void {
    this.at = Math.min(this.closing(this.at) + 1, this.end);
  }

  /** Guards against text that is nested deeper than the stack allows. */
  deeper<T>(read: () => T): T {
    if (this.#depth >= maxDepth) this.fail(`this is nested deeper than ${maxDepth} levels`);
    this.#depth++;
    try {
      return read();
    } finally {
      this.#depth--;
    }
  }

  /** The span from a token to the last one that was read. */
  since(index: number): Span {
    const { tokens } = this.stream;
    const start = tokens[index]?.start ?? this.text.length;
    const end = tokens[Math.max(this.at - 1, 0)]?.end ?? start;
    return { start, end: Math.max(start, end) };
  }

  slice(span: Span): string {
    return this.text.slice(span.start, span.end);
  }

  report(message: string, span: Span, isReadAgain = false): void {
    this.problems.push({ message, span, ...(isReadAgain ? { isReadAgain } : {}) });
  }

  /** What a second parser reads in a piece that ours could not read. */
  again<T>(span: Span, read: (text: string, dialect: Dialect, span: Span) => T | undefined): T | undefined {
    return this.#asked++ < mostAsked ? read(this.slice(span), this.dialect, span) : undefined;
  }

  isName(ahead = 0): boolean {
    const { type } = this.peek(ahead);
    return type === 'word' || type === 'quoted';
  }

  name(): Name {
    const token = this.peek();
    if (token.type !== 'word' && token.type !== 'quoted' && token.type !== 'parameter') this.fail('expected a name');
    this.at++;
    return toName(token);
  }

  /** Names separated by commas. */
  names(): Name[] {
    const names = [this.name()];
    while (this.take(',')) names.push(this.name());
    return names;
  }

  /** `(a, b)`: names in brackets; an element may be followed by words that do not concern its name. */
  bracketedNames(): Name[] {
    return this.inBrackets(() => {
      const names: Name[] = [];
      while (!this.done) {
        names.push(this.name());
        while (!this.done && !this.is(',')) this.is('(') ? this.skipBrackets() : this.at++;
        if (!this.take(',')) break;
      }
      return names;
    });
  }

  #endToken(): Token {
    const start = this.stream.tokens[this.end]?.start ?? this.text.length;
    return { type: 'end', lower: '', value: '', start, end: start };
  }
}

export function toName(token: Token): Name {
  return { text: token.value, quoted: token.type === 'quoted', span: { start: token.start, end: token.end } };
}
