import type { Span } from '../text/span.ts';
import type { DialectTraits } from './dialect-traits.ts';

export type TokenType = 'word' | 'quoted' | 'string' | 'bytes' | 'number' | 'parameter' | 'operator' | 'end';

export interface Token {
  readonly type: TokenType;
  /** Words in lower case and operators as they are; empty for all else, so that a quoted name is never taken for a keyword. */
  readonly lower: string;
  /** The name or string without quotes and escapes; for all else the text as written. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

export interface Comment {
  /** Without its marks, trimmed. */
  readonly text: string;
  readonly span: Span;
}

export interface Tokens {
  readonly tokens: readonly Token[];
  readonly comments: readonly Comment[];
  /** For every opening bracket the index of the closing one; the number of tokens where it is never closed. */
  readonly closing: Int32Array;
  readonly problems: readonly { readonly message: string; readonly span: Span }[];
}

const operators = [
  '!~~*', '<=>', '!==', '->>', '#>>', '||/', '!~~', '!~*', '~~*', '**', '::', ':=', '=>', '->', '<=', '>=', '<>', '!=', '==', '||', '&&', '@>',
  '<@', '?|', '?&', '#>', '#-', '<<', '>>', '!~', '~*', '~~', '@@', '|>', '^@', '//', '^=', '!<', '!>',
]; // biome-ignore format: a table
/** Operators of PostgreSQL that others would read as two. */
const extended = [
  '<<->>', '<->>', '<<<->>>', '<->', '<#>', '<+>', '<~>', '<%>', '@?', '&&&', '&<|', '|&>', '<<|', '|>>', '&<', '&>', '-|-', '~=', '<<%', '%>>', '<%', '%>', '?||', '?-|', '?#', '##', '@-@', '|=|', '<#', '!!',
].sort((a, b) => b.length - a.length); // biome-ignore format: a table
const operatorsByFirst = new Map<string, string[]>();
for (const operator of operators) {
  const first = operator[0] ?? '';
  operatorsByFirst.set(first, [...(operatorsByFirst.get(first) ?? []), operator]);
}

const stringPrefixes = new Set(['r', 'b', 'br', 'rb', 'e', 'n', 'x', 'u&', 'f']);
const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '0': '\0', a: '\x07', v: '\v' };

/** Cuts SQL into tokens; never throws, so that text which is still being typed can be read as far as it goes. */
export function tokenize(text: string, dialect: DialectTraits): Tokens {
  return new Tokenizer(text, dialect).run();
}

class Tokenizer {
  readonly #tokens: Token[] = [];
  readonly #comments: Comment[] = [];
  readonly #problems: { message: string; span: Span }[] = [];
  #at = 0;

  constructor(
    readonly text: string,
    readonly dialect: DialectTraits,
  ) {}

