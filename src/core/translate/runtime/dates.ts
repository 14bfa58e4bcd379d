import * as calendar from './calendar.ts';
import { numberPattern } from './casts.ts';
import { formatPattern, parsePattern } from './date-formats.ts';
import { fail, lenient, type Raw, type RuntimeFunctions, strict } from './function.ts';
import { formatInterval, parseInterval, readInterval, writeInterval } from './interval.ts';
import { add, as, difference, epoch, lastDay, moment, monthsBetween, part, truncate, weekdayOf } from './moments.ts';
import { age, bucketOf, formatTrinoInterval, intervalMicros, justify, overlaps, slice, truncateInterval } from './spans-of-time.ts';
import { zoneOffset, zoneShift } from './zones.ts';

const { formatDate, formatMoment, toMoment } = calendar;

/** Snowflake's text without a format: whole numbers are seconds, milliseconds, microseconds or nanoseconds by their size. */
function snowflakeMoment(text: string, kind: string, safe: number): string | null {
  const trimmed = text.trim();
  if (/^-?\d+$/.test(trimmed)) {
    const size = Math.abs(Number(trimmed));
    const per = size < 31_536_000_000 ? 1 : size < 31_536_000_000_000 ? 1e3 : size < 31_536_000_000_000_000 ? 1e6 : 1e9;
    const found = epoch(Number(trimmed), per);
    return kind === 'date' ? found.slice(0, 10) : found;
  }
  const found = calendar.parseMoment(text, true);
  if (found === undefined) return safe === 1 ? null : fail(`'${text}' is not a ${kind}`);
  return as(found, kind);
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
    epoch_scaled: (value: number, scale: number) => epoch(Math.trunc(value), 10 ** scale),
    snowflake_moment: (text: string, kind: string, safe: number) => snowflakeMoment(text, kind, safe),
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
      const names: readonly (readonly [RegExp, string])[] = [
        [/^(y{2,4}|year)$/i, 'year'],
        [/^(qq?|quarter)$/i, 'quarter'],
        [/^(dy|y|dayofyear)$/i, 'dayofyear'],
        [/^(wk|ww|week)$/i, 'week.sunday1'],
        [/^(isowk|isoww|iso_week)$/i, 'isoweek'],
        [/^(hh|hour)$/i, 'hour'],
        [/^(mi|n|minute)$/i, 'minute'],
        [/^(ss|s|second)$/i, 'second'],
        [/^(ms|millisecond)$/i, 'millisecond'],
        [/^(dd?|day)$/i, 'day'],
      ];
      const found = names.find(([pattern]) => pattern.test(unit));
      return found === undefined ? fail(`'${unit}' is not a part of a date`) : String(part(found[1], text));
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
      const found = parsePattern(text, pattern, style, safe === 2);
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
    format_interval_trino: (text: string) => formatTrinoInterval(text),
    justify: (text: string, which: string) => justify(text, which),
    interval_micros: (text: string) => intervalMicros(text),
    trunc_interval: (unit: string, text: string) => truncateInterval(unit, text),
    bucket_date: (text: Raw, width: string, origin: Raw, kind: string) => bucketOf(text, width, origin, kind),
  }),
  ...lenient({
    overlaps: (a: Raw, b: Raw, c: Raw, d: Raw) => overlaps(a, b, c, d),
  }),
};
