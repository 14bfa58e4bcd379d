import type { Snapshot } from '../snapshot.ts';
import type { ColumnExpression, ExpressionItem } from '../sql/ir.ts';
import type { ResolvedColumn } from '../sql/resolve/columns.ts';
import type { Location, Position, Span } from '../text/span.ts';
import { LineMap } from '../text/span.ts';
import { findMeaning } from './meaning.ts';
import { aliasPlaces, placesOfCte } from './places-of-name.ts';
import { toVerbatim } from './reading.ts';
import { visitTree } from './tree-path.ts';

/** The places in one file that name the same column or CTE as the one at a position. */
export function findHighlights(snapshot: Snapshot, path: string, position: Position): readonly Location[] {
  const text = snapshot.sources.find(path)?.text;
  const lines = new LineMap(text ?? '');
  const meaning = text === undefined ? undefined : findMeaning(snapshot, path, lines.offset(position));
  if (meaning?.kind !== 'sql') return [];
  const { meaning: meant, reading } = meaning;
  const aliased = aliasPlaces(snapshot, meaning);
  if (aliased.length > 0) return aliased.map((place) => lines.location(path, place.span));
  if (meant.kind === 'cte' && meant.alias === undefined)
    return placesOfCte(snapshot, reading, meant.cte).map((place) => lines.location(path, place.span));
  if (meant.kind !== 'column') return [];
  const spans: Span[] = [];
  const isSame = (columns: readonly ResolvedColumn[]): boolean => columns.some((column) => meant.columns.includes(column));
  const made = new Set(meant.columns.map((column) => column.span));
  visitTree(reading.query, (part) => {
    if (part.kind === 'column') {
      const expression = part as ColumnExpression;
      const reference = reading.resolution.references.get(expression);
      const name = expression.parts[expression.parts.length - 1 - (reference?.path.length ?? 0)];
      if (reference !== undefined && name !== undefined && isSame(reference.columns)) spans.push(name.span);
    }
    if (part.kind === 'item' && made.has(part.span)) {
      const { alias } = part as ExpressionItem;
      if (alias !== undefined) spans.push(alias.span);
    }
  });
  return spans.flatMap((span) => {
    const place = toVerbatim(reading, span);
    return place === undefined ? [] : [lines.location(path, place)];
  });
}