  run(): Tokens {
    const { text } = this;
    while (this.#at < text.length) {
      const code = text.charCodeAt(this.#at);
      if (code <= 32 || code === 0xa0 || code === 0xfeff || code === 0x200b) this.#at++;
      else if (!this.#comment(code)) this.#token(code);
    }
    return { tokens: this.#tokens, comments: this.#comments, closing: this.#match(), problems: this.#problems };
  }

  #comment(code: number): boolean {
    const { text, dialect } = this;
    const at = this.#at;
    const next = text.charCodeAt(at + 1);
    const line =
      (code === 45 && next === 45) || (code === 35 && dialect.hashComments) || (code === 47 && next === 47 && dialect.slashComments);
    if (line) {
      const newline = text.indexOf('\n', at);
      const end = newline === -1 ? text.length : newline;
      this.#comments.push({ text: text.slice(code === 35 ? at + 1 : at + 2, end).trim(), span: { start: at, end } });
      this.#at = end;
      return true;
    }
    if (code !== 47 || next !== 42) return false;
    let depth = 1;
    let scan = at + 2;
    while (scan < text.length && depth > 0) {
      const here = text.charCodeAt(scan);
      if (here === 42 && text.charCodeAt(scan + 1) === 47) {
        depth--;
        scan += 2;
      } else if (dialect.nestedComments && here === 47 && text.charCodeAt(scan + 1) === 42) {
        depth++;
        scan += 2;
      } else scan++;
    }
    if (depth > 0) this.#problems.push({ message: 'This comment is never closed.', span: { start: at, end: text.length } });
    this.#comments.push({ text: text.slice(at + 2, depth > 0 ? scan : scan - 2).trim(), span: { start: at, end: scan } });
    this.#at = scan;
    return true;
  }

  #token(code: number): void {
    const { text, dialect } = this;
    const at = this.#at;
    const next = text.charCodeAt(at + 1);
    if (code === 39) this.#string(at, at, "'", dialect.backslash, 'string');
    else if (code === 34) {
      if (dialect.doubleQuoted === 'string') this.#string(at, at, '"', dialect.backslash, 'string');
      else this.#quotedName('"');
    } else if (code === 96) this.#quotedName('`');
    else if (code === 91 && dialect.brackets) this.#quotedName(']');
    else if (isDigit(code) || (code === 46 && isDigit(next) && !this.#followsName())) this.#number();
    else if (isWordStart(code) || (code === 35 && (isWordPart(next) || next === 35) && dialect.temporaryMarks)) this.#word();
    else if (code === 36) this.#dollar();
    else if (code === 64 && (isWordStart(next) || (next === 64 && isWordStart(text.charCodeAt(at + 2))))) {
      let end = at + 2;
      while (isWordPart(text.charCodeAt(end))) end++;
      this.#push('parameter', '', text.slice(at, end), end);
    } else this.#operator();
  }

  #followsName(): boolean {
    const last = this.#tokens[this.#tokens.length - 1];
    // `t.2.1`: a field of a field of a tuple.
    if (last?.type === 'number' && last.end === this.#at) return this.#tokens[this.#tokens.length - 2]?.lower === '.';
    return (
      last !== undefined &&
      last.end === this.#at &&
      (last.type === 'word' || last.type === 'quoted' || last.lower === ']' || last.lower === ')')
    );
  }

  #push(type: TokenType, lower: string, value: string, end: number): void {
    this.#tokens.push({ type, lower, value, start: this.#at, end });
    this.#at = end;
  }

  #word(): void {
    const { text } = this;
    const at = this.#at;
    let end = at + 1;
    if (text[at] === '#' && text[end] === '#') end++;
    while (isWordPart(text.charCodeAt(end))) end++;
    const quote = text[end];
    const prefixEnd = quote === '&' ? end + 1 : end;
    const opener = text[prefixEnd];
    if ((opener === "'" || (opener === '"' && this.dialect.doubleQuoted === 'string')) && prefixEnd - at <= 2) {
      const prefix = text.slice(at, prefixEnd).toLowerCase();
      if (stringPrefixes.has(prefix)) {
        const raw = prefix.includes('r') || prefix === 'x' || prefix === 'u&';
        const backslash = prefix === 'e' || (!raw && this.dialect.backslash);
        this.#string(
          at,
          prefixEnd,
          opener,
          backslash,
          prefix.includes('b') || prefix === 'x' ? 'bytes' : 'string',
          raw && prefix.includes('r'),
        );
        return;
      }
    }
    const value = text.slice(at, end);
    this.#push('word', value.toLowerCase(), value, end);
  }

