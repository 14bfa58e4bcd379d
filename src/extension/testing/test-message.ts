import type { TestItem } from 'vscode';
import { Location, MarkdownString, TestMessage } from 'vscode';
import type { CheckResult } from '../../core/checks/result.ts';

const shownRows = 10;

/** What the Test Explorer says of a test that did not pass: expected and actual rows, or the rows that failed. */
export function toTestMessage(result: CheckResult, item: TestItem): TestMessage {
  const { difference } = result;
  const message =
    difference === undefined
      ? new TestMessage(toMarkdown(result))
      : TestMessage.diff(result.message, difference.expected, difference.actual);
  message.contextValue = 'headwater';
  if (item.uri !== undefined && item.range !== undefined) message.location = new Location(item.uri, item.range);
  return message;
}

function toMarkdown(result: CheckResult): MarkdownString {
  const text = new MarkdownString();
  text.appendText(result.message);
  const { sample } = result;
  if (sample === undefined || sample.rows.length === 0) return text;
  const line = (cells: readonly unknown[]): string => `| ${cells.map(toCellText).join(' | ')} |`;
  const rows = sample.rows.slice(0, shownRows).map(line);
  const names = sample.columns.map((column) => column.name);
  text.appendMarkdown(`\n\n${[line(names), line(names.map(() => '---')), ...rows].join('\n')}\n`);
  if (sample.rowCount > shownRows) text.appendMarkdown(`\n${sample.rowCount - shownRows} more.`);
  return text;
}

function toCellText(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  return String(value)
    .replace(/[\\`*_{}[\]<>()#+!|]/g, (character) => (character === '|' ? '\\|' : `\\${character}`))
    .replace(/\s+/g, ' ');
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
