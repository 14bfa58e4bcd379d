import * as calendar from '../runtime/calendar.ts';
import { formatPattern } from '../runtime/date-formats.ts';
import { lenient, type Raw, type RuntimeFunctions } from '../runtime/function.ts';

const { microsPerDay, toMoment } = calendar;

/** Days from noon of the first Julian day to the first of January 1970. */
const julianOffset = 2440587.5;

/** What SQLite's date functions take for a moment; undefined where that is none, and they give NULL. */
function readMoment(value: Raw, isSeconds: boolean): calendar.Moment | undefined {
  const text = String(value).trim();
  if (typeof value === 'number' || /^[+-]?\d+(\.\d+)?$/.test(text)) {
    const number = Number(text);
    if (isSeconds) return toMoment(0, Math.round(number * 1_000_000));
    if (number < 0 || number >= 5373484.5) return undefined;
    return toMoment(0, Math.round((number - julianOffset) * 86_400_000) * 1000);
  }
  const clock = /^(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)$/.exec(text)?.[1];
  if (clock !== undefined) {
    const micros = calendar.parseClock(clock.length === 5 ? `${clock}:00` : clock);
    return micros === undefined ? undefined : { days: calendar.toDays(2000, 1, 1), micros };
  }
  return /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?\s*(Z|[+-]\d\d:\d\d)?$/.test(text) ? calendar.parseMoment(text) : undefined;
}

const widths: Readonly<Record<string, number>> = { day: microsPerDay, hour: 3_600_000_000, minute: 60_000_000, second: 1_000_000 };

/** Months as SQLite adds them: a day that the month has not runs over into the next. */
function addMonths(at: calendar.Moment, months: number): calendar.Moment {
  const { year, month, day } = calendar.fromDays(at.days);
  const index = year * 12 + month - 1 + months;
  return { days: calendar.toDays(Math.floor(index / 12), (index % 12) + 1, 1) + day - 1, micros: at.micros };
}

function modify(at: calendar.Moment, modifier: string): calendar.Moment | undefined {
  const word = modifier.trim().toLowerCase();
  const { year, month } = calendar.fromDays(at.days);
  switch (word) {
    case 'start of day':
      return { days: at.days, micros: 0 };
    case 'start of month':
      return { days: calendar.toDays(year, month, 1), micros: 0 };
    case 'start of year':
      return { days: calendar.toDays(year, 1, 1), micros: 0 };
    case 'unixepoch':
    case 'auto':
    case 'julianday':
    case 'utc':
    case 'localtime':
    case 'subsec':
    case 'subsecond':
      // Every moment is in UTC here.
      return at;
  }
  const weekday = /^weekday ([0-6])$/.exec(word)?.[1];
  if (weekday !== undefined) return { days: at.days + ((Number(weekday) - calendar.dayOfWeek(at.days) + 7) % 7), micros: at.micros };
  const [, amount = '', unit] = /^([+-]?\d+(?:\.\d+)?) ?(year|month|day|hour|minute|second)s?$/.exec(word) ?? [];
  if (unit === undefined) return undefined;
  if (unit === 'month' || unit === 'year') return addMonths(at, Math.trunc(Number(amount)) * (unit === 'year' ? 12 : 1));
  return toMoment(at.days, at.micros + Math.round(Number(amount) * (widths[unit] ?? 0)));
}

function momentOf(args: readonly Raw[]): calendar.Moment | undefined {
  const [value = null, ...modifiers] = args;
  if (value === null || modifiers.includes(null)) return undefined;
  let at = readMoment(
    value,
    modifiers.some((modifier) => /^(unixepoch|auto)$/i.test(String(modifier))),
  );
  for (const modifier of modifiers) at = at === undefined ? undefined : modify(at, String(modifier));
  return at;
}

const inSeconds = (at: calendar.Moment): number => at.days * 86_400 + at.micros / 1_000_000;
const julian = (at: calendar.Moment): number => at.days + julianOffset + at.micros / microsPerDay;

function format(pattern: string, at: calendar.Moment): string {
  return pattern.replace(/%(.)/g, (all, code: string) => {
    if (code === 'f') return (Math.floor((at.micros % 60_000_000) / 1000) / 1000).toFixed(3).padStart(6, '0');
    if (code === 's') return String(Math.floor(inSeconds(at)));
    if (code === 'J') return String(julian(at));
    if (code === 'P') return formatPattern(at, '%p', 'strftime').toLowerCase();
    return code === '%' ? '%' : formatPattern(at, all, 'strftime');
  });
}

const given =
  (run: (at: calendar.Moment) => Raw) =>
  (...args: Raw[]): Raw => {
    const at = momentOf(args);
    return at === undefined ? null : run(at);
  };

/** SQLite's date functions, for models in its dialect that another engine runs. */
export const sqliteDates: RuntimeFunctions = lenient({
  sqlite_date: given((at) => calendar.formatDate(at.days)),
  sqlite_time: given((at) => calendar.formatClock(Math.floor(at.micros / 1_000_000) * 1_000_000)),
  sqlite_datetime: given((at) => calendar.formatMoment({ days: at.days, micros: Math.floor(at.micros / 1_000_000) * 1_000_000 })),
  sqlite_julianday: given(julian),
  sqlite_unixepoch: given((at) => Math.floor(inSeconds(at))),
  sqlite_strftime: (pattern: Raw, ...args: Raw[]) => {
    const at = momentOf(args);
    return at === undefined || pattern === null ? null : format(String(pattern), at);
  },
});
