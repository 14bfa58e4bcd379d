import { parseMoment } from './calendar.ts';
import { formatDecimal, formatFloat } from './casts.ts';
import { formatPattern } from './date-formats.ts';
import { fail, lenient, type Raw, type RuntimeFunctions, strict } from './function.ts';
import { readInterval, writeInterval } from './interval.ts';
import { type Json, parse, toStored, write } from './json-value.ts';
import { intervalMicros } from './spans-of-time.ts';
import { fromBase64, toBase64 } from './strings.ts';

const items = (text: Raw): readonly Json[] => {
  const value = parse(text);
  return Array.isArray(value) ? (value as readonly Json[]) : fail('an array was expected');
};

/** An array as PostgreSQL writes it: `{1,"two words",NULL}`. */
function arrayLiteral(value: Json): string {
  if (value === null) return 'NULL';
  if (Array.isArray(value)) return `{${(value as readonly Json[]).map(arrayLiteral).join(',')}}`;
  if (typeof value === 'boolean') return value ? 't' : 'f';
  const text = typeof value === 'number' ? formatFloat(value, '') : typeof value === 'string' ? value : write(value);
  return text === '' || /[\s{},"\\]/.test(text) || /^null$/i.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : text;
}

/** The items of `{1,"two words",NULL}`, nested arrays too. */
function readLiteral(text: string, kind: string): Json {
  let at = 0;
  const readItem = (): Json => {
    if (text[at] === '{') return readList();
    if (text[at] === '"') {
      let found = '';
      for (at++; at < text.length && text[at] !== '"'; at++) found += text[at] === '\\' ? text[++at] : text[at];
      at++;
      return toItem(found);
    }
    const end = /[,}]/.exec(text.slice(at));
    const word = text.slice(at, end === null ? undefined : at + end.index).trim();
    at += end === null ? text.length : end.index;
    return /^null$/i.test(word) ? null : toItem(word);
  };
  const toItem = (word: string): Json => {
    if (kind === 'boolean') return /^(t|true|1|yes|on)$/i.test(word);
    if (kind !== 'integer' && kind !== 'float' && kind !== 'decimal') return word;
    const number = Number(word);
    return Number.isNaN(number) || word.trim() === '' ? fail(`'${word}' is not a number`) : number;
  };
  const readList = (): Json[] => {
    const found: Json[] = [];
    at++;
    while (at < text.length && text[at] !== '}') {
      found.push(readItem());
      if (text[at] === ',') at++;
      while (text[at] === ' ') at++;
    }
    at++;
    return found;
  };
  const trimmed = text.trim();
  if (!trimmed.startsWith('{') || !trimmed.endsWith('}')) return fail(`'${text}' is not an array`);
  at = text.indexOf('{');
  return readList();
}

/** Keys in the order that JSONB keeps: short before long, then by their bytes. */
function sorted(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1))
      .map(([name, item]) => [name, sorted(item)]),
  );
}

function spaced(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(spaced).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return write(value);
  return `{${Object.entries(value)
    .map(([name, item]) => `${write(name)}: ${spaced(item)}`)
    .join(', ')}}`;
}

const pathOf = (text: string): string[] => (readLiteral(text, 'string') as readonly Json[]).map(String);

/** JSON with the value at a path replaced, added or put in; undefined where the path leads nowhere. */
function placed(value: Json, path: readonly string[], item: Json, how: 'set' | 'create' | 'before' | 'after'): Json {
  const [name, ...rest] = path;
  if (name === undefined) return item;
  if (Array.isArray(value)) {
    const list = [...(value as readonly Json[])];
    const index = Number(name) < 0 ? list.length + Number(name) : Number(name);
    const inside = index >= 0 && index < list.length;
    if (rest.length > 0) {
      if (inside) list[index] = placed(list[index] ?? null, rest, item, how);
    } else if (how === 'before' || how === 'after') list.splice(Math.max(0, index + (how === 'after' ? 1 : 0)), 0, item);
    else if (inside) list[index] = item;
    else if (how === 'create') list.splice(index < 0 ? 0 : list.length, 0, item);
    return list;
  }
  if (typeof value !== 'object' || value === null) return value;
  const object = value as { readonly [key: string]: Json };
  const has = Object.hasOwn(object, name);
  if (rest.length > 0) return has ? { ...object, [name]: placed(object[name] ?? null, rest, item, how) } : value;
  if (how === 'before' || how === 'after') return has ? fail('cannot replace existing key') : { ...object, [name]: item };
  return has || how === 'create' ? { ...object, [name]: item } : value;
}

