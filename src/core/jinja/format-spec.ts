import { checkSize } from './budget.ts';
import { raise } from './errors.ts';
import { floatRepr, toExponential, toFixed, toGeneral } from './numbers.ts';
import { codePointLength, isNumber, toNumber } from './protocols.ts';
import { asciiRepr, repr, toText } from './repr.ts';
import type { Runtime } from './runtime.ts';
import type { Keywords, Value } from './values.ts';
import { Float, PyObject, typeName, Undefined } from './values.ts';

const specification = /^(?:([\s\S])?([<>=^]))?([+\- ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([a-zA-Z%])?$/u;

/** Python's `format(value, spec)`. */
export function formatValue(value: Value, spec: string): string {
  if (spec === '') return toText(value);
  if (value instanceof PyObject) {
    const text = value.format(spec);
    if (text !== undefined) return text;
  }
  if (value instanceof Undefined || (!isNumber(value) && typeof value !== 'string'))
    raise('TypeError', `unsupported format string passed to ${typeName(value)}.__format__`);
  const match = specification.exec(spec);
  if (!match) raise('ValueError', 'Invalid format specifier');
  const [, , , sign, alternate, zero, width, group, precision, type] = match;
  let [, fill, align] = match;
  let text: string;
  let prefix = '';
  const places = precision === undefined ? undefined : Number(precision);
  if (typeof value === 'string') {
    if (type !== undefined && type !== 's') raise('ValueError', `Unknown format code '${type}' for object of type 'str'`);
    if (align === '=') raise('ValueError', "'=' alignment not allowed in string format specifier");
    if (group !== undefined) raise('ValueError', `Cannot specify '${group}' with 's'.`);
    if (sign !== undefined) raise('ValueError', 'Sign not allowed in string format specifier');
    text = places === undefined ? value : Array.from(value).slice(0, places).join('');
    align ??= '<';
    if (zero) fill ??= '0';
  } else {
    text = numberText(value, type, places, alternate !== undefined);
    if (text.startsWith('-')) {
      prefix = '-';
      text = text.slice(1);
    } else if (sign === '+' || sign === ' ') prefix = sign;
    if (group !== undefined) text = text.replace(/^\d+/, (digits) => digits.replace(/\B(?=(\d{3})+$)/g, group));
    if (alternate && type && 'xXob'.includes(type)) prefix += `0${type}`;
    align ??= zero ? '=' : '>';
    if (zero) fill ??= '0';
  }
  const padding = Number(width ?? 0) - codePointLength(text) - prefix.length;
  checkSize(padding);
  if (padding <= 0) return prefix + text;
  fill ??= ' ';
  if (align === '<') return prefix + text + fill.repeat(padding);
  if (align === '>') return fill.repeat(padding) + prefix + text;
  if (align === '=') {
    if (zero && group === ',' && fill === '0') return prefix + groupedZeros(text, text.length + padding);
    return prefix + fill.repeat(padding) + text;
  }
  const left = padding >> 1;
  return fill.repeat(left) + prefix + text + fill.repeat(padding - left);
}

/** Zero padding that is itself grouped: `'{:010,}'`. */
function groupedZeros(text: string, width: number): string {
  const rest = /^[\d,]*/.exec(text)?.[0] ?? '';
  const tail = text.slice(rest.length);
  let digits = rest.replace(/,/g, '');
  let grouped = rest;
  while (grouped.length + tail.length < width) {
    digits = `0${digits}`;
    grouped = digits.replace(/\B(?=(\d{3})+$)/g, ',');
  }
  return grouped + tail;
}

function numberText(
  value: number | bigint | boolean | Float,
  type: string | undefined,
  places: number | undefined,
  alternate: boolean,
): string {
  const isFloat = value instanceof Float;
  const number = toNumber(value);
  switch (type) {
    case 'f':
    case 'F':
      return toFixed(number, places ?? 6);
    case '%':
      return `${toFixed(number * 100, places ?? 6)}%`;
    case 'e':
      return toExponential(number, places ?? 6);
    case 'E':
      return toExponential(number, places ?? 6).toUpperCase();
    case 'g':
      return toGeneral(number, places ?? 6, alternate);
    case 'G':
      return toGeneral(number, places ?? 6, alternate).toUpperCase();
    case undefined:
      if (isFloat) {
        if (places === undefined) return floatRepr(number);
        const text = toGeneral(number, places, false, Math.max(places - 1, 1));
        return /[.einf]/.test(text) ? text : `${text}.0`;
      }
      break;
    case 'n':
      if (isFloat) return toGeneral(number, places ?? 6);
      break;
  }
  if (isFloat) raise('ValueError', `Unknown format code '${type}' for object of type 'float'`);
  if (places !== undefined) raise('ValueError', 'Precision not allowed in integer format specifier');
  const integer = typeof value === 'bigint' ? value : BigInt(number);
  switch (type) {
    case undefined:
    case 'd':
    case 'n':
      return integer.toString();
    case 'x':
      return integer.toString(16);
    case 'X':
      return integer.toString(16).toUpperCase();
    case 'o':
      return integer.toString(8);
    case 'b':
      return integer.toString(2);
    case 'c':
      return String.fromCodePoint(number);
    default:
      raise('ValueError', `Unknown format code '${type}' for object of type 'int'`);
  }
}

/** Python's `'…'.format(*args, **keywords)`. */
export function formatBraces(format: string, args: readonly Value[], keywords: Keywords, runtime: Runtime): string {
  let automatic = 0;
  const fieldValue = (field: string): Value => {
    const [, head = '', path = ''] = /^([^.[]*)([\s\S]*)$/.exec(field) ?? [];
    let value: Value | undefined;
    if (head === '' || /^\d+$/.test(head)) {
      value = args[head === '' ? automatic++ : Number(head)];
      if (value === undefined)
        raise('IndexError', `Replacement index ${head === '' ? automatic - 1 : head} out of range for positional args tuple`);
    } else {
      value = keywords.get(head);
      if (value === undefined) raise('KeyError', repr(head));
    }
    for (const part of path.match(/\.[^.[]+|\[[^\]]*\]/g) ?? []) {
      if (part.startsWith('.')) value = runtime.getAttribute(value, part.slice(1));
      else {
        const key = part.slice(1, -1);
        value = runtime.getItem(value, /^\d+$/.test(key) ? Number(key) : key);
        if (value instanceof Undefined) raise('KeyError', repr(key));
      }
    }
    return value;
  };
  const expand = (text: string, depth: number): string => {
    if (depth > 2) raise('ValueError', 'Max string recursion exceeded');
    let out = '';
    for (let at = 0; at < text.length; at++) {
      const character = text[at] as string;
      if (character === '}') {
        if (text[at + 1] !== '}') raise('ValueError', "Single '}' encountered in format string");
        out += '}';
        at++;
        continue;
      }
      if (character !== '{') {
        out += character;
        continue;
      }
      if (text[at + 1] === '{') {
        out += '{';
        at++;
        continue;
      }
      const end = closingBrace(text, at);
      const inside = text.slice(at + 1, end);
      const [, field = '', conversion, spec = ''] = /^((?:[^!:[]|\[[^\]]*\])*)(?:!(.))?(?::([\s\S]*))?$/.exec(inside) ?? [];
      const value = fieldValue(field);
      const expanded = /[{}]/.test(spec) ? expand(spec, depth + 1) : spec;
      if (conversion === 'a') out += formatValue(asciiRepr(value), expanded);
      else if (conversion === 'r') out += formatValue(repr(value), expanded);
      else out += formatValue(conversion === 's' ? toText(value) : value, expanded);
      at = end;
    }
    return out;
  };
  return expand(format, 1);
}

function closingBrace(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '{') depth++;
    else if (text[at] === '}' && --depth === 0) return at;
  }
  raise('ValueError', from + 1 >= text.length ? "Single '{' encountered in format string" : "expected '}' before end of string");
}
