import { raise } from './errors.ts';
import type { DateTime } from './python-datetime.ts';
import { offsetText } from './python-zone.ts';
import { stringRepr } from './repr.ts';

const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const monthNames = [
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
const dayLength = 86_400_000;

/** Days since the first of January. */
function dayOfYear(date: Date): number {
  const start = new Date(date);
  start.setUTCMonth(0, 1);
  start.setUTCHours(0, 0, 0, 0);
  return Math.floor((date.getTime() - start.getTime()) / dayLength);
}

function isoWeek(date: Date): { year: number; week: number } {
  const thursday = new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * dayLength);
  return { year: thursday.getUTCFullYear(), week: Math.floor(dayOfYear(thursday) / 7) + 1 };
}

/** Python's `strftime`, in the C locale. */
export function formatTime(time: DateTime, format: string): string {
  const { date } = time;
  const year = date.getUTCFullYear();
  return format.replace(/%([-_0^#]?)([a-zA-Z%])/g, (match, flag: string, code: string) => {
    const number = (value: number, width = 2, fill = '0'): string =>
      flag === '-' ? String(value) : String(value).padStart(width, flag === '_' ? ' ' : fill);
    const text = (value: string): string => (flag === '^' ? value.toUpperCase() : value);
    switch (code) {
      case 'Y':
        return String(year);
      case 'g':
        return number(isoWeek(date).year % 100);
      case 'G':
        return String(isoWeek(date).year);
      case 'C':
        return number(Math.floor(year / 100));
      case 'y':
        return number(year % 100);
      case 'm':
        return number(date.getUTCMonth() + 1);
      case 'd':
        return number(date.getUTCDate());
      case 'e':
        return number(date.getUTCDate(), 2, ' ');
      case 'H':
        return number(date.getUTCHours());
      case 'k':
        return number(date.getUTCHours(), 2, ' ');
      case 'I':
        return number(date.getUTCHours() % 12 || 12);
      case 'l':
        return number(date.getUTCHours() % 12 || 12, 2, ' ');
      case 'M':
        return number(date.getUTCMinutes());
      case 'S':
        return number(date.getUTCSeconds());
      case 'f':
        return String(time.micro).padStart(6, '0');
      case 's':
        return String(Math.floor(date.getTime() / 1000));
      case 'p':
        return date.getUTCHours() < 12 ? 'AM' : 'PM';
      case 'P':
        return date.getUTCHours() < 12 ? 'am' : 'pm';
      case 'A':
        return text(dayNames[date.getUTCDay()] ?? '');
      case 'a':
        return text((dayNames[date.getUTCDay()] ?? '').slice(0, 3));
      case 'B':
        return text(monthNames[date.getUTCMonth()] ?? '');
      case 'b':
      case 'h':
        return text((monthNames[date.getUTCMonth()] ?? '').slice(0, 3));
      case 'j':
        return number(dayOfYear(date) + 1, 3);
      case 'w':
        return String(date.getUTCDay());
      case 'u':
        return String(date.getUTCDay() || 7);
      case 'U':
        return number(Math.floor((dayOfYear(date) + 7 - date.getUTCDay()) / 7));
      case 'W':
        return number(Math.floor((dayOfYear(date) + 7 - ((date.getUTCDay() + 6) % 7)) / 7));
      case 'V':
        return number(isoWeek(date).week);
      case 'z':
        return time.offset === undefined ? '' : offsetText(time.offset, '');
      case 'Z':
        return time.zone?.abbreviation(Number(time.instant / 1000n)) ?? '';
      case 'F':
        return formatTime(time, '%Y-%m-%d');
      case 'D':
      case 'x':
        return formatTime(time, '%m/%d/%y');
      case 'T':
      case 'X':
        return formatTime(time, '%H:%M:%S');
      case 'R':
        return formatTime(time, '%H:%M');
      case 'r':
        return formatTime(time, '%I:%M:%S %p');
      case 'c':
        return formatTime(time, '%a %b %e %H:%M:%S %Y');
      case 'n':
        return '\n';
      case 't':
        return '\t';
      case '%':
        return '%';
      default:
        return match;
    }
  });
}

const directives: Readonly<Record<string, string>> = {
  Y: '(\\d{4})',
  m: '(1[0-2]|0[1-9]|[1-9])',
  d: '(3[01]|[12]\\d|0[1-9]|[1-9]| [1-9])',
  H: '(2[0-3]|[01]\\d|\\d)',
  I: '(1[0-2]|0[1-9]|[1-9])',
  M: '([0-5]\\d|\\d)',
  S: '(6[01]|[0-5]\\d|\\d)',
  f: '(\\d{1,6})',
  y: '(\\d{2})',
  b: `(${monthNames.map((name) => name.slice(0, 3)).join('|')})`,
  B: `(${monthNames.join('|')})`,
  a: `(${dayNames.map((name) => name.slice(0, 3)).join('|')})`,
  A: `(${dayNames.join('|')})`,
  p: '(AM|PM)',
  j: '(36[0-6]|3[0-5]\\d|[12]\\d\\d|0[1-9]\\d|00[1-9]|[1-9]\\d|0[1-9]|[1-9])',
  z: '([+-]\\d{2}:?\\d{2}|Z)',
  Z: '(UTC|GMT)',
};

/** What `strptime` reads: year, month, day, hour, minute, second, microsecond, and the offset as written. */
export interface ParsedTime {
  readonly parts: readonly number[];
  readonly zone: string | undefined;
}

/** Python's `datetime.strptime`. */
export function parseTime(text: string, format: string): ParsedTime {
  const codes: string[] = [];
  const pattern = format
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/\s+/g, '\\s+')
    .replace(/%([a-zA-Z%])/g, (_match, code: string) => {
      if (code === '%') return '%';
      codes.push(code);
      return directives[code] ?? raise('ValueError', `'${code}' is a bad directive in format '${format}'`);
    });
  const match = new RegExp(`^${pattern}`, 'i').exec(text);
  if (!match) raise('ValueError', `time data ${stringRepr(text)} does not match format ${stringRepr(format)}`);
  if (match[0].length < text.length) raise('ValueError', `unconverted data remains: ${text.slice(match[0].length)}`);
  const found = new Map(codes.map((code, i) => [code, match[i + 1] ?? '']));
  const number = (code: string, otherwise: number): number => (found.has(code) ? Number(found.get(code)) : otherwise);
  const short = found.get('y');
  const year = short === undefined ? number('Y', 1900) : Number(short) + (Number(short) < 69 ? 2000 : 1900);
  const monthName = found.get('b') ?? found.get('B');
  let month =
    monthName === undefined
      ? number('m', 1)
      : monthNames.findIndex((name) => name.slice(0, 3).toLowerCase() === monthName.slice(0, 3).toLowerCase()) + 1;
  let day = number('d', 1);
  const ordinal = found.get('j');
  if (ordinal !== undefined) {
    const date = new Date(Date.UTC(year, 0, Number(ordinal)));
    month = date.getUTCMonth() + 1;
    day = date.getUTCDate();
  }
  let hour = number('H', 0);
  if (found.has('I')) hour = (number('I', 0) % 12) + (found.get('p')?.toUpperCase() === 'PM' ? 12 : 0);
  const micro = Number((found.get('f') ?? '').padEnd(6, '0'));
  return { parts: [year, month, day, hour, number('M', 0), number('S', 0), micro], zone: found.get('z') };
}