  #string(start: number, open: number, quote: string, backslash: boolean, type: 'string' | 'bytes', raw = false): void {
    const { text } = this;
    const triple = this.dialect.doubleQuoted === 'string' && text.startsWith(quote.repeat(3), open);
    const mark = triple ? quote.repeat(3) : quote;
    const closing = quote.charCodeAt(0);
    const from = open + mark.length;
    let value = '';
    let copied = from;
    for (let at = from; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 92 && (backslash || raw)) {
        if (!raw) {
          const escaped = text[at + 1] ?? '';
          value += text.slice(copied, at) + (escapes[escaped] ?? escaped);
          copied = at + 2;
        }
        at++;
      } else if (code === closing && (!triple || text.startsWith(mark, at))) {
        if (!triple && !raw && text.charCodeAt(at + 1) === closing) {
          value += text.slice(copied, at + 1);
          copied = at + 2;
          at++;
          continue;
        }
        this.#at = start;
        this.#push(type, '', value + text.slice(copied, at), at + mark.length);
        return;
      }
    }
    // A backslash before the closing quote is an ordinary character in some settings of most databases.
    if (backslash || raw) {
      this.#string(start, open, quote, false, type, false);
      return;
    }
    this.#problems.push({ message: 'This string is never closed.', span: { start, end: text.length } });
    this.#at = start;
    this.#push(type, '', text.slice(from), text.length);
  }

  #quotedName(quote: string): void {
    const { text } = this;
    let value = '';
    let copied = this.#at + 1;
    for (let at = this.#at + 1; at < text.length; at++) {
      if (text[at] !== quote) continue;
      if (text[at + 1] === quote) {
        value += text.slice(copied, at + 1);
        copied = at + 2;
        at++;
        continue;
      }
      this.#push('quoted', '', value + text.slice(copied, at), at + 1);
      return;
    }
    this.#problems.push({ message: 'This quoted name is never closed.', span: { start: this.#at, end: text.length } });
    this.#push('quoted', '', text.slice(this.#at + 1), text.length);
  }

  #number(): void {
    const { text } = this;
    const at = this.#at;
    const match = /0[xX](?:[0-9a-fA-F]+|(?![A-Za-z0-9_$]))|(?:\d[\d_]*)?\.?\d*(?:[eE][+-]?\d+)?/y;
    match.lastIndex = at;
    let end = at + (match.exec(text)?.[0].length ?? 1);
    if (this.#followsDot()) end = at + (/^\d+/.exec(text.slice(at, at + 40))?.[0].length ?? 1);
    if (isWordPart(text.charCodeAt(end))) {
      const suffix = /(?:BD|[LSYDF])(?![A-Za-z0-9_])/iy;
      suffix.lastIndex = end;
      const found = suffix.exec(text);
      if (found !== null) {
        this.#tokens.push({ type: 'number', lower: '', value: text.slice(at, end), start: at, end: end + found[0].length });
        this.#at = end + found[0].length;
        return;
      }
      while (isWordPart(text.charCodeAt(end))) end++;
      const value = text.slice(at, end);
      this.#push('word', value.toLowerCase(), value, end);
      return;
    }
    this.#push('number', '', text.slice(at, end).replaceAll('_', ''), end);
  }

  /** After `name.` digits are a name or a field of their own, never a decimal number. */
  #followsDot(): boolean {
    const last = this.#tokens[this.#tokens.length - 1];
    return last !== undefined && last.lower === '.' && last.end === this.#at;
  }

  #dollar(): void {
    const { text } = this;
    const at = this.#at;
    const tag = /\$[A-Za-z_0-9]*\$/y;
    tag.lastIndex = at;
    const mark = tag.exec(text)?.[0];
    if (mark !== undefined) {
      const close = text.indexOf(mark, at + mark.length);
      if (close !== -1) {
        this.#push('string', '', text.slice(at + mark.length, close), close + mark.length);
        return;
      }
    }
    let end = at + 1;
    if (this.dialect.substitutes && text[end] === '{' && text.indexOf('}', end) !== -1) end = text.indexOf('}', end) + 1;
    while (isWordPart(text.charCodeAt(end))) end++;
    this.#push('parameter', '', text.slice(at, end), end);
  }

  #operator(): void {
    const { text } = this;
    const first = text[this.#at] ?? '';
    const longer =
      (this.dialect.ownOperators ? extended.find((operator) => text.startsWith(operator, this.#at)) : undefined) ??
      operatorsByFirst.get(first)?.find((operator) => text.startsWith(operator, this.#at));
    const found = longer ?? (first >= '\ud800' && first <= '\udbff' ? text.slice(this.#at, this.#at + 2) : first);
    this.#push('operator', found, found, this.#at + found.length);
  }

  #match(): Int32Array {
    const closing = new Int32Array(this.#tokens.length).fill(this.#tokens.length);
    const open: number[] = [];
    for (const [index, token] of this.#tokens.entries()) {
      if (token.type !== 'operator') continue;
      if (closers[token.lower] !== undefined) open.push(index);
      else if (token.lower === ')' || token.lower === ']' || token.lower === '}') {
        let depth = open.length - 1;
        while (depth >= 0 && closers[this.#tokens[open[depth] ?? 0]?.lower ?? ''] !== token.lower) depth--;
        if (depth < 0) continue;
        closing[open[depth] ?? 0] = index;
        open.length = depth;
      }
    }
    return closing;
  }
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isWordStart(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    code === 95 ||
    (code > 127 && code !== 0xa0 && code !== 0x200b && code !== 0xfeff)
  );
}

function isWordPart(code: number): boolean {
  return isWordStart(code) || isDigit(code) || code === 36;
}
