import type { ShownCell } from '../../src/protocol.ts';
import { element } from '../ui/element.ts';

/** How the values of a column are set: numbers to the right, the rest to the left. */
export type CellKind = 'number' | 'boolean' | 'date' | 'text' | 'blob';

interface TypedColumn {
  readonly name: string;
  readonly type: string;
}

const kinds: readonly (readonly [RegExp, CellKind])[] = [
  [/bool/i, 'boolean'],
  [/date|time/i, 'date'],
  [/int|num|dec|real|double|float|serial|money/i, 'number'],
  [/blob|byte|binary/i, 'blob'],
];

/** The kind of a column by its type; where the type says nothing, by the first values that are not null. */
export function toCellKind(column: TypedColumn, values: Iterable<ShownCell>): CellKind {
  // `interval` and `point` hold `int` without being numbers.
  const known = kinds.find(([pattern]) => pattern.test(column.type.replace(/interval|point/gi, '')));
  if (known !== undefined) return known[1];
  if (column.type !== '') return 'text';
  for (const value of values) {
    if (typeof value === 'number') return 'number';
    if (typeof value === 'boolean') return 'boolean';
    if (value !== null) return 'text';
  }
  return 'text';
}

/** A number with its thousands set apart; every digit stays as it is, so that large and exact numbers lose none. */
export function groupDigits(text: string): string {
  const match = /^([+-]?)(\d{4,})(\.\d+)?$/.exec(text);
  if (match === null) return text;
  const [, sign = '', whole = '', fraction = ''] = match;
  return `${sign}${whole.replace(/\B(?=(?:\d{3})+$)/g, thousands)}${fraction.replace('.', decimal)}`;
}

// As the reader's own language writes numbers.
const parts = new Intl.NumberFormat().formatToParts(12345.6);
const thousands = parts.find(({ type }) => type === 'group')?.value ?? ',';
const decimal = parts.find(({ type }) => type === 'decimal')?.value ?? '.';

/** The text of a cell in the grid; line breaks are shown as a sign, because a row has one line. */
export function toCellText(value: ShownCell): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string')
    return value.length > 500 ? `${value.slice(0, 500)}…`.replace(/\r?\n/g, '↵') : value.replace(/\r?\n/g, '↵');
  return String(value);
}

/** A cell's class and content: NULL, the empty string and the word NULL look different. */
export function fillCell(cell: HTMLElement, value: ShownCell | undefined, kind: CellKind, grouped = false): void {
  let state = '';
  if (value === undefined) state = ' waiting';
  else if (value === null) state = ' null';
  else if (value === '') state = ' blank';
  cell.className = `cell ${kind}${state}`;
  const plain = value === undefined ? '' : value === '' ? 'empty' : toCellText(value);
  const text = grouped && kind === 'number' && value !== null ? groupDigits(plain) : plain;
  const [, before = '', inside = '', after = ''] = typeof value === 'string' ? (/^( *)(.*?)( *)$/s.exec(text) ?? []) : [];
  if (before === '' && after === '') cell.textContent = text;
  else cell.replaceChildren(...[toEdge(before), inside, toEdge(after)].filter((part) => part !== ''));
}

/** Blanks at the end of a text as dots. */
function toEdge(blanks: string): HTMLElement | '' {
  return blanks === '' ? '' : element('span', { class: 'edge' }, '·'.repeat(blanks.length));
}

const pen = document.createElement('canvas').getContext('2d');

function measure(text: string, font: string): number {
  if (pen === null) return text.length * 8;
  pen.font = font;
  return pen.measureText(text).width;
}

/** A width that shows the name and type of a column and nearly all of the values seen. */
export function toColumnWidth(column: TypedColumn, values: readonly ShownCell[]): number {
  const style = getComputedStyle(document.body);
  const mono = `${style.getPropertyValue('--vscode-editor-font-size') || '13px'} ${style.getPropertyValue('--vscode-editor-font-family') || 'monospace'}`;
  const longest = values.map(toCellText).sort((a, b) => a.length - b.length);
  const usual = measure(longest[Math.floor(longest.length * 0.95)] ?? '', mono);
  const type = column.type === '' ? 0 : measure(column.type.toLowerCase(), `${style.fontSize} ${style.fontFamily}`) * 0.85 + 6;
  const header = measure(column.name, `600 ${style.fontSize} ${style.fontFamily}`) + Math.min(type, 90) + 22;
  return Math.round(Math.min(420, Math.max(64, Math.max(usual, header) + 24)));
}
