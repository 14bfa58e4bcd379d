import { fail } from './function.ts';

/**
 * One element of a date pattern: a piece of literal text, or a field by a name that all styles share. Widths are zero padded; `fill` says
 * with what names are padded.
 */
export type Token =
  | { readonly text: string }
  | { readonly field: string; readonly width?: number; readonly letterCase?: 'upper' | 'lower' | 'title' };

const cache = new Map<string, readonly Token[]>();

/** The tokens of a pattern in one of the styles: `strftime`, `mysql`, `oracle` (also PostgreSQL and Snowflake) and `java`. */
export function tokenize(pattern: string, style: string): readonly Token[] {
  const key = `${style}:${pattern}`;
  let tokens = cache.get(key);
  if (tokens === undefined) {
    tokens =
      style === 'strftime' || style === 'mysql' || style === 'trino'
        ? percents(pattern, style)
        : style === 'java' || style === 'dotnet'
          ? letters(pattern, style)
          : words(pattern, style);
    if (cache.size > 500) cache.clear();
    cache.set(key, tokens);
  }
  return tokens;
}

const strftime: Readonly<Record<string, readonly Token[]>> = {
  Y: [{ field: 'year', width: 4 }],
  y: [{ field: 'year2', width: 2 }],
  C: [{ field: 'century', width: 2 }],
  m: [{ field: 'month', width: 2 }],
  d: [{ field: 'day', width: 2 }],
  e: [{ field: 'dayspace' }],
  H: [{ field: 'hour', width: 2 }],
  I: [{ field: 'hour12', width: 2 }],
  k: [{ field: 'hourspace' }],
  l: [{ field: 'hour12space' }],
  M: [{ field: 'minute', width: 2 }],
  S: [{ field: 'second', width: 2 }],
  f: [{ field: 'fraction', width: 6 }],
  n: [{ text: '\n' }],
  t: [{ text: '\t' }],
  p: [{ field: 'meridiem', letterCase: 'upper' }],
  P: [{ field: 'meridiem', letterCase: 'lower' }],
  b: [{ field: 'monthshort', letterCase: 'title' }],
  h: [{ field: 'monthshort', letterCase: 'title' }],
  B: [{ field: 'monthname', letterCase: 'title' }],
  a: [{ field: 'dayshort', letterCase: 'title' }],
  A: [{ field: 'dayname', letterCase: 'title' }],
  j: [{ field: 'dayofyear', width: 3 }],
  Q: [{ field: 'quarter' }],
  u: [{ field: 'isodow' }],
  w: [{ field: 'dow' }],
  U: [{ field: 'weeksunday', width: 2 }],
  W: [{ field: 'weekmonday', width: 2 }],
  V: [{ field: 'isoweek', width: 2 }],
  G: [{ field: 'isoyear', width: 4 }],
  g: [{ field: 'isoyear2', width: 2 }],
  J: [{ field: 'isoyear', width: 4 }],
  s: [{ field: 'epoch' }],
  z: [{ text: '+0000' }],
  Z: [{ text: 'UTC' }],
};

const composite: Readonly<Record<string, string>> = {
  F: '%Y-%m-%d',
  T: '%H:%M:%S',
  D: '%m/%d/%y',
  x: '%m/%d/%y',
  X: '%H:%M:%S',
  R: '%H:%M',
  r: '%I:%M:%S %p',
  c: '%a %b %e %H:%M:%S %Y',
  v: '%e-%b-%Y',
};

const mysql: Readonly<Record<string, readonly Token[]>> = {
  ...strftime,
  i: [{ field: 'minute', width: 2 }],
  M: [{ field: 'monthname', letterCase: 'title' }],
  W: [{ field: 'dayname', letterCase: 'title' }],
  s: [{ field: 'second', width: 2 }],
  h: [{ field: 'hour12', width: 2 }],
  c: [{ field: 'month' }],
  e: [{ field: 'day' }],
  k: [{ field: 'hour' }],
  l: [{ field: 'hour12' }],
  D: [{ field: 'dayth' }],
  u: [{ field: 'weekmonday', width: 2 }],
  v: [{ field: 'isoweek', width: 2 }],
  x: [{ field: 'isoyear', width: 4 }],
};

