import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import type { CsvOptions } from './csv.ts';
import { readCsv } from './csv.ts';

/** The narrowest type that holds every value of a column; `text` also where a column has no values. */
export type CsvType = 'boolean' | 'integer' | 'bigint' | 'decimal' | 'double' | 'date' | 'timestamp' | 'text';

export interface CsvColumn {
  readonly name: string;
  readonly type: CsvType;
  readonly nulls: number;
  /** Numbers all, but some begin with zeros (`00123`): kept as text, as codes and not amounts. */
  readonly leadingZeros: boolean;
  /** Whether no row that was looked at has a value here. */
  readonly empty: boolean;
}

/** What a CSV file holds, as far as its rows were looked at. */
export interface CsvShape {
  readonly columns: readonly CsvColumn[];
  readonly delimiter: string;
  /** Rows that types and counts were taken from. */
  readonly rowsSeen: number;
  /** Whether every row was looked at; otherwise types and counts are those of the first rows. */
  readonly complete: boolean;
  readonly problems: readonly Problem[];
}

export interface SniffOptions extends CsvOptions {
  /** Rows to look at, at most; 200,000 unless said otherwise. */
  readonly maxRows?: number;
}

// One bit for every type that a value may have; a column keeps the bits that all its values share.
const isBoolean = 1;
const isInteger = 2;
const isBigint = 4;
const isDecimal = 8;
const isDouble = 16;
const isDate = 32;
const isTimestamp = 64;
const anyType = 127;
const numeric = isInteger | isBigint | isDecimal | isDouble;

/** Reads a CSV file's columns and what their values look like; says so when it did not look at all of them. */
export function sniffCsv(content: Uint8Array | string, options: SniffOptions = {}): CsvShape {
  const csv = readCsv(content, options);
  const width = csv.header.length;
  const masks = new Uint8Array(width).fill(anyType);
  const nulls = new Uint32Array(width);
  const zeros = new Uint8Array(width);
  const maxRows = options.maxRows ?? 200_000;
  let rowsSeen = 0;
  let complete = true;
  for (const row of csv.rows()) {
    if (rowsSeen === maxRows) {
      complete = false;
      break;
    }
    rowsSeen++;
    for (let i = 0; i < width; i++) {
      const value = row[i];
      if (value === null || value === undefined) nulls[i]!++;
      else if (masks[i] !== 0) {
        const types = typesOf(value, masks[i]!);
        if ((types & numeric) !== 0 && startsWithZeros(value)) zeros[i] = 1;
        masks[i]! &= types;
      }
    }
  }
  const columns = csv.header.map((name, i): CsvColumn => {
    const empty = nulls[i] === rowsSeen;
    const leadingZeros = zeros[i] === 1 && (masks[i]! & numeric) !== 0;
    return { name, type: empty || leadingZeros ? 'text' : toType(masks[i]!), nulls: nulls[i]!, leadingZeros, empty };
  });
  const problems = complete
    ? csv.problems
    : [
        ...csv.problems,
        toProblem('csv-sampled', `Types and counts are those of the first ${rowsSeen.toLocaleString('en')} rows.`, options.path ?? ''),
      ];
  return { columns, delimiter: csv.delimiter, rowsSeen, complete, problems };
}

function toType(mask: number): CsvType {
  if (mask & isInteger) return 'integer';
  if (mask & isBigint) return 'bigint';
  if (mask & isDecimal) return 'decimal';
  if (mask & isDouble) return 'double';
  if (mask & isDate) return 'date';
  if (mask & isTimestamp) return 'timestamp';
  return mask & isBoolean ? 'boolean' : 'text';
}

const numberPattern = /^\s*[-+]?(\d+)(\.\d*)?\s*$|^\s*[-+]?\.\d+\s*$/;
const doublePattern = /^\s*[-+]?(\d+\.?\d*|\.\d+)[eE][-+]?\d+\s*$/;
const datePattern = /^\s*\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\s*$/;
const timestampPattern =
  /^\s*\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d([.,]\d+)?)?\s*(Z|UTC|[-+]\d\d:?(\d\d)?)?\s*$/i;

/** The bits of the types a value may have; only those still possible are tried. */
function typesOf(value: string, possible: number): number {
  if (possible & numeric) {
    const plain = toSmallInteger(value);
    if (plain) return numeric;
    const match = numberPattern.exec(value);
    if (match !== null) {
      if (match[2] !== undefined || match[1] === undefined) return isDecimal | isDouble;
      const magnitude = BigInt(match[1]);
      if (magnitude <= 2147483647n) return numeric;
      return magnitude <= 9223372036854775807n ? isBigint | isDecimal | isDouble : isDecimal | isDouble;
    }
    if (doublePattern.test(value)) return isDouble;
  }
  // A column of dates and timestamps together is one of timestamps.
  if (possible & (isDate | isTimestamp) && value.length >= 10) {
    if (datePattern.test(value)) return isInCalendar(value) ? isDate | isTimestamp : 0;
    if (timestampPattern.test(value)) return isInCalendar(value) ? isTimestamp : 0;
  }
  if (possible & isBoolean && value.length < 8) {
    const bare = value.trim().toLowerCase();
    if (bare === 'true' || bare === 'false') return isBoolean;
  }
  return 0;
}

/** Whether the month of a date that is written `yyyy-mm-dd` has its day: 30 February is text, as it is to dbt. */
function isInCalendar(value: string): boolean {
  const start = value.search(/\d/);
  const day = Number(value.slice(start + 8, start + 10));
  if (day <= 28) return true;
  const [year, month] = [Number(value.slice(start, start + 4)), Number(value.slice(start + 5, start + 7))];
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** Whether a value is one to nine digits and nothing else: the common case, told without a pattern. */
function toSmallInteger(value: string): boolean {
  const length = value.length;
  if (length > 9) return false;
  for (let i = 0; i < length; i++) {
    const code = value.charCodeAt(i);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

function startsWithZeros(value: string): boolean {
  const code = value.charCodeAt(0);
  const at = code === 45 || code === 43 ? 1 : 0;
  const next = value.charCodeAt(at + 1);
  return value.charCodeAt(at) === 48 && next >= 48 && next <= 57;
}
