import { formatClock, formatDate, formatMoment, type Moment, parseClock, parseMoment, toMoment } from './calendar.ts';
import { fail, lenient, type Raw, type RuntimeFunctions, strict } from './function.ts';
import { parseInterval } from './interval.ts';
import { zoneShift } from './zones.ts';

/** How a dialect turns a fraction into an integer. */
export type Rounding = 'away' | 'even' | 'zero';

export function roundInteger(value: number, rounding: string): number {
  if (rounding === 'zero') return Math.trunc(value);
  if (rounding === 'even') {
    const floor = Math.floor(value);
    return value - floor === 0.5 ? (floor % 2 === 0 ? floor : floor + 1) : Math.round(value);
  }
  return Math.sign(value) * Math.round(Math.abs(value)) + 0;
}

/** The double nearest to a decimal with so many digits behind the point, halves away from zero in the decimal that was written. */
export function roundDecimal(value: number, scale: number, rounding = 'away'): number {
  if (!Number.isFinite(value) || scale > 17) return value;
  // The double as it is, and not the decimal that was written.
  if (rounding === 'exact' && Math.abs(value) < 1e21) return Math.sign(value) * Number(Math.abs(value).toFixed(scale)) + 0;
  const [mantissa = '0', exponent = '0'] = value.toExponential(14).split('e');
  const shifted = Number(`${Number(mantissa)}e${Number(exponent) + scale}`);
  if (Math.abs(shifted) >= 2 ** 53) return value;
  return Number(`${roundInteger(shifted, rounding)}e${-scale}`) + 0;
}

const numeric = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/;
const special = /^\s*([+-]?)(inf|infinity|nan)\s*$/i;

function toNumber(text: string): number | undefined {
  if (numeric.test(text)) return Number(text);
  const match = special.exec(text);
  return match ? (/nan/i.test(match[2] ?? '') ? Number.NaN : match[1] === '-' ? -Infinity : Infinity) : undefined;
}

const safely = (safe: number, message: string): null => (safe === 1 ? null : fail(message));

/** Text of a float as a dialect writes it: `point` gives whole numbers `.0`, as DuckDB does; `short` does not, as BigQuery. */
export function formatFloat(value: number, style: string): string {
  if (!Number.isFinite(value))
    return Number.isNaN(value)
      ? 'NaN'
      : style === 'point' || style === 'short'
        ? value < 0
          ? '-inf'
          : 'inf'
        : value < 0
          ? '-Infinity'
          : 'Infinity';
  if (style === 'snowflake') {
    // Nine digits behind the point, as Snowflake shows floats.
    const size = Math.abs(value);
    return size !== 0 && (size < 1e-9 || size >= 1e15) ? String(value) : String(Number(value.toFixed(9)));
  }
  if (style === 'java') {
    const size = Math.abs(value);
    if (size !== 0 && (size >= 1e7 || size < 1e-3))
      return value
        .toExponential()
        .replace(/e\+?/, 'E')
        .replace(/^(-?\d+)E/, '$1.0E');
    return Number.isInteger(value) ? `${value}.0` : String(value);
  }
  if (style === 'trino')
    return value
      .toExponential()
      .replace(/e\+?/, 'E')
      .replace(/^(-?\d+)E/, '$1.0E');
  if (Math.abs(value) >= 1e15 || (value !== 0 && Math.abs(value) < 1e-4)) return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  return style === 'point' && Number.isInteger(value) ? `${value}.0` : String(value + 0);
}

/** A number with exactly so many digits behind the point. */
export function formatDecimal(value: number, scale: number): string {
  return roundDecimal(value, scale)
    .toFixed(Math.min(scale, 20))
    .replace(/^-(0(?:\.0*)?)$/, '$1');
}

/** A time with the name of a zone behind it, as `2021-06-07 07:35:20 America/Los_Angeles`, in UTC. */
function inZone(text: string): Moment | undefined {
  const [, clock = '', zone = ''] = /^(.*\d)\s+([A-Za-z]+(?:\/[A-Za-z_]+)+)\s*$/.exec(text) ?? [];
  const local = clock === '' ? undefined : parseMoment(clock);
  return local && toMoment(local.days, local.micros - zoneShift(zone, local, true) * 60_000_000);
}

