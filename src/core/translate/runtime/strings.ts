import { fail, lenient, type Raw, type RuntimeFunctions, strict } from './function.ts';
import { crc32, farmFingerprint, md5, sha1, sha256, sha512, toBytes, toHex } from './hashes.ts';

/** The characters of a text; only text beyond the basic plane costs a copy. */
function characters(text: string): readonly string[] | string {
  return /[\ud800-\udfff]/.test(text) ? [...text] : text;
}

function cut(text: string, start: number, end?: number): string {
  const found = characters(text);
  return typeof found === 'string' ? found.slice(start, end) : found.slice(start, end).join('');
}

const size = (text: string): number => characters(text).length;

/** `from`: 1 counts from the left, negative from the right; how positions before the text count differs by `style`. */
function substring(text: string, from: number, length: number, style: string): string {
  const total = size(text);
  const start = Math.trunc(from);
  const count = Math.trunc(length);
  if (style === 'negative-left') {
    // PostgreSQL, Redshift and T-SQL: positions before 1 use up the length.
    if (count < 0) fail('negative substring length not allowed');
    const end = start + count;
    return end <= 1 || count <= 0 ? '' : cut(text, Math.max(start - 1, 0), Math.max(end - 1, 0));
  }
  // DuckDB reads backwards from the position.
  if (count < 0 && style === 'zero-before') {
    const begin = start > 0 ? start - 1 : start === 0 ? 0 : Math.max(total + start, 0);
    return cut(text, Math.max(begin + count, 0), begin);
  }
  if (count <= 0) return '';
  if (start === 0) return style === 'zero-empty' ? '' : cut(text, 0, style === 'zero-before' ? count - 1 : count);
  if (start > 0) return cut(text, start - 1, start - 1 + count);
  const begin = total + start;
  if (begin >= 0) return cut(text, begin, begin + count);
  if (style === 'from-start') return cut(text, 0, count);
  if (style === 'before') return begin + count <= 0 ? '' : cut(text, 0, begin + count);
  return '';
}

function pad(text: string, length: number, fill: string, left: boolean): string {
  const wanted = Math.trunc(length);
  const total = size(text);
  if (wanted <= 0) return '';
  if (total >= wanted) return cut(text, 0, wanted);
  if (fill === '') return text;
  const missing = cut(fill.repeat(Math.ceil((wanted - total) / size(fill))), 0, wanted - total);
  return left ? missing + text : text + missing;
}

function trimSet(text: string, set: string, left: boolean, right: boolean): string {
  const allowed = new Set(set);
  const all = [...text];
  let start = 0;
  let end = all.length;
  while (left && start < end && allowed.has(all[start] ?? '')) start++;
  while (right && end > start && allowed.has(all[end - 1] ?? '')) end--;
  return all.slice(start, end).join('');
}

function initcap(text: string, delimiters: string): string {
  let fresh = true;
  let result = '';
  for (const character of text) {
    const breaks =
      delimiters === '' ? !/[\p{L}\p{N}]/u.test(character) : delimiters === ' ' ? /\s/.test(character) : delimiters.includes(character);
    result += breaks ? character : fresh ? character.toUpperCase() : character.toLowerCase();
    fresh = breaks;
  }
  return result;
}

function position(text: string, part: string, from: number, occurrence: number): number {
  if (from < 0) {
    let at = text.length + from;
    for (let i = 0; i < occurrence; i++) {
      const found = at < 0 ? -1 : text.lastIndexOf(part, at);
      if (found === -1) return 0;
      if (i === occurrence - 1) return found + 1;
      at = found - 1;
    }
    return 0;
  }
  let at = Math.max(from, 1) - 2;
  for (let i = 0; i < occurrence; i++) {
    at = text.indexOf(part, at + 1);
    if (at === -1) return 0;
  }
  return at + 1;
}

function splitPart(text: string, delimiter: string, index: number, style: string): string | null {
  const parts = delimiter === '' ? [text] : text.split(delimiter);
  if (index === 0) {
    if (style === 'error') fail('the field position of split_part must not be zero');
    index = 1;
  }
  const found = index > 0 ? parts[index - 1] : parts[parts.length + index];
  return found ?? (style === 'null' ? null : '');
}

