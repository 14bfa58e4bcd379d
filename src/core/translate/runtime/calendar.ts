/** A moment: whole days since 1970-01-01 and microseconds within the day, so that no year is beyond a double's precision. */
export interface Moment {
  readonly days: number;
  readonly micros: number;
}

export const microsPerDay = 86_400_000_000;

/** The days since 1970-01-01 of a date of the proleptic Gregorian calendar; months beyond 1 to 12 carry over. */
export function toDays(year: number, month: number, day: number): number {
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  return Math.round(date.getTime() / 86_400_000);
}

export interface CalendarDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export function fromDays(days: number): CalendarDate {
  const date = new Date(days * 86_400_000);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

export function daysInMonth(year: number, month: number): number {
  return month === 2 ? (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

const pad = (value: number, width: number): string => String(value).padStart(width, '0');

export function formatDate(days: number): string {
  const { year, month, day } = fromDays(days);
  return `${year < 0 ? '-' : ''}${pad(Math.abs(year), 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

/** `HH:MM:SS`, with as many digits of the second as are not zero. */
export function formatClock(micros: number): string {
  const seconds = Math.floor(micros / 1_000_000);
  const rest = micros - seconds * 1_000_000;
  const clock = `${pad(Math.floor(seconds / 3600), 2)}:${pad(Math.floor(seconds / 60) % 60, 2)}:${pad(seconds % 60, 2)}`;
  return rest === 0 ? clock : `${clock}.${pad(rest, 6).replace(/0+$/, '')}`;
}

export function formatMoment(moment: Moment): string {
  return `${formatDate(moment.days)} ${formatClock(moment.micros)}`;
}

/** Carries microseconds beyond one day over into days. */
export function toMoment(days: number, micros: number): Moment {
  const carry = Math.floor(micros / microsPerDay);
  return { days: days + carry, micros: micros - carry * microsPerDay };
}

const iso =
  /^\s*([+-]?\d{4,5})[-/](\d{1,2})[-/](\d{1,2})(?:(?:[T ]|\s+)(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,9}))?)?)?)?\s*(Z|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?)?\s*$/i;
const slashed = /^\s*(\d{1,2})\/(\d{1,2})\/(\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*$/;
const named = /^\s*(\d{1,2})[- ]([A-Za-z]{3,9})[- ](\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*$/;
const spelled = /^\s*([A-Za-z]{3,9})\s+(\d{1,2}),?\s+(\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*$/;
const compact = /^\s*(\d{4})(\d{2})(\d{2})(?:[T ]?(\d{2}):?(\d{2}):?(\d{2})(?:\.(\d{1,9}))?)?\s*$/;

export const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
export const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** The month whose English name or abbreviation this is, or 0. */
export function monthOf(name: string): number {
  const short = name.slice(0, 3).toLowerCase();
  return monthNames.findIndex((month) => month.toLowerCase().startsWith(short)) + 1;
}

/** Reads ISO text, and with `liberal` also the other common spellings; undefined when it is no date. A zone is folded into UTC. */
export function parseMoment(text: string, liberal = false): Moment | undefined {
  const match = iso.exec(text);
  if (match) return build(match[1], match[2], match[3], match.slice(4, 8), match[8]);
  const short = compact.exec(text);
  if (short && (liberal || short[4] === undefined)) return build(short[1], short[2], short[3], short.slice(4, 8));
  if (!liberal) return undefined;
  const us = slashed.exec(text);
  if (us) return build(us[3], us[1], us[2], us.slice(4, 8));
  const eu = named.exec(text);
  if (eu) return build(eu[3], String(monthOf(eu[2] ?? '')), eu[1], eu.slice(4, 8));
  const long = spelled.exec(text);
  if (long) return build(long[3], String(monthOf(long[1] ?? '')), long[2], long.slice(4, 8));
  return undefined;
}

function build(
  y: string | undefined,
  m: string | undefined,
  d: string | undefined,
  clock: readonly (string | undefined)[],
  zone?: string,
): Moment | undefined {
  const [year, month, day] = [Number(y), Number(m), Number(d)];
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  const [hour, minute, second] = [Number(clock[0] ?? 0), Number(clock[1] ?? 0), Number(clock[2] ?? 0)];
  if (hour > 24 || minute > 59 || second > 60) return undefined;
  const micros = ((hour * 60 + minute) * 60 + second) * 1_000_000 + Number((clock[3] ?? '').padEnd(6, '0').slice(0, 6));
  return toMoment(toDays(year, month, day), micros - zoneMinutes(zone) * 60_000_000);
}

/** The minutes east of UTC that an offset such as `+05:30` names. */
export function zoneMinutes(zone: string | undefined): number {
  const match = /^([+-])(\d{1,2})(?::?(\d{2}))?$/.exec(zone ?? '');
  return match ? (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3] ?? 0)) : 0;
}

const clockText = /^\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*$/;

/** The microseconds since midnight that `HH:MM[:SS[.f]]` names. */
export function parseClock(text: string): number | undefined {
  const match = clockText.exec(text);
  if (!match || Number(match[1]) > 24 || Number(match[2]) > 59) return parseMoment(text)?.micros;
  return (
    ((Number(match[1]) * 60 + Number(match[2])) * 60 + Number(match[3] ?? 0)) * 1_000_000 +
    Number((match[4] ?? '').padEnd(6, '0').slice(0, 6))
  );
}

/** 0 for Sunday to 6 for Saturday. */
export function dayOfWeek(days: number): number {
  return (((days + 4) % 7) + 7) % 7;
}

/** Adds months as every dialect does: the day is cut to the length of the month. */
export function addMonths(days: number, months: number): number {
  const { year, month, day } = fromDays(days);
  const index = year * 12 + month - 1 + months;
  const [y, m] = [Math.floor(index / 12), (((index % 12) + 12) % 12) + 1];
  return toDays(y, m, Math.min(day, daysInMonth(y, m)));
}

/** The Monday of the first ISO week of a year. */
function isoYearStart(year: number): number {
  const fourth = toDays(year, 1, 4);
  return fourth - ((dayOfWeek(fourth) + 6) % 7);
}

export function isoYear(days: number): number {
  return fromDays(days + 3 - ((dayOfWeek(days) + 6) % 7)).year;
}

export function isoWeek(days: number): number {
  return Math.floor((days - isoYearStart(isoYear(days))) / 7) + 1;
}

/** The first day of the period that a day lies in; `week` begins on the given day, 0 for Sunday. */
export function truncateDays(days: number, unit: string, weekStart: number): number | undefined {
  const { year, month } = fromDays(days);
  switch (unit) {
    case 'day':
      return days;
    case 'week':
      return days - ((dayOfWeek(days) - weekStart + 7) % 7);
    case 'month':
      return toDays(year, month, 1);
    case 'quarter':
      return toDays(year, month - ((month - 1) % 3), 1);
    case 'year':
      return toDays(year, 1, 1);
    case 'isoyear':
      return isoYearStart(isoYear(days));
    case 'decade':
      return toDays(Math.floor(year / 10) * 10, 1, 1);
    case 'century':
      return toDays(Math.floor((year - 1) / 100) * 100 + 1, 1, 1);
    case 'millennium':
      return toDays(Math.floor((year - 1) / 1000) * 1000 + 1, 1, 1);
    default:
      return undefined;
  }
}

/** Microseconds of the units shorter than a day. */
export const clockUnits: Readonly<Record<string, number>> = {
  hour: 3_600_000_000,
  minute: 60_000_000,
  second: 1_000_000,
  millisecond: 1000,
  microsecond: 1,
};
