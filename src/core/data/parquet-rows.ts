import type { FileMetaData, ParquetParsers, SchemaElement } from 'hyparquet';
import { parquetReadColumn } from 'hyparquet/src/read.js';
import { compressors } from 'hyparquet-compressors';
import type { Dialect } from '../sql/dialect.ts';
import type { SqlType } from '../sql/types.ts';
import { formatClock, formatDate, formatMoment, toMoment } from '../translate/runtime/calendar.ts';
import type { RowValue } from './formats.ts';
import { findExcess, type ParquetColumn, readParquetShape, toDamage } from './parquet-file.ts';

/** The rows of a Parquet file, column by column. */
export interface ParquetTable {
  readonly columns: readonly { readonly name: string; readonly type: SqlType }[];
  readonly rowCount: number;
  readonly values: readonly (readonly RowValue[])[];
  /** The columns whose values cannot be read, which are NULL, and why. */
  readonly lost: readonly string[];
}

/** Reads every value of a Parquet file; throws an Error with the reason where the file as a whole cannot be read. */
export async function readParquet(bytes: Uint8Array, dialect: Dialect): Promise<ParquetTable> {
  const shape = readParquetShape(bytes, dialect);
  if ('damage' in shape) throw new Error(shape.damage);
  let excess: string | undefined;
  try {
    excess = findExcess(bytes, shape);
  } catch (error) {
    excess = toDamage(error);
  }
  if (excess !== undefined) throw new Error(excess);
  const metadata = withoutDecimals(shape.metadata, shape.columns);
  const buffer = bytes.buffer as ArrayBuffer;
  const file = {
    byteLength: bytes.length,
    slice: (start: number, end = bytes.length): ArrayBuffer => buffer.slice(bytes.byteOffset + start, bytes.byteOffset + end),
  };
  const lost: string[] = [];
  const values: (readonly RowValue[])[] = [];
  for (const column of shape.columns) {
    try {
      // One column after the other, so that only one is held in two forms.
      const read = await parquetReadColumn({ file, metadata, columns: [column.name], compressors, parsers, utf8: false });
      if (read.length !== shape.rowCount) throw new Error(`it has ${read.length} values for ${shape.rowCount} rows`);
      const convert = converter(column);
      values.push(Array.from(read as ArrayLike<unknown>, (value) => (value === null || value === undefined ? null : convert(value))));
    } catch (error) {
      lost.push(`the column '${column.name}' cannot be read (${toDamage(error)}), so that it is NULL`);
      values.push(new Array<RowValue>(shape.rowCount).fill(null));
    }
  }
  return { columns: shape.columns, rowCount: shape.rowCount, values, lost };
}

/** The library makes doubles of decimals: it is shown their bare integers, from which `converter` makes exact text. */
function withoutDecimals(metadata: FileMetaData, columns: readonly ParquetColumn[]): FileMetaData {
  const decimals = new Set<SchemaElement>(columns.flatMap(({ tree, type }) => (type.kind === 'decimal' ? [tree.element] : [])));
  if (decimals.size === 0) return metadata;
  const schema = metadata.schema.map((element) => {
    if (!decimals.has(element)) return element;
    const { converted_type: _, logical_type: __, ...bare } = element;
    return bare;
  });
  return { ...metadata, schema };
}

const microsPerMilli = 1000;

/** Moments and dates as text, because a Date ends at milliseconds. */
const parsers = {
  timestampFromMilliseconds: (millis: bigint) => momentOf(Number(millis) * microsPerMilli),
  timestampFromMicroseconds: (micros: bigint) => momentOf(Number(micros)),
  timestampFromNanoseconds: (nanos: bigint) => momentOf(Number(nanos / 1000n)),
  dateFromDays: toDate,
  jsonFromBytes: (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes),
} as unknown as Partial<ParquetParsers>;

/** Most tables have few different days. */
function toDate(days: number): string {
  const known = dates.get(days);
  if (known !== undefined) return known;
  const text = formatDate(days);
  if (dates.size < 100_000) dates.set(days, text);
  return text;
}

const dates = new Map<number, string>();

function momentOf(micros: number): string {
  return formatMoment(toMoment(0, micros));
}

function converter({ tree, type }: ParquetColumn): (value: unknown) => RowValue {
  const { element, children } = tree;
  if (children.length > 0) return toJson;
  switch (type.kind) {
    case 'decimal': {
      const { scale = 0 } = type;
      return (value) => toDecimalText(value instanceof Uint8Array ? fromBigEndian(value) : BigInt(value as number | bigint), scale);
    }
    case 'time':
      return (value) => formatClock(toMicros(value as number | bigint, element));
    case 'integer':
      return (value) => (typeof value === 'bigint' ? narrow(value) : (value as number));
    case 'json':
      return (value) => (typeof value === 'string' ? value : toJson(value));
    case 'float':
      return (value) => (Number.isFinite(value) ? (value as number) : String(value));
    default:
      return (value) => (typeof value === 'object' && !(value instanceof Uint8Array) ? toJson(value) : (value as RowValue));
  }
}

function toMicros(value: number | bigint, { logical_type: logical, converted_type: converted }: SchemaElement): number {
  const unit = logical?.type === 'TIME' ? logical.unit : converted === 'TIME_MILLIS' ? 'MILLIS' : 'MICROS';
  if (unit === 'MILLIS') return Number(value) * microsPerMilli;
  return unit === 'NANOS' ? Number(BigInt(value) / 1000n) : Number(value);
}

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function fromBigEndian(bytes: Uint8Array): bigint {
  if (bytes.length <= 6) {
    let small = (bytes[0] ?? 0) >= 128 ? -1 : 0;
    for (const byte of bytes) small = small * 256 + byte;
    return BigInt(small);
  }
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return BigInt.asIntN(bytes.length * 8, value);
}

/** An integer and its scale in plain notation: 12345 and 2 are 123.45. */
function toDecimalText(value: bigint, scale: number): string {
  if (scale <= 0) return String(value);
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Lists, structs and maps are JSON text in the engines. */
function toJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner === 'bigint') return narrow(inner) === inner ? String(inner) : Number(inner);
    return inner instanceof Uint8Array ? Array.from(inner, (byte) => byte.toString(16).padStart(2, '0')).join('') : inner;
  });
}