const trueWords = new Set(['true', 't', 'yes', 'y', 'on', '1']);
const falseWords = new Set(['false', 'f', 'no', 'n', 'off', '0']);

function toBoolean(text: string, safe: number, short: number): number | null {
  const word = text.trim().toLowerCase();
  if (short === 1 ? trueWords.has(word) : word === 'true') return 1;
  if (short === 1 ? falseWords.has(word) : word === 'false') return 0;
  return safely(safe, `'${text}' is not a boolean`);
}

export const castFunctions: RuntimeFunctions = {
  ...strict({
    round_integer: (value: number, rounding: string) => roundInteger(value, rounding),
    text_integer: (text: string, rounding: string, safe: number) => {
      if (/^\s*[+-]?\d+\s*$/.test(text)) return Number(text);
      const value = rounding === 'none' ? undefined : toNumber(text);
      return value === undefined ? safely(safe, `'${text}' is not an integer`) : roundInteger(value, rounding);
    },
    text_number: (text: Raw, safe: number) =>
      typeof text === 'number' ? text : (toNumber(String(text)) ?? safely(safe, `'${text}' is not a number`)),
    text_decimal: (text: string, scale: number, safe: number) => {
      const value = toNumber(text);
      return value === undefined ? safely(safe, `'${text}' is not a number`) : roundDecimal(value, scale);
    },
    prefix_number: (text: Raw) => Number(/^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?/.exec(String(text))?.[0] ?? 0),
    round_decimal: (value: number, scale: number, rounding: string) => roundDecimal(value, scale, rounding),
    significant: (value: number) => Number(value.toPrecision(15)),
    check_decimal: (value: number, digits: number, safe: number) =>
      Math.abs(value) >= 10 ** digits ? safely(safe, `${value} has more than ${digits} digits before the point`) : value,
    text_boolean: toBoolean,
    text_date: (text: Raw, safe: number, liberal: number) => {
      const found = parseMoment(String(text), liberal === 1);
      return found === undefined ? safely(safe, `'${text}' is not a date`) : formatDate(found.days);
    },
    text_timestamp: (text: Raw, safe: number, liberal: number) => {
      if (liberal === 1 && /^\s*-?\d{9,}\s*$/.test(String(text))) {
        const seconds = Number(text);
        const per = Math.abs(seconds) < 31_536_000_000 ? 1 : Math.abs(seconds) < 31_536_000_000_000 ? 1000 : 1_000_000;
        const micros = Math.round((seconds / per) * 1_000_000);
        const days = Math.floor(micros / 86_400_000_000);
        return formatMoment({ days, micros: micros - days * 86_400_000_000 });
      }
      const found = parseMoment(String(text), liberal === 1) ?? inZone(String(text));
      return found === undefined ? safely(safe, `'${text}' is not a timestamp`) : formatMoment(found);
    },
    text_clock: (text: Raw, safe: number, liberal: number) => {
      const without = String(text).replace(
        /(:\d{2}(?:\.\d+)?)\s*(?:Z|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?|[A-Za-z]+(?:\/[A-Za-z_]+)+)\s*$/i,
        '$1',
      );
      const found = parseMoment(without, liberal === 1);
      return found === undefined ? castFunctions.text_timestamp?.run(text, safe, liberal) : formatMoment(found);
    },
    text_time: (text: Raw, safe: number) => {
      const found = parseClock(String(text));
      return found === undefined ? safely(safe, `'${text}' is not a time`) : formatClock(found);
    },
    text_interval: (text: string, safe: number) => parseInterval(text, '') ?? safely(safe, `'${text}' is not an interval`),
    float_text: formatFloat,
    decimal_text: formatDecimal,
    cut_seconds: (text: Raw, digits: number) => {
      const found = parseMoment(String(text), true) ?? fail(`'${text}' is not a timestamp`);
      const unit = 10 ** (6 - digits);
      return formatMoment({ days: found.days, micros: Math.round(found.micros / unit) * unit });
    },
    varchar: (text: string, length: number) => (text.length > length ? [...text].slice(0, length).join('') : text),
    varchar_checked: (text: string, length: number, safe: number) =>
      [...text].length > length ? safely(safe, `'${text}' is longer than ${length} characters`) : text,
    char: (text: string, length: number) => (text.length > length ? text.slice(0, length) : text),
    format_number: (value: number, digits: number) =>
      formatDecimal(value, digits).replace(
        /^(-?)(\d+)/,
        (_all, sign: string, whole: string) => sign + whole.replace(/\B(?=(\d{3})+$)/g, ','),
      ),
    number_pattern: numberPattern,
    /** TO_NUMBER by a pattern, which only tells hexadecimal digits from others here. */
    formatted_number: (text: Raw, pattern: string, safe: number) => {
      if (/^x+$/i.test(pattern.trim())) {
        const digits = String(text).trim();
        if (!/^[0-9a-f]+$/i.test(digits) || digits.length > pattern.trim().length)
          return safely(safe, `'${text}' is not a number in the format '${pattern}'`);
        return Number.parseInt(digits, 16);
      }
      const value = toNumber(
        String(text)
          .replace(/[$,\s]/g, '')
          .replace(/^[(<](.*)[)>]$/, '-$1')
          .replace(/^(.*)-$/, '-$1'),
      );
      return value === undefined ? safely(safe, `'${text}' is not a number`) : value;
    },
    pattern_number: (text: Raw, safe: number) => {
      if (typeof text === 'number') return text;
      const value = toNumber(
        String(text)
          .replace(/[$,\s]/g, '')
          .replace(/^\((.*)\)$/, '-$1')
          .replace(/^(.*)-$/, '-$1'),
      );
      return value === undefined ? safely(safe, `'${text}' is not a number`) : value;
    },
    to_radix: (value: number, radix: number) => Math.trunc(value).toString(radix),
  }),
  ...lenient({
    raise: (message: Raw) => fail(String(message)),
  }),
};

