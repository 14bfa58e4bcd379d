import * as calendar from './calendar.ts';
import { fail, type Raw } from './function.ts';

const { formatDate, formatMoment, toMoment } = calendar;

/** Reads a stored date or timestamp; anything else is an error that names the text. */
export function moment(value: Raw): calendar.Moment {
  const found = calendar.parseMoment(String(value), true);
  if (found === undefined) fail(`'${value}' is not a date or timestamp`);
  return found;
}

export const as = (value: calendar.Moment, kind: string): string => (kind === 'date' ? formatDate(value.days) : formatMoment(value));

export function truncate(unit: string, text: Raw, weekStart: number, kind: string): string {
  const at = moment(text);
  const width = calendar.clockUnits[unit];
  if (width !== undefined) return as({ days: at.days, micros: at.micros - (at.micros % width) }, kind);
  const days = calendar.truncateDays(at.days, unit, weekStart) ?? fail(`'${unit}' is not a part of a date`);
  return as({ days, micros: 0 }, kind);
}

export const monthsOf: Readonly<Record<string, number>> = { month: 1, quarter: 3, year: 12, decade: 120, century: 1200, millennium: 12000 };

export function add(unit: string, amount: number, text: Raw, kind: string): string {
  const at = moment(text);
  if (unit === 'year.over') {
    // Redshift leads from the 29th of February to the 1st of March where there is none.
    const { year, month, day } = calendar.fromDays(at.days);
    const later = year + Math.trunc(amount);
    return as({ days: calendar.toDays(later, month, 1) + day - 1, micros: at.micros }, kind);
  }
  const months = monthsOf[unit];
  if (months !== undefined) return as({ days: calendar.addMonths(at.days, Math.trunc(amount) * months), micros: at.micros }, kind);
  if (unit === 'week' || unit === 'day')
    return as({ days: at.days + Math.trunc(amount) * (unit === 'week' ? 7 : 1), micros: at.micros }, kind);
  const width = calendar.clockUnits[unit] ?? fail(`'${unit}' is not a part of a date`);
  return as(toMoment(at.days, at.micros + Math.round(amount * width)), kind);
}

/** Months from one moment to a later one, the last counted only when it is complete. */
export function wholeMonths(a: calendar.Moment, b: calendar.Moment, endsCount = true): number {
  if (b.days < a.days || (b.days === a.days && b.micros < a.micros)) return -wholeMonths(b, a, endsCount);
  const [x, y] = [calendar.fromDays(a.days), calendar.fromDays(b.days)];
  let months = (y.year - x.year) * 12 + y.month - x.month;
  const reached = calendar.addMonths(a.days, months);
  if (
    (!endsCount && x.day > y.day && y.day === calendar.fromDays(reached).day && reached === b.days) ||
    reached > b.days ||
    (reached === b.days && a.micros > b.micros)
  )
    months--;
  return months;
}

export function difference(mode: string, unit: string, from: Raw, to: Raw, weekStart: number): number {
  const [a, b] = [moment(from), moment(to)];
  const months = monthsOf[unit];
  if (mode === 'whole' || mode === 'joda') {
    // Trino counts a month between two month ends, the others want the day to be reached.
    if (months !== undefined) return Math.trunc(wholeMonths(a, b, mode === 'joda') / months);
    const micros = (b.days - a.days) * calendar.microsPerDay + (b.micros - a.micros);
    return (
      Math.trunc(
        micros /
          (unit === 'week'
            ? 7 * calendar.microsPerDay
            : unit === 'day'
              ? calendar.microsPerDay
              : (calendar.clockUnits[unit] ?? fail(`'${unit}' is not a part of a date`))),
      ) + 0
    );
  }
  if (unit === 'isoyear') return calendar.isoYear(b.days) - calendar.isoYear(a.days);
  if (months !== undefined) {
    const index = (at: calendar.Moment): number => {
      const { year, month } = calendar.fromDays(at.days);
      return Math.floor((year * 12 + month - 1) / months);
    };
    return index(b) - index(a);
  }
  if (unit === 'day') return b.days - a.days;
  if (unit === 'week') {
    const start = (at: calendar.Moment): number => calendar.truncateDays(at.days, 'week', weekStart) ?? 0;
    return (start(b) - start(a)) / 7;
  }
  const width = calendar.clockUnits[unit] ?? fail(`'${unit}' is not a part of a date`);
  return ((b.days - a.days) * calendar.microsPerDay) / width + Math.floor(b.micros / width) - Math.floor(a.micros / width);
}

