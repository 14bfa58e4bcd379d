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
