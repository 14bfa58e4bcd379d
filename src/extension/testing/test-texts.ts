import { workspace as editor, window } from 'vscode';
import type { CheckResult } from '../../core/checks/result.ts';

/** Opens a text in an untitled editor beside the keyboard. */
export async function showText(content: string, language: string): Promise<void> {
  const document = await editor.openTextDocument({ content, language });
  await window.showTextDocument(document, { preview: true, preserveFocus: true });
}

/** The SQL of a test with the rows that it found written above it, for the editor. */
export function toTestDocument(result: CheckResult): string {
  const lines = [`${result.name}: ${result.status}`, ...result.message.split('\n')].filter((line) => line !== '');
  const { sample } = result;
  if (sample !== undefined && sample.rows.length > 0) {
    const table = [
      sample.columns.map((column) => column.name),
      ...sample.rows.map((row) => row.map((cell) => (cell === null ? 'NULL' : String(cell)))),
    ];
    const widths = sample.columns.map((_, i) => Math.min(60, Math.max(...table.map((row) => (row[i] ?? '').length))));
    const shown = table.map((row) =>
      row
        .map((cell, i) => cell.replace(/\s+/g, ' ').padEnd(widths[i] ?? 0))
        .join(' | ')
        .trimEnd(),
    );
    lines.push('', ...shown);
    if (sample.rowCount > sample.rows.length) lines.push(`${sample.rowCount - sample.rows.length} more rows`);
  }
  return `${lines.map((line) => `-- ${line}`.trimEnd()).join('\n')}\n\n${(result.sql ?? '').trim()}\n`;
}
