import type { Cte, Query, TableRelation } from '../sql/ir.ts';

/** The names of the relations that a CTE reads, CTEs before it among them; those inside of it are its own. */
export function findReads(cte: Cte): readonly string[] {
  const reads = new Set<string>();
  collect(cte.query, new Set(), reads);
  return [...reads];
}

function collect(part: object, own: ReadonlySet<string>, reads: Set<string>): void {
  const { kind } = part as { readonly kind?: string };
  if (kind === 'table') {
    const { parts } = part as TableRelation;
    const name = parts.at(-1)?.text ?? '';
    if (parts.length > 1 || !own.has(name.toLowerCase())) reads.add(name);
  }
  if (kind === 'query') {
    const { ctes, ...rest } = part as Query;
    const inside = new Set(own);
    for (const cte of ctes) {
      collect(cte.query, inside, reads);
      inside.add(cte.name.text.toLowerCase());
    }
    collectAll(rest, inside, reads);
  } else collectAll(part, own, reads);
}

function collectAll(part: object, own: ReadonlySet<string>, reads: Set<string>): void {
  for (const value of Object.values(part)) if (typeof value === 'object' && value !== null) collect(value, own, reads);
}
