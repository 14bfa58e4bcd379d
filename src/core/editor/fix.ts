import type { Snapshot } from '../snapshot.ts';
import type { ProblemCode } from '../text/problem.ts';
import type { Location, Span } from '../text/span.ts';
import { LineMap } from '../text/span.ts';

/** A text that takes the place of a range of a file. */
export interface TextChange {
  readonly location: Location;
  readonly text: string;
}

/** Changes that mend or reshape what stands at a place. */
export interface Fix {
  readonly title: string;
  readonly kind: 'quickfix' | 'extract' | 'inline' | 'rewrite';
  /** The problem that it does away with, and where that begins. */
  readonly mends?: { readonly code: ProblemCode; readonly location: Location };
  /** Whether it is what is most likely meant. */
  readonly isPreferred: boolean;
  readonly changes: readonly TextChange[];
  readonly created: readonly { readonly path: string; readonly text: string }[];
  readonly deleted: readonly string[];
  /** How far into the text of its only change something is left for the user to write. */
  readonly writeAt?: number;
  /** Why it cannot be done here; then it changes nothing. */
  readonly disabled?: string;
}

/** The place at which fixes are asked for. */
export interface FixPlace {
  readonly snapshot: Snapshot;
  readonly path: string;
  readonly text: string;
  readonly lines: LineMap;
  readonly span: Span;
}

/** A fix of one file or of none, with what is usual left out. */
export function toFix(title: string, kind: Fix['kind'], changes: readonly TextChange[], more: Partial<Fix> = {}): Fix {
  return { title, kind, changes, isPreferred: false, created: [], deleted: [], ...more };
}

/** A change of a span of the file in question. */
export function changeAt({ path, lines }: FixPlace, span: Span, text: string): TextChange {
  return { location: lines.location(path, span), text };
}

/** The one change that turns a file's text into another; undefined where they are the same. */
export function changeOf(snapshot: Snapshot, path: string, after: string): TextChange | undefined {
  const before = snapshot.sources.find(path)?.text;
  if (before === undefined || before === after) return undefined;
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let [end, other] = [before.length, after.length];
  while (end > start && other > start && before[end - 1] === after[other - 1]) {
    end--;
    other--;
  }
  return { location: new LineMap(before).location(path, { start, end }), text: after.slice(start, other) };
}
