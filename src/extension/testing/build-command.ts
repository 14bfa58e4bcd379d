import type { TestController } from 'vscode';
import { l10n, ProgressLocation, TestRunRequest, window } from 'vscode';
import type { CheckResult } from '../../core/checks/result.ts';
import type { Outline } from '../../protocol.ts';
import { toNotification } from '../markdown.ts';
import type { Workspace } from '../workspace.ts';
import type { CheckRuns } from './check-runs.ts';

/** *Headwater: Build*: asks for a selection, runs it and shows what was built in which time. */
export async function build(
  workspace: Workspace,
  runs: CheckRuns,
  controller: TestController,
  given: unknown,
  show: (outline: Outline, select: string, results: readonly CheckResult[]) => Promise<void>,
): Promise<readonly CheckResult[] | undefined> {
  const active = window.activeTextEditor?.document.uri;
  const found = active === undefined ? undefined : workspace.findByUri(active);
  const outline = found?.outline ?? (active === undefined ? undefined : workspace.place(active)?.outline) ?? (await pickProject(workspace));
  if (outline === undefined) return undefined;
  const select =
    typeof given === 'string'
      ? given
      : await window.showInputBox({
          title: l10n.t('Build'),
          prompt: l10n.t("What to build, in dbt's node selection; nothing means everything"),
          value: found?.node.kind === 'model' ? `+${found.node.name}` : '',
        });
  if (select === undefined) return undefined;
  return window.withProgress(
    { location: ProgressLocation.Notification, title: l10n.t('Building'), cancellable: true },
    async (progress, token) => {
      const run = controller.createTestRun(new TestRunRequest(), l10n.t('Build'), false);
      try {
        const names = new Map(outline.nodes.map((node) => [node.id, node.name]));
        const answer = await runs.ask(outline, run, { kind: 'select', select, exclude: '' }, token, (node) =>
          progress.report({ message: names.get(node) ?? node }),
        );
        for (const problem of answer.problems) run.appendOutput(`${problem}\r\n`);
        if (answer.problems.length > 0) void window.showWarningMessage(toNotification(`Headwater: ${answer.problems[0]}`));
        if (answer.results.length > 0) await show(outline, select, answer.results);
        return answer.results;
      } finally {
        run.end();
      }
    },
  );
}

async function pickProject({ outlines }: Workspace): Promise<Workspace['outlines'][number] | undefined> {
  const [first, second] = outlines;
  if (second === undefined) return first;
  const items = outlines.map((outline) => ({ label: outline.name, description: outline.key.root, outline }));
  return (await window.showQuickPick(items, { placeHolder: l10n.t('Which project is built?') }))?.outline;
}
