import type { Confidence, EdgeKind, ResolvedColumn } from '../sql/resolve/columns.ts';
import type { Span } from '../text/span.ts';

/** One step inside a query: from a column of a table, CTE or subquery into one that is made from it. */
export interface Hop {
  /** The table or CTE; empty for a subquery without a name, and for the result. */
  readonly fromRelation: string;
  readonly fromColumn: string;
  readonly toRelation: string;
  readonly toColumn: string;
  readonly kind: EdgeKind;
  readonly confidence: Confidence;
  readonly reason?: string;
  /** Where the column is read. */
  readonly read: Span;
  /** The whole expression that it goes into. */
  readonly expression?: Span;
}

/** Every step between a column of a result and the columns of tables that it is made from, nearest first. */
export function hopsOf(column: ResolvedColumn): Hop[] {
  const hops: Hop[] = [];
  const seen = new Set([column]);
  let frontier = [column];
  while (frontier.length > 0) {
    const following: ResolvedColumn[] = [];
    for (const to of frontier)
      for (const { column: from, kind, confidence, reason, span } of to.inputs) {
        const expression = to.expression?.span ?? to.span;
        hops.push({
          fromRelation: nameOf(from),
          fromColumn: from.name,
          toRelation: nameOf(to),
          toColumn: to.name,
          kind,
          confidence,
          ...(reason === undefined ? {} : { reason }),
          read: span,
          ...(expression === undefined ? {} : { expression }),
        });
        if (seen.has(from)) continue;
        seen.add(from);
        following.push(from);
      }
    frontier = following;
  }
  return hops;
}

function nameOf(column: ResolvedColumn): string {
  return column.table?.name ?? column.relation ?? '';
}