function percents(pattern: string, style: string): Token[] {
  const table = style === 'strftime' ? strftime : mysql;
  const tokens: Token[] = [];
  for (let i = 0; i < pattern.length; i++) {
    if (pattern[i] !== '%' || i === pattern.length - 1) {
      tokens.push({ text: pattern[i] ?? '' });
      continue;
    }
    let code = pattern[++i] ?? '';
    let unpadded = false;
    if (code === '-') {
      unpadded = true;
      code = pattern[++i] ?? '';
    }
    if (code === 'E' && /^E(\d|\*)?[SzYy4]/.test(pattern.slice(i))) {
      const digits = /^E(\d|\*)S/.exec(pattern.slice(i));
      if (digits) {
        tokens.push({ field: 'second', width: 2 });
        if (digits[1] === '*') tokens.push({ field: 'dotfraction' });
        else if (digits[1] !== '0') tokens.push({ text: '.' }, { field: 'fraction', width: Number(digits[1]) });
        i += 2;
      } else {
        tokens.push(pattern.slice(i).startsWith('E4Y') ? { field: 'year', width: 4 } : { text: '+00:00' });
        i += pattern.slice(i).startsWith('E4Y') ? 2 : 1;
      }
      continue;
    }
    const expansion = composite[code];
    const found = table[code];
    if (style === 'strftime' && expansion !== undefined) tokens.push(...percents(expansion, style));
    else if (style !== 'strftime' && (code === 'T' || code === 'r'))
      tokens.push(...percents(code === 'T' ? '%H:%i:%s' : '%h:%i:%s %p', style));
    else if (found) tokens.push(...found.map((token) => (unpadded && 'field' in token ? { field: token.field } : token)));
    else tokens.push({ text: code });
  }
  return tokens;
}

const oracleWords: readonly (readonly [RegExp, (match: string) => Token])[] = [
  [/^YYYY|^SYYYY|^YYY/i, () => ({ field: 'year', width: 4 })],
  [/^IYYY/i, () => ({ field: 'isoyear', width: 4 })],
  [/^IY/i, () => ({ field: 'isoyear2', width: 2 })],
  [/^Y,YYY/i, () => ({ field: 'yearcomma' })],
  [/^YYY/i, () => ({ field: 'year3', width: 3 })],
  [/^(YY|RR)/i, () => ({ field: 'year2', width: 2 })],
  [/^Y/, () => ({ field: 'year1', width: 1 })],
  [/^RM/i, (word) => ({ field: 'monthroman', letterCase: letterCase(word) })],
  [/^CC/i, () => ({ field: 'century', width: 2 })],
  [/^MONTH/i, (word) => ({ field: 'monthpadded', letterCase: letterCase(word) })],
  [/^MMMM/i, (word) => ({ field: 'monthname', letterCase: word === 'MMMM' ? 'title' : letterCase(word) })],
  [/^MON/i, (word) => ({ field: 'monthshort', letterCase: letterCase(word) })],
  [/^MM/i, () => ({ field: 'month', width: 2 })],
  [/^MI/i, () => ({ field: 'minute', width: 2 })],
  [/^MS/i, () => ({ field: 'fraction', width: 3 })],
  [/^US/i, () => ({ field: 'fraction', width: 6 })],
  [/^DDD/i, () => ({ field: 'dayofyear', width: 3 })],
  [/^DDTH/i, (word) => ({ field: 'dayth', width: 2, letterCase: word.endsWith('TH') ? 'upper' : 'lower' })],
  [/^DD/i, () => ({ field: 'day', width: 2 })],
  [/^DAY/i, (word) => ({ field: 'daypadded', letterCase: letterCase(word) })],
  [/^DY/i, (word) => ({ field: 'dayshort', letterCase: letterCase(word) })],
  [/^IDDD/i, () => ({ field: 'dayofyear', width: 3 })],
  [/^ID/i, () => ({ field: 'isodow' })],
  [/^D/i, () => ({ field: 'dow1' })],
  [/^HH24/i, () => ({ field: 'hour', width: 2 })],
  [/^(HH12|HH)/i, () => ({ field: 'hour12', width: 2 })],
  [/^(AM|PM)/i, (word) => ({ field: 'meridiem', letterCase: letterCase(word) })],
  [/^(A\.M\.|P\.M\.)/i, (word) => ({ field: 'meridiemdots', letterCase: letterCase(word) })],
  [/^SSSSS?/i, () => ({ field: 'secondofday' })],
  [/^SS/i, () => ({ field: 'second', width: 2 })],
  [/^FF\d?/i, (word) => ({ field: 'fraction', width: Number(word.slice(2) || '6') })],
  [/^Q/i, () => ({ field: 'quarter' })],
  [/^WW/i, () => ({ field: 'weekofyear', width: 2 })],
  [/^IW/i, () => ({ field: 'isoweek', width: 2 })],
  [/^W/i, () => ({ field: 'weekofmonth' })],
  [/^J/i, () => ({ field: 'julian' })],
  [/^(TZH:TZM|TZHTZM|TZH)/i, (word) => ({ text: word.length > 3 ? (word.includes(':') ? '+00:00' : '+0000') : '+00' })],
  [/^(TZD|TZR|TZ)/i, () => ({ text: 'UTC' })],
  [/^OF/, () => ({ text: '+00' })],
];

