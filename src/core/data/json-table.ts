import { plainTypes, type SqlType } from '../sql/types.ts';
import type { RowValue } from './formats.ts';

/** The rows of a JSON file: an array of objects, or an object a line. */
export interface JsonTable {
  readonly columns: readonly { readonly name: string; readonly type: SqlType }[];
  readonly rowCount: number;
  /** Whether all rows were looked at. */
  readonly isComplete: boolean;
  rows(): Iterable<readonly RowValue[]>;
}

type Row = Readonly<Record<string, unknown>>;

const mostColumns = 5_000;

/** Reads a JSON file as a table; the sentence that says why where it is none. */
export function readJsonTable(
  bytes: Uint8Array,
  format: 'json' | 'jsonl',
  mostRows = Number.POSITIVE_INFINITY,
): JsonTable | { readonly damage: string; readonly line?: number } {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { damage: 'it is not UTF-8 text' };
  }
  const found = format === 'jsonl' ? readLines(text, mostRows) : readWhole(text);
  if ('damage' in found) return found;
  const { rows, isComplete } = found;
  const columns = findColumns(rows);
  if (columns.size > mostColumns) return { damage: `its objects have more than ${mostColumns} different keys` };
  const list = [...columns].map(([name, seen]) => ({ name, type: seen.type ?? plainTypes.string }));
  return {
    columns: list,
    rowCount: rows.length,
    isComplete,
    *rows() {
      for (const row of rows) yield list.map(({ name, type }) => toRowValue(Object.hasOwn(row, name) ? row[name] : undefined, type));
    },
  };
}

interface Rows {
  readonly rows: readonly Row[];
  readonly isComplete: boolean;
}

function readLines(text: string, mostRows: number): Rows | { readonly damage: string; readonly line: number } {
  const rows: Row[] = [];
  let line = 0;
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    const piece = text.slice(at, end).trim();
    line++;
    at = end + 1;
    if (piece === '') continue;
    if (rows.length === mostRows) return { rows, isComplete: false };
    const value = parse(piece);
    if (!isRow(value)) return { damage: value === broken ? 'this line is no JSON' : 'this line is no object', line };
    rows.push(value);
  }
  return { rows, isComplete: true };
}

function readWhole(text: string): Rows | { readonly damage: string } {
  const value = parse(text);
  if (value === broken) {
    // Files of an object a line often end in .json too.
    const lines = text.includes('\n') ? readLines(text, Number.POSITIVE_INFINITY) : undefined;
    return lines === undefined || 'damage' in lines ? { damage: 'it is no JSON' } : lines;
  }
  return Array.isArray(value) && value.every(isRow) ? { rows: value, isComplete: true } : { damage: 'it holds no list of objects' };
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && value !== broken;
}

const broken = Object.freeze({});

/** Numbers that a double would round are kept as text behind this mark. */
const exact = '\ue0f7';

function parse(text: string): unknown {
  try {
    // Strings come first in the pattern, so that digits within them are left alone.
    const marked = /\d{16}/.test(text)
      ? text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.]{15,}(?![\d.eE])/g, (token) => (token.startsWith('"') ? token : `"${exact}${token}"`))
      : text;
    return JSON.parse(marked) as unknown;
  } catch {
    return broken;
  }
}

interface Seen {
  type: SqlType | undefined;
}

function findColumns(rows: readonly Row[]): ReadonlyMap<string, Seen> {
  const columns = new Map<string, Seen>();
  for (const row of rows)
    for (const [name, value] of Object.entries(row)) {
      let seen = columns.get(name);
      if (seen === undefined) {
        seen = { type: undefined };
        columns.set(name, seen);
        if (columns.size > mostColumns) return columns;
      }
      if (value !== null && value !== undefined) seen.type = join(seen.type, typeOf(value));
    }
  return columns;
}

function typeOf(value: unknown): SqlType {
  switch (typeof value) {
    case 'boolean':
      return plainTypes.boolean;
    case 'number':
      return Number.isInteger(value) ? plainTypes.integer : plainTypes.float;
    case 'string':
      if (value.startsWith(exact)) return value.includes('.') ? plainTypes.decimal : integerOf(value);
      if (/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(value)) return plainTypes.date;
      return moment.test(value) ? plainTypes.datetime : plainTypes.string;
    default:
      return plainTypes.json;
  }
}

const moment = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]00:?00)?$/;

function integerOf(marked: string): SqlType {
  const value = BigInt(marked.slice(exact.length));
  return value >= -(2n ** 63n) && value < 2n ** 63n ? plainTypes.integer : plainTypes.decimal;
}

const ranks: Readonly<Record<string, number>> = { integer: 1, decimal: 2, float: 3 };

/** The narrowest type of both. */
function join(left: SqlType | undefined, right: SqlType): SqlType {
  if (left === undefined || left === right) return right;
  const [a, b] = [ranks[left.kind], ranks[right.kind]];
  if (a !== undefined && b !== undefined) return a > b ? left : right;
  const kinds = new Set([left.kind, right.kind]);
  if (kinds.has('date') && kinds.has('datetime')) return plainTypes.datetime;
  // Text beside an object: every value as JSON, so that none is lost.
  return kinds.has('json') ? plainTypes.json : plainTypes.string;
}

function toRowValue(value: unknown, type: SqlType): RowValue {
  if (value === null || value === undefined) return null;
  const marked = typeof value === 'string' && value.startsWith(exact);
  const plain = marked ? (value as string).slice(exact.length) : value;
  switch (type.kind) {
    case 'integer':
      return marked ? BigInt(plain as string) : (plain as number);
    case 'decimal':
    case 'float':
      return marked ? (plain as string) : (plain as number);
    case 'boolean':
      return plain as boolean;
    case 'date':
      return plain as string;
    case 'datetime':
      return toMomentText(plain as string);
    case 'json':
      return marked ? (plain as string) : JSON.stringify(unmark(value));
    default:
      return typeof plain === 'string' ? plain : JSON.stringify(plain);
  }
}

/** As moments are stored: `YYYY-MM-DD HH:MM:SS`. */
function toMomentText(text: string): string {
  const [, day = '', clock = '00:00:00'] = /^(\d{4}-\d\d-\d\d)(?:[T ](.*?))?(?:Z|[+-]00:?00)?$/.exec(text) ?? [];
  const [seconds = '', fraction] = (clock.length === 5 ? `${clock}:00` : clock).split('.');
  const kept = fraction?.slice(0, 6).replace(/0+$/, '') ?? '';
  return `${day} ${seconds}${kept === '' ? '' : `.${kept}`}`;
}

/** A nested value without marks: numbers that a double would round stay text. */
function unmark(value: unknown): unknown {
  if (typeof value === 'string') return value.startsWith(exact) ? value.slice(exact.length) : value;
  if (Array.isArray(value)) return value.map(unmark);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unmark(inner)]));
}
