import * as calendar from './calendar.ts';
import { numberPattern } from './casts.ts';
import { formatPattern, parsePattern } from './date-formats.ts';
import { fail, lenient, type Raw, type RuntimeFunctions, strict } from './function.ts';
import { formatInterval, parseInterval, readInterval, writeInterval } from './interval.ts';

const { formatDate, formatMoment, toMoment } = calendar;

/** Reads a stored date or timestamp; anything else is an error that names the text. */
export function moment(value: Raw): calendar.Moment {
  const found = calendar.parseMoment(String(value), true);
  if (found === undefined) fail(`'${value}' is not a date or timestamp`);
  return found;
}

const as = (value: calendar.Moment, kind: string): string => (kind === 'date' ? formatDate(value.days) : formatMoment(value));

function truncate(unit: string, text: Raw, weekStart: number, kind: string): string {
  const at = moment(text);
  const width = calendar.clockUnits[unit];
  if (width !== undefined) return as({ days: at.days, micros: at.micros - (at.micros % width) }, kind);
  const days = calendar.truncateDays(at.days, unit, weekStart) ?? fail(`'${unit}' is not a part of a date`);
  return as({ days, micros: 0 }, kind);
}

const monthsOf: Readonly<Record<string, number>> = { month: 1, quarter: 3, year: 12, decade: 120, century: 1200, millennium: 12000 };

function add(unit: string, amount: number, text: Raw, kind: string): string {
  const at = moment(text);
  const months = monthsOf[unit];
  if (months !== undefined) return as({ days: calendar.addMonths(at.days, Math.trunc(amount) * months), micros: at.micros }, kind);
  if (unit === 'week' || unit === 'day')
    return as({ days: at.days + Math.trunc(amount) * (unit === 'week' ? 7 : 1), micros: at.micros }, kind);
  const width = calendar.clockUnits[unit] ?? fail(`'${unit}' is not a part of a date`);
  return as(toMoment(at.days, at.micros + Math.round(amount * width)), kind);
}

