import type { SqlReading } from '../docs/reading.ts';
import { visitTree } from '../docs/tree-path.ts';
import type { Cte, Query, TableRelation } from '../sql/ir.ts';
import type { Span } from '../text/span.ts';

/** A CTE as it stands in the file: from its name to its closing bracket, and the text between the brackets. */
export interface CtePlace {
  readonly cte: Cte;
  readonly whole: Span;
  readonly body: Span;
}

/** Where a CTE of the outermost WITH stands in the file, also where Jinja is inside it; undefined where Jinja made its ends. */
export function placeOfCte(reading: SqlReading, text: string, cte: Cte): CtePlace | undefined {
  const start = verbatim(reading, cte.name.span.start);
  const last = verbatim(reading, cte.span.end - 1);
  if (start === undefined || last === undefined || text[last] !== ')') return undefined;
  const open =
    /^["`[]?[^\s("`[\]]+["`\]]?\s*(?:\([^()]*\)\s*)?as\s+(?:(?:not\s+)?materialized\s*)?\(|^["`[]?[^\s("`[\]]+["`\]]?\s*(?:\([^()]*\)\s*)?as\(/i.exec(
      text.slice(start, last),
    );
  if (open === null) return undefined;
  return { cte, whole: { start, end: last + 1 }, body: { start: start + open[0].length, end: last } };
}

/** The offset in the file of a character of rendered SQL that was copied from it. */
export function verbatim(reading: SqlReading, at: number): number | undefined {
  const origin = reading.map.locate(at);
  return origin.verbatim ? origin.span.start : undefined;
}

/** The span that goes when a CTE is taken out of its WITH: its comma, or the word WITH when nothing else is in it. */
export function spanToRemove(reading: SqlReading, text: string, place: CtePlace): Span | undefined {
  const { ctes } = reading.query;
  const { start, end } = place.whole;
  const from = startWithComments(text, start);
  if (ctes.length === 1) {
    const word = /\bwith\s+$/i.exec(text.slice(0, from));
    if (word === null) return undefined;
    return { start: word.index, end: end + (/^\s*/.exec(text.slice(end))?.[0].length ?? 0) };
  }
  const behind = /^\s*,\s*/.exec(text.slice(end));
  if (behind !== null) return { start: from, end: end + behind[0].length };
  const before = /\s*,\s*$/.exec(text.slice(0, from));
  return before === null ? undefined : { start: before.index, end };
}

/** Comments on the lines right above belong to what follows. */
function startWithComments(text: string, start: number): number {
  const found = /(?:^|\n)((?:[ \t]*--[^\n]*\n)+[ \t]*)$/.exec(text.slice(0, start));
  return found === null ? start : start - (found[1]?.length ?? 0);
}

/** The CTEs of the outermost WITH that a CTE reads, itself not among them, in order and through one another. */
export function neededBy(query: Query, cte: Cte): readonly Cte[] {
  const needed = new Set<Cte>();
  const follow = (tree: object): void => {
    for (const other of ctesReadIn(query, tree))
      if (other !== cte && !needed.has(other)) {
        needed.add(other);
        follow(other.query);
      }
  };
  follow(cte.query);
  return query.ctes.filter((one) => needed.has(one));
}

/** The CTEs of the outermost WITH that a part of a query names in FROM. */
export function ctesReadIn(query: Query, tree: object): readonly Cte[] {
  const names = new Set<string>();
  visitTree(tree, (part) => {
    if (part.kind !== 'table') return;
    const { parts } = part as TableRelation;
    if (parts.length === 1) names.add(parts[0]?.text.toLowerCase() ?? '');
  });
  return query.ctes.filter((cte) => names.has(cte.name.text.toLowerCase()));
}
