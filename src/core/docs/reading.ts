import { withoutEphemerals } from '../lineage/project.ts';
import { LineageQuestions } from '../lineage/questions.ts';
import type { ProjectNode } from '../project/node.ts';
import { toReadable, toReadableIncrement } from '../project/node-text.ts';
import { keyOf, type NameIndex, nameIndex, ownNames } from '../project/relation-names.ts';
import type { NodeText, Snapshot } from '../snapshot.ts';
import type { Query } from '../sql/ir.ts';
import { findModelQuery, parseSql } from '../sql/parse.ts';
import type { Catalog } from '../sql/resolve/context.ts';
import type { Resolution } from '../sql/resolve.ts';
import { resolve } from '../sql/resolve.ts';
import type { NodeId } from '../text/ids.ts';
import type { SourceMap } from '../text/source-map.ts';
import type { Span } from '../text/span.ts';

/** The rendered SQL of a node with everything that its names mean. */
export interface SqlReading {
  readonly node: ProjectNode;
  readonly text: NodeText;
  readonly sql: string;
  readonly map: SourceMap;
  readonly query: Query;
  readonly resolution: Resolution;
}

/** A place in rendered SQL that a place in a file was copied to. */
export interface SqlPlace {
  readonly reading: SqlReading;
  readonly offset: number;
}

interface Memory {
  readonly findNode: (parts: readonly string[], reader?: NodeId) => NodeId | undefined;
  readonly questions: LineageQuestions;
  readonly byPath: ReadonlyMap<string, readonly ProjectNode[]>;
  readonly readings: Map<string, SqlReading | undefined>;
}

const memories = new WeakMap<Snapshot, Memory>();

/** What was worked out about a Snapshot before, so that the second question about it is cheap. */
function memoryOf(snapshot: Snapshot): Memory {
  const known = memories.get(snapshot);
  if (known !== undefined) return known;
  const { index, byPath } = namesOf(snapshot.nodes);
  const made: Memory = {
    findNode: snapshot.findNode ?? ((parts, reader) => findOwn(snapshot, index, parts, reader)),
    questions: new LineageQuestions(snapshot.lineage),
    byPath,
    readings: new Map(),
  };
  memories.set(snapshot, made);
  return made;
}

/** What a name means to its reader. */
function findOwn(snapshot: Snapshot, index: NameIndex, parts: readonly string[], reader: NodeId | undefined): NodeId | undefined {
  const text = reader === undefined ? undefined : snapshot.texts.get(reader);
  const names = text === undefined ? undefined : ownNames(text, snapshot.nodes, index);
  return names?.get(keyOf(parts)) ?? index.find(parts);
}

type Names = Pick<Memory, 'byPath'> & { readonly index: NameIndex };

// The nodes stay the same while texts are typed, and with them what their names mean.
const names = new WeakMap<Snapshot['nodes'], Names>();

function namesOf(nodes: Snapshot['nodes']): Names {
  const known = names.get(nodes);
  if (known !== undefined) return known;
  const byPath = new Map<string, ProjectNode[]>();
  for (const node of nodes.values()) {
    const list = byPath.get(node.path);
    if (list === undefined) byPath.set(node.path, [node]);
    else list.push(node);
  }
  const made = { index: nameIndex(nodes.values()), byPath };
  names.set(nodes, made);
  return made;
}

/** The node that a table's name in rendered SQL means. */
export function findNodeOfTable(snapshot: Snapshot, parts: readonly string[], reader?: NodeId): ProjectNode | undefined {
  const id = memoryOf(snapshot).findNode(parts, reader);
  return id === undefined ? undefined : snapshot.nodes.get(id);
}

/** The questions about columns that a Snapshot's lineage answers. */
export function questionsOf(snapshot: Snapshot): LineageQuestions {
  return memoryOf(snapshot).questions;
}

/** The nodes that a file defines. */
export function nodesInFile(snapshot: Snapshot, path: string): readonly ProjectNode[] {
  return memoryOf(snapshot).byPath.get(path) ?? [];
}

/** Reads the rendered SQL of a node; undefined for nodes without SQL. */
export function readSql(snapshot: Snapshot, id: NodeId, incremental = false): SqlReading | undefined {
  const memory = memoryOf(snapshot);
  const key = incremental ? `${id} incremental` : id;
  if (memory.readings.has(key)) return memory.readings.get(key);
  const made = read(snapshot, id, incremental);
  memory.readings.set(key, made);
  return made;
}