const soundexCodes: Readonly<Record<string, string>> = {
  B: '1',
  F: '1',
  P: '1',
  V: '1',
  C: '2',
  G: '2',
  J: '2',
  K: '2',
  Q: '2',
  S: '2',
  X: '2',
  Z: '2',
  D: '3',
  T: '3',
  L: '4',
  M: '5',
  N: '5',
  R: '6',
};

export function soundex(text: string): string {
  const letters = text.toUpperCase().replace(/[^A-Z]/g, '');
  if (letters === '') return '';
  let code = letters[0] ?? '';
  let last = soundexCodes[code] ?? '';
  for (const letter of letters.slice(1)) {
    const digit = soundexCodes[letter] ?? '';
    if (digit !== '' && digit !== last) code += digit;
    if (letter !== 'H' && letter !== 'W') last = digit;
  }
  return code.slice(0, 4).padEnd(4, '0');
}

export function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++)
      row.push(Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)));
    previous = row;
  }
  return previous[b.length] ?? 0;
}

/** The Jaro–Winkler similarity of two texts, between 0 and 1. */
function jaroWinkler(a: string, b: string): number {
  if (a === b) return 1;
  const reach = Math.max(Math.floor(Math.max(a.length, b.length) / 2) - 1, 0);
  const taken = new Array<boolean>(b.length).fill(false);
  const common: string[] = [];
  for (let i = 0; i < a.length; i++)
    for (let j = Math.max(0, i - reach); j < Math.min(b.length, i + reach + 1); j++)
      if (!taken[j] && a[i] === b[j]) {
        taken[j] = true;
        common.push(a[i] ?? '');
        break;
      }
  if (common.length === 0) return 0;
  const other = [...b].filter((_, j) => taken[j]);
  const swapped = common.filter((character, i) => character !== other[i]).length / 2;
  const jaro = (common.length / a.length + common.length / b.length + (common.length - swapped) / common.length) / 3;
  let prefix = 0;
  while (prefix < 4 && prefix < a.length && a[prefix] === b[prefix]) prefix++;
  return jaro + prefix * 0.1 * (1 - jaro);
}

const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b, c] = [bytes[i], bytes[i + 1], bytes[i + 2]];
    const word = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    text +=
      (base64[word >> 18] ?? '') +
      (base64[(word >> 12) & 63] ?? '') +
      (b === undefined ? '=' : (base64[(word >> 6) & 63] ?? '')) +
      (c === undefined ? '=' : (base64[word & 63] ?? ''));
  }
  return text;
}

export function fromBase64(text: string): Uint8Array {
  const bytes: number[] = [];
  let bits = 0;
  let count = 0;
  for (const character of text.replace(/[=\s]/g, '')) {
    const value = base64.indexOf(character === '-' ? '+' : character === '_' ? '/' : character);
    if (value === -1) fail(`'${text}' is not base64`);
    bits = ((bits << 6) | value) & 0xffffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes.push((bits >> count) & 255);
    }
  }
  return Uint8Array.from(bytes);
}

