import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import { LineMap, type Position, type Span } from '../text/span.ts';

/** A range of a text as editors count it. */
export interface TextRange {
  readonly start: Position;
  readonly end: Position;
}

/** Where what stands in a node's file between two positions stands in its compiled SQL; what a call of Jinja made stands for the call. */
export function findCompiledPlace(snapshot: Snapshot, node: NodeId, written: TextRange): TextRange | undefined {
  const text = snapshot.texts.get(node);
  if (text === undefined) return undefined;
  const file = new LineMap(snapshot.sources.find(text.path)?.text ?? '');
  const start = file.offset(written.start);
  const end = Math.max(start + 1, file.offset(written.end));
  const { sql, map } = text.rendering;
  let found: Span | undefined;
  for (let at = 0; at < sql.length; at++) {
    const { span } = map.locate(at);
    if (span.end <= start || span.start >= end) continue;
    found = { start: found?.start ?? at, end: at + 1 };
  }
  return found === undefined ? undefined : new LineMap(sql).location(text.path, found);
}

/** The other way: what in the node's file made a range of its compiled SQL. */
export function findWrittenPlace(snapshot: Snapshot, node: NodeId, compiled: TextRange): TextRange | undefined {
  const text = snapshot.texts.get(node);
  if (text === undefined || text.rendering.sql === '') return undefined;
  const { sql, map } = text.rendering;
  const lines = new LineMap(sql);
  const start = Math.min(lines.offset(compiled.start), sql.length - 1);
  const span = map.locateSpan({ start, end: Math.max(start + 1, lines.offset(compiled.end)) });
  return new LineMap(snapshot.sources.find(text.path)?.text ?? '').location(text.path, span);
}
