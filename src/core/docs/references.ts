import type { ColumnRef } from '../lineage/questions.ts';
import type { Snapshot } from '../snapshot.ts';
import type { ResolvedColumn } from '../sql/resolve/columns.ts';
import type { Location, Position } from '../text/span.ts';
import { LineMap } from '../text/span.ts';
import { copiedRef, findColumn, isOutput } from './describe-column.ts';
import type { Meaning } from './meaning.ts';
import { findMeaning } from './meaning.ts';
import type { ColumnPlaces } from './places-of-column.ts';
import { outputNamedBy, placesInQuery, placesOfColumn } from './places-of-column.ts';
import { placesOfMeaning } from './places-of-name.ts';
import type { SqlReading } from './reading.ts';

/** Every place that names the thing at a position: columns wherever they keep their name, and all else throughout the project. */
export function findReferences(snapshot: Snapshot, path: string, position: Position): readonly Location[] {
  const text = snapshot.sources.find(path)?.text;
  const meaning = text === undefined ? undefined : findMeaning(snapshot, path, new LineMap(text).offset(position));
  if (meaning === undefined) return [];
  const ref = columnOfMeaning(snapshot, meaning);
  const named = ref === undefined ? columnInside(snapshot, meaning)?.places : placesOfColumn(snapshot, ref);
  const places = named === undefined ? placesOfMeaning(snapshot, meaning) : named.places.filter((place) => place.kind === 'name');
  const lines = new Map<string, LineMap>();
  return places.map((place) => {
    const map = lines.get(place.path) ?? new LineMap(snapshot.sources.find(place.path)?.text ?? '');
    lines.set(place.path, map);
    return map.location(place.path, place.span);
  });
}

/** The column of a relation that a meaning is about: the node's own, or the one that is read. */
export function columnOfMeaning(snapshot: Snapshot, meaning: Meaning): ColumnRef | undefined {
  if (meaning.kind === 'column') return meaning.ref;
  if (meaning.kind !== 'sql' || meaning.meaning.kind !== 'column') return undefined;
  const [column, ...others] = meaning.meaning.columns;
  if (column === undefined || others.length > 0) return undefined;
  const own = { node: meaning.reading.node.id, column: column.name };
  if (isOutput(meaning.reading, column) && findColumn(snapshot, own) !== undefined) return own;
  if (meaning.meaning.role === 'made') return ownByName(snapshot, meaning.reading, column);
  const copied = copiedRef(snapshot, column);
  if (copied !== undefined && copied.column.toLowerCase() === column.name.toLowerCase()) return copied;
  return ownByName(snapshot, meaning.reading, column);
}

/** The column of the model itself that keeps the name which a CTE of it gives. */
function ownByName(snapshot: Snapshot, reading: SqlReading, column: ResolvedColumn): ColumnRef | undefined {
  const output = outputNamedBy(reading, column);
  const own = output === undefined ? undefined : { node: reading.node.id, column: output.name };
  return own === undefined || findColumn(snapshot, own) === undefined ? undefined : own;
}

/** A column that never leaves the SQL of a model, and where it is named. */
export interface ColumnInside {
  readonly reading: SqlReading;
  readonly column: ResolvedColumn;
  readonly places: ColumnPlaces;
}

/** The column of a CTE or subquery that a meaning is about, where it does not leave the model's SQL. */
export function columnInside(snapshot: Snapshot, meaning: Meaning): ColumnInside | undefined {
  if (meaning.kind !== 'sql' || meaning.meaning.kind !== 'column') return undefined;
  const [column, ...others] = meaning.meaning.columns;
  if (column === undefined || others.length > 0) return undefined;
  const places = placesInQuery(snapshot, meaning.reading, column);
  return places === undefined ? undefined : { reading: meaning.reading, column, places };
}