/** TO_CHAR of a number: `9`, `0`, `.`, `,`, `FM`, `$`, `MI`, `S` of PostgreSQL, Snowflake and Oracle. */
export function numberPattern(value: number, pattern: string): string {
  const fill = /^FM/i.test(pattern);
  const body = pattern.replace(/^FM/i, '');
  const [whole = '', fraction = ''] = body.split(/[.D]/i);
  const places = (fraction.match(/[09]/g) ?? []).length;
  const rounded = formatDecimal(Math.abs(value), places);
  const [digits = '0', behind = ''] = rounded.split('.');
  const slots = (whole.match(/[09]/g) ?? []).length;
  if (digits.length > slots && !(digits === '0'))
    return '#'
      .repeat(slots + (places > 0 ? places + 1 : 0))
      .padStart(body.length + 1, ' ')
      .trim();
  const firstZero = whole.replace(/[^09]/g, '').indexOf('0');
  const least = firstZero === -1 ? 0 : slots - firstZero;
  const shown = (digits === '0' && least === 0 ? (places > 0 ? '' : '0') : digits).padStart(least, '0');
  let text = '';
  let at = shown.length - 1;
  for (const slot of [...whole].reverse()) {
    if (slot === '9' || slot === '0') {
      text = (at >= 0 ? shown[at] : fill ? '' : ' ') + text;
      at--;
    } else if (slot === ',' || slot === 'G' || slot === 'g') text = (at >= 0 ? ',' : fill ? '' : ' ') + text;
    else if (slot === '$' || slot === 'L') text = `$${text.trimStart()}`;
  }
  let tail = places > 0 ? `.${behind}` : '';
  if (fill && places > 0) {
    const fixed = fraction.replace(/[^09]/g, '').lastIndexOf('0') + 1;
    while (tail.length - 1 > fixed && tail.endsWith('0')) tail = tail.slice(0, -1);
  }
  const negative = value < 0;
  if (/MI$/i.test(body)) return text + tail + (negative ? '-' : fill ? '' : ' ');
  if (fill) return (negative ? '-' : '') + text.trimStart() + tail;
  const padded = text + tail;
  const lead = padded.length - padded.trimStart().length;
  return negative ? `${` ${' '.repeat(lead)}`.slice(1)}-${padded.trimStart()}` : ` ${padded}`;
}
