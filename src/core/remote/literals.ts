import type { Cell } from '../engine/engine.ts';

/** A value as a SQL literal of PostgreSQL and DuckDB; the column's own type reads it. */
export function toLiteral(cell: Cell): string {
  if (cell === null) return 'null';
  if (typeof cell === 'boolean') return cell ? 'true' : 'false';
  if (typeof cell === 'bigint') return cell.toString();
  if (typeof cell === 'number')
    return Number.isFinite(cell) ? String(cell) : `'${Number.isNaN(cell) ? 'NaN' : cell > 0 ? 'Infinity' : '-Infinity'}'`;
  if (cell instanceof Uint8Array) return `'\\x${Array.from(cell, (byte) => byte.toString(16).padStart(2, '0')).join('')}'`;
  return `'${cell.replaceAll("'", "''")}'`;
}
