/** A cell by row and column. */
export interface CellAt {
  readonly row: number;
  readonly column: number;
}

/** The selected rectangle: one corner stays (`anchor`), the other moves with the keyboard (`focus`). */
export interface Selection {
  readonly anchor: CellAt;
  readonly focus: CellAt;
}

export interface Extent {
  readonly rows: number;
  readonly columns: number;
  /** Rows that fit on the page. */
  readonly page: number;
}

/** The rectangle of a selection, both ends included. */
export function toBox({ anchor, focus }: Selection): { top: number; bottom: number; left: number; right: number } {
  return {
    top: Math.min(anchor.row, focus.row),
    bottom: Math.max(anchor.row, focus.row),
    left: Math.min(anchor.column, focus.column),
    right: Math.max(anchor.column, focus.column),
  };
}

interface Press {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

/** The selection after a key, as in a spreadsheet; undefined where the key means nothing to it. */
export function moveSelection(selection: Selection, press: Press, extent: Extent): Selection | undefined {
  const { focus } = selection;
  const far = press.ctrlKey || press.metaKey;
  const lastRow = extent.rows - 1;
  const lastColumn = extent.columns - 1;
  if (press.key === ' ' && press.shiftKey) return { anchor: { row: focus.row, column: 0 }, focus: { row: focus.row, column: lastColumn } };
  if (press.key === ' ' && far) return { anchor: { row: 0, column: focus.column }, focus: { row: lastRow, column: focus.column } };
  if (press.key === 'a' && far) return { anchor: { row: 0, column: 0 }, focus: { row: lastRow, column: lastColumn } };
  const moved = moveFocus(focus, press.key, far, extent);
  if (moved === undefined) return undefined;
  const to = { row: clamp(moved.row, lastRow), column: clamp(moved.column, lastColumn) };
  return press.shiftKey && press.key !== 'Tab' ? { anchor: selection.anchor, focus: to } : { anchor: to, focus: to };
}

function moveFocus({ row, column }: CellAt, key: string, far: boolean, extent: Extent): CellAt | undefined {
  const lastRow = extent.rows - 1;
  const lastColumn = extent.columns - 1;
  switch (key) {
    case 'ArrowUp':
      return { row: far ? 0 : row - 1, column };
    case 'ArrowDown':
      return { row: far ? lastRow : row + 1, column };
    case 'ArrowLeft':
      return { row, column: far ? 0 : column - 1 };
    case 'ArrowRight':
      return { row, column: far ? lastColumn : column + 1 };
    case 'Home':
      return { row: far ? 0 : row, column: 0 };
    case 'End':
      return { row: far ? lastRow : row, column: lastColumn };
    case 'PageUp':
      return { row: row - extent.page, column };
    case 'PageDown':
      return { row: row + extent.page, column };
    case 'Escape':
      return { row, column };
    default:
      return undefined;
  }
}

function clamp(value: number, last: number): number {
  return Math.max(0, Math.min(value, last));
}
