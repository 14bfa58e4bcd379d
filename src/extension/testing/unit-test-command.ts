import { l10n, ProgressLocation, window } from 'vscode';
import { writeUnitTest } from '../../core/checks/write-unit-test.ts';
import type { NodeId } from '../../core/text/ids.ts';
import type { OutlineNode, PickedView, PreviewQuestion } from '../../protocol.ts';
import { Refusal } from '../edge.ts';
import type { Previews } from '../previews.ts';
import type { Workspace } from '../workspace.ts';
import { writeYaml } from './yaml-edit.ts';

/** Rows that were selected in the results panel. */
export interface PickedInTab {
  readonly tab: number;
  readonly picked: PickedView;
}

/** More rows than anyone reads in a unit test. */
const mostPicked = 50;

/** *Make a Unit Test of These Rows*: what was selected becomes what a model is expected to give, or what it is given, in its properties file. */
export async function makeUnitTest(workspace: Workspace, previews: Previews, { tab, picked }: PickedInTab): Promise<string | undefined> {
  const question = previews.questionOf(tab);
  const found = question?.kind === 'node' && question.cte === undefined ? workspace.findNode(question.node, question.project) : undefined;
  if (question === undefined || found === undefined)
    throw new Refusal(l10n.t('Unit tests are made of the rows of a model or of what a model reads: preview one of those.'));
  const count = picked.rows[1] - picked.rows[0];
  if (count > mostPicked)
    throw new Refusal(l10n.t('Select up to {0} rows: {1} are more than anyone reads in a unit test.', mostPicked, count));
  const model = await pickModel(workspace, found.node, question);
  if (model === undefined) return undefined;
  const options = {
    location: ProgressLocation.Notification,
    title: l10n.t('Looking for the rows that {0} needs', model.name),
    cancellable: true,
  };
  const made = await window.withProgress(options, (_, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    return previews.rows.unitTest(tab, model.id, picked, abort.signal);
  });
  if ('problem' in made) throw new Refusal(made.problem);
  await writeYaml(workspace.uriOf(question.project, made.path), made.path, (before) => writeUnitTest(before, made.test));
  void window.setStatusBarMessage(l10n.t('A unit test of {0}: {1}', model.name, made.because), 10_000);
  return made.path;
}

/** The model that is tested: the one whose rows these are, or one that reads them. */
async function pickModel(workspace: Workspace, node: OutlineNode, { project }: PreviewQuestion): Promise<OutlineNode | undefined> {
  const outline = workspace.find(project);
  if (outline?.adapter === '') throw new Refusal(l10n.t('Unit tests are a part of dbt projects, which {0} is not.', outline.name));
  const readers = new Set<NodeId>(outline?.edges.filter((edge) => edge.from === node.id).map((edge) => edge.to));
  const models = outline?.nodes.filter((one) => one.kind === 'model' && one.enabled && readers.has(one.id)) ?? [];
  const items = [
    ...(node.kind === 'model' ? [{ label: l10n.t('{0} gives these rows', node.name), node }] : []),
    ...models.map((one) => ({ label: l10n.t('{0} is given these rows', one.name), node: one })),
  ];
  if (items.length === 0) throw new Refusal(l10n.t('No model reads {0}, so there is nothing to test with its rows.', node.name));
  if (items.length === 1) return items[0]?.node;
  const chosen = await window.showQuickPick(items, { title: l10n.t('Unit test of {0} rows', node.name) });
  return chosen?.node;
}
