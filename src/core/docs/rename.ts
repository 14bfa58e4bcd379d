import type { ColumnRef } from '../lineage/questions.ts';
import { isRelation } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Location, Position } from '../text/span.ts';
import { LineMap } from '../text/span.ts';
import { findColumn, showColumn } from './describe-column.ts';
import type { Meaning } from './meaning.ts';
import { findMeaning } from './meaning.ts';
import { namesBeside } from './places-of-alias.ts';
import type { ColumnPlace } from './places-of-column.ts';
import { isTakenBeside, placesOfColumn } from './places-of-column.ts';
import { aliasPlaces, placesOfMeaning } from './places-of-name.ts';
import type { ColumnInside } from './references.ts';
import { columnInside, columnOfMeaning } from './references.ts';

/** The edits of a renaming. Where there are none, `problem` says why. */
export interface RenamePlan {
  readonly edits: readonly { readonly location: Location; readonly text: string }[];
  /** Files that are to be renamed as well. */
  readonly files: readonly { readonly from: string; readonly to: string }[];
  readonly problem?: string;
}

/** Plans to give what stands at a position another name, everywhere that it goes by the one it has. */
export function planRename(snapshot: Snapshot, path: string, position: Position, name: string): RenamePlan {
  const text = snapshot.sources.find(path)?.text;
  const meaning = text === undefined ? undefined : findMeaning(snapshot, path, new LineMap(text).offset(position));
  if (meaning === undefined) return refuse('There is nothing to rename here.');
  const isVar = meaning.kind === 'var';
  if (!(isVar ? /^[\w:.-]+$/ : /^[A-Za-z_][\w$]*$/).test(name)) return refuse(`'${name}' is not a name that needs no quotes.`);
  const read = columnOfMeaning(snapshot, meaning);
  const ref = read === undefined ? undefined : (ownColumn(snapshot, meaning, read) ?? read);
  if (ref !== undefined) return renameColumn(snapshot, ref, name);
  const inside = columnInside(snapshot, meaning);
  if (inside !== undefined) return renameInside(snapshot, inside, name);
  const blocked = blockOf(snapshot, meaning, name);
  if (blocked !== undefined) return refuse(blocked);
  const places = placesOfMeaning(snapshot, meaning);
  if (places.length === 0) return refuse('This name comes from outside the project and cannot be renamed here.');
  return {
    edits: toEdits(
      snapshot,
      places.map((place) => ({ ...place, kind: 'name' as const })),
      name,
    ),
    files: filesOf(meaning, name),
  };
}

/** The column that a model makes where it copies one of a relation without SQL: of the two only that one can be renamed. */
function ownColumn(snapshot: Snapshot, meaning: Meaning, read: ColumnRef): ColumnRef | undefined {
  if (meaning.kind !== 'sql' || snapshot.texts.has(read.node)) return undefined;
  const { reading } = meaning;
  const made = reading.resolution.columns.find(
    ({ expression }) => expression?.kind === 'column' && expression.parts.at(-1)?.span === meaning.meaning.span,
  );
  const own = made === undefined ? undefined : findColumn(snapshot, { node: reading.node.id, column: made.name });
  return own === undefined || own.name.toLowerCase() !== read.column.toLowerCase()
    ? undefined
    : { node: reading.node.id, column: own.name };
}

function refuse(problem: string): RenamePlan {
  return { edits: [], files: [], problem };
}

function renameColumn(snapshot: Snapshot, ref: ColumnRef, name: string): RenamePlan {
  const { places, carriers, obstacles } = placesOfColumn(snapshot, ref);
  if (obstacles.length > 0) return refuse(obstacles.join(' '));
  for (const carrier of carriers) {
    const taken = snapshot.columns.get(carrier.node)?.some((column) => column.name.toLowerCase() === name.toLowerCase());
    if (taken === true && name.toLowerCase() !== carrier.column.toLowerCase())
      return refuse(`There is a column ${showColumn(snapshot, { ...carrier, column: name })} already.`);
  }
  return { edits: toEdits(snapshot, places, name), files: [] };
}