function letterCase(word: string): 'upper' | 'lower' | 'title' {
  return word === word.toUpperCase() ? 'upper' : word === word.toLowerCase() ? 'lower' : 'title';
}

function words(pattern: string, style: string): Token[] {
  const tokens: Token[] = [];
  let unpadded = false;
  for (let i = 0; i < pattern.length; ) {
    const rest = pattern.slice(i);
    const quoted = /^"([^"]*)"/.exec(rest);
    if (quoted) {
      tokens.push({ text: quoted[1] ?? '' });
      i += quoted[0].length;
      continue;
    }
    if (/^(FM|FX|AUTO)/i.test(rest) && !/^FF/i.test(rest)) {
      if (/^FM/i.test(rest)) unpadded = style === 'oracle' ? !unpadded : true;
      i += 2;
      continue;
    }
    const found = oracleWords.map(([expression, make]) => ({ match: expression.exec(rest), make })).find(({ match }) => match !== null);
    const match = found?.match?.[0];
    if (found === undefined || match === undefined) {
      tokens.push({ text: pattern[i] ?? '' });
      i++;
      continue;
    }
    let token = found.make(match);
    // Snowflake gives abbreviated names in title case whatever the pattern's case, and has no padded names.
    if (style === 'snowflake' && 'field' in token) {
      if (token.letterCase !== undefined && !token.field.startsWith('meridiem')) token = { ...token, letterCase: 'title' };
      if (token.field === 'monthpadded') token = { field: 'monthname', letterCase: 'title' };
    }
    if (unpadded && 'field' in token)
      token = {
        field: token.field === 'monthpadded' ? 'monthname' : token.field === 'daypadded' ? 'dayname' : token.field,
        ...(token.letterCase && { letterCase: token.letterCase }),
        ...(token.field === 'fraction' && token.width !== undefined ? { width: token.width } : {}),
      };
    // In PostgreSQL the modifier holds for one word, in Oracle until the next.
    if (style === 'postgres') unpadded = false;
    tokens.push(token);
    i += match.length;
  }
  return tokens;
}

function letters(pattern: string, style: string): Token[] {
  const tokens: Token[] = [];
  for (let i = 0; i < pattern.length; ) {
    const letter = pattern[i] ?? '';
    if (letter === "'") {
      const end = pattern.indexOf("'", i + 1);
      tokens.push({ text: end === i + 1 ? "'" : pattern.slice(i + 1, end === -1 ? undefined : end) });
      i = (end === -1 ? pattern.length : end) + 1;
      continue;
    }
    const optional = style === 'dotnet' ? /^\.F+/.exec(pattern.slice(i)) : null;
    if (optional) {
      tokens.push({ field: 'dotfraction' });
      i += optional[0].length;
      continue;
    }
    if (!/[A-Za-z]/.test(letter)) {
      tokens.push({ text: letter });
      i++;
      continue;
    }
    let length = 1;
    while (pattern[i + length] === letter) length++;
    i += length;
    tokens.push(javaToken(letter, length, style));
  }
  return tokens;
}

function javaToken(letter: string, length: number, style: string): Token {
  const number = (field: string): Token => (length === 1 ? { field } : { field, width: length });
  switch (letter) {
    case 'y':
    case 'u':
      return length === 2 ? { field: 'year2', width: 2 } : { field: 'year', width: Math.max(length === 1 ? 1 : 4, length) };
    case 'Y':
    case 'x':
      return { field: 'isoyear', width: 4 };
    case 'M':
    case 'L':
      return length >= 4
        ? { field: 'monthname', letterCase: 'title' }
        : length === 3
          ? { field: 'monthshort', letterCase: 'title' }
          : number('month');
    case 'd':
      if (style === 'dotnet' && length >= 3) return { field: length === 3 ? 'dayshort' : 'dayname', letterCase: 'title' };
      return number('day');
    case 'D':
      return number('dayofyear');
    case 'E':
      return { field: length >= 4 ? 'dayname' : 'dayshort', letterCase: 'title' };
    case 'e':
      return { field: 'isodow' };
    case 'H':
      return number('hour');
    case 'h':
      return number('hour12');
    case 'm':
      return number('minute');
    case 's':
      return number('second');
    case 'S':
    case 'f':
    case 'n':
      return { field: 'fraction', width: length };
    case 'a':
    case 't':
      return { field: 'meridiem', letterCase: 'upper' };
    case 'q':
    case 'Q':
      return length >= 3 ? { field: 'quartername' } : number('quarter');
    case 'w':
      return number('isoweek');
    case 'W':
      return { field: 'weekofmonth' };
    case 'z':
    case 'V':
      return { text: 'UTC' };
    case 'Z':
      return { text: '+0000' };
    case 'X':
      return { text: 'Z' };
    default:
      return fail(`the letter '${letter}' of a date pattern is not known`);
  }
}