function stripped(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(stripped);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null)
      .map(([name, item]) => [name, stripped(item)]),
  );
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const toBytes = (value: Raw): Uint8Array => (value instanceof Uint8Array ? value : new TextEncoder().encode(String(value)));

/** `%s`, `%I` and `%L` with positions and widths, as PostgreSQL's FORMAT reads them. */
function formatText(pattern: string, values: readonly Raw[]): string {
  let next = 0;
  return pattern.replace(
    /%(?:(\d+)\$)?(-)?(\d+)?([sIL%])/g,
    (_all, position: string | undefined, left: string | undefined, width, kind) => {
      if (kind === '%') return '%';
      const at = position === undefined ? next : Number(position) - 1;
      next = at + 1;
      if (at >= values.length) return fail('too few arguments for format()');
      const value = values[at] ?? null;
      if (kind === 'I' && value === null) return fail('null values cannot be formatted as an SQL identifier');
      const text =
        kind === 'L'
          ? value === null
            ? 'NULL'
            : `'${String(value).replace(/'/g, "''")}'`
          : kind === 'I'
            ? /^[a-z_][a-z0-9_$]*$/.test(String(value))
              ? String(value)
              : `"${String(value).replace(/"/g, '""')}"`
            : String(value ?? '');
      return width === undefined ? text : left === undefined ? text.padStart(Number(width)) : text.padEnd(Number(width));
    },
  );
}