/** Renames a column of a CTE that does not leave the model. */
function renameInside(snapshot: Snapshot, { reading, column, places }: ColumnInside, name: string): RenamePlan {
  if (places.obstacles.length > 0) return refuse(places.obstacles.join(' '));
  if (isTakenBeside(reading, column, name)) return refuse(`There is a column ${name} beside it already.`);
  return { edits: toEdits(snapshot, places.places, name), files: [] };
}

/** Why a thing may not have a name. */
function blockOf(snapshot: Snapshot, meaning: Meaning, name: string): string | undefined {
  const project = snapshot.project.name;
  if (meaning.kind === 'node') {
    const { node } = meaning;
    if (node.package !== project) return `${node.name} belongs to the package ${node.package}, which is not changed.`;
    if (node.kind === 'source') return `${node.name} is the name of a table in the database: set 'identifier' in its properties first.`;
    if (!isRelation(node)) return `A ${node.kind} is renamed where it is written.`;
    const taken = [...snapshot.nodes.values()].some((other) => isRelation(other) && other.kind !== 'source' && other.name === name);
    return taken ? `There is a relation named ${name} already.` : undefined;
  }
  if (meaning.kind === 'macro') {
    if (meaning.macro.package !== project) return `${meaning.macro.name} belongs to ${meaning.macro.package}, which is not changed.`;
    return snapshot.macros.some((other) => other.package === project && other.name === name)
      ? `There is a macro named ${name} already.`
      : undefined;
  }
  if (meaning.kind === 'docs' && meaning.block.package !== project)
    return `${meaning.block.name} belongs to ${meaning.block.package}, which is not changed.`;
  if (meaning.kind === 'sql' && aliasPlaces(snapshot, meaning).length > 0) {
    const { meaning: sql, reading } = meaning;
    const old = sql.kind === 'derived' ? sql.name : sql.kind === 'cte' || sql.kind === 'relation' ? (sql.alias ?? '') : '';
    const taken = namesBeside(reading, old, sql.span).some((other) => other.toLowerCase() === name.toLowerCase());
    return taken ? `Another relation of this SELECT goes by ${name} already.` : undefined;
  }
  if (meaning.kind === 'sql' && meaning.meaning.kind === 'cte') {
    const taken = meaning.reading.query.ctes.some((cte) => cte.name.text.toLowerCase() === name.toLowerCase());
    return taken ? `There is a CTE named ${name} already.` : undefined;
  }
  return undefined;
}

function filesOf(meaning: Meaning, name: string): RenamePlan['files'] {
  if (meaning.kind !== 'node' || !isRelation(meaning.node)) return [];
  const { path } = meaning.node;
  const slash = path.lastIndexOf('/') + 1;
  const dot = path.indexOf('.', slash);
  return path.slice(slash, dot) === meaning.node.name ? [{ from: path, to: `${path.slice(0, slash)}${name}${path.slice(dot)}` }] : [];
}

function toEdits(snapshot: Snapshot, places: readonly ColumnPlace[], name: string): RenamePlan['edits'] {
  const maps = new Map<string, LineMap>();
  return places.map(({ path, span, kind }) => {
    const text = snapshot.sources.find(path)?.text ?? '';
    const lines = maps.get(path) ?? new LineMap(text);
    maps.set(path, lines);
    if (kind === 'alias') return { location: lines.location(path, span), text: ` as ${name}` };
    // An alias that would only repeat the column it stands behind is what an earlier renaming added.
    const alias = new RegExp(`(?<=(?:^|[.\\s,(])${name.replace(/\$/g, '\\$')}) as $`, 'i').exec(
      text.slice(Math.max(0, span.start - 200), span.start),
    );
    if (alias !== null && /\.sql$/i.test(path))
      return { location: lines.location(path, { start: span.start - 4, end: span.end }), text: '' };
    return { location: lines.location(path, span), text: name };
  });
}
