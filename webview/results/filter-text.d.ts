import type { ColumnFilter } from '../../src/protocol.ts';
import type { CellKind } from './cells.ts';
/** What can be typed into the filter of a column, by its kind. */
export declare function toFilterHint(kind: CellKind): string;
/** What a filter field says: no filter, one, or why the text is none. */
export type FilterReading =
  | {
      readonly kind: 'none';
    }
  | {
      readonly kind: 'filter';
      readonly filter: ColumnFilter;
    }
  | {
      readonly kind: 'unclear';
      readonly problem: string;
    };
/** Reads what was typed into the filter of a column. */
export declare function readFilter(column: number, kind: CellKind, text: string): FilterReading;
/** A filter in words, for the line that says what is shown. */
export declare function describeFilter(name: string, { operator, values }: ColumnFilter): string;
