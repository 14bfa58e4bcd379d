import type { ExportFormat, ShownCell } from '../protocol.ts';

/** Rows as text: CSV after RFC 4180, tab-separated as spreadsheets paste it, a Markdown table, or an array of JSON objects. */
export function toTableText(
  format: ExportFormat,
  columns: readonly { readonly name: string; readonly type: string }[],
  rows: readonly (readonly ShownCell[])[],
  header: boolean,
): string {
  const names = columns.map((column) => column.name);
  switch (format) {
    case 'csv':
      return lines([...(header ? [names] : []), ...rows].map((row) => row.map(toCsvField).join(',')));
    case 'tsv': {
      const text = [...(header ? [names] : []), ...rows].map((row) => row.map(toTsvField).join('\t')).join('\n');
      // One cell is pasted as it is.
      return rows.length === 1 && columns.length === 1 && !header ? text : `${text}\n`;
    }
    case 'markdown':
      return lines([
        toMarkdownRow(names),
        toMarkdownRow(columns.map(toRule)),
        ...rows.map((row) => toMarkdownRow(row.map(toMarkdownCell))),
      ]);
    case 'json': {
      const unique = toUniqueNames(names);
      const objects = rows.map((row) => JSON.stringify(Object.fromEntries(unique.map((name, index) => [name, row[index] ?? null]))));
      return `[\n${objects.map((object) => `  ${object}`).join(',\n')}\n]\n`;
    }
  }
}

function lines(rows: readonly string[]): string {
  return rows.length === 0 ? '' : `${rows.join('\n')}\n`;
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

function toRule({ type }: { readonly type: string }): string {
  return /int|num|dec|real|double|float/i.test(type) ? '--:' : '---';
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
