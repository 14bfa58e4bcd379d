import { isRelation, type ProjectNode } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type { ResolvedColumn } from '../sql/resolve/columns.ts';
import type { Location, Position, Span } from '../text/span.ts';
import { LineMap } from '../text/span.ts';
import { findColumn, isOutput } from './describe-column.ts';
import { placeOfVar } from './describe-jinja.ts';
import type { Meaning } from './meaning.ts';
import { findMeaning } from './meaning.ts';
import type { SqlReading } from './reading.ts';
import { findNodeOfTable, readSql, toVerbatim } from './reading.ts';

/** Where the thing at a position is written: a column where it is computed, a relation in its file, a macro, var or docs block in its own. */
export function findDefinitions(snapshot: Snapshot, path: string, position: Position): readonly Location[] {
  const text = snapshot.sources.find(path)?.text;
  const meaning = text === undefined ? undefined : findMeaning(snapshot, path, new LineMap(text).offset(position));
  return meaning === undefined ? [] : define(snapshot, meaning);
}

function define(snapshot: Snapshot, meaning: Meaning): readonly Location[] {
  switch (meaning.kind) {
    case 'node':
      return [locateNode(snapshot, meaning.node)];
    case 'column':
      return columnOf(snapshot, meaning.ref.node, meaning.ref.column);
    case 'macro':
      return meaning.macro.package === 'dbt' ? [] : [inFile(snapshot, meaning.macro.path, meaning.macro.span.start)];
    case 'var': {
      const place = placeOfVar(snapshot, meaning.name);
      return place === undefined ? [] : [inFile(snapshot, place.path, place.offset)];
    }
    case 'docs':
      return [{ path: meaning.block.path, start: { line: meaning.block.line, column: 1 }, end: { line: meaning.block.line, column: 1 } }];
    case 'rendered':
    case 'missing':
      return [];
    case 'sql': {
      const { meaning: sql, reading } = meaning;
      if (sql.kind === 'relation') return [locateNode(snapshot, sql.node)];
      if (sql.kind === 'cte') return spanIn(snapshot, reading, sql.cte.name.span);
      if (sql.kind !== 'column') return [];
      return sql.columns.flatMap((column) => resolvedColumn(snapshot, reading, column));
    }
  }
}

/** Where a column inside a query is written, or where the relation that has it writes it. */
function resolvedColumn(snapshot: Snapshot, reading: SqlReading, column: ResolvedColumn): readonly Location[] {
  let at = column;
  for (let step = 0; step < 200; step++) {
    if (at.table !== undefined) {
      const node = findNodeOfTable(snapshot, at.table.parts);
      return node === undefined ? [] : columnOf(snapshot, node.id, at.name);
    }
    const [input] = at.inputs;
    // Columns of a star stand nowhere by name: the place is where they were named before.
    if (input !== undefined && at.inputs.length === 1 && at.expression === undefined) at = input.column;
    else break;
  }
  // From the place where a model itself makes a column, one goes on to what it is made from.
  if (at === column && isOutput(reading, column) && column.inputs.length > 0 && column.expression?.kind === 'column') {
    const [input] = column.inputs;
    if (input !== undefined) return resolvedColumn(snapshot, reading, input.column);
  }
  return at.span === undefined ? [] : spanIn(snapshot, reading, at.span);
}

/** The item of the SELECT list that makes a column of a node; for relations without SQL, where the column is declared. */
export function columnOf(snapshot: Snapshot, id: ProjectNode['id'], name: string): readonly Location[] {
  const node = snapshot.nodes.get(id);
  if (node === undefined) return [];
  const reading = readSql(snapshot, id);
  let column = reading?.resolution.columns.find((candidate) => !candidate.isStar && candidate.name.toLowerCase() === name.toLowerCase());
  for (let step = 0; column !== undefined && step < 200; step++) {
    const [input] = column.inputs;
    if (column.expression !== undefined || input === undefined || column.inputs.length > 1 || input.column.table !== undefined) break;
    column = input.column;
  }
  if (reading !== undefined && column?.span !== undefined) {
    const found = spanIn(snapshot, reading, column.span);
    if (found.length > 0) return found;
  }
  const declared = node.columns.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
  if (declared !== undefined) {
    const at = { line: declared.from.line, column: 1 };
    return [{ path: declared.from.path, start: at, end: at }];
  }
  const from = findColumn(snapshot, { node: id, column: name })?.descriptionFrom;
  if (from !== undefined) return [{ path: from.path, start: { line: from.line, column: 1 }, end: { line: from.line, column: 1 } }];
  return [locateNode(snapshot, node)];
}

function spanIn(snapshot: Snapshot, reading: SqlReading, span: Span): readonly Location[] {
  const { path } = reading.text;
  const text = snapshot.sources.find(path)?.text;
  return text === undefined ? [] : [new LineMap(text).location(path, toVerbatim(reading, span) ?? reading.map.locateSpan(span))];
}

function inFile(snapshot: Snapshot, path: string, offset: number): Location {
  const text = snapshot.sources.find(path)?.text ?? '';
  return new LineMap(text).location(path, { start: offset, end: offset });
}

/** The file of a node, at its place in it; things that only a properties file tells of are found there. */
export function locateNode(snapshot: Snapshot, node: ProjectNode): Location {
  const text = snapshot.sources.find(node.path)?.text;
  if (node.span !== undefined && text !== undefined) return new LineMap(text).location(node.path, node.span);
  const isYaml = /\.ya?ml$/i.test(node.path);
  const line = isYaml && (!isRelation(node) || node.kind === 'source') ? (node.patch?.line ?? 1) : 1;
  const start = { line, column: 1 };
  return { path: node.path, start, end: start };
}
