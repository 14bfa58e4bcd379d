import { toReadable } from '../project/node-text.ts';
import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import type { Location, Span } from '../text/span.ts';
import { LineMap } from '../text/span.ts';

/** Where the user wrote the expression that makes a column of a node; undefined where nothing in a file makes it by itself, as with `*`. */
export function locateColumn(snapshot: Snapshot, node: NodeId, column: string): Location | undefined {
  const name = column.toLowerCase();
  const span = snapshot.lineage.nodes.get(node)?.columns.find((at) => at.name.toLowerCase() === name)?.span;
  const locate = span && toLocator(snapshot, node);
  return span && locate?.(span);
}

/** Where a macro is defined; undefined for what is not a macro of the project or its packages. */
export function locateMacro(snapshot: Snapshot, id: string): Location | undefined {
  const macro = snapshot.macros.find((at) => at.id === id);
  const text = macro && snapshot.sources.find(macro.path)?.text;
  return macro === undefined || text === undefined ? undefined : new LineMap(text).location(macro.path, macro.span);
}

/** Turns spans of a node's compiled SQL into places in its file. */
export function toLocator(snapshot: Snapshot, node: NodeId): ((span: Span) => Location) | undefined {
  const text = snapshot.texts.get(node);
  const file = text && snapshot.sources.find(text.path)?.text;
  if (text === undefined || file === undefined) return undefined;
  const lines = new LineMap(file);
  return (span) => lines.location(text.path, toReadable(text).map.locateSpan(span));
}