/** The same for whoever reads a whole project once: nothing is kept. */
export function readSqlOnce(snapshot: Snapshot, id: NodeId): SqlReading | undefined {
  return memoryOf(snapshot).readings.get(id) ?? read(snapshot, id, false);
}

function read(snapshot: Snapshot, id: NodeId, incremental: boolean): SqlReading | undefined {
  const node = snapshot.nodes.get(id);
  const text = snapshot.texts.get(id);
  if (node === undefined || text === undefined || (node.kind === 'model' && node.language === 'python')) return undefined;
  const rendering = incremental ? toReadableIncrement(text) : toReadable(text);
  if (rendering === undefined) return undefined;
  const { sql, map } = rendering;
  const { dialect } = snapshot.project;
  const parsed = findModelQuery(parseSql(sql, dialect));
  if (parsed === undefined) return undefined;
  const findNode = (parts: readonly string[]): NodeId | undefined => memoryOf(snapshot).findNode(parts, id);
  const query = withoutEphemerals(parsed, findNode);
  return { node, text, sql, map, query, resolution: resolve(query, catalogOf(snapshot, id), dialect, sql) };
}

/** The relations of the project as SQL sees them. */
export function catalogOf(snapshot: Snapshot, reader?: NodeId): Catalog {
  const { findNode } = memoryOf(snapshot);
  return {
    find(parts) {
      const found = findNode(
        parts.map((part) => part.text),
        reader,
      );
      const known = found === undefined ? undefined : snapshot.lineage.nodes.get(found);
      if (known === undefined) return undefined;
      const columns = known.columns.map(({ name, type, nullable, origin }) => ({
        name,
        type,
        ...(nullable === undefined ? {} : { nullable }),
        ...(origin === 'use' ? { isGuess: true } : {}),
      }));
      return { columns, isComplete: !known.isOpen };
    },
  };
}

/** The rendered SQL that an offset of a file was copied to, read or not. */
export function renderingAt(snapshot: Snapshot, path: string, offset: number): { readonly sql: string; readonly at: number } | undefined {
  for (const node of nodesInFile(snapshot, path)) {
    const text = snapshot.texts.get(node.id);
    if (text === undefined || text.path !== path) continue;
    for (const rendering of [toReadable(text), toReadableIncrement(text)]) {
      if (rendering === undefined) continue;
      const { sql, map } = rendering;
      const at = outputAt(map, offset);
      if (at !== undefined && at <= sql.length) return { sql, at };
      // Blanks at the end are not rendered; whoever types there still stands behind what is written before them.
      const before = text.source.slice(0, offset - text.offset).trimEnd().length + text.offset;
      const end = before < offset ? outputAt(map, before) : undefined;
      if (end !== undefined && end <= sql.length) return { sql: `${sql.slice(0, end)} ${sql.slice(end)}`, at: end + 1 };
    }
  }
  return undefined;
}

/** The place in rendered SQL of an offset in a file; undefined inside Jinja, and where a branch was not rendered. */
export function findSqlPlace(snapshot: Snapshot, path: string, offset: number): SqlPlace | undefined {
  for (const node of nodesInFile(snapshot, path))
    for (const incremental of [false, true]) {
      const text = snapshot.texts.get(node.id);
      if (text === undefined || text.path !== path) continue;
      const rendering = incremental ? toReadableIncrement(text) : toReadable(text);
      if (rendering === undefined) continue;
      if (offset < text.offset || offset > text.offset + text.source.length) continue;
      const at = outputAt(rendering.map, offset);
      const reading = at === undefined ? undefined : readSql(snapshot, node.id, incremental);
      if (at !== undefined && reading !== undefined) return { reading, offset: at };
    }
  return undefined;
}

/** Where a source offset was copied to; the end of a name counts as the name's. */
function outputAt(map: SourceMap, offset: number): number | undefined {
  const exact = map.outputOf(offset);
  if (exact !== undefined) return exact;
  const before = offset > 0 ? map.outputOf(offset - 1) : undefined;
  return before === undefined ? undefined : before + 1;
}

/** The range of a file that a range of rendered SQL was copied from; undefined where Jinja made a part of it. */
export function toVerbatim(reading: SqlReading, span: Span): Span | undefined {
  if (span.end <= span.start) return undefined;
  const first = reading.map.locate(span.start);
  const last = reading.map.locate(span.end - 1);
  if (!first.verbatim || !last.verbatim) return undefined;
  const found = { start: first.span.start, end: last.span.end };
  return found.end - found.start === span.end - span.start ? found : undefined;
}
