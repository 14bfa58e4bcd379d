import type { Cell } from '../core/engine/engine.ts';
import { formatClock, formatDate, formatMoment, toMoment } from '../core/translate/runtime/calendar.ts';

/** What is read of a column of an Arrow table; the library that made it is not ours to name. */
interface Vector {
  readonly type: { readonly typeId: number; readonly unit?: number; readonly scale?: number; readonly bitWidth?: number };
  get(row: number): unknown;
  readonly data: readonly {
    readonly values: ArrayLike<number | bigint>;
    readonly length: number;
    readonly stride: number;
    getValid(row: number): boolean;
  }[];
}

export interface ArrowTable {
  readonly numRows: number;
  readonly numCols: number;
  readonly schema: { readonly fields: readonly { readonly name: string; readonly type: { toString(): string } }[] };
  getChildAt(index: number): Vector | null;
}

const typeIds = { decimal: 7, date: 8, time: 9, timestamp: 10 } as const;

/** The rows of a result as cells: whole numbers exact, dates and times as text in ISO. */
export function readRows(table: ArrowTable, limit: number): Cell[][] {
  const count = Math.min(limit, table.numRows);
  const rows: Cell[][] = Array.from({ length: count }, () => new Array<Cell>(table.numCols).fill(null));
  for (let column = 0; column < table.numCols; column++) {
    const vector = table.getChildAt(column);
    if (vector === null) continue;
    let at = 0;
    for (const batch of vector.data) {
      for (let i = 0; i < batch.length && at < count; i++, at++) {
        const row = rows[at];
        if (row !== undefined) row[column] = batch.getValid(i) ? readCell(vector, batch.values, i, at, batch.stride) : null;
      }
    }
  }
  return rows;
}

function readCell(vector: Vector, values: ArrayLike<number | bigint>, i: number, row: number, stride: number): Cell {
  const { type } = vector;
  switch (type.typeId) {
    case typeIds.date:
      return formatDate(type.unit === 0 ? Number(values[i]) : Math.floor(Number(vector.get(row)) / 86_400_000));
    case typeIds.timestamp: {
      const raw = BigInt(values[i] ?? 0);
      const micros = type.unit === 0 ? raw * 1_000_000n : type.unit === 1 ? raw * 1000n : type.unit === 3 ? raw / 1000n : raw;
      const days = micros >= 0n ? micros / 86_400_000_000n : -((-micros + 86_399_999_999n) / 86_400_000_000n);
      return formatMoment(toMoment(Number(days), Number(micros - days * 86_400_000_000n)));
    }
    case typeIds.time:
      return formatClock(Number(values[i]));
    case typeIds.decimal:
      return readDecimal(values, i * (stride === 1 ? 4 : stride), type.scale ?? 0);
    default:
      return toCell(vector.get(row));
  }
}

/** A number of 128 bits in four words. */
function readDecimal(words: ArrayLike<number | bigint>, start: number, scale: number): Cell {
  let value = 0n;
  for (let i = 3; i >= 0; i--) value = (value << 32n) | BigInt(words[start + i] ?? 0);
  if (value >= 1n << 127n) value -= 1n << 128n;
  if (scale === 0) return toWhole(value);
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

const toWhole = (value: bigint): Cell => (value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value);

function toCell(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return toWhole(value);
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value;
  if (value instanceof Uint8Array) return value;
  return String(value);
}
