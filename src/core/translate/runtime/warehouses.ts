import * as calendar from './calendar.ts';
import { formatDecimal, roundDecimal } from './casts.ts';
import { formatPattern } from './date-formats.ts';
import { fail, lenient, type Raw, type RuntimeFunctions, strict, ValueError } from './function.ts';
import { md5, sha1, sha256, sha512, toBytes } from './hashes.ts';
import { writeInterval } from './interval.ts';
import { canonical, fromStored, isObject, type Json, list, parse, same, write } from './json-value.ts';
import { digitPattern, formatDotnet, formatShort, grouped } from './number-formats.ts';
import { numberText } from './postgres.ts';
import { compile } from './regex.ts';
import { parseRelaxed } from './relaxed-json.ts';
import { editDistance, soundex } from './strings.ts';

const fieldsOf = (text: Raw): { readonly [key: string]: Json } => {
  const value = parse(text);
  return isObject(value) ? value : fail('an object was expected');
};

/** The pieces between any of the delimiters, none of them empty. */
function tokens(text: string, delimiters: string): string[] {
  if (delimiters === '') return text === '' ? [] : [text];
  const pieces: string[] = [''];
  for (const letter of text) {
    if (delimiters.includes(letter)) pieces.push('');
    else pieces[pieces.length - 1] += letter;
  }
  return pieces.filter((piece) => piece !== '');
}

