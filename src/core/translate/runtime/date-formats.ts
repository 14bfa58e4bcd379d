import * as calendar from './calendar.ts';
import { tokenize } from './date-tokens.ts';
import { fail } from './function.ts';

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
export function parsePattern(text: string, pattern: string, style: string, overflows = false): calendar.Moment | undefined {
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
  return assemble(found, zone, overflows);
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

function assemble(found: Record<string, number>, zone: number, overflows: boolean): calendar.Moment | undefined {
  if (found.epoch !== undefined) return calendar.toMoment(Math.floor(found.epoch / 86_400), (found.epoch % 86_400) * 1_000_000);
  const year = found.year ?? (found.year2 === undefined ? undefined : found.year2 + (found.year2 < 70 ? 2000 : 1900)) ?? 1970;
  const month = found.month ?? (found.quarter === undefined ? 1 : found.quarter * 3 - 2);
  const day = found.day ?? 1;
  const longest = overflows ? 31 : calendar.daysInMonth(year, Math.min(Math.max(month, 1), 12));
  if (month < 1 || month > 12 || day < 1 || day > longest) return undefined;
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
