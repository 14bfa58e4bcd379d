import { l10n, window } from 'vscode';
import type { CheckResult } from '../../core/checks/result.ts';
import { formatSummary, isBad, summarize } from '../../core/checks/result.ts';
import { toNotification } from '../markdown.ts';

/** How a run ended, in one line: `2 of 3 passed, 1 failed`. */
export function toRunLine(results: readonly CheckResult[]): string {
  const summary = summarize(results);
  const rest = formatSummary({ ...summary, pass: 0 }).replace(/^0 passed(, )?/, '');
  const passed = l10n.t('{0} of {1} passed', summary.pass, summary.total);
  return rest === '' ? passed : `${passed}, ${rest}`;
}

/** Says in the status bar how a run ended; a toast names what failed first and leads to it. */
export async function announce(results: readonly CheckResult[], open: (failed: CheckResult) => Promise<void>): Promise<void> {
  if (results.length === 0) return;
  const line = toRunLine(results);
  const failed = results.find(({ status }) => isBad(status));
  window.setStatusBarMessage(failed === undefined ? `$(pass) ${line}` : `$(error) ${line}`, 10_000);
  if (failed === undefined) {
    void window.showInformationMessage(toNotification(line));
    return;
  }
  const show = l10n.t('Show Failure');
  const [first = ''] = failed.message.split('\n');
  const chosen = await window.showWarningMessage(toNotification(`${line}. ${failed.name}: ${first}`), show);
  if (chosen === show) await open(failed);
}

/** Says how a build ended; what failed, and what was skipped for it, can be built again. */
export async function announceBuild(results: readonly CheckResult[], retry: (select: string) => Thenable<unknown>): Promise<void> {
  const again = results.filter(({ status }) => isBad(status) || status === 'skip');
  const line = toRunLine(results);
  window.setStatusBarMessage(again.length === 0 ? `$(pass) ${line}` : `$(error) ${line}`, 10_000);
  if (again.length === 0) return;
  const button = l10n.t('Retry Failed');
  if ((await window.showWarningMessage(toNotification(line), button)) === button) await retry(again.map(({ name }) => name).join(' '));
}
