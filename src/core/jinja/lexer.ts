import { TemplateSyntaxError } from './errors.ts';
import { skipSpaces, stripEnd } from './whitespace.ts';

export type TokenKind =
  | 'data'
  | 'variable-begin'
  | 'variable-end'
  | 'block-begin'
  | 'block-end'
  | 'name'
  | 'string'
  | 'integer'
  | 'float'
  | 'operator'
  | 'end';

/** A token; the offsets are into the template's text with its line ends made plain. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly number?: number | bigint;
  readonly start: number;
  readonly end: number;
}

/** A template's text as Jinja reads it: every line ends with a line feed. */
export class TemplateText {
  readonly text: string;
  /** Offsets in `text` before which a carriage return was dropped. */
  readonly #dropped: number[] = [];

  constructor(source: string) {
    if (!source.includes('\r')) {
      this.text = source;
      return;
    }
    let count = 0;
    for (let at = source.indexOf('\r\n'); at !== -1; at = source.indexOf('\r\n', at + 2)) this.#dropped.push(at - count++);
    this.text = source.replace(/\r\n?/g, '\n');
  }

  /** The offset in the source of an offset in `text`. */
  original(offset: number): number {
    let low = 0;
    let high = this.#dropped.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#dropped[middle] as number) < offset) low = middle + 1;
      else high = middle;
    }
    return offset + low;
  }
}

const namePattern = /[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*/uy;
const floatPattern = /(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy;
const integerPattern = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy;
const stringPattern = /'[^'\\]*(?:\\[\s\S][^'\\]*)*'|"[^"\\]*(?:\\[\s\S][^"\\]*)*"/y;
const operatorPattern = /\*\*|\/\/|==|!=|>=|<=|[-+/*%~[\](){}><=.:|,;]/y;
const rawBegin = /\{%([-+]?)\s*raw\s*(?:-%\}\s*|%\})/y;
const rawEnd = /\{%([-+]?)\s*endraw\s*(?:\+%\}|-%\}\s*|%\})/g;
const opener = /\{[{%#]/g;

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
  "'": "'",
  '"': '"',
  '\\': '\\',
  '\n': '',
};

function resolveEscapes(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{1,3}|[\s\S])/g, (match, body: string) => {
    if (body.length > 1 && /^[xuU]/.test(body)) return String.fromCodePoint(Number.parseInt(body.slice(1), 16));
    if (/^[0-7]/.test(body)) return String.fromCharCode(Number.parseInt(body, 8));
    return escapes[body] ?? match;
  });
}

const partners: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** The tokens of a template, by the rules of jinja2/lexer.py with its default settings. */
export function tokenize(template: TemplateText, name: string): Token[] {
  const { text } = template;
  const end = text.endsWith('\n') ? text.length - 1 : text.length;
  const tokens: Token[] = [];
  const fail = (message: string, offset: number): never => {
    throw new TemplateSyntaxError(message, offset, name);
  };
  const addData = (from: number, to: number, strip: boolean): void => {
    const data = strip ? stripEnd(text.slice(from, to)) : text.slice(from, to);
    if (data !== '') tokens.push({ kind: 'data', text: data, start: from, end: from + data.length });
  };
  let at = 0;
  while (at < end) {
    opener.lastIndex = at;
    const found = opener.exec(text);
    if (!found || found.index >= end) {
      addData(at, end, false);
      break;
    }
    const open = found.index;
    const modifier = text[open + 2];
    if (found[0] === '{#') {
      const close = text.indexOf('#}', open + 2);
      if (close === -1) fail('This comment is never closed: it needs a #}.', open);
      addData(at, open, modifier === '-');
      at = close + 2;
      if (text[close - 1] === '-' && close - 1 >= open + 2) at = skipSpaces(text, at, end);
      continue;
    }
    if (found[0] === '{%') {
      rawBegin.lastIndex = open;
      const raw = rawBegin.exec(text);
      if (raw) {
        addData(at, open, raw[1] === '-');
        rawEnd.lastIndex = rawBegin.lastIndex;
        const close = rawEnd.exec(text);
        if (!close) return fail('This raw block is never closed: it needs an endraw.', open);
        addData(rawBegin.lastIndex, close.index, close[1] === '-');
        at = rawEnd.lastIndex;
        continue;
      }
    }
    addData(at, open, modifier === '-');
    at = readTag(open);
  }
  tokens.push({ kind: 'end', text: 'end of template', start: text.length, end: text.length });
  return tokens;

  function readTag(open: number): number {
    const isVariable = text[open + 1] === '{';
    const close = isVariable ? '}}' : '%}';
    const modifier = text[open + 2];
    let i = open + 2;
    if (modifier === '-' || (modifier === '+' && !isVariable)) i++;
    tokens.push({ kind: isVariable ? 'variable-begin' : 'block-begin', text: text.slice(open, open + 2), start: open, end: i });
    const endKind = isVariable ? 'variable-end' : 'block-end';
    const brackets: string[] = [];
    for (;;) {
      i = skipSpaces(text, i);
      if (i >= text.length) fail(`This tag is never closed: it needs a ${close}.`, open);
      if (brackets.length === 0) {
        const sign = text[i] === '-' || (text[i] === '+' && !isVariable);
        if (text.startsWith(close, sign ? i + 1 : i)) {
          const after = i + (sign ? 3 : 2);
          tokens.push({ kind: endKind, text: close, start: i, end: after });
          return text[i] === '-' ? skipSpaces(text, after, end) : after;
        }
      }
      i = readToken(i, brackets);
    }
  }

  function readToken(i: number, brackets: string[]): number {
    const character = text[i] as string;
    const push = (kind: TokenKind, value: string, stop: number, number?: number | bigint): number => {
      tokens.push(number === undefined ? { kind, text: value, start: i, end: stop } : { kind, text: value, number, start: i, end: stop });
      return stop;
    };
    if (character >= '0' && character <= '9') {
      floatPattern.lastIndex = i;
      const float = text[i - 1] === '.' ? null : floatPattern.exec(text);
      if (float) return push('float', float[0], floatPattern.lastIndex, Number(float[0].replace(/_/g, '')));
      integerPattern.lastIndex = i;
      const digits = integerPattern.exec(text)?.[0] ?? fail(`unexpected char '${character}'`, i);
      const plain = digits.replace(/_/g, '');
      const number = Number(plain);
      return push('integer', digits, integerPattern.lastIndex, Number.isSafeInteger(number) ? number : BigInt(plain));
    }
    if (character === '"' || character === "'") {
      stringPattern.lastIndex = i;
      const quoted = stringPattern.exec(text);
      if (!quoted) return fail('This text has no closing quote.', i);
      return push('string', resolveEscapes(quoted[0].slice(1, -1)), stringPattern.lastIndex);
    }
    namePattern.lastIndex = i;
    const word = namePattern.exec(text);
    if (word) return push('name', word[0], namePattern.lastIndex);
    operatorPattern.lastIndex = i;
    const operator = operatorPattern.exec(text)?.[0];
    if (operator === undefined) return fail(`unexpected char '${character}'`, i);
    if (operator === '(' || operator === '[' || operator === '{') brackets.push(operator);
    else if (operator in partners && brackets.pop() !== partners[operator]) fail(`unexpected '${operator}'`, i);
    return push('operator', operator, i + operator.length);
  }
}
