import { Position as EditorPosition, Range } from 'vscode';
import type { Position } from '../core/text/span.ts';

/** An editor's range of a place that counts from 1. */
export function toRange(place: { readonly start: Position; readonly end: Position }): Range {
  const { start, end } = place;
  return new Range(Math.max(0, start.line - 1), Math.max(0, start.column - 1), Math.max(0, end.line - 1), Math.max(0, end.column - 1));
}

/** An editor's position of one that counts from 1. */
export function toPosition({ line, column }: Position): EditorPosition {
  return new EditorPosition(Math.max(0, line - 1), Math.max(0, column - 1));
}
