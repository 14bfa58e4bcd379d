import * as calendar from './calendar.ts';
import { fail } from './function.ts';

/**
 * One element of a date pattern: a piece of literal text, or a field by a name that all styles share. Widths are zero padded; `fill` says
 * with what names are padded.
 */
type Token =
  | { readonly text: string }
  | { readonly field: string; readonly width?: number; readonly letterCase?: 'upper' | 'lower' | 'title' };

const cache = new Map<string, readonly Token[]>();

/** The tokens of a pattern in one of the styles: `strftime`, `mysql`, `oracle` (also PostgreSQL and Snowflake) and `java`. */
function tokenize(pattern: string, style: string): readonly Token[] {
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

const romanMonths = 'I II III IV V VI VII VIII IX X XI XII'.split(' ');

const ordinal = (value: number): string =>
  `${value}${value % 100 >= 11 && value % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][value % 10] ?? 'th')}`;

/** A moment written in a pattern of one of the styles. */
export function formatPattern(at: calendar.Moment, pattern: string, style: string): string {
  let text = '';
  for (const token of tokenize(pattern, style)) {
    if ('text' in token) text += token.text;
    else {
      const value = fieldOf(at, token.field, token.width);
      const padded = token.width !== undefined && typeof value === 'number' ? String(value).padStart(token.width, '0') : String(value);
      text += token.letterCase === 'upper' ? padded.toUpperCase() : token.letterCase === 'lower' ? padded.toLowerCase() : padded;
    }
  }
  return text;
}

function fieldOf(at: calendar.Moment, field: string, width = 6): number | string {
  const { year, month, day } = calendar.fromDays(at.days);
  const hour = Math.floor(at.micros / 3_600_000_000);
  const dow = calendar.dayOfWeek(at.days);
  const dayOfYear = at.days - calendar.toDays(year, 1, 1) + 1;
  const fraction = String(at.micros % 1_000_000)
    .padStart(6, '0')
    .padEnd(9, '0');
  switch (field) {
    case 'year':
      return year;
    case 'year2':
      return String(year % 100).padStart(2, '0');
    case 'century':
      return Math.floor((year + 99) / 100);
    case 'month':
      return month;
    case 'day':
      return day;
    case 'dayspace':
      return String(day).padStart(2);
    case 'dayth':
      return width === 2 ? ordinal(day).padStart(4, '0') : ordinal(day);
    case 'year3':
      return year % 1000;
    case 'year1':
      return year % 10;
    case 'yearcomma':
      return `${Math.floor(year / 1000)},${String(year % 1000).padStart(3, '0')}`;
    case 'monthroman':
      return (romanMonths[month - 1] ?? '').padEnd(4);
    case 'hour':
      return hour;
    case 'hourspace':
      return String(hour).padStart(2);
    case 'hour12':
      return hour % 12 === 0 ? 12 : hour % 12;
    case 'hour12space':
      return String(hour % 12 === 0 ? 12 : hour % 12).padStart(2);
    case 'minute':
      return Math.floor(at.micros / 60_000_000) % 60;
    case 'second':
      return Math.floor(at.micros / 1_000_000) % 60;
    case 'secondofday':
      return Math.floor(at.micros / 1_000_000);
    case 'fraction':
      return fraction.slice(0, width);
    case 'dotfraction':
      return at.micros % 1_000_000 === 0 ? '' : `.${fraction.slice(0, 6).replace(/0+$/, '')}`;
    case 'meridiem':
      return hour < 12 ? 'AM' : 'PM';
    case 'meridiemdots':
      return hour < 12 ? 'A.M.' : 'P.M.';
    case 'monthshort':
      return (calendar.monthNames[month - 1] ?? '').slice(0, 3);
    case 'monthname':
      return calendar.monthNames[month - 1] ?? '';
    case 'monthpadded':
      return (calendar.monthNames[month - 1] ?? '').padEnd(9);
    case 'dayshort':
      return (calendar.dayNames[dow] ?? '').slice(0, 3);
    case 'dayname':
      return calendar.dayNames[dow] ?? '';
    case 'daypadded':
      return (calendar.dayNames[dow] ?? '').padEnd(9);
    case 'dayofyear':
      return dayOfYear;
    case 'quarter':
      return Math.floor((month + 2) / 3);
    case 'quartername':
      return `Q${Math.floor((month + 2) / 3)}`;
    case 'isodow':
      return dow === 0 ? 7 : dow;
    case 'dow':
      return dow;
    case 'dow1':
      return dow + 1;
    case 'isoweek':
      return calendar.isoWeek(at.days);
    case 'isoyear':
      return calendar.isoYear(at.days);
    case 'isoyear2':
      return String(calendar.isoYear(at.days) % 100).padStart(2, '0');
    case 'weeksunday':
      return Math.floor((dayOfYear + 6 - dow) / 7);
    case 'weekmonday':
      return Math.floor((dayOfYear + 6 - ((dow + 6) % 7)) / 7);
    case 'weekofyear':
      return Math.floor((dayOfYear - 1) / 7) + 1;
    case 'weekofmonth':
      return Math.floor((day - 1) / 7) + 1;
    case 'julian':
      return at.days + 2_440_588;
    case 'epoch':
      return at.days * 86_400 + Math.floor(at.micros / 1_000_000);
    default:
      return fail(`the field '${field}' cannot be written`);
  }
}

/** Reads text by a pattern; undefined when it does not match or names no date. Fields that are missing are those of 1970-01-01. */
export function parsePattern(text: string, pattern: string, style: string): calendar.Moment | undefined {
  if (style === 'snowflake' && /^auto$/i.test(pattern)) return calendar.parseMoment(text, true);
  const found: Record<string, number> = {};
  let rest = text.trimStart();
  let zone = 0;
  for (const token of tokenize(pattern, style)) {
    if ('text' in token) {
      if (token.text.trim() === '' && token.text !== '') rest = rest.trimStart();
      else if (/^\+00/.test(token.text) || token.text === 'UTC' || token.text === 'Z') {
        const match = /^\s*(Z|UTC|GMT|[+-]\d{2}:?(?:\d{2})?)/i.exec(rest);
        if (!match) return undefined;
        zone = calendar.zoneMinutes(match[1]);
        rest = rest.slice(match[0].length);
      } else if (rest.startsWith(token.text)) rest = rest.slice(token.text.length);
      else if (/^[^\w]$/.test(token.text) && (style === 'oracle' || style === 'postgres') && /^[^\w]/.test(rest)) rest = rest.slice(1);
      else return undefined;
      continue;
    }
    const taken = takeField(rest, token.field, token.width, found);
    if (taken === undefined) return undefined;
    rest = rest.slice(taken);
  }
  if (rest.trim() !== '') return undefined;
  return assemble(found, zone);
}

function takeField(rest: string, field: string, width: number | undefined, found: Record<string, number>): number | undefined {
  if (field.startsWith('month') && field !== 'month') {
    const match = /^\s*([A-Za-z]+)/.exec(rest);
    const month = calendar.monthOf(match?.[1] ?? '?');
    if (!match || month === 0) return undefined;
    found.month = month;
    const name = field === 'monthshort' ? (match[1] ?? '').slice(0, 3) : (match[1] ?? '');
    return match[0].length - (match[1] ?? '').length + name.length;
  }
  if (field === 'dayshort' || field === 'dayname' || field === 'daypadded') return /^\s*[A-Za-z]+/.exec(rest)?.[0].length;
  if (field.startsWith('meridiem')) {
    const match = /^\s*([AP])\.?M\.?/i.exec(rest);
    if (!match) return undefined;
    found.meridiem = match[1]?.toUpperCase() === 'P' ? 1 : 0;
    return match[0].length;
  }
  if (field === 'dotfraction') {
    const match = /^\.(\d+)/.exec(rest);
    found.fraction = Number((match?.[1] ?? '').padEnd(6, '0').slice(0, 6));
    return match?.[0].length ?? 0;
  }
  const longest =
    field === 'fraction'
      ? 9
      : field === 'epoch'
        ? 12
        : field === 'year' || field === 'isoyear'
          ? 4
          : field === 'dayofyear'
            ? 3
            : field === 'secondofday'
              ? 5
              : field === 'julian'
                ? 8
                : 2;
  const match = new RegExp(
    `^\\s*([+-]?\\d{1,${width !== undefined && field === 'fraction' ? Math.max(width, 6) : longest}})${field === 'dayth' ? '(?:st|nd|rd|th)?' : ''}`,
    'i',
  ).exec(rest);
  if (!match) return undefined;
  const digits = match[1] ?? '';
  const name = { dayspace: 'day', dayth: 'day', hourspace: 'hour', hour12space: 'hour12' }[field] ?? field;
  found[name] = name === 'fraction' ? Number(digits.padEnd(6, '0').slice(0, 6)) : Number(digits);
  return match[0].length;
}

function assemble(found: Record<string, number>, zone: number): calendar.Moment | undefined {
  if (found.epoch !== undefined) return calendar.toMoment(Math.floor(found.epoch / 86_400), (found.epoch % 86_400) * 1_000_000);
  const year = found.year ?? (found.year2 === undefined ? undefined : found.year2 + (found.year2 < 70 ? 2000 : 1900)) ?? 1970;
  const month = found.month ?? (found.quarter === undefined ? 1 : found.quarter * 3 - 2);
  const day = found.day ?? 1;
  if (month < 1 || month > 12 || day < 1 || day > calendar.daysInMonth(year, month)) return undefined;
  let hour = found.hour ?? 0;
  if (found.hour12 !== undefined) hour = (found.hour12 % 12) + (found.meridiem === 1 ? 12 : 0);
  else if (found.meridiem === 1 && hour < 12) hour += 12;
  const [minute, second] = [found.minute ?? 0, found.second ?? 0];
  if (hour > 24 || minute > 59 || second > 60) return undefined;
  let days = calendar.toDays(year, month, day);
  if (found.dayofyear !== undefined) days = calendar.toDays(year, 1, 1) + found.dayofyear - 1;
  if (found.isoweek !== undefined && found.isoyear !== undefined)
    days =
      (calendar.truncateDays(calendar.toDays(found.isoyear, 1, 4), 'week', 1) ?? 0) + (found.isoweek - 1) * 7 + (found.isodow ?? 1) - 1;
  if (found.julian !== undefined) days = found.julian - 2_440_588;
  const clock =
    found.secondofday !== undefined
      ? found.secondofday * 1_000_000
      : ((hour * 60 + minute) * 60 + second) * 1_000_000 + (found.fraction ?? 0);
  return calendar.toMoment(days, clock - zone * 60_000_000);
}
