import { parseMoment } from './calendar.ts';
import { formatFloat } from './casts.ts';
import { formatPattern } from './date-formats.ts';
import { fail, lenient, type Raw, type RuntimeFunctions } from './function.ts';
import { type Json, parse } from './json-value.ts';

/** C's printf as FORMAT of BigQuery, DuckDB, Spark and Trino share it. */
function printf(pattern: string, values: readonly Raw[]): string | null {
  let next = 0;
  let missing = false;
  const text = pattern.replace(
    /%(?:(\d+)\$)?([-+ 0#',]*)(\d+|\*)?(?:\.(\d+|\*))?([a-zA-Z%])/g,
    (_all, at, flags: string, width, precision, kind: string) => {
      if (kind === '%') return '%';
      const wide = width === '*' ? String(values[next++]) : width;
      const exact = precision === '*' ? String(values[next++]) : precision;
      const value = at === undefined ? values[next++] : values[Number(at) - 1];
      if (value === undefined) return fail(`the format '${pattern}' needs more values`);
      if (value === null) {
        missing = true;
        return kind === 't' || kind === 'T' ? 'NULL' : 'null';
      }
      let body: string;
      const number = Number(value);
      if ('diu'.includes(kind)) body = String(Math.trunc(number));
      else if ('fF'.includes(kind)) body = number.toFixed(exact === undefined ? 6 : Number(exact));
      else if ('eE'.includes(kind)) body = number.toExponential(exact === undefined ? 6 : Number(exact)).replace(/e([+-])(\d)$/, 'e$10$2');
      else if ('gG'.includes(kind)) body = String(Number(number.toPrecision(exact === undefined ? 6 : Number(exact) || 1)));
      else if ('xX'.includes(kind)) body = kind === 'x' ? number.toString(16) : number.toString(16).toUpperCase();
      else if (kind === 'o') body = number.toString(8);
      else if (kind === 'T') body = typeof value === 'string' ? JSON.stringify(value) : String(value);
      else body = exact === undefined ? String(value) : [...String(value)].slice(0, Number(exact)).join('');
      if ((flags.includes("'") || flags.includes(',')) && 'dfFiu'.includes(kind))
        body = body.replace(/^(-?)(\d+)/, (_m, sign: string, digits: string) => sign + digits.replace(/\B(?=(\d{3})+$)/g, ','));
      if (flags.includes('+') && number >= 0 && 'difFeEgG'.includes(kind)) body = `+${body}`;
      if (wide === undefined) return body;
      if (flags.includes('-')) return body.padEnd(Number(wide));
      if (flags.includes('0') && 'diufFeEgGxXo'.includes(kind))
        return body.startsWith('-') || body.startsWith('+')
          ? (body[0] ?? '') + body.slice(1).padStart(Number(wide) - 1, '0')
          : body.padStart(Number(wide), '0');
      return body.padStart(Number(wide));
    },
  );
  return missing && !/%[^%]*[tT]/.test(pattern) ? null : text;
}

/** How a value looks in BigQuery's FORMAT: `kinds` is its type, with the type of elements and the types of fields behind it. */
interface Kinds {
  readonly kind: string;
  readonly element?: Kinds;
  readonly fields?: readonly Kinds[];
}

const words: Readonly<Record<string, string>> = {
  date: 'DATE',
  timestamp: 'DATETIME',
  timestamptz: 'TIMESTAMP',
  time: 'TIME',
  decimal: 'NUMERIC',
};

const point = (text: string): string => (/^-?\d+$/.test(text) ? `${text}.0` : text);

/** `%t` of BigQuery, and `%T` where `quoted`: a value as it is shown, or as it could be written in SQL. */
function formatValue(value: Json | Uint8Array, kinds: Kinds, quoted: boolean): string {
  if (value === null) return 'NULL';
  if (value instanceof Uint8Array) {
    const text = [...value]
      .map((byte) => (byte < 32 || byte > 126 ? `\\x${byte.toString(16).padStart(2, '0')}` : String.fromCharCode(byte)))
      .join('');
    return quoted ? `b"${text.replaceAll('"', '\\"')}"` : text;
  }
  if (Array.isArray(value)) return `[${value.map((item) => formatValue(item, kinds.element ?? { kind: 'unknown' }, quoted)).join(', ')}]`;
  if (typeof value === 'object') {
    if (kinds.kind === 'struct') {
      const items = Object.values(value).map((item, i) => formatValue(item, kinds.fields?.[i] ?? { kind: 'unknown' }, quoted));
      return quoted && items.length === 1 ? `STRUCT(${items[0]})` : `(${items.join(', ')})`;
    }
    return JSON.stringify(value);
  }
  if (kinds.kind === 'boolean') return value === true || value === 1 ? 'true' : 'false';
  if (kinds.kind === 'float') {
    const text = point(formatFloat(Number(value), 'short'));
    return quoted && !/\d/.test(text) ? `CAST("${text.toLowerCase()}" AS FLOAT64)` : text;
  }
  if (kinds.kind === 'decimal') return quoted ? `NUMERIC "${value}"` : point(String(value));
  if (kinds.kind === 'timestamptz') return quoted ? `TIMESTAMP "${value}+00"` : `${value}+00`;
  const word = words[kinds.kind];
  if (word !== undefined) return quoted ? `${word} "${value}"` : String(value);
  return quoted && typeof value === 'string' ? JSON.stringify(value) : String(value);
}

/** JSON of a type as a dialect writes it out: moments with a `T` and their zone, BigQuery's floats without a point that says nothing. */
function jsonOf(value: Json, kinds: Kinds | undefined, dialect: string): string {
  if (Array.isArray(value)) return `[${value.map((item) => jsonOf(item, kinds?.element, dialect)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const items = Object.entries(value).map(
      ([name, item], i) => `${JSON.stringify(name)}:${jsonOf(item, kinds?.fields?.[i] ?? kinds?.element, dialect)}`,
    );
    return `{${items.join(',')}}`;
  }
  if (typeof value === 'string' && (kinds?.kind === 'timestamp' || kinds?.kind === 'timestamptz')) {
    const [day = '', clock = ''] = value.split(' ');
    const isSpark = dialect === 'databricks' || dialect === 'spark';
    const [seconds = '', fraction = ''] = clock.split('.');
    const exact = isSpark ? `${seconds}.${fraction.padEnd(3, '0').slice(0, 3)}` : clock;
    const zone = kinds.kind === 'timestamptz' || isSpark ? (dialect === 'postgres' ? '+00:00' : 'Z') : '';
    return `"${day}T${exact}${zone}"`;
  }
  if (typeof value === 'number' && kinds?.kind === 'float') {
    const text = formatFloat(value, 'short');
    return dialect === 'bigquery' ? text : Number.isInteger(value) ? point(text) : text;
  }
  return JSON.stringify(value);
}

export const printfFunctions: RuntimeFunctions = {
  ...lenient({
    printf: (pattern: Raw, ...values: Raw[]) => (pattern === null ? null : printf(String(pattern), values)),
    /** Java's printf: `%1$tY` writes a part of a date, and NULL is `null`. */
    printf_java: (pattern: Raw, ...values: Raw[]) => {
      if (pattern === null) return null;
      let next = 0;
      const dated = String(pattern).replace(/%(?:(\d+)\$)?t([A-Za-z])/g, (_all, at: string | undefined, letter: string) => {
        const value = at === undefined ? values[next++] : values[Number(at) - 1];
        const moment = parseMoment(String(value ?? ''), true);
        const code = letter === 'e' ? '%-d' : letter === 'k' ? '%-H' : letter === 'l' ? '%-I' : letter === 'L' ? '%E3f' : `%${letter}`;
        return value === null
          ? 'null'
          : moment === undefined
            ? fail(`'${value}' is not a date`)
            : formatPattern(moment, code, 'strftime').replace(/%/g, '%%');
      });
      return printf(
        dated,
        values.map((value) => (value === null ? 'null' : value)),
      );
    },
    format_value: (value: Raw, type: string, quoted: number) => {
      const kinds = parse(type) as unknown as Kinds;
      const isNested = ['array', 'struct', 'json', 'map'].includes(kinds.kind);
      return formatValue(isNested && value !== null ? parse(value) : value, kinds, quoted === 1);
    },
    /** JSON of a type as a dialect writes it out. */
    json_of: (json: Raw, type: string, dialect: string) => {
      if (json === null) return null;
      const guarded = String(json).replace(/"(?:[^"\\]|\\.)*"|-?\d{16,}(?![.\de])/g, (all) =>
        all.startsWith('"') ? all : `"\\u0001${all}"`,
      );
      return jsonOf(JSON.parse(guarded) as Json, parse(type) as unknown as Kinds, dialect).replace(/"\\u0001(-?\d+)"/g, '$1');
    },
    /** Numbers inside JSON as BigQuery's TO_JSON_STRING writes them: whole ones without a point. */
    short_numbers: (json: Raw) =>
      json === null
        ? null
        : String(json).replace(/"(?:[^"\\]|\\.)*"|(-?\d+)\.0(?=e|[^\d]|$)/g, (all, whole: string | undefined) => whole ?? all),
  }),
};
