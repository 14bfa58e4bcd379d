import type { TestItem } from 'vscode';
import { Location, TestMessage } from 'vscode';
import type { CheckResult } from '../../core/checks/result.ts';
import { toName } from '../../core/docs/markdown.ts';
import { toMarkdownString } from '../markdown.ts';

const shownRows = 10;

/** What the Test Explorer says of a test that did not pass: expected and actual rows, or the rows that failed. */
export function toTestMessage(result: CheckResult, item: TestItem): TestMessage {
  const { difference } = result;
  const message =
    difference === undefined
      ? new TestMessage(toMarkdownString(toMarkdown(result)))
      : TestMessage.diff(result.message, difference.expected, difference.actual);
  message.contextValue = 'headwater';
  if (item.uri !== undefined && item.range !== undefined) message.location = new Location(item.uri, item.range);
  return message;
}

function toMarkdown(result: CheckResult): string {
  const message = result.message.split('\n').map(toName).join('  \n');
  const { sample } = result;
  if (sample === undefined || sample.rows.length === 0) return message;
  const line = (cells: readonly unknown[]): string => `| ${cells.map(toCellText).join(' | ')} |`;
  const rows = sample.rows.slice(0, shownRows).map(line);
  const names = sample.columns.map((column) => column.name);
  const table = [line(names), `| ${names.map(() => '---').join(' | ')} |`, ...rows].join('\n');
  const more = sample.rowCount > shownRows ? `\n${sample.rowCount - shownRows} more.` : '';
  return `${message}\n\n${table}\n${more}`;
}

function toCellText(value: unknown): string {
  return value === null || value === undefined ? 'NULL' : toName(String(value).slice(0, 1000));
}