function urlObject(text: string): string {
  const match = /^([a-z][a-z0-9+.-]*):\/\/(?:[^/?#@]*@)?([^/?#:]*)(?::(\d+))?(?:\/([^?#]*))?(?:\?([^#]*))?(?:#(.*))?$/i.exec(text);
  if (match === null) return fail(`'${text}' is not a URL`);
  const [, scheme, host, port, path, query, fragment] = match;
  const parameters =
    query === undefined ? null : Object.fromEntries(query.split('&').map((pair) => [pair.split('=')[0] ?? '', pair.split('=')[1] ?? '']));
  return write({
    fragment: fragment ?? null,
    host: host ?? null,
    parameters,
    path: path ?? null,
    port: port ?? null,
    query: query ?? null,
    scheme: scheme ?? null,
  });
}

/** The elements of the first array, those of the second taken away as often as they stand there, or kept. */
function bag(a: readonly Json[], b: readonly Json[], keep: boolean): Json[] {
  const left = new Map<string, number>();
  for (const item of b) left.set(canonical(item), (left.get(canonical(item)) ?? 0) + 1);
  return a.filter((item) => {
    const count = left.get(canonical(item)) ?? 0;
    if (count > 0) left.set(canonical(item), count - 1);
    return count > 0 === keep;
  });
}

function insertPadded(items: readonly Json[], at: number, item: Json): Json[] {
  const padded = at > items.length ? [...items, ...Array.from({ length: at - items.length }, () => null)] : [...items];
  return [...padded.slice(0, at), item, ...padded.slice(at)];
}

function combinations(items: readonly Json[], size: number): Json[] {
  if (size === 0) return [[]];
  return items.flatMap((item, i) => combinations(items.slice(i + 1), size - 1).map((rest): Json => [item, ...(rest as readonly Json[])]));
}

const durations: Readonly<Record<string, number>> = {
  ns: 0.001,
  us: 1,
  ms: 1000,
  s: 1_000_000,
  m: 60_000_000,
  h: 3_600_000_000,
  d: calendar.microsPerDay,
};

function readable(value: number): string {
  let rest = Math.round(value);
  const units: readonly (readonly [string, number])[] = [
    ['week', 604_800],
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
    ['second', 1],
  ];
  const parts: string[] = [];
  for (const [name, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${name}${count === 1 ? '' : 's'}`);
  }
  return parts.length === 0 ? '0 seconds' : parts.join(', ');
}

function isoDate(text: string): string {
  const week = /^(\d{4})-?W(\d{2})(?:-?(\d))?$/.exec(text.trim());
  if (week) {
    const first = calendar.truncateDays(calendar.toDays(Number(week[1]), 1, 4), 'week', 1) ?? 0;
    return calendar.formatDate(first + (Number(week[2]) - 1) * 7 + Number(week[3] ?? 1) - 1);
  }
  const day = /^(\d{4})-?(\d{3})$/.exec(text.trim());
  if (day) return calendar.formatDate(calendar.toDays(Number(day[1]), 1, 1) + Number(day[2]) - 1);
  const found = calendar.parseMoment(text);
  return found === undefined ? fail(`'${text}' is not a date`) : calendar.formatDate(found.days);
}

const luhn = (text: string): boolean =>
  /^\d+$/.test(text) &&
  [...text].reverse().reduce((sum, letter, i) => {
    const digit = Number(letter) * (i % 2 === 1 ? 2 : 1);
    return sum + (digit > 9 ? digit - 9 : digit);
  }, 0) %
    10 ===
    0;

function mask(text: string, upper: Raw, lower: Raw, digit: Raw, other: Raw): string {
  return [...text]
    .map((letter) => {
      const by = /\p{Lu}/u.test(letter) ? upper : /\p{Ll}/u.test(letter) ? lower : /\d/.test(letter) ? digit : other;
      return by === null ? letter : String(by);
    })
    .join('');
}

const plainPath = /^(?:lax\s+|strict\s+)?\$(.*)$/;

/** T-SQL's JSON_MODIFY over a path of names and positions; `append` puts behind the last element. */
function modify(text: string, path: string, item: Json): string {
  const appends = /^append\s+/.test(path);
  const found = plainPath.exec(path.replace(/^append\s+/, ''));
  if (found === null) return fail(`'${path}' is not a path`);
  const names = [...(found[1] ?? '').matchAll(/\.(?:"([^"]*)"|([^.[]+))|\[(\d+)\]/g)].map((match) =>
    match[3] === undefined ? (match[1] ?? match[2] ?? '') : Number(match[3]),
  );
  const change = (value: Json, at: number): Json => {
    const name = names[at];
    if (name === undefined) return appends ? [...(Array.isArray(value) ? (value as readonly Json[]) : []), item] : item;
    if (typeof name === 'number') {
      const items = Array.isArray(value) ? [...(value as readonly Json[])] : [];
      items[name] = change(items[name] ?? null, at + 1);
      return items;
    }
    const fields = isObject(value) ? { ...value } : {};
    if (item === null && at === names.length - 1 && !appends) {
      delete fields[name];
      return fields;
    }
    return { ...fields, [name]: change(fields[name] ?? null, at + 1) };
  };
  return write(change(parse(text), 0));
}

function hashBytes(name: string, value: Raw): Uint8Array {
  const bytes = value instanceof Uint8Array ? value : toBytes(String(value));
  switch (name.toUpperCase()) {
    case 'MD5':
      return md5(bytes);
    case 'SHA':
    case 'SHA1':
      return sha1(bytes);
    case 'SHA2_256':
      return sha256(bytes);
    case 'SHA2_512':
      return sha512(bytes);
    default:
      return fail(`the hash '${name}' is not available here`);
  }
}

/** The bytes of a text as letters. */
const binary = (text: string): string => String.fromCharCode(...toBytes(text));

const isJson = (text: string): boolean => {
  try {
    parse(text);
    return true;
  } catch (error) {
    if (error instanceof ValueError) return false;
    throw error;
  }
};

/** Functions that one warehouse has alone. */
export const warehouseFunctions: RuntimeFunctions = {
  ...strict({
    parse_json_relaxed: (text: string, safe: number) => {
      if (text.trim() === '') return null;
      try {
        return write(JSON.parse(text) as Json);
      } catch {
        try {
          return write(parseRelaxed(text));
        } catch (error) {
          if (safe === 1) return null;
          throw error;
        }
      }
    },
    strtok: (text: string, delimiters: string, index: number) => tokens(text, delimiters)[index - 1] ?? null,
    strtok_array: (text: string, delimiters: string) => write(tokens(text, delimiters)),
    url_object: (text: string) => urlObject(text),
    regex_extract_from: (text: string, pattern: string, position: number, occurrence: number, flags: string, group: number) => {
      const found = [...text.slice(Math.max(position, 1) - 1).matchAll(compile(pattern, `g${flags}`))].slice(Math.max(occurrence, 1) - 1);
      const wanted = group > 0 ? group : flags.includes('e') && (found[0]?.length ?? 1) > 1 ? 1 : 0;
      return write(found.map((match) => match[wanted] ?? null));
    },
    array_bag: (a: Raw, b: Raw, keep: number) => write(bag(list(a), list(b), keep === 1)),
    object_pick: (text: Raw, ...names: string[]) => {
      const wanted = names.flatMap((name) => (name.startsWith('[') ? (list(name) as readonly string[]) : [name]));
      return write(Object.fromEntries(Object.entries(fieldsOf(text)).filter(([name]) => wanted.includes(name))));
    },
    object_drop: (text: Raw, ...names: string[]) =>
      write(Object.fromEntries(Object.entries(fieldsOf(text)).filter(([name]) => !names.includes(name)))),
    soundex_difference: (a: string, b: string) => {
      const [x, y] = [soundex(a), soundex(b)];
      return x === '' || y === '' ? 0 : [...x].filter((letter, i) => letter === y[i]).length;
    },
    iso_date: (text: string) => isoDate(text),
    readable_seconds: (value: number) => readable(value),
    parse_duration: (text: string) => {
      const match = /^\s*(-?\d+(?:\.\d+)?)\s*(ns|us|ms|s|m|h|d)\s*$/.exec(text);
      if (match === null) return fail(`'${text}' is not a duration`);
      const micros = Math.round((Number(match[1]) * (durations[match[2] ?? 's'] ?? 0)) / 1000) * 1000;
      const days = Math.trunc(micros / calendar.microsPerDay);
      return writeInterval({ months: 0, days, micros: micros - days * calendar.microsPerDay });
    },
    parse_data_size: (text: string) => {
      const match = /^\s*(\d+(?:\.\d+)?)\s*(B|kB|MB|GB|TB|PB)\s*$/.exec(text);
      if (match === null) return fail(`'${text}' is not a size`);
      return Math.trunc(Number(match[1]) * 1024 ** ['B', 'kB', 'MB', 'GB', 'TB', 'PB'].indexOf(match[2] ?? 'B'));
    },
    luhn: (text: string) => luhn(text),
    combinations: (text: Raw, size: number) => write(combinations(list(text), size)),
    ngrams: (text: Raw, size: number) => {
      const items = list(text);
      if (items.length <= size) return write([items]);
      return write(Array.from({ length: items.length - size + 1 }, (_, i) => items.slice(i, i + size)));
    },
    format_short: (value: number) => formatShort(value),
    array_overlap_open: (a: Raw, b: Raw) => {
      const [x, y] = [list(a), list(b)];
      if (x.some((item) => item !== null && y.some((other) => same(item, other)))) return true;
      return x.length > 0 && y.length > 0 && (x.includes(null) || y.includes(null)) ? null : false;
    },
    array_overlap_null: (a: Raw, b: Raw) => list(a).some((item) => list(b).some((other) => same(item, other))),
    edit_distance_bytes: (a: string, b: string) => editDistance(binary(a), binary(b)),
    length_any: (value: Raw, kind: string) => (kind === 'array' ? list(value).length : [...String(value)].length),
    slice_any: (value: Raw, from: number, to: number, kind: string) => {
      const items: readonly Json[] = kind === 'array' ? list(value) : [...String(value)];
      const at = (index: number): number => (index < 0 ? items.length + index + 1 : index);
      const found = items.slice(Math.max(at(from) - 1, 0), Math.max(at(to), 0));
      return kind === 'array' ? write(found) : found.join('');
    },
    split_part_duckdb: (text: string, delimiter: string, index: number) => {
      const parts = delimiter === '' ? [...text] : text.split(delimiter);
      return (index > 0 ? parts[index - 1] : index < 0 ? parts[parts.length + index] : '') ?? '';
    },
    array_aggregate: (text: Raw, name: string) => {
      const items = list(text).filter((item) => item !== null);
      const numbers = items.map(Number);
      switch (name.toLowerCase()) {
        case 'count':
          return items.length;
        case 'sum':
          return numbers.length === 0 ? null : numbers.reduce((sum, item) => sum + item, 0);
        case 'avg':
          return numbers.length === 0 ? null : numbers.reduce((sum, item) => sum + item, 0) / numbers.length;
        case 'min':
        case 'max':
          return numbers.length === 0 ? null : name.toLowerCase() === 'min' ? Math.min(...numbers) : Math.max(...numbers);
        default:
          return fail(`the aggregate '${name}' over lists is not available here`);
      }
    },
    map_concat: (...texts: Raw[]) => write(Object.assign({}, ...texts.map(fieldsOf)) as Json),
    dot_product: (a: Raw, b: Raw) => list(a).reduce((sum: number, item, i) => sum + Number(item) * Number(list(b)[i]), 0),
    regex_split_limit: (text: string, pattern: string, limit: number) => {
      if (limit <= 0) return write(text.split(compile(pattern)));
      const parts: string[] = [];
      let from = 0;
      for (const match of text.matchAll(compile(pattern, 'g'))) {
        if (parts.length === limit - 1) break;
        parts.push(text.slice(from, match.index));
        from = match.index + match[0].length;
      }
      return write([...parts, text.slice(from)]);
    },
    format_spark: (value: number, digits: Raw) =>
      typeof digits === 'number' ? grouped(formatDecimal(value, digits)) : digitPattern(roundDecimal(value, 15), digits as string),
    sentences: (text: string) =>
      write(
        text
          .split(/[.!?]+(?:\s+|$)/)
          .filter((sentence) => sentence.trim() !== '')
          .map((sentence) => sentence.match(/[\p{L}\p{N}'’-]+/gu) ?? []),
      ),
    hypot: (a: number, b: number) => Math.hypot(a, b),
    expm1: (value: number) => Math.expm1(value),
    log1p: (value: number) => Math.log1p(value),
    shift_unsigned: (value: number, by: number) =>
      Number(BigInt.asUintN(value >= -(2 ** 31) && value < 2 ** 31 ? 32 : 64, BigInt(value)) >> BigInt(by)),
    array_slice_at: (text: Raw, start: number, length: number) => {
      const items = list(text);
      const from = start < 0 ? items.length + start : start - 1;
      return write(from < 0 ? [] : items.slice(from, from + length));
    },
    reverse_any: (value: Raw, kind: string) =>
      kind === 'array' ? write([...list(value)].reverse()) : [...String(value)].reverse().join(''),
    make_date_or_null: (year: number, month: number, day: number) =>
      month < 1 || month > 12 || day < 1 || day > calendar.daysInMonth(year, month)
        ? null
        : calendar.formatDate(calendar.toDays(year, month, day)),
    to_char_spark: (value: Raw, pattern: string) =>
      typeof value === 'number'
        ? numberText(value, pattern.replace(/\$/g, ''))
            .trim()
            .replace(/^-?/, (sign) => sign + (pattern.includes('$') ? '$' : ''))
        : formatPattern(calendar.parseMoment(String(value), true) ?? fail(`'${value}' is not a date or number`), pattern, 'java'),
    format_dotnet: (value: Raw, pattern: string) => formatDotnet(value, pattern),
    quotename: (text: string, mark: string) =>
      mark === '[' || mark === ']' ? `[${text.replace(/\]/g, ']]')}]` : mark + text.split(mark).join(mark + mark) + mark,
    str: (value: number, length: number, digits: number) => {
      const whole = String(Math.trunc(Math.abs(value))).length + (value < 0 ? 1 : 0);
      if (whole > length) return '*'.repeat(length);
      const places = Math.max(0, Math.min(digits, length - whole - 1));
      return formatDecimal(value, places).padStart(length);
    },
    json_escape: (text: string) => JSON.stringify(text).slice(1, -1).replace(/\//g, '\\/'),
    is_numeric: (text: Raw) => /^\s*[$£€¥]?\s*[+-]?\s*[$£€¥]?(\d[\d,]*\.?\d*|\.\d+)([eEdD][+-]?\d+)?\s*$/.test(String(text)),
    is_json: (text: string) => isJson(text) && typeof parse(text) === 'object' && parse(text) !== null,
    /** Key, value and kind of each element, as OPENJSON numbers them. */
    open_json: (text: Raw) => {
      const value = parse(text);
      const entries: readonly (readonly [string, Json])[] = Array.isArray(value)
        ? (value as readonly Json[]).map((item, i) => [String(i), item] as const)
        : isObject(value)
          ? Object.entries(value)
          : [];
      const kind = (item: Json): number =>
        item === null
          ? 0
          : typeof item === 'string'
            ? 1
            : typeof item === 'number'
              ? 2
              : typeof item === 'boolean'
                ? 3
                : Array.isArray(item)
                  ? 4
                  : 5;
      return write(entries.map(([name, item]): Json => [name, item === null || typeof item === 'string' ? item : write(item), kind(item)]));
    },
    /** The elements of an array, each as JSON text; an object is its only element. */
    json_rows: (text: Raw) => {
      const value = parse(text);
      return write((Array.isArray(value) ? (value as readonly Json[]) : [value]).map((item) => write(item)));
    },
    hash_bytes: (name: string, value: Raw) => hashBytes(name, value),
  }),
  ...lenient({
    split_duckdb: (text: Raw, delimiter: Raw) =>
      text === null
        ? null
        : write(
            delimiter === null || text === ''
              ? [String(text)]
              : delimiter === ''
                ? [...String(text)]
                : String(text).split(String(delimiter)),
          ),
    array_insert_padded: (text: Raw, at: number, item: Raw, kind: string) =>
      text === null ? null : write(insertPadded(list(text), at < 0 ? Math.max(list(text).length + at, 0) : at, fromStored(item, kind))),
    /** Spark counts from 1, and from behind with -1 for the place after the last. */
    array_insert_spark: (text: Raw, at: number, item: Raw, kind: string) => {
      if (text === null) return null;
      const items = list(text);
      if (at === 0) return fail('the position of array_insert must not be zero');
      return write(insertPadded(items, at > 0 ? at - 1 : Math.max(items.length + at + 1, 0), fromStored(item, kind)));
    },
    array_zip_as: (prefix: string, base: number, ...texts: Raw[]) => {
      if (texts.includes(null)) return null;
      const all = texts.map(list);
      return write(
        Array.from({ length: Math.max(0, ...all.map((items) => items.length)) }, (_, i) =>
          Object.fromEntries(all.map((items, n) => [`${prefix}${n + base}`, items[i] ?? null])),
        ),
      );
    },
    to_array: (value: Raw, kind: string) => {
      if (value === null) return null;
      const item = fromStored(value, kind);
      return write(Array.isArray(item) ? item : [item]);
    },
    /** Redshift's path, whose last argument may say that what is no JSON gives NULL. */
    json_path_texts_checked: (text: Raw, ...names: Raw[]) => {
      const quiet = typeof names.at(-1) === 'number' && names.length > 1;
      if (text === null) return null;
      if (quiet && names.at(-1) === 1 && !isJson(String(text))) return null;
      let at: Json | undefined = parse(text);
      for (const name of quiet ? names.slice(0, -1) : names)
        at = Array.isArray(at)
          ? (at as readonly Json[])[Number(name)]
          : isObject(at ?? null)
            ? (at as { readonly [key: string]: Json })[String(name)]
            : undefined;
      return at === undefined || at === null ? null : typeof at === 'string' ? at : write(at);
    },
    mask: (text: Raw, upper: Raw, lower: Raw, digit: Raw, other: Raw) =>
      text === null ? null : mask(String(text), upper, lower, digit, other),
    json_modify: (text: Raw, path: Raw, item: Raw, kind: string) =>
      text === null || path === null ? null : modify(String(text), String(path), fromStored(item, kind)),
  }),
};
