import { raise } from './errors.ts';
import { floatRepr } from './numbers.ts';
import { compare } from './operations.ts';
import { isInt } from './protocols.ts';
import type { Value } from './values.ts';
import { Dict, Float, typeName } from './values.ts';
import { visit } from './work.ts';

export interface JsonLayout {
  readonly indent?: number | undefined;
  readonly sortKeys?: boolean;
}

/** A value nested deeper contains itself, as Python says of it, or cannot be read back by anyone. */
const mostLevels = 900;

/** Python's `json.dumps`. */
export function toJson(value: Value, layout: JsonLayout = {}, level = 0): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'boolean' || isInt(value)) return String(value);
  if (value instanceof Float) return floatText(value.value);
  visit();
  if (level > mostLevels) raise('ValueError', 'Circular reference detected');
  const { indent } = layout;
  const open = indent === undefined ? '' : `\n${' '.repeat(indent * (level + 1))}`;
  const close = indent === undefined ? '' : `\n${' '.repeat(indent * level)}`;
  const separator = indent === undefined ? ', ' : `,${open}`;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[${open}${Array.from(value, (item) => toJson(item, layout, level + 1)).join(separator)}${close}]`;
  }
  if (value instanceof Dict) {
    if (value.size === 0) return '{}';
    const entries = [...value.entries()];
    if (layout.sortKeys) entries.sort((a, b) => compare(a[0], b[0]));
    const items = entries.map(([key, item]) => `${quote(keyText(key))}: ${toJson(item, layout, level + 1)}`);
    return `{${open}${items.join(separator)}${close}}`;
  }
  raise('TypeError', `Object of type ${typeName(value)} is not JSON serializable`);
}

function quote(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  return floatRepr(value);
}

function keyText(key: Value): string {
  if (typeof key === 'string') return key;
  if (key === null || typeof key === 'boolean' || isInt(key)) return String(key);
  if (key instanceof Float) return floatText(key.value);
  raise('TypeError', `keys must be str, int, float, bool or None, not ${typeName(key)}`);
}

/** Python's `json.loads`; keeps the difference between 1 and 1.0. */
export function parseJson(text: string): Value {
  const pattern =
    /[ \t\n\r]*(?:([{}[\]:,])|("(?:[^"\\\p{Cc}]|\\.)*")|(-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?)|(true|false|null|NaN|-?Infinity))/uy;
  let at = 0;
  const fail = (): never => raise('ValueError', `Expecting value: char ${at}`);
  const next = (): RegExpExecArray => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) return fail();
    at = pattern.lastIndex;
    return match;
  };
  const isNext = (punctuation: string): boolean => {
    pattern.lastIndex = at;
    if (pattern.exec(text)?.[1] !== punctuation) return false;
    at = pattern.lastIndex;
    return true;
  };
  const value = (depth: number): Value => {
    if (depth > 500) raise('RecursionError', 'maximum recursion depth exceeded');
    const [, punctuation, string, number, fraction, exponent, word] = next();
    if (string !== undefined) return readString(string);
    if (number !== undefined) {
      if (fraction !== undefined || exponent !== undefined) return new Float(Number(number));
      const integer = Number(number);
      return Number.isSafeInteger(integer) ? integer + 0 : BigInt(number);
    }
    if (word !== undefined) return wordValue(word);
    if (punctuation === '[') return readList(depth);
    return punctuation === '{' ? readDict(depth) : fail();
  };
  const readString = (quoted: string): string => {
    try {
      return JSON.parse(quoted) as string;
    } catch {
      return fail();
    }
  };
  const readList = (depth: number): Value => {
    const items: Value[] = [];
    if (isNext(']')) return items;
    for (;;) {
      items.push(value(depth + 1));
      if (isNext(']')) return items;
      if (!isNext(',')) fail();
    }
  };
  const readDict = (depth: number): Value => {
    const dict = new Dict();
    if (isNext('}')) return dict;
    for (;;) {
      const key = next()[2] ?? fail();
      if (!isNext(':')) fail();
      dict.set(readString(key), value(depth + 1));
      if (isNext('}')) return dict;
      if (!isNext(',')) fail();
    }
  };
  const result = value(0);
  if (/[^ \t\n\r]/.test(text.slice(at))) raise('ValueError', `Extra data: char ${at}`);
  return result;
}

function wordValue(word: string): Value {
  switch (word) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'null':
      return null;
    case 'NaN':
      return new Float(Number.NaN);
    default:
      return new Float(word.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
  }
}