export const postgresFunctions: RuntimeFunctions = {
  ...strict({
    array_literal: (text: Raw) => arrayLiteral(parse(text)),
    read_array_literal: (text: string, kind: string) => write(readLiteral(text, kind)),
    array_swap: (text: Raw, from: Raw, to: Raw, kind: string) =>
      write(items(text).map((item) => (toStored(item, kind) === from ? (to as Json) : item))),
    array_places: (text: Raw, value: Raw, kind: string) =>
      write(items(text).flatMap((item, i) => (toStored(item, kind) === value ? [i + 1] : []))),
    jsonb_text: (text: Raw) => spaced(sorted(parse(text))),
    parse_jsonb: (text: Raw) => write(sorted(parse(text))),
    json_has_keys: (text: Raw, names: Raw, all: number) => {
      const value = parse(text);
      const has = (name: Json): boolean =>
        Array.isArray(value)
          ? (value as readonly Json[]).includes(name)
          : typeof value === 'object' && value !== null && Object.hasOwn(value, String(name));
      return all === 1 ? items(names).every(has) : items(names).some(has);
    },
    json_set: (text: Raw, path: string, item: Raw, create: number) =>
      write(placed(parse(text), pathOf(path), parse(item), create === 1 ? 'create' : 'set')),
    json_insert: (text: Raw, path: string, item: Raw, after: number) =>
      write(placed(parse(text), pathOf(path), parse(item), after === 1 ? 'after' : 'before')),
    parse_numeric: (text: string) => {
      const folded = text
        .trim()
        .replace(/^([+-])\s+/, '$1')
        .replace(/^(.*\d)\s*([+-])$/, '$2$1')
        .replace(/,/g, '');
      return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(folded) ? Number(folded) : fail(`'${text}' is not a number`);
    },
    code_points: (text: string) => write([...text].map((letter) => letter.codePointAt(0) ?? 0)),
    range_bucket: (value: Raw, bounds: Raw) => items(bounds).filter((bound) => bound !== null && value !== null && bound <= value).length,
    array_between: (text: Raw, from: number, to: number) => {
      const list = items(text);
      const at = (index: number): number => (index < 0 ? list.length + index : index);
      return write(list.slice(Math.max(0, at(from)), Math.max(0, at(to) + 1)));
    },
    /** An array of scalars as texts; NULL for anything else. */
    json_texts: (text: Raw) => {
      const value = parse(text);
      if (!Array.isArray(value) || (value as readonly Json[]).some((item) => typeof item === 'object' && item !== null)) return null;
      return write((value as readonly Json[]).map((item) => (item === null ? null : String(item))));
    },
    /** An array, or NULL for anything else. */
    json_list: (text: Raw) => (Array.isArray(parse(text)) ? text : null),
    json_strip: (text: Raw) => write(stripped(parse(text))),
    json_pretty: (text: Raw) => JSON.stringify(sorted(parse(text)), null, 4),
    json_of_pairs: (text: string) => {
      const list = text.trim().startsWith('{') ? (readLiteral(text, 'string') as readonly Json[]) : items(text);
      return write(Object.fromEntries(Array.from({ length: list.length / 2 }, (_, i) => [String(list[i * 2]), list[i * 2 + 1] ?? null])));
    },
    json_path_values: (text: Raw, ...names: string[]) => {
      let at: Json | undefined = parse(text);
      for (const name of names) {
        if (typeof at !== 'object' || at === null) return null;
        at = Array.isArray(at) ? (at as readonly Json[])[Number(name)] : (at as { readonly [key: string]: Json })[name];
      }
      return at === undefined ? null : write(at);
    },
    encode: (value: Raw, form: string) => {
      const bytes = toBytes(value);
      if (/^hex$/i.test(form)) return hex(bytes);
      if (/^base64$/i.test(form)) return toBase64(bytes).replace(/(.{76})(?=.)/g, '$1\n');
      return fail(`'${form}' is not an encoding that is known here`);
    },
    decode: (text: string, form: string) => {
      if (/^hex$/i.test(form)) return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
      if (/^base64$/i.test(form)) return fromBase64(text.replace(/\s/g, ''));
      return fail(`'${form}' is not an encoding that is known here`);
    },
  }),
  ...strict({
    to_char_pg: (value: Raw, pattern: string) =>
      typeof value === 'number'
        ? numberText(value, pattern)
        : formatPattern(parseMoment(String(value), true) ?? fail(`'${value}' is not a date or number`), pattern, 'postgres'),
    hex_of: (value: number, bits: number) => (value < 0 ? BigInt.asUintN(bits, BigInt(value)) : BigInt(value)).toString(16),
  }),
  ...lenient({
    format_pg: (pattern: Raw, ...values: Raw[]) => (pattern === null ? null : formatText(String(pattern), values)),
    /** Sums, averages and extremes of collected intervals. */
    agg_interval: (text: Raw, what: string) => {
      const list = items(text)
        .filter((item) => item !== null)
        .map(String);
      if (list.length === 0) return null;
      if (what === 'min' || what === 'max') {
        const size = (item: string): number => (what === 'min' ? intervalMicros(item) : -intervalMicros(item));
        return list.reduce((best, item) => (size(item) < size(best) ? item : best));
      }
      const total = list.map(readInterval).reduce((sum, one) => ({
        months: sum.months + one.months,
        days: sum.days + one.days,
        micros: sum.micros + one.micros,
      }));
      if (what !== 'avg') return writeInterval(total);
      const months = Math.trunc(total.months / list.length);
      const allDays = total.days / list.length + (total.months / list.length - months) * 30;
      const days = Math.trunc(allDays);
      return writeInterval({ months, days, micros: Math.round(total.micros / list.length + (allDays - days) * 86_400_000_000) });
    },
  }),
};

const romans = [
  [1000, 'M'],
  [900, 'CM'],
  [500, 'D'],
  [400, 'CD'],
  [100, 'C'],
  [90, 'XC'],
  [50, 'L'],
  [40, 'XL'],
  [10, 'X'],
  [9, 'IX'],
  [5, 'V'],
  [4, 'IV'],
  [1, 'I'],
] as const;

