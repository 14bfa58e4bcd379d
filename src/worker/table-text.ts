import type { Dialect } from '../core/sql/dialect.ts';
import type { ShownCell, TextStyle } from '../protocol.ts';
import { toSqlRows } from './sql-rows.ts';

interface NamedColumn {
  readonly name: string;
  readonly type: string;
}

/**
 * Rows as text: CSV after RFC 4180, tab-separated as spreadsheets paste it, a Markdown table, JSON objects in an array or one a line, or a query of
 * constants. A long text is made in pieces, which fit together.
 */
export function toTableText(
  { format, guardFormulas, ends }: TextStyle,
  columns: readonly NamedColumn[],
  rows: readonly (readonly ShownCell[])[],
  header: boolean,
  dialect: Dialect = 'generic',
): string {
  const names = columns.map((column) => column.name);
  const guarded = guardFormulas && (format === 'csv' || format === 'tsv') ? rows.map((row) => row.map(guardFormula)) : rows;
  const heads = header && ends.isFirst ? [guardFormulas ? names.map(guardFormula) : names] : [];
  switch (format) {
    case 'csv':
      return lines([...heads, ...guarded].map((row) => row.map(toCsvField).join(',')));
    case 'tsv': {
      const text = [...heads, ...guarded].map((row) => row.map(toTsvField).join('\t')).join('\n');
      // One cell is pasted as it is.
      const isCell = rows.length === 1 && columns.length === 1 && !header && ends.isFirst && ends.isLast;
      return isCell || text === '' ? text : `${text}\n`;
    }
    case 'markdown':
      return lines([
        ...(ends.isFirst ? [toMarkdownRow(names), toMarkdownRow(columns.map(toRule))] : []),
        ...rows.map((row) => toMarkdownRow(row.map(toMarkdownCell))),
      ]);
    case 'jsonl':
      return lines(toObjects(names, rows));
    case 'json': {
      const objects = toObjects(names, rows).map((object) => `  ${object}`);
      const before = ends.isFirst ? '[\n' : objects.length > 0 ? ',\n' : '';
      return `${before}${objects.join(',\n')}${ends.isLast ? '\n]\n' : ''}`;
    }
    case 'sql':
      return toSqlRows(columns, rows, { header, dialect, ends });
  }
}

function lines(rows: readonly string[]): string {
  return rows.length === 0 ? '' : `${rows.join('\n')}\n`;
}

/** Text that begins as a formula does is text in a spreadsheet once an apostrophe stands before it; a number is no formula. */
function guardFormula<Value extends ShownCell>(value: Value): Value | string {
  if (typeof value !== 'string' || !/^[=+\-@\t\r]/.test(value) || /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(value)) return value;
  return `'${value}`;
}

/** NULL is an empty field, the empty string a quoted one, so that both survive the way back. */
function toCsvField(value: ShownCell): string {
  if (value === null) return '';
  const text = String(value);
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function toTsvField(value: ShownCell): string {
  const text = value === null ? '' : String(value);
  return /["\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function toMarkdownRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function toMarkdownCell(value: ShownCell): string {
  return value === null ? '*NULL*' : String(value).replaceAll('|', '\\|').replace(/\r?\n/g, '<br>');
}

function toRule({ type }: NamedColumn): string {
  return /int|num|dec|real|double|float/i.test(type) ? '--:' : '---';
}

function toObjects(names: readonly string[], rows: readonly (readonly ShownCell[])[]): readonly string[] {
  const unique = toUniqueNames(names);
  return rows.map((row) => JSON.stringify(Object.fromEntries(unique.map((name, index) => [name, row[index] ?? null]))));
}

/** Two columns of the same name are told apart by a number, since an object holds each name once. */
function toUniqueNames(names: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}_${count}`;
  });
}