/** One part of a date by its canonical name; see `units.ts` for what the dialects call them. */
export function part(unit: string, text: Raw): number {
  const at = moment(text);
  const { year, month, day } = calendar.fromDays(at.days);
  const dow = calendar.dayOfWeek(at.days);
  const dayOfYear = at.days - calendar.toDays(year, 1, 1) + 1;
  switch (unit) {
    case 'year':
      return year;
    case 'quarter':
      return Math.floor((month + 2) / 3);
    case 'month':
      return month;
    case 'day':
      return day;
    case 'hour':
      return Math.floor(at.micros / 3_600_000_000);
    case 'minute':
      return Math.floor(at.micros / 60_000_000) % 60;
    case 'second':
      return Math.floor(at.micros / 1_000_000) % 60;
    case 'second.fraction':
      return (at.micros % 60_000_000) / 1_000_000;
    case 'millisecond':
      return Math.floor(at.micros / 1000) % 1000;
    case 'millisecond.total':
      return (at.micros % 60_000_000) / 1000;
    case 'microsecond':
      return at.micros % 1_000_000;
    case 'microsecond.total':
      return at.micros % 60_000_000;
    case 'nanosecond':
      return (at.micros % 1_000_000) * 1000;
    case 'dow0':
      return dow;
    case 'dow1':
      return dow + 1;
    case 'isodow':
      return dow === 0 ? 7 : dow;
    case 'weekday0':
      return (dow + 6) % 7;
    case 'dayofyear':
      return dayOfYear;
    case 'isoweek':
      return calendar.isoWeek(at.days);
    case 'isoyear':
      return calendar.isoYear(at.days);
    case 'week.sunday':
      return Math.floor((dayOfYear + 6 - dow) / 7);
    case 'week.monday':
      return Math.floor((dayOfYear + 6 - ((dow + 6) % 7)) / 7);
    case 'week.sunday1':
      return Math.floor((dayOfYear - 1 + calendar.dayOfWeek(calendar.toDays(year, 1, 1))) / 7) + 1;
    case 'decade':
      return Math.floor(year / 10);
    // Redshift counts the decade that ends with a year as the one that follows it.
    case 'decade.next':
      return Math.floor(year / 10) + 1;
    case 'century':
      return Math.ceil(year / 100);
    case 'millennium':
      return Math.ceil(year / 1000);
    case 'epoch':
      return at.days * 86_400 + Math.floor(at.micros / 1_000_000);
    case 'epoch.fraction':
      return at.days * 86_400 + at.micros / 1_000_000;
    case 'epoch.milli':
      return at.days * 86_400_000 + Math.floor(at.micros / 1000);
    case 'epoch.micro':
      return at.days * calendar.microsPerDay + at.micros;
    case 'epoch.day':
      return at.days;
    case 'julian':
      return at.days + 2_440_588 + at.micros / calendar.microsPerDay;
    case 'timezone':
      return 0;
    default:
      return fail(`'${unit}' is not a part of a date`);
  }
}

export function epoch(value: number, perSecond: number): string {
  const seconds = Math.floor(value / perSecond);
  const days = Math.floor(seconds / 86_400);
  return formatMoment(
    toMoment(days, (seconds - days * 86_400) * 1_000_000 + Math.round((value - seconds * perSecond) * (1_000_000 / perSecond))),
  );
}

export const weekdayOf = (name: string): number => {
  const found = calendar.dayNames.findIndex((day) => day.toLowerCase().startsWith(name.trim().slice(0, 2).toLowerCase()));
  return found === -1 ? fail(`'${name}' is not a day of the week`) : found;
};

export function lastDay(unit: string, text: Raw, weekStart: number): string {
  const first = calendar.truncateDays(moment(text).days, unit, weekStart) ?? fail(`'${unit}' is not a part of a date`);
  const next = unit === 'week' ? first + 7 : unit === 'day' ? first + 1 : calendar.addMonths(first, monthsOf[unit] ?? 12);
  return formatDate(next - 1);
}

/** Months with the fraction that Oracle, Snowflake and Spark give: 31ths of a month, whole between equal days and month ends. */
export function monthsBetween(later: Raw, earlier: Raw): number {
  const [a, b] = [moment(later), moment(earlier)];
  const [x, y] = [calendar.fromDays(a.days), calendar.fromDays(b.days)];
  const months = (x.year - y.year) * 12 + x.month - y.month;
  const bothEnd = x.day === calendar.daysInMonth(x.year, x.month) && y.day === calendar.daysInMonth(y.year, y.month);
  if (x.day === y.day || bothEnd) return months;
  return months + (x.day - y.day + (a.micros - b.micros) / calendar.microsPerDay) / 31;
}
