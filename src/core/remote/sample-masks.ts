import type { Cell } from '../engine/engine.ts';
import type { SourceNode } from '../project/node.ts';
import { md5 } from '../text/md5.ts';
import type { SampleJoin } from './sample-joins.ts';

/** What a column's values become before they are kept. */
export type Mask = 'hash' | 'null';

const personal = /^(pii|sensitive|personal)$/i;

/**
 * The columns of sources that are masked, by node and lower-case name: those whose `meta.mask` says so, that are tagged or marked as personal,
 * or whose names a pattern meets. Columns that are joined to each other are masked alike, so that they still meet.
 */
export function findMasks(
  sources: readonly SourceNode[],
  joins: readonly SampleJoin[],
  pattern: RegExp | undefined,
  columnsOf: (node: SourceNode) => readonly string[],
): ReadonlyMap<string, Mask> {
  const masks = new Map<string, Mask>();
  for (const node of sources) {
    for (const column of node.columns) {
      const mask = maskOf(column.meta, column.tags);
      if (mask !== undefined) masks.set(keyOf(node.id, column.name), mask);
    }
    for (const name of columnsOf(node)) if (pattern?.test(name) === true) masks.set(keyOf(node.id, name), 'hash');
  }
  for (const _ of joins)
    for (const { child, childColumn, parent, parentColumn } of joins) {
      const [a, b] = [keyOf(child, childColumn), keyOf(parent, parentColumn)];
      if (masks.has(a) || masks.has(b)) {
        masks.set(a, 'hash');
        masks.set(b, 'hash');
      }
    }
  return masks;
}

/** The key of a column among masks. */
export function keyOf(node: string, column: string): string {
  return `${node} ${column.toLowerCase()}`;
}

/** A value under a mask: hashes are the same for equal values, and numbers stay numbers, so that joins and types hold. */
export function masked(cell: Cell, mask: Mask | undefined, salt: string): Cell {
  if (mask === undefined || cell === null) return cell;
  if (mask === 'null') return null;
  const hash = md5(`${salt}\n${String(cell)}`);
  if (typeof cell === 'number' || typeof cell === 'bigint') return Number.parseInt(hash.slice(0, 7), 16);
  if (typeof cell === 'boolean') return null;
  if (typeof cell === 'string' && /^\d{4}-\d\d-\d\d([ T]|$)/.test(cell)) return null;
  if (typeof cell === 'string' && /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(cell))
    return hash.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return hash.slice(0, 16);
}

function maskOf(meta: Readonly<Record<string, unknown>>, tags: readonly string[]): Mask | undefined {
  const written = meta.mask ?? (meta.headwater as Readonly<Record<string, unknown>> | undefined)?.mask;
  if (written === 'null' || written === 'hash') return written;
  if (written === false || written === 'keep') return undefined;
  if (written !== undefined) return 'hash';
  const isMarked =
    tags.some((tag) => personal.test(tag)) || ['pii', 'contains_pii', 'is_pii', 'sensitive'].some((key) => isTrue(meta[key]));
  return isMarked ? 'hash' : undefined;
}

function isTrue(value: unknown): boolean {
  return value === true || (typeof value === 'string' && /^(true|yes|y)$/i.test(value));
}
