import * as calendar from './calendar.ts';
import { fail, type Raw } from './function.ts';
import { readInterval, writeInterval } from './interval.ts';
import { as, moment, monthsOf } from './moments.ts';

const { toMoment } = calendar;

/** PostgreSQL's age: years, months, days and time that lead from the second moment to the first. */
export function age(later: Raw, earlier: Raw): string {
  const [a, b] = [moment(later), moment(earlier)];
  const negative = a.days < b.days || (a.days === b.days && a.micros < b.micros);
  const [from, to] = negative ? [a, b] : [b, a];
  const [x, y] = [calendar.fromDays(to.days), calendar.fromDays(from.days)];
  let micros = to.micros - from.micros;
  let days = x.day - y.day;
  let months = (x.year - y.year) * 12 + x.month - y.month;
  if (micros < 0) {
    micros += calendar.microsPerDay;
    days--;
  }
  // Days are borrowed from the month of the earlier moment.
  while (days < 0) {
    days += calendar.daysInMonth(y.year, y.month);
    months--;
  }
  const sign = negative ? -1 : 1;
  return writeInterval({ months: months * sign, days: days * sign, micros: micros * sign });
}

/** An interval with days carried from hours, months from days, and signs made equal, as PostgreSQL does. */
export function justify(text: string, which: string): string {
  let { months, days, micros } = readInterval(text);
  if (which !== 'days') {
    const carry = Math.trunc(micros / calendar.microsPerDay);
    days += carry;
    micros -= carry * calendar.microsPerDay;
  }
  if (which !== 'hours') {
    const carry = Math.trunc(days / 30);
    months += carry;
    days -= carry * 30;
    if (months > 0 && (days < 0 || (which === 'both' && days === 0 && micros < 0))) {
      days += 30;
      months--;
    } else if (months < 0 && (days > 0 || (which === 'both' && days === 0 && micros > 0))) {
      days -= 30;
      months++;
    }
  }
  if (which !== 'days') {
    if (days > 0 && micros < 0) {
      micros += calendar.microsPerDay;
      days--;
    } else if (days < 0 && micros > 0) {
      micros -= calendar.microsPerDay;
      days++;
    }
  }
  return writeInterval({ months, days, micros });
}

/** The length by which intervals are compared: months of 30 days of 24 hours. */
export function intervalMicros(text: string): number {
  const { months, days, micros } = readInterval(text);
  return (months * 30 + days) * calendar.microsPerDay + micros;
}

export function truncateInterval(unit: string, text: string): string {
  const { months, days, micros } = readInterval(text);
  const width = monthsOf[unit];
  if (width !== undefined) return writeInterval({ months: Math.trunc(months / width) * width, days: 0, micros: 0 });
  if (unit === 'day') return writeInterval({ months, days, micros: 0 });
  const clock = calendar.clockUnits[unit] ?? fail(`an interval cannot be truncated to '${unit}'`);
  return writeInterval({ months, days, micros: Math.trunc(micros / clock) * clock });
}

/** The beginning of the bucket of a width that a moment falls into, counted from an origin. */
export function bucketOf(text: Raw, width: string, origin: Raw, kind: string): string {
  const { months, days, micros } = readInterval(width);
  const [at, from] = [moment(text), moment(origin)];
  if (months !== 0) {
    if (days !== 0 || micros !== 0) return fail('a bucket of months and days has no fixed width');
    const [x, y] = [calendar.fromDays(at.days), calendar.fromDays(from.days)];
    const passed = (x.year - y.year) * 12 + x.month - y.month;
    let steps = Math.floor(passed / months);
    const start = (): number => calendar.addMonths(from.days, steps * months);
    if (start() > at.days || (start() === at.days && from.micros > at.micros)) steps--;
    return as(toMoment(start(), from.micros), kind);
  }
  const step = days * calendar.microsPerDay + micros;
  if (step <= 0) return fail('the width of a bucket must be greater than zero');
  const distance = (at.days - from.days) * calendar.microsPerDay + at.micros - from.micros;
  return as(toMoment(from.days, from.micros + Math.floor(distance / step) * step), kind);
}

/** SQL's OVERLAPS, which can be known with a NULL among the ends. */
export function overlaps(start: Raw, end: Raw, otherStart: Raw, otherEnd: Raw): boolean | null {
  const order = (a: Raw, b: Raw): [string | null, string | null] => {
    const [x, y] = [a === null ? null : String(a), b === null ? null : String(b)];
    return x === null || (y !== null && x > y) ? [y, x] : [x, y];
  };
  const [a, b] = order(start, end);
  const [c, d] = order(otherStart, otherEnd);
  if (a === null || c === null) return null;
  if (a === c) return b === null || d === null ? null : true;
  const [first, second, other] = a > c ? [d, a, b] : [b, c, d];
  if (first === null) return null;
  if (second < first) return true;
  return other === null ? null : false;
}

export function slice(text: Raw, amount: number, unit: string, edge: string, kind: string): string {
  const at = moment(text);
  const months = monthsOf[unit];
  let start: calendar.Moment;
  let end: calendar.Moment;
  if (months !== undefined) {
    const { year, month } = calendar.fromDays(at.days);
    const width = months * amount;
    const index = Math.floor(((year - 1970) * 12 + month - 1) / width) * width;
    start = { days: calendar.addMonths(0, index), micros: 0 };
    end = { days: calendar.addMonths(0, index + width), micros: 0 };
  } else {
    const width =
      (unit === 'week'
        ? 7 * calendar.microsPerDay
        : unit === 'day'
          ? calendar.microsPerDay
          : (calendar.clockUnits[unit] ?? fail(`'${unit}' is not a part of a date`))) * amount;
    // Weeks are counted from the Monday before the epoch.
    const shift = unit === 'week' ? 3 * calendar.microsPerDay : 0;
    const total = at.days * calendar.microsPerDay + at.micros + shift;
    const low = Math.floor(total / width) * width - shift;
    start = toMoment(0, low);
    end = toMoment(0, low + width);
  }
  return as(edge === 'end' ? end : start, kind);
}

/** An interval as Trino prints it: `3-5` for years and months, `2 03:00:00.000` for days and time. */
export function formatTrinoInterval(text: string): string {
  const { months, days, micros } = readInterval(text);
  if (months !== 0) return `${months < 0 ? '-' : ''}${Math.trunc(Math.abs(months) / 12)}-${Math.abs(months) % 12}`;
  const total = days * calendar.microsPerDay + micros;
  const size = Math.abs(total);
  const rest = size % calendar.microsPerDay;
  const clock = calendar.formatClock(rest - (rest % 1_000_000));
  return `${total < 0 ? '-' : ''}${Math.floor(size / calendar.microsPerDay)} ${clock}.${String(Math.floor(rest / 1000) % 1000).padStart(3, '0')}`;
}
