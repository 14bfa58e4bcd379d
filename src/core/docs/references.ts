import type { ColumnRef } from '../lineage/questions.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Location, Position } from '../text/span.ts';
import { LineMap } from '../text/span.ts';
import { copiedRef, findColumn, isOutput } from './describe-column.ts';
import type { Meaning } from './meaning.ts';
import { findMeaning } from './meaning.ts';
import { placesOfColumn } from './places-of-column.ts';
import { placesOfMeaning } from './places-of-name.ts';

/** Every place that names the thing at a position: columns wherever they keep their name, and all else throughout the project. */
export function findReferences(snapshot: Snapshot, path: string, position: Position): readonly Location[] {
  const text = snapshot.sources.find(path)?.text;
  const meaning = text === undefined ? undefined : findMeaning(snapshot, path, new LineMap(text).offset(position));
  if (meaning === undefined) return [];
  const ref = columnOfMeaning(snapshot, meaning);
  const places =
    ref === undefined ? placesOfMeaning(snapshot, meaning) : placesOfColumn(snapshot, ref).places.filter((place) => place.kind === 'name');
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
  const copied = copiedRef(snapshot, column);
  return copied !== undefined && copied.column.toLowerCase() === column.name.toLowerCase() ? copied : undefined;
}
