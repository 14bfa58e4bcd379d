import type { ResultTab, ShownCell } from '../../src/protocol.ts';
import type { CellKind } from './cells.ts';
import { toCellKind, toColumnWidth } from './cells.ts';
import { isGrouped } from './grouped.ts';

const narrowest = 36;

/** How the columns of a grid are shown: which of them, how wide, and how many stay in sight. Columns are named by their index in the result. */
export class Columns {
  #shown: number[];
  #frozen = 0;
  readonly #widths: number[];
  readonly #kinds: CellKind[];
  readonly #fitted: boolean[];
  readonly #grouped: boolean[];

  constructor(private readonly tab: ResultTab) {
    this.#shown = tab.columns.map((_, index) => index);
    this.#widths = tab.columns.map((column) => toColumnWidth(column, []));
    this.#kinds = tab.columns.map((column) => toCellKind(column, []));
    this.#fitted = tab.columns.map(() => false);
    this.#grouped = tab.columns.map((column) => isGrouped(column));
  }

  /** The columns in sight of somebody who scrolls, from left to right. */
  get shown(): readonly number[] {
    return this.#shown;
  }

  get hidden(): readonly number[] {
    return this.tab.columns.map((_, index) => index).filter((index) => !this.#shown.includes(index));
  }

  /** How many of the shown columns stay at the left. */
  get frozen(): number {
    return this.#frozen;
  }

  get isFitted(): boolean {
    return !this.#fitted.includes(false);
  }

  name(column: number): string {
    return this.tab.columns[column]?.name ?? '';
  }

  type(column: number): string {
    return (this.tab.columns[column]?.type ?? '').toLowerCase();
  }

  width(column: number): number {
    return this.#widths[column] ?? 0;
  }

  kind(column: number): CellKind {
    return this.#kinds[column] ?? 'text';
  }

  /** Whether the thousands of its numbers are set apart. */
  isGrouped(column: number): boolean {
    return this.#grouped[column] ?? false;
  }

  /** The place of a column among those that are shown; a hidden one is shown again. */
  positionOf(column: number): number {
    if (!this.#shown.includes(column)) this.show(column);
    return Math.max(0, this.#shown.indexOf(column));
  }

  /** The width of the columns before a position. */
  left(position: number): number {
    return this.#shown.slice(0, position).reduce((sum, column) => sum + this.width(column), 0);
  }

  hide(column: number): void {
    if (this.#shown.length < 2) return;
    const position = this.#shown.indexOf(column);
    if (position >= 0 && position < this.#frozen) this.#frozen--;
    this.#shown = this.#shown.filter((other) => other !== column);
  }

  /** Puts a hidden column back where it was, or all of them. */
  show(column?: number): void {
    const wanted = new Set(column === undefined ? this.tab.columns.map((_, index) => index) : [...this.#shown, column]);
    this.#shown = this.tab.columns.map((_, index) => index).filter((index) => wanted.has(index));
  }

  /** Keeps the columns up to one in sight, or none. */
  freeze(column: number | undefined): void {
    this.#frozen = column === undefined ? 0 : this.#shown.indexOf(column) + 1;
  }

  resize(column: number, width: number): void {
    this.#widths[column] = Math.max(narrowest, width);
    this.#fitted[column] = true;
  }

  /** Sets widths and kinds by the first values that are there. */
  fit(sample: (column: number) => readonly ShownCell[]): void {
    for (const [index] of this.tab.columns.entries()) if (this.#fitted[index] === false) this.fitColumn(index, sample(index));
  }

  fitColumn(index: number, values: readonly ShownCell[]): void {
    const column = this.tab.columns[index];
    if (column === undefined || values.length === 0) return;
    this.#widths[index] = toColumnWidth(column, values);
    this.#kinds[index] = toCellKind(column, values);
    this.#fitted[index] = true;
  }
}