/** A number by a pattern of PostgreSQL's TO_CHAR: digits, group and decimal marks, signs, `PR`, `RN`, `TH` and plain text. */
export function numberText(value: number, pattern: string): string {
  const fill = /^FM/i.test(pattern);
  const tokens = pattern.replace(/FM/gi, '').match(/"[^"]*"|PR|MI|PL|SG|TH|RN|[90.,DGSL]|./gi) ?? [];
  if (tokens.some((token) => /^RN$/i.test(token))) {
    let rest = Math.round(value);
    let text = '';
    for (const [size, letters] of romans) while (rest >= size) [text, rest] = [text + letters, rest - size];
    const cased = tokens.some((token) => token === 'rn') ? text.toLowerCase() : text;
    return fill ? cased : cased.padStart(15);
  }
  const isPoint = (token: string): boolean => /^[.D]$/i.test(token);
  const point = tokens.findIndex(isPoint);
  const whole = (point === -1 ? tokens : tokens.slice(0, point)).filter((token) => /[90]/.test(token) && token.length === 1);
  const places = point === -1 ? 0 : tokens.slice(point).filter((token) => /^[90]$/.test(token)).length;
  const rounded = formatDecimal(Math.abs(value), places);
  const [digits = '0', fraction = ''] = rounded.split('.');
  const negative = value < 0 && Number(rounded) !== 0;
  const overflow = digits.length > whole.length && !(digits === '0' && places > 0);
  const firstZero = whole.indexOf('0');
  const least = firstZero === -1 ? 0 : whole.length - firstZero;
  // Without a 0 in the pattern, a whole part of zero before decimals is not written.
  const shown = digits === '0' && places > 0 && least === 0 ? '' : digits.padStart(least, '0');
  const keptZeros =
    tokens
      .slice(point + 1)
      .filter((token) => /^[90]$/.test(token))
      .lastIndexOf('0') + 1;
  let behind = fraction;
  if (fill) while (behind.length > keptZeros && behind.endsWith('0')) behind = behind.slice(0, -1);
  const signed = tokens.some((token) => /^(S|SG|MI|PL|PR)$/i.test(token));
  const leadingSign = tokens.findIndex((token) => /^S$/i.test(token)) === 0;
  const brackets = tokens.some((token) => /^PR$/i.test(token));
  const mark = brackets
    ? negative
      ? '<'
      : fill
        ? ''
        : ' '
    : leadingSign
      ? negative
        ? '-'
        : '+'
      : signed
        ? ''
        : negative
          ? '-'
          : fill
            ? ''
            : ' ';
  let text = '';
  let at = 0;
  let started = false;
  let inFraction = false;
  let place = 0;
  const start = (): void => {
    if (!started) text += mark;
    started = true;
  };
  for (const token of tokens) {
    if (/^[90]$/.test(token)) {
      if (inFraction) {
        text += overflow ? '#' : (behind[place] ?? '');
        place++;
        continue;
      }
      const back = whole.length - at;
      at++;
      if (overflow || back <= shown.length) {
        start();
        text += overflow ? '#' : (shown[shown.length - back] ?? '');
      } else if (!fill) text += ' ';
    } else if (isPoint(token)) {
      start();
      if (fill && shown === '' && behind === '') text += '0';
      inFraction = true;
      text += '.';
    } else if (/^[,G]$/i.test(token)) text += started ? (/g/i.test(token) ? ',' : ',') : fill ? '' : ' ';
    else if (/^S$/i.test(token)) text += leadingSign ? '' : negative ? '-' : '+';
    else if (/^SG$/i.test(token)) text += negative ? '-' : '+';
    else if (/^MI$/i.test(token)) text += negative ? '-' : fill ? '' : ' ';
    else if (/^PL$/i.test(token)) text += negative ? (fill ? '' : ' ') : '+';
    else if (/^PR$/i.test(token)) text += negative ? '>' : fill ? '' : ' ';
    else if (/^L$/i.test(token)) text += ' ';
    else if (/^TH$/i.test(token)) {
      const last = Number(digits.slice(-2));
      const suffix = last >= 11 && last <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][last % 10] ?? 'th');
      text += negative || places > 0 ? '' : token === 'TH' ? suffix.toUpperCase() : suffix;
    } else text += token.startsWith('"') ? token.slice(1, -1) : token;
  }
  return text;
}
