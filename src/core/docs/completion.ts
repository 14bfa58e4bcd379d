import type { Snapshot } from '../snapshot.ts';
import type { Position, Span } from '../text/span.ts';
import { LineMap } from '../text/span.ts';
import { completeJinja } from './complete-jinja.ts';
import { completeSql } from './complete-sql.ts';
import { completeYaml } from './complete-yaml.ts';
import { findTag } from './jinja-meaning.ts';

/** One thing that may be written at a place. */
export interface Suggestion {
  readonly label: string;
  readonly kind: 'column' | 'cte' | 'relation' | 'source' | 'macro' | 'var' | 'function' | 'key' | 'value' | 'docs' | 'parameter';
  /** What stands beside the label: a type, where it comes from. */
  readonly detail: string;
  readonly documentation?: string;
  /** What is written, where it is not the label. */
  readonly insert?: string;
  /** Lower comes first. */
  readonly rank: number;
}

/** Suggestions, and the piece of text that one of them replaces. */
export interface Completion {
  readonly items: readonly Suggestion[];
  readonly start: Position;
  readonly end: Position;
}

/** What may be written at a position; the text may be half typed. */
export function completeAt(snapshot: Snapshot, path: string, position: Position): Completion | undefined {
  const text = snapshot.sources.find(path)?.text;
  if (text === undefined) return undefined;
  const lines = new LineMap(text);
  const offset = lines.offset(position);
  const found = complete(snapshot, path, text, offset);
  if (found === undefined || found.items.length === 0) return undefined;
  const items = [...found.items].sort((a, b) => a.rank - b.rank || (a.label < b.label ? -1 : 1));
  return { items, start: lines.position(found.span.start), end: lines.position(found.span.end) };
}

function complete(
  snapshot: Snapshot,
  path: string,
  text: string,
  offset: number,
): { readonly items: readonly Suggestion[]; readonly span: Span } | undefined {
  if (/\.ya?ml$/i.test(path)) return completeYaml(snapshot, path, text, offset);
  if (!/\.sql$/i.test(path)) return undefined;
  const tag = findTag(text, offset);
  if (tag !== undefined && offset >= tag.start + 2) return completeJinja(snapshot, path, text, offset, tag);
  return completeSql(snapshot, path, text, offset);
}
