import { clockUnits, formatClock, microsPerDay } from './calendar.ts';

/** An interval as PostgreSQL keeps it; stored as `months|days|microseconds`. */
export interface Interval {
  readonly months: number;
  readonly days: number;
  readonly micros: number;
}

export function writeInterval(interval: Interval): string {
  return `${interval.months + 0}|${interval.days + 0}|${interval.micros + 0}`;
}

export function readInterval(text: string): Interval {
  const [months = 0, days = 0, micros = 0] = text.split('|').map(Number);
  return { months, days, micros };
}

const unitNames: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'year years y yr yrs yy yyyy',
    'quarter quarters qtr qtrs q qq',
    'month months mon mons mm',
    'week weeks w wk ww',
    'day days d dd',
    'hour hours h hr hrs hh',
    'minute minutes m min mins mi n',
    'second seconds s sec secs ss',
    'millisecond milliseconds ms msec msecs',
    'microsecond microseconds us usec mcs',
    'decade decades',
    'century centuries',
  ].flatMap((line) => line.split(' ').map((word) => [word, line.split(' ')[0] ?? word])),
);

const monthUnits: Readonly<Record<string, number>> = { year: 12, quarter: 3, month: 1, decade: 120, century: 1200 };

function scaled(amount: number, unit: string): Interval | undefined {
  const name = unitNames[unit.toLowerCase()];
  if (name === undefined) return undefined;
  const months = monthUnits[name];
  if (months !== undefined) {
    const whole = Math.trunc(amount * months);
    const days = (amount * months - whole) * 30;
    return { months: whole, days: Math.trunc(days), micros: Math.round((days - Math.trunc(days)) * microsPerDay) };
  }
  if (name === 'day' || name === 'week') {
    const days = amount * (name === 'week' ? 7 : 1);
    return { months: 0, days: Math.trunc(days), micros: Math.round((days - Math.trunc(days)) * microsPerDay) };
  }
  return { months: 0, days: 0, micros: Math.round(amount * (clockUnits[name] ?? 0)) };
}

/** Reads the text of an interval literal, with the unit that stands outside of it when there is one; undefined when it is none. */
export function parseInterval(text: string, unit: string): string | undefined {
  const trimmed = text.trim();
  const iso = /^(-?)P(?=.)(?:([\d.]+)Y)?(?:([\d.]+)M)?(?:([\d.]+)W)?(?:([\d.]+)D)?(?:T(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?$/.exec(
    trimmed,
  );
  if (iso !== null) {
    const names = ['year', 'month', 'week', 'day', 'hour', 'minute', 'second'];
    const parts = names.map((name, i) => scaled(Number(iso[i + 2] ?? 0) * (iso[1] === '-' ? -1 : 1), name));
    const sum = (of: keyof Interval): number => parts.reduce((total, part) => total + (part?.[of] ?? 0), 0);
    return writeInterval({ months: sum('months'), days: sum('days'), micros: sum('micros') });
  }
  const [first = '', last] = unit.split(' to ');
  if (last !== undefined) return parseRange(trimmed, first, last);
  if (/^[+-]?\d*\.?\d+$/.test(trimmed)) {
    const one = scaled(Number(trimmed), unit === '' ? 'second' : unit);
    return one && writeInterval(one);
  }
  const total = { months: 0, days: 0, micros: 0 };
  let rest = trimmed.replace(/^@\s*/, '').replace(/,/g, ' ');
  let negate = 1;
  if (/\bago$/i.test(rest)) {
    negate = -1;
    rest = rest.replace(/\bago$/i, '');
  }
  while (rest.trim() !== '') {
    const clock = /^\s*([+-]?)(\d+):(\d{1,2})(?::(\d{1,2}(?:\.\d+)?))?/.exec(rest);
    const amount = clock ? null : /^\s*([+-]?\s*\d*\.?\d+)\s*([A-Za-z]+)/.exec(rest);
    if (clock) {
      const micros = Math.round(((Number(clock[2]) * 60 + Number(clock[3])) * 60 + Number(clock[4] ?? 0)) * 1_000_000);
      total.micros += clock[1] === '-' ? -micros : micros;
    } else if (amount) {
      const found = scaled(Number((amount[1] ?? '').replace(/\s/g, '')), amount[2] ?? '');
      if (found === undefined) return undefined;
      total.months += found.months;
      total.days += found.days;
      total.micros += found.micros;
    } else return undefined;
    rest = rest.slice((clock ?? amount)?.[0].length ?? rest.length);
  }
  return writeInterval({ months: total.months * negate, days: total.days * negate, micros: total.micros * negate });
}

/** `interval '1-2' year to month`, `interval '1 02:03:04' day to second`. */
function parseRange(text: string, first: string, last: string): string | undefined {
  const order = ['year', 'month', 'day', 'hour', 'minute', 'second'];
  const [from, to] = [order.indexOf(unitNames[first] ?? ''), order.indexOf(unitNames[last] ?? '')];
  if (from === -1 || to === -1) return undefined;
  const sign = text.startsWith('-') ? -1 : 1;
  const parts = text.replace(/^[+-]/, '').split(/[-\s:]+/);
  if (parts.length !== to - from + 1) return undefined;
  const total = { months: 0, days: 0, micros: 0 };
  for (const [i, part] of parts.entries()) {
    const found = scaled(Number(part), order[from + i] ?? '');
    if (found === undefined || Number.isNaN(Number(part))) return undefined;
    total.months += found.months;
    total.days += found.days;
    total.micros += found.micros;
  }
  return writeInterval({ months: total.months * sign, days: total.days * sign, micros: total.micros * sign });
}

/** An interval as PostgreSQL and DuckDB print it: `1 year 2 mons 3 days 04:05:06`. */
export function formatInterval(text: string): string {
  const { months, days, micros } = readInterval(text);
  const parts: string[] = [];
  const years = Math.trunc(months / 12);
  if (years !== 0) parts.push(`${years} year${Math.abs(years) === 1 && years > 0 ? '' : 's'}`);
  if (months % 12 !== 0) parts.push(`${months % 12} mon${months % 12 === 1 ? '' : 's'}`);
  if (days !== 0) parts.push(`${days} day${days === 1 ? '' : 's'}`);
  if (micros !== 0 || parts.length === 0) parts.push(`${micros < 0 ? '-' : ''}${formatClock(Math.abs(micros))}`);
  return parts.join(' ');
}