function fromHex(text: string): Uint8Array {
  if (!/^([0-9a-fA-F]{2})*$/.test(text)) fail(`'${text}' is not hexadecimal`);
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

const decoder = new TextDecoder();
const bytesOf = (value: Raw): Uint8Array => (value instanceof Uint8Array ? value : toBytes(String(value)));
const textOf = (value: Raw): string => (value instanceof Uint8Array ? decoder.decode(value) : String(value));

export const stringFunctions: RuntimeFunctions = {
  ...strict({
    upper: (text: string) => text.toUpperCase(),
    lower: (text: string) => text.toLowerCase(),
    length: (value: Raw) => (value instanceof Uint8Array ? value.length : size(String(value))),
    trailing_length: (text: string) => size(text.replace(/ +$/, '')),
    byte_length: (value: Raw) => bytesOf(value).length,
    bit_length: (value: Raw) => bytesOf(value).length * 8,
    substring,
    left: (text: string, count: number, style: string) =>
      count < 0
        ? style === 'negative'
          ? cut(text, 0, Math.max(size(text) + count, 0))
          : style === 'error'
            ? fail('the length must not be negative')
            : ''
        : cut(text, 0, count),
    right: (text: string, count: number, style: string) =>
      count < 0
        ? style === 'negative'
          ? cut(text, Math.min(-count, size(text)))
          : style === 'error'
            ? fail('the length must not be negative')
            : ''
        : count === 0
          ? ''
          : cut(text, Math.max(size(text) - count, 0)),
    pad_left: (text: string, length: number, fill: string) => pad(text, length, fill, true),
    pad_right: (text: string, length: number, fill: string) => pad(text, length, fill, false),
    trim: (text: string, set: string, side: string) => trimSet(text, set, side !== 'right', side !== 'left'),
    trim_space: (text: string, side: string) => (side === 'left' ? text.trimStart() : side === 'right' ? text.trimEnd() : text.trim()),
    remove_prefix: (text: string, part: string) => (text.startsWith(part) ? text.slice(part.length) : text),
    initcap,
    position,
    split_part: splitPart,
    split: (text: string, delimiter: string, limit: number) =>
      JSON.stringify(
        limit > 0 && text.split(delimiter).length > limit
          ? [
              ...text.split(delimiter).slice(0, limit - 1),
              text
                .split(delimiter)
                .slice(limit - 1)
                .join(delimiter),
            ]
          : delimiter === ''
            ? [...text]
            : text.split(delimiter),
      ),
    string_to_array: (text: string, delimiter: string) =>
      JSON.stringify(text === '' ? [] : delimiter === '' ? [text] : text.split(delimiter)),
    substring_index: (text: string, delimiter: string, count: number) => {
      const parts = text.split(delimiter);
      return count >= 0 ? parts.slice(0, count).join(delimiter) : parts.slice(count).join(delimiter);
    },
    replace: (text: string, from: string, to: string) => (from === '' ? text : text.split(from).join(to)),
    overlay: (text: string, by: string, from: number, length: number) =>
      cut(text, 0, from - 1) + by + cut(text, from - 1 + (length < 0 ? size(by) : length)),
    translate: (text: string, from: string, to: string) => {
      const [sources, targets] = [[...from], [...to]];
      return [...text].map((character) => (sources.includes(character) ? (targets[sources.indexOf(character)] ?? '') : character)).join('');
    },
    repeat: (text: string, count: number) =>
      count <= 0
        ? ''
        : text.length * count > 50_000_000
          ? fail('the repeated text is longer than 50 million characters')
          : text.repeat(count),
    reverse: (text: string) => [...text].reverse().join(''),
    contains: (text: string, part: string) => text.includes(part),
    starts_with: (text: string, part: string) => text.startsWith(part),
    ends_with: (text: string, part: string) => text.endsWith(part),
    ascii: (text: string) => text.codePointAt(0) ?? 0,
    chr: (code: number) => (code === 0 ? '' : String.fromCodePoint(code)),
    soundex,
    edit_distance: editDistance,
    jaro_winkler: jaroWinkler,
    jaro_winkler_percent: (a: string, b: string) => Math.round(jaroWinkler(a.toUpperCase(), b.toUpperCase()) * 100),
    hamming: (a: string, b: string) => [...a].filter((character, i) => character !== b[i]).length,
    find_in_set: (part: string, list: string) => list.split(',').indexOf(part) + 1,
    quote_literal: (text: string) => `'${text.replace(/'/g, "''")}'`,
    quote_ident: (text: string) => (/^[a-z_][a-z0-9_]*$/.test(text) ? text : `"${text.replace(/"/g, '""')}"`),
    md5: (value: Raw) => toHex(md5(bytesOf(value))),
    md5_bytes: (value: Raw) => md5(bytesOf(value)),
    sha1: (value: Raw) => toHex(sha1(bytesOf(value))),
    sha1_bytes: (value: Raw) => sha1(bytesOf(value)),
    sha2: (value: Raw, bits: number) =>
      toHex(
        bits === 224
          ? sha256(bytesOf(value), true)
          : bits === 384
            ? sha512(bytesOf(value), true)
            : bits === 512
              ? sha512(bytesOf(value))
              : bits === 256 || bits === 0
                ? sha256(bytesOf(value))
                : fail(`SHA-2 has no ${bits} bits`),
      ),
    sha256_bytes: (value: Raw) => sha256(bytesOf(value)),
    sha512_bytes: (value: Raw) => sha512(bytesOf(value)),
    md5_number_lower: (value: Raw) => BigInt(`0x${toHex(md5(bytesOf(value))).slice(16)}`).toString(),
    crc32: (value: Raw) => crc32(bytesOf(value)),
    farm_fingerprint: (value: Raw) => farmFingerprint(bytesOf(value)).toString(),
    to_hex: (value: Raw, upper: number) =>
      typeof value === 'number' ? value.toString(16) : upper === 1 ? toHex(bytesOf(value)).toUpperCase() : toHex(bytesOf(value)),
    from_hex: fromHex,
    to_base64: (value: Raw) => toBase64(bytesOf(value)),
    from_base64: fromBase64,
    slice_text: (text: string, from: number, to: number) => {
      const letters = [...text];
      const at = (index: number): number => (index < 0 ? letters.length + index + 1 : index);
      return letters.slice(Math.max(0, at(from) - 1), Math.max(0, at(to))).join('');
    },
    normalize_text: (text: string) => text.normalize('NFC'),
    jaccard: (a: string, b: string) => {
      const [x, y] = [new Set(a), new Set(b)];
      return [...x].filter((letter) => y.has(letter)).length / new Set([...x, ...y]).size;
    },
    utf8_text: textOf,
    utf8_bytes: (text: string) => toBytes(text),
    base_convert: (text: string, from: number, to: number) => BigInt(Number.parseInt(text, from)).toString(to),
    url_encode: (text: string) => encodeURIComponent(text),
    url_decode: (text: string) => decodeURIComponent(text.replace(/\+/g, ' ')),
    url_part: (text: string, part: string, key: string) => urlPart(text, part, key),
    collapse: (text: string) => text.normalize('NFC'),
    unaccent: (text: string) => text.normalize('NFD').replace(/\p{M}/gu, ''),
    strip_nonletters: (text: string) => text.replace(/[^\p{L}]/gu, ''),
    bar: (value: number, min: number, max: number, width: number) => '█'.repeat(Math.round(((value - min) / (max - min)) * width)),
    uuid_from: (seed: string) => toHex(md5(toBytes(seed))).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/, '$1-$2-4$3-a$4-$5'),
  }),
  ...lenient({
    braces: (pattern: string, ...values: Raw[]) => {
      let next = 0;
      if (values.includes(null)) return null;
      return pattern.replace(/\{(\d*)(?::([^}]*))?\}/g, (_all, index: string) =>
        String(values[index === '' ? next++ : Number(index)] ?? 'NULL'),
      );
    },
    concat_skip: (...values: Raw[]) =>
      values
        .filter((value) => value !== null)
        .map(textOf)
        .join(''),
    concat_ws: (separator: Raw, ...values: Raw[]) =>
      separator === null
        ? null
        : values
            .filter((value) => value !== null)
            .map(textOf)
            .join(String(separator)),
    concat_ws_strict: (separator: Raw, ...values: Raw[]) =>
      separator === null || values.some((value) => value === null) ? null : values.map(textOf).join(String(separator)),
    choose: (index: number, ...values: Raw[]) => values[index - 1] ?? null,
    field_of: (value: Raw, ...values: Raw[]) => (value === null ? 0 : values.indexOf(value) + 1),
    string_to_array_null: (text: Raw, delimiter: Raw, nulls: Raw) =>
      text === null
        ? null
        : JSON.stringify(
            (delimiter === null
              ? [...String(text)]
              : String(text) === ''
                ? []
                : delimiter === ''
                  ? [String(text)]
                  : String(text).split(String(delimiter))
            ).map((part) => (part === nulls ? null : part)),
          ),
  }),
};

function urlPart(text: string, part: string, key: string): string | null {
  const match = /^(?:([a-z][a-z0-9+.-]*):)?(?:\/\/(?:([^/?#@]*)@)?([^/?#:]*)(?::(\d+))?)?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/i.exec(text);
  if (!match) return null;
  const [, scheme, user, host, port, path, query, fragment] = match;
  const found = {
    protocol: scheme,
    host,
    port,
    path,
    query,
    fragment,
    ref: fragment,
    authority: host && (user ? `${user}@` : '') + host + (port ? `:${port}` : ''),
    userinfo: user,
    file: path + (query ? `?${query}` : ''),
  }[part.toLowerCase()];
  if (key === '') return found ?? null;
  const pair = (query ?? '').split('&').find((item) => item.split('=')[0] === key);
  return pair === undefined ? null : decodeURIComponent(pair.split('=').slice(1).join('=').replace(/\+/g, ' '));
}
