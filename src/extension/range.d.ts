import { Range } from 'vscode';
import type { Position } from '../core/text/span.ts';
/** An editor's range of a place that counts from 1. */
export declare function toRange(place: { readonly start: Position; readonly end: Position }): Range;
