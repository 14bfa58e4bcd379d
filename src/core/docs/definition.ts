import type { ProjectNode } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Location, Position } from '../text/span.ts';
import { LineMap } from '../text/span.ts';
import { findColumns, findNamedNodes } from './hover.ts';
import { findWord } from './word.ts';

/** Where the relation, column or macro at a position is written. */
export function findDefinitions(snapshot: Snapshot, path: string, position: Position): readonly Location[] {
  const text = snapshot.sources.find(path)?.text;
  const word = text === undefined ? undefined : findWord(text, position);
  if (text === undefined || word === undefined) return [];
  const named = findNamedNodes(snapshot, path, text, word);
  if (named.length > 0) return named.map((node) => locate(snapshot, node));
  const columns = findColumns(snapshot, path, word).filter(({ node }) => node.path !== path);
  return columns.map(({ node, column }) => {
    const from = column.descriptionFrom;
    if (from === undefined) return locate(snapshot, node);
    const at = { line: from.line, column: 1 };
    return { path: from.path, start: at, end: at };
  });
}

function locate(snapshot: Snapshot, node: ProjectNode): Location {
  const text = snapshot.sources.find(node.path)?.text;
  if (node.span === undefined || text === undefined) {
    const start = { line: 1, column: 1 };
    return { path: node.path, start, end: start };
  }
  return new LineMap(text).location(node.path, node.span);
}
