import type { ExtensionContext } from 'vscode';
import { commands, l10n, window } from 'vscode';
import { findOpenSample } from './commands/open-sample.ts';
import type { Edge } from './edge.ts';
import type { LineageTree } from './views/lineage-tree.ts';
import type { Found, Workspace } from './workspace.ts';

/** The model of each sample that is worth looking at first: one with a story in its rows and some depth above it. */
const firstModels: readonly string[] = [
  'account_overview',
  'rpt_mrr_by_month',
  'metrics_sales_pipeline',
  'monthly_recurring_revenue',
  'user_activity',
];

const visited = 'sampleVisited';

/** Shows a sample that is opened for the first time: a model, its graph beside it, its rows below, and three things to try. */
export async function lookAround(context: ExtensionContext, workspace: Workspace, tree: LineageTree, edge: Edge): Promise<void> {
  const sample = findOpenSample(context);
  await commands.executeCommand('setContext', 'headwater.isSample', sample !== undefined);
  if (sample === undefined || context.workspaceState.get(visited) === true) return;
  await context.workspaceState.update(visited, true);
  await edge.perform('the first look', async () => {
    await workspace.ready();
    const found = findFirst(workspace);
    if (found === undefined) return;
    await commands.executeCommand('headwater.lineage.focus');
    await window.showTextDocument(workspace.uriOf(found.outline.key, found.node.path), { preview: false });
    await commands.executeCommand('headwater.preview', found);
    await commands.executeCommand('headwater.showGraph', found);
    tree.say(
      l10n.t(
        'Try three things: hover a column in the SQL; change the SQL and press Ctrl+Enter (⌘Enter); open a card in the graph and click one of its columns.',
      ),
    );
  });
}

function findFirst(workspace: Workspace): Found | undefined {
  for (const outline of workspace.outlines) {
    const models = outline.nodes.filter((node) => node.kind === 'model' && node.enabled);
    const node = models.find(({ name }) => firstModels.includes(name)) ?? models.at(-1);
    if (node !== undefined) return { outline, node };
  }
  return undefined;
}
