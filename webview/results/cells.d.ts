import type { ShownCell } from '../../src/protocol.ts';
/** How the values of a column are set: numbers to the right, the rest to the left. */
export type CellKind = 'number' | 'boolean' | 'date' | 'text' | 'blob';
interface TypedColumn {
  readonly name: string;
  readonly type: string;
}
/** The kind of a column by its type; where the type says nothing, by the first values that are not null. */
export declare function toCellKind(column: TypedColumn, values: Iterable<ShownCell>): CellKind;
/** The text of a cell in the grid; line breaks are shown as a sign, because a row has one line. */
export declare function toCellText(value: ShownCell): string;
/** A cell's class and content: NULL, the empty string and the word NULL look different. */
export declare function fillCell(cell: HTMLElement, value: ShownCell | undefined, kind: CellKind): void;
/** A width that shows the name and type of a column and nearly all of the values seen. */
export declare function toColumnWidth(column: TypedColumn, values: readonly ShownCell[]): number;
/** Small bars for the distribution of a column. */
export declare function toHistogram(counts: readonly number[]): HTMLElement;
