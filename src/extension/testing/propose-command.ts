import { l10n, ProgressLocation, window } from 'vscode';
import type { Proposal } from '../../core/checks/propose.ts';
import { writeTests } from '../../core/checks/write-tests.ts';
import { toNotification } from '../markdown.ts';
import type { Found, Workspace } from '../workspace.ts';
import type { CheckRuns } from './check-runs.ts';
import { writeYaml } from './yaml-edit.ts';

/** *Headwater: Propose Tests*: tests that the rows of a model speak for; what is chosen is written into its properties file. */
export async function proposeTests(workspace: Workspace, runs: CheckRuns, found: Found): Promise<readonly Proposal[]> {
  const { outline, node } = found;
  const title = l10n.t('Looking at the rows of {0}', node.name);
  const answer = await window.withProgress({ location: ProgressLocation.Window, title }, () => runs.propose(outline, node.id));
  if (answer.proposals.length === 0) {
    const nothing = l10n.t('The rows of {0} speak for no test that it has not yet.', node.name);
    void window.showInformationMessage(toNotification(`Headwater: ${answer.problem ?? nothing}`));
    return [];
  }
  const items = answer.proposals.map((proposal) => ({
    label: proposal.column,
    description: proposal.name,
    detail: proposal.because,
    picked: true,
    proposal,
  }));
  const chosen = await window.showQuickPick(items, { canPickMany: true, title: l10n.t('Tests for {0}', node.name) });
  // A caller that names the node wants the proposals themselves; a person chooses.
  if (chosen === undefined || chosen.length === 0) return answer.proposals;
  const picked = chosen.map((item) => item.proposal);
  const entry = { section: answer.section, name: node.name };
  await writeYaml(workspace.uriOf(outline.key, answer.path), answer.path, (before) => writeTests(before, entry, picked));
  return picked;
}