/** Months from one moment to a later one, the last counted only when it is complete. */
function wholeMonths(a: calendar.Moment, b: calendar.Moment, endsCount = true): number {
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

function difference(mode: string, unit: string, from: Raw, to: Raw, weekStart: number): number {
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
function part(unit: string, text: Raw): number {
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

function epoch(value: number, perSecond: number): string {
  const seconds = Math.floor(value / perSecond);
  const days = Math.floor(seconds / 86_400);
  return formatMoment(
    toMoment(days, (seconds - days * 86_400) * 1_000_000 + Math.round((value - seconds * perSecond) * (1_000_000 / perSecond))),
  );
}

const weekdayOf = (name: string): number => {
  const found = calendar.dayNames.findIndex((day) => day.toLowerCase().startsWith(name.trim().slice(0, 2).toLowerCase()));
  return found === -1 ? fail(`'${name}' is not a day of the week`) : found;
};

function lastDay(unit: string, text: Raw, weekStart: number): string {
  const first = calendar.truncateDays(moment(text).days, unit, weekStart) ?? fail(`'${unit}' is not a part of a date`);
  const next = unit === 'week' ? first + 7 : unit === 'day' ? first + 1 : calendar.addMonths(first, monthsOf[unit] ?? 12);
  return formatDate(next - 1);
}

/** Months with the fraction that Oracle, Snowflake and Spark give: 31ths of a month, whole between equal days and month ends. */
function monthsBetween(later: Raw, earlier: Raw): number {
  const [a, b] = [moment(later), moment(earlier)];
  const [x, y] = [calendar.fromDays(a.days), calendar.fromDays(b.days)];
  const months = (x.year - y.year) * 12 + x.month - y.month;
  const bothEnd = x.day === calendar.daysInMonth(x.year, x.month) && y.day === calendar.daysInMonth(y.year, y.month);
  if (x.day === y.day || bothEnd) return months;
  return months + (x.day - y.day + (a.micros - b.micros) / calendar.microsPerDay) / 31;
}

/** PostgreSQL's age: years, months, days and time that lead from the second moment to the first. */
function age(later: Raw, earlier: Raw): string {
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
function justify(text: string, which: string): string {
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

function truncateInterval(unit: string, text: string): string {
  const { months, days, micros } = readInterval(text);
  const width = monthsOf[unit];
  if (width !== undefined) return writeInterval({ months: Math.trunc(months / width) * width, days: 0, micros: 0 });
  if (unit === 'day') return writeInterval({ months, days, micros: 0 });
  const clock = calendar.clockUnits[unit] ?? fail(`an interval cannot be truncated to '${unit}'`);
  return writeInterval({ months, days, micros: Math.trunc(micros / clock) * clock });
}

/** The beginning of the bucket of a width that a moment falls into, counted from an origin. */
function bucketOf(text: Raw, width: string, origin: Raw, kind: string): string {
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
function overlaps(start: Raw, end: Raw, otherStart: Raw, otherEnd: Raw): boolean | null {
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

function slice(text: Raw, amount: number, unit: string, edge: string, kind: string): string {
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

export const dateFunctions: RuntimeFunctions = {
  ...strict({
    trunc_date: truncate,
    add_date: add,
    /** Snowflake, Oracle and Redshift keep the end of the month: the last day of one month leads to the last day of another. */
    add_months_end: (text: Raw, amount: number, kind: string) => {
      const at = moment(text);
      const { year, month, day } = calendar.fromDays(at.days);
      const moved = calendar.addMonths(at.days, Math.trunc(amount));
      const days =
        day === calendar.daysInMonth(year, month) ? calendar.addMonths(calendar.truncateDays(moved, 'month', 0) ?? moved, 1) - 1 : moved;
      return as({ days, micros: at.micros }, kind);
    },
    diff_date: difference,
    part_date: part,
    part_interval: (unit: string, text: string) => {
      const { months, days, micros } = readInterval(text);
      const parts: Record<string, number> = {
        year: Math.trunc(months / 12),
        month: months % 12,
        quarter: Math.floor((months % 12) / 3) + 1,
        day: days,
        hour: Math.trunc(micros / 3_600_000_000),
        minute: Math.trunc(micros / 60_000_000) % 60,
        second: Math.trunc(micros / 1_000_000) % 60,
        'second.fraction': (micros % 60_000_000) / 1_000_000,
        epoch: Math.trunc(months / 12) * 31_557_600 + (months % 12) * 2_592_000 + days * 86_400 + micros / 1_000_000,
        'epoch.fraction': Math.trunc(months / 12) * 31_557_600 + (months % 12) * 2_592_000 + days * 86_400 + micros / 1_000_000,
        'millisecond.total': (micros % 60_000_000) / 1000,
        'microsecond.total': micros % 60_000_000,
      };
      return parts[unit] ?? fail(`'${unit}' is not a part of an interval`);
    },
    epoch_to: epoch,
    last_day: lastDay,
    next_day: (text: Raw, name: string) => {
      const { days } = moment(text);
      return formatDate(days + ((weekdayOf(name) - calendar.dayOfWeek(days) + 6) % 7) + 1);
    },
    previous_day: (text: Raw, name: string) => {
      const { days } = moment(text);
      return formatDate(days - ((calendar.dayOfWeek(days) - weekdayOf(name) + 6) % 7) - 1);
    },
    months_between: (a: Raw, b: Raw, digits: number) => Number(monthsBetween(a, b).toFixed(digits)),
    make_date: (year: number, month: number, day: number) => formatDate(calendar.toDays(year, month, day)),
    make_date_checked: (year: number, month: number, day: number) => {
      if (month < 1 || month > 12 || day < 1 || day > calendar.daysInMonth(year, month)) fail(`${year}-${month}-${day} is not a date`);
      return formatDate(calendar.toDays(year, month, day));
    },
    make_timestamp: (year: number, month: number, day: number, hour: number, minute: number, second: number) =>
      formatMoment(toMoment(calendar.toDays(year, month, day), Math.round(((hour * 60 + minute) * 60 + second) * 1_000_000))),
    make_time: (hour: number, minute: number, second: number) =>
      calendar.formatClock(Math.round(((hour * 60 + minute) * 60 + second) * 1_000_000)),
    day_name: (text: Raw, short: number) =>
      (calendar.dayNames[calendar.dayOfWeek(moment(text).days)] ?? '').slice(0, short === 1 ? 3 : undefined),
    month_name: (text: Raw, short: number) =>
      (calendar.monthNames[calendar.fromDays(moment(text).days).month - 1] ?? '').slice(0, short === 1 ? 3 : undefined),
    date_of: (text: Raw) => formatDate(moment(text).days),
    /** TO_CHAR of what it is given: a number by a pattern of digits, else a moment. */
    to_char: (value: Raw, pattern: string, style: string) =>
      typeof value === 'number' ? numberPattern(value, pattern) : formatPattern(moment(value), pattern, style),
    date_name: (unit: string, text: Raw) => {
      const days = moment(text).days;
      if (/^(mm?|month)$/i.test(unit)) return calendar.monthNames[calendar.fromDays(days).month - 1];
      if (/^(dw|w|weekday)$/i.test(unit)) return calendar.dayNames[calendar.dayOfWeek(days)];
      return String(part(/^y/i.test(unit) ? 'year' : /^q/i.test(unit) ? 'quarter' : /^h/i.test(unit) ? 'hour' : 'day', text));
    },
    time_slice: slice,
    from_days: (days: number) => formatDate(days),
    shift_zone: (text: Raw, from: string, to: string) => {
      const at = moment(text);
      const utc = toMoment(at.days, at.micros - zoneShift(from, at, true) * 60_000_000);
      return formatMoment(toMoment(utc.days, utc.micros + zoneShift(to, utc, false) * 60_000_000));
    },
    /** A moment in a pattern, in the time of a zone, whose name and offset `%Z` and `%z` write. */
    format_in_zone: (text: Raw, pattern: string, zone: string) => {
      const at = moment(text);
      const minutes = zoneShift(zone, at, false);
      const written = pattern
        .replace(/%E?z/g, (word) => zoneOffset(minutes, word === '%Ez'))
        .replace(/%Z/g, `UTC${zoneOffset(minutes, false).replace(/00$/, '')}`);
      return formatPattern(toMoment(at.days, at.micros + minutes * 60_000_000), written, 'strftime');
    },
    zone_offset: (text: Raw, zone: string) => zoneOffset(zoneShift(zone, moment(text), false), true).replace(/:00$/, ''),
    age,
    trunc_time: (unit: string, text: string) => {
      const micros = calendar.parseClock(text) ?? fail(`'${text}' is not a time`);
      return calendar.formatClock(micros - (micros % (calendar.clockUnits[unit] ?? 1)));
    },
    add_time: (unit: string, amount: number, text: string) => {
      const micros =
        (calendar.parseClock(text) ?? fail(`'${text}' is not a time`)) +
        amount * (calendar.clockUnits[unit] ?? fail(`'${unit}' is not a part of a time`));
      return calendar.formatClock(toMoment(0, micros).micros);
    },
    diff_time: (unit: string, from: string, to: string) => {
      const width = calendar.clockUnits[unit] ?? fail(`'${unit}' is not a part of a time`);
      return Math.floor((calendar.parseClock(to) ?? 0) / width) - Math.floor((calendar.parseClock(from) ?? 0) / width);
    },
    format_date: (text: Raw, pattern: string, style: string) => formatPattern(moment(text), pattern, style),
    parse_date: (text: string, pattern: string, style: string, kind: string, safe: number) => {
      const found = parsePattern(text, pattern, style);
      if (found === undefined) return safe === 1 ? null : fail(`'${text}' does not match the format '${pattern}'`);
      return kind === 'time' ? calendar.formatClock(found.micros) : as(found, kind);
    },
    interval_add: (text: Raw, interval: string, sign: number, kind: string) => {
      const at = moment(text);
      const { months, days, micros } = readInterval(interval);
      return as(toMoment(calendar.addMonths(at.days, months * sign) + days * sign, at.micros + micros * sign), kind);
    },
    interval_sum: (a: string, b: string, sign: number) => {
      const [x, y] = [readInterval(a), readInterval(b)];
      return writeInterval({ months: x.months + y.months * sign, days: x.days + y.days * sign, micros: x.micros + y.micros * sign });
    },
    interval_times: (text: string, factor: number) => {
      const { months, days, micros } = readInterval(text);
      const wholeMonthsPart = Math.trunc(months * factor);
      const allDays = days * factor + (months * factor - wholeMonthsPart) * 30;
      return writeInterval({
        months: wholeMonthsPart,
        days: Math.trunc(allDays),
        micros: Math.round(micros * factor + (allDays - Math.trunc(allDays)) * calendar.microsPerDay),
      });
    },
    interval_between: (later: Raw, earlier: Raw) => {
      const [a, b] = [moment(later), moment(earlier)];
      const micros = (a.days - b.days) * calendar.microsPerDay + a.micros - b.micros;
      const days = Math.trunc(micros / calendar.microsPerDay);
      return writeInterval({ months: 0, days, micros: micros - days * calendar.microsPerDay });
    },
    date_series: (from: Raw, until: Raw, step: string, kind: string, open: number) => {
      const { months, days, micros } = readInterval(step);
      const forward = months > 0 || days > 0 || micros > 0;
      if (months === 0 && days === 0 && micros === 0) fail('the step of a series must not be zero');
      const end = moment(until);
      const start = moment(from);
      const items: string[] = [];
      for (let i = 0; ; i++) {
        const at = toMoment(calendar.addMonths(start.days, months * i) + days * i, start.micros + micros * i);
        const order = at.days - end.days || at.micros - end.micros;
        if (forward ? order > 0 : order < 0) break;
        if (open === 1 && order === 0) break;
        items.push(as(at, kind));
        if (items.length > 1_000_000) fail('a series of more than a million dates is not built in a preview');
      }
      return JSON.stringify(items);
    },
    make_interval: (amount: number, unit: string) => parseInterval(String(amount), unit) ?? fail(`'${unit}' is not a unit of intervals`),
    parse_interval: (text: string, unit: string) => parseInterval(text, unit) ?? fail(`'${text}' is not an interval`),
    format_interval: (text: string) => formatInterval(text),
    justify: (text: string, which: string) => justify(text, which),
    interval_micros: (text: string) => intervalMicros(text),
    trunc_interval: (unit: string, text: string) => truncateInterval(unit, text),
    bucket_date: (text: Raw, width: string, origin: Raw, kind: string) => bucketOf(text, width, origin, kind),
  }),
  ...lenient({
    overlaps: (a: Raw, b: Raw, c: Raw, d: Raw) => overlaps(a, b, c, d),
  }),
};

/** `+02:00` or `+0200`. */
function zoneOffset(minutes: number, colon: boolean): string {
  const size = Math.abs(minutes);
  const hours = String(Math.floor(size / 60)).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${hours}${colon ? ':' : ''}${String(size % 60).padStart(2, '0')}`;
}

/** Minutes east of UTC that a zone has at a moment given in UTC, or in the zone's own time when `local`. */
export function zoneShift(zone: string, at: calendar.Moment, local: boolean): number {
  const name = zone.trim();
  if (/^(utc|gmt|z|zulu)$/i.test(name) || name === '') return 0;
  if (/^[+-]/.test(name)) return calendar.zoneMinutes(name);
  const offset = (milliseconds: number): number => {
    let parts: Intl.DateTimeFormatPart[];
    try {
      parts = formatterOf(name).formatToParts(new Date(milliseconds));
    } catch {
      return fail(`'${zone}' is not a time zone`);
    }
    const value = (type: string): number => Number(parts.find((found) => found.type === type)?.value ?? 0);
    const days = calendar.toDays(value('year'), value('month'), value('day'));
    return Math.round(
      (days * 86_400_000 +
        (value('hour') % 24) * 3_600_000 +
        value('minute') * 60_000 +
        value('second') * 1000 -
        Math.floor(milliseconds / 1000) * 1000) /
        60_000,
    );
  };
  const milliseconds = at.days * 86_400_000 + at.micros / 1000;
  const first = offset(milliseconds);
  return local ? offset(milliseconds - first * 60_000) : first;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  let found = formatters.get(zone);
  if (found === undefined) {
    found = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      hourCycle: 'h23',
    });
    formatters.set(zone, found);
  }
  return found;
}
