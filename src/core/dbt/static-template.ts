import type { Span } from '../text/span.ts';
import type { Plain, PlainRecord, RefCall, SourceCall } from './environment.ts';

/** A piece of a template that needs no engine: text, or a call with literal arguments only. */
export type StaticPiece =
  | { readonly kind: 'text'; readonly span: Span }
  | { readonly kind: 'ref'; readonly call: RefCall; readonly span: Span }
  | { readonly kind: 'source'; readonly call: SourceCall; readonly span: Span }
  | { readonly kind: 'config'; readonly values: PlainRecord; readonly span: Span }
  | { readonly kind: 'this'; readonly span: Span };

/**
 * The pieces of a template that only says `ref`, `source`, `config` and `this` with literals, which is what most models do; undefined
 * for every other template, which the engine renders. dbt reads such models the same way, for the same reason: speed.
 */
export function readStatic(text: string): readonly StaticPiece[] | undefined {
  if (text.includes('\r') || text.includes('{%') || text.includes('{#')) return undefined;
  const pieces: StaticPiece[] = [];
  let at = 0;
  for (let open = text.indexOf('{{'); open !== -1; open = text.indexOf('{{', at)) {
    if (open > at) pieces.push({ kind: 'text', span: { start: at, end: open } });
    const reader = new CallReader(text, open + 2);
    const call = reader.readCall();
    if (call === undefined) return undefined;
    const span = { start: open, end: reader.at };
    const piece = toPiece(call, span);
    if (piece === undefined) return undefined;
    pieces.push(piece);
    at = span.end;
  }
  // The engine drops one newline at the very end, as Jinja does.
  const end = text.endsWith('\n') ? text.length - 1 : text.length;
  if (end > at) pieces.push({ kind: 'text', span: { start: at, end } });
  return pieces;
}

interface LiteralCall {
  readonly name: string;
  readonly called: boolean;
  readonly positional: readonly Plain[];
  readonly named: Readonly<Record<string, Plain>>;
}

function toPiece(call: LiteralCall, span: Span): StaticPiece | undefined {
  const { positional, named } = call;
  const texts = positional.every((value) => typeof value === 'string') ? (positional as readonly string[]) : undefined;
  const names = Object.keys(named);
  if (!call.called) return call.name === 'this' ? { kind: 'this', span } : undefined;
  if (call.name === 'config' && positional.length === 0) return { kind: 'config', values: named, span };
  if (texts === undefined) return undefined;
  if (call.name === 'source' && texts.length === 2 && names.length === 0)
    return { kind: 'source', call: { source: texts[0] as string, table: texts[1] as string }, span };
  if (call.name !== 'ref' || texts.length < 1 || texts.length > 2) return undefined;
  if (names.some((name) => name !== 'v' && name !== 'version')) return undefined;
  const version = named.v ?? named.version;
  if (version !== undefined && typeof version !== 'string' && typeof version !== 'number') return undefined;
  return {
    kind: 'ref',
    call: {
      name: texts.at(-1) as string,
      ...(texts.length === 2 ? { package: texts[0] as string } : {}),
      ...(version === undefined ? {} : { version }),
    },
    span,
  };
}

/** Reads `name(literal, key=literal) }}`; everything else makes it give up. */
class CallReader {
  constructor(
    readonly text: string,
    public at: number,
  ) {}

  readCall(): LiteralCall | undefined {
    const name = this.#word();
    if (name === undefined) return undefined;
    const positional: Plain[] = [];
    const named: Record<string, Plain> = {};
    const called = this.#take('(');
    while (called && !this.#take(')')) {
      const start = this.at;
      const key = this.#word();
      if (key !== undefined && this.#take('=') && this.text[this.at] !== '=') {
        const value = this.#literal();
        if (value === undefined) return undefined;
        named[key] = value;
      } else {
        this.at = start;
        const value = this.#literal();
        if (value === undefined) return undefined;
        positional.push(value);
      }
      if (!this.#take(',') && this.#peek() !== ')') return undefined;
    }
    this.#space();
    if (!this.text.startsWith('}}', this.at)) return undefined;
    this.at += 2;
    return { name, called, positional, named };
  }

  #literal(): Plain | undefined {
    const first = this.#peek();
    if (first === '"' || first === "'") return this.#string(first);
    if (first === '[') return this.#list();
    if (first === '{') return this.#dict();
    const number = /-?\d+(?![\w.])/y;
    number.lastIndex = this.at;
    const match = number.exec(this.text);
    if (match) {
      this.at = number.lastIndex;
      return Number(match[0]);
    }
    const word = this.#word();
    if (word === 'true' || word === 'True') return true;
    if (word === 'false' || word === 'False') return false;
    return word === 'none' || word === 'None' ? null : undefined;
  }

  #string(quote: string): string | undefined {
    const end = this.text.indexOf(quote, this.at + 1);
    if (end === -1) return undefined;
    const value = this.text.slice(this.at + 1, end);
    if (value.includes('\\')) return undefined;
    this.at = end + 1;
    const next = this.#peek();
    // Strings side by side are one string in Jinja, and operators may follow: the engine knows.
    return next === ',' || next === ')' || next === ']' || next === '}' || next === ':' ? value : undefined;
  }

  #list(): Plain | undefined {
    this.at++;
    const items: Plain[] = [];
    while (!this.#take(']')) {
      const item = this.#literal();
      if (item === undefined) return undefined;
      items.push(item);
      if (!this.#take(',') && this.#peek() !== ']') return undefined;
    }
    return items;
  }

  #dict(): Plain | undefined {
    this.at++;
    const items: Record<string, Plain> = {};
    while (!this.#take('}')) {
      const key = this.#literal();
      if (typeof key !== 'string' || !this.#take(':')) return undefined;
      const value = this.#literal();
      if (value === undefined) return undefined;
      items[key] = value;
      if (!this.#take(',') && this.#peek() !== '}') return undefined;
    }
    return items;
  }

  #word(): string | undefined {
    this.#space();
    const word = /[A-Za-z_]\w*/y;
    word.lastIndex = this.at;
    const match = word.exec(this.text);
    if (!match) return undefined;
    this.at = word.lastIndex;
    return match[0];
  }

  #take(character: string): boolean {
    this.#space();
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  #peek(): string | undefined {
    this.#space();
    return this.text[this.at];
  }

  #space(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at++;
  }
}
