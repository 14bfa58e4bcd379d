import type { Snapshot } from '../snapshot.ts';
import type { Name } from '../sql/ir.ts';
import type { NodeId } from '../text/ids.ts';
import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import type { SourceMap } from '../text/source-map.ts';
import { LineMap, type Span } from '../text/span.ts';
import type { KnownTable, TableColumn } from '../translate/table.ts';
import type { Run } from './runs.ts';

/** A relation that stands in the engine, with everything that is to be said of it. */
export interface Built extends KnownTable {
  readonly key: string;
  readonly notes: readonly string[];
}

/** Ends a preview that the project keeps from running; caught where questions come in. */
export class Stopped extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

/** What one question carries along while the relations that it needs are built. */
export interface Work {
  readonly run: Run;
  readonly notes: Set<string>;
  readonly signal: AbortSignal | undefined;
  /** The relations being built, the outermost first. */
  readonly path: readonly NodeId[];
  /** What the node's own name stands for in its SQL: the state that the run before left. */
  readonly self?: KnownTable;
  /** Relations that are read in part only: a microbatch sees the rows of its own time. */
  readonly parts?: ReadonlyMap<NodeId, KnownTable>;
  /** Tables that statements before have made, by the names that they go by. */
  readonly own?: (parts: readonly Name[]) => KnownTable | undefined;
  /** The node whose SQL is looked at; names may mean other things in other nodes. */
  readonly reader?: NodeId;
}

/** Where a piece of SQL was written, for the problems in it. */
export interface Place {
  readonly path: string;
  /** From the SQL to what the user wrote; absent where the SQL is what the user wrote. */
  readonly map?: SourceMap;
  /** The text that was written, where no file of the project holds it. */
  readonly text?: string;
  /** Where the SQL begins in the file, where it is a part of it as it stands. */
  readonly offset?: number;
}

/** A problem at the line that the user wrote: from the rendered text through the template's map. */
export function problemAt(
  snapshot: Snapshot,
  code: 'preview-refused' | 'preview-failed',
  message: string,
  place: Place,
  span: Span,
): Problem {
  const text = place.text ?? snapshot.sources.find(place.path)?.text;
  const asWritten = place.text !== undefined || place.offset !== undefined;
  if (text === undefined || (place.map === undefined && !asWritten)) return toProblem(code, message, place.path);
  const shift = place.offset ?? 0;
  const at = place.map?.locateSpan(span) ?? { start: span.start + shift, end: span.end + shift };
  return toProblem(code, message, new LineMap(text).location(place.path, at));
}

/** A name as engines take it. */
export const quote = (name: string): string => `"${name.replace(/"/g, '""')}"`;

/** The same columns under names of which no two are equal. */
export function uniqueColumns(columns: readonly TableColumn[]): TableColumn[] {
  const seen = new Set<string>();
  return columns.map((column) => {
    let { name } = column;
    for (let i = 1; seen.has(name.toLowerCase()); i++) name = `${column.name}_${i}`;
    seen.add(name.toLowerCase());
    return { ...column, name };
  });
}

/** How a note says that a relation has no rows because nothing can give them; tests over it have nothing to say. */
export const isEmptyTable = 'so it is an empty table';
