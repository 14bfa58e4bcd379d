import { Disposable, LanguageStatusSeverity, l10n, languages } from 'vscode';
import type { Edge } from '../edge.ts';
import { ownProblems } from '../package-files.ts';
import { projectFiles } from '../providers/asking.ts';
import type { Workspace } from '../workspace.ts';

/** The state of the project beside the language of the file: what was read, in which dialect, and how many problems there are. */
export function registerStatus(workspace: Workspace, edge: Edge): Disposable {
  const item = languages.createLanguageStatusItem('headwater.project', projectFiles);
  item.name = 'Headwater';
  item.command = { command: 'headwater.showLog', title: l10n.t('Show Log') };
  const update = (): void => {
    item.busy = workspace.isReading;
    const problems = workspace.outlines.flatMap(ownProblems);
    const errors = problems.filter((problem) => problem.severity === 'error').length;
    if (workspace.outlines.length === 0) {
      item.text = workspace.isReading ? l10n.t('Reading the project…') : l10n.t('No project');
      item.detail = '';
      item.severity = LanguageStatusSeverity.Information;
      return;
    }
    item.text = workspace.outlines.map((outline) => outline.name).join(', ');
    const models = workspace.outlines.reduce((sum, { nodes }) => sum + nodes.filter(({ kind }) => kind === 'model').length, 0);
    const dialects = [
      ...new Set(workspace.outlines.map(({ dialect, guess }) => (guess === undefined ? dialect : l10n.t('{0} (guessed)', dialect)))),
    ].join(', ');
    item.detail =
      errors === 0 ? l10n.t('{0} models · {1}', models, dialects) : l10n.t('{0} models · {1} · {2} errors', models, dialects, errors);
    item.severity = errors === 0 ? LanguageStatusSeverity.Information : LanguageStatusSeverity.Warning;
  };
  update();
  const listening = workspace.onDidChange(() => void edge.provide('the status item', async () => update()));
  return Disposable.from(item, listening);
}
