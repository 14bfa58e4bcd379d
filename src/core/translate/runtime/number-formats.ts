import * as calendar from './calendar.ts';
import { formatDecimal } from './casts.ts';
import { formatPattern } from './date-formats.ts';
import { fail, type Raw } from './function.ts';

const shortUnits = ['', 'K', 'M', 'B', 'T', 'Q'];

/** A number with a unit of thousands, as Trino's FORMAT_NUMBER writes it. */
export function formatShort(value: number): string {
  let size = Math.abs(value);
  let unit = 0;
  while (size >= 1000 && unit < shortUnits.length - 1) [size, unit] = [size / 1000, unit + 1];
  const digits = size < 10 ? 2 : size < 100 ? 1 : 0;
  return `${value < 0 ? '-' : ''}${Number(size.toFixed(digits))}${shortUnits[unit] ?? ''}`;
}

/** A number by a pattern of digits as Java, Spark and .NET share them: `#,##0.00`, `000`, `##.#`. */
export function digitPattern(value: number, pattern: string): string {
  const [, before = '', body = '', after = ''] = /^([^#0,.]*)([#0,.-]*)(.*)$/.exec(pattern) ?? [];
  if (body.includes('-')) {
    let digits = String(Math.round(Math.abs(value)));
    let text = '';
    for (const slot of [...body].reverse()) {
      if (slot === '#' || slot === '0') {
        text = (digits.at(-1) ?? (slot === '0' ? '0' : '')) + text;
        digits = digits.slice(0, -1);
      } else text = (digits === '' ? '' : slot) + text;
    }
    return before + (value < 0 ? '-' : '') + digits + text + after;
  }
  const percent = after.startsWith('%') ? 100 : 1;
  const [whole = '', fraction = ''] = body.split('.');
  const fixed = formatDecimal(Math.abs(value * percent), fraction.length);
  const [digits = '0', behind = ''] = fixed.split('.');
  const least = (whole.match(/0/g) ?? []).length;
  let shown = digits === '0' && least === 0 && fraction !== '' ? '' : digits.padStart(least, '0');
  if (whole.includes(',')) shown = shown.replace(/\B(?=(\d{3})+$)/g, ',');
  const kept = fraction.lastIndexOf('0') + 1;
  let tail = behind;
  while (tail.length > kept && tail.endsWith('0')) tail = tail.slice(0, -1);
  const sign = value < 0 && Number(fixed) !== 0 ? '-' : '';
  return `${sign}${before}${shown}${tail === '' ? '' : `.${tail}`}${after}`;
}

/** Digits in groups of three before the point. */
export const grouped = (text: string): string =>
  text.replace(/^(-?)(\d+)/, (_all, sign: string, digits: string) => sign + digits.replace(/\B(?=(\d{3})+$)/g, ','));

/** .NET's standard formats of dates by one letter. */
const standardDates: Readonly<Record<string, string>> = {
  d: 'M/d/yyyy',
  D: 'dddd, MMMM d, yyyy',
  f: 'dddd, MMMM d, yyyy h:mm tt',
  F: 'dddd, MMMM d, yyyy h:mm:ss tt',
  g: 'M/d/yyyy h:mm tt',
  G: 'M/d/yyyy h:mm:ss tt',
  m: 'MMMM d',
  M: 'MMMM d',
  o: "yyyy-MM-dd'T'HH:mm:ss.fffffff",
  O: "yyyy-MM-dd'T'HH:mm:ss.fffffff",
  s: "yyyy-MM-dd'T'HH:mm:ss",
  t: 'h:mm tt',
  T: 'h:mm:ss tt',
  u: "yyyy-MM-dd HH:mm:ss'Z'",
  y: 'MMMM yyyy',
  Y: 'MMMM yyyy',
};

/** T-SQL's FORMAT of a number or a date, in the culture of the United States. */
export function formatDotnet(value: Raw, pattern: string): string {
  if (typeof value !== 'number') {
    const at = calendar.parseMoment(String(value), true) ?? fail(`'${value}' is not a date or number`);
    return formatPattern(at, standardDates[pattern] ?? pattern, 'dotnet');
  }
  const standard = /^([CDEFGNPX])(\d*)$/i.exec(pattern);
  if (standard === null) return digitPattern(value, pattern);
  const digits = standard[2] === '' ? undefined : Number(standard[2]);
  switch ((standard[1] ?? '').toUpperCase()) {
    case 'C':
      return `${value < 0 ? '-' : ''}$${grouped(formatDecimal(Math.abs(value), digits ?? 2))}`;
    case 'D':
      return `${value < 0 ? '-' : ''}${String(Math.abs(Math.trunc(value))).padStart(digits ?? 0, '0')}`;
    case 'F':
      return formatDecimal(value, digits ?? 2);
    case 'N':
      return grouped(formatDecimal(value, digits ?? 2));
    case 'P':
      return `${grouped(formatDecimal(value * 100, digits ?? 2))}%`;
    case 'X':
      return Math.trunc(value)
        .toString(16)
        [(standard[1] ?? 'X') === 'X' ? 'toUpperCase' : 'toLowerCase']()
        .padStart(digits ?? 0, '0');
    case 'G':
      return String(value);
    default:
      return fail(`the format '${pattern}' is not known here`);
  }
}
