import type { Disposable, ExtensionContext, LogOutputChannel } from 'vscode';
import { commands, env, l10n, Position, Range, window } from 'vscode';
import type { AnalysisCalls, ProjectKey } from '../../protocol.ts';
import type { Batches } from '../batches.ts';
import { type Edge, Refusal } from '../edge.ts';
import type { Panels } from '../panels/panels.ts';
import { moveGraphView } from '../panels/place.ts';
import type { ResultsView } from '../panels/results.ts';
import type { Previews } from '../previews.ts';
import { toRange } from '../range.ts';
import { toReference } from '../reference.ts';
import { follow, isFollowing } from '../settings.ts';
import { makeUnitTest, type PickedInTab } from '../testing/unit-test-command.ts';
import type { Documents } from '../views/documents.ts';
import type { ColumnItem } from '../views/lineage-items.ts';
import type { LineageTree } from '../views/lineage-tree.ts';
import type { WorkerClient } from '../worker-client.ts';
import type { Found, Workspace } from '../workspace.ts';
import { keepSample, openSample } from './open-sample.ts';
import { countRows, previewCte, previewIncrement, previewSelection, previewTarget } from './preview.ts';
import { findTarget, pickNode } from './target.ts';

/** The parts that commands act on. */
export interface Parts {
  readonly context: ExtensionContext;
  readonly workspace: Workspace;
  readonly analysis: WorkerClient<AnalysisCalls>;
  readonly batches: Batches;
  readonly previews: Previews;
  readonly results: ResultsView;
  readonly tree: LineageTree;
  readonly panels: Panels;
  readonly documents: Documents;
  readonly edge: Edge;
  readonly log: LogOutputChannel;
}

/** Every command of the manifest. */
export function registerCommands(parts: Parts): Disposable[] {
  const { context, workspace, analysis, previews, results, tree, panels, documents, edge, log } = parts;
  const register = (name: string, run: (given: unknown, more: unknown) => Promise<unknown>): Disposable =>
    commands.registerCommand(`headwater.${name}`, (given: unknown, more: unknown) => edge.perform(name, () => run(given, more)));
  const withTarget = (name: string, run: (found: Found) => Promise<unknown>): Disposable =>
    register(name, async (given) => {
      const found = await findTarget(workspace, given);
      if (found !== undefined) await run(found);
    });
  return [
    register('preview', (given) => previewTarget(parts, given)),
    register('previewSelection', () => previewSelection(parts)),
    register('previewCte', (given, cte) => previewCte(parts, given, cte)),
    register('previewIncrement', (given) => previewIncrement(parts, given)),
    register('followCursor', () => follow(!isFollowing())),
    register('countRows', (given) => countRows(parts, given)),
    register('makeUnitTest', async (given) => {
      const picked = isPicked(given) ? given : await results.selection();
      if (picked === undefined) throw new Refusal(l10n.t('Select rows in the results panel first.'));
      return makeUnitTest(workspace, previews, picked);
    }),
    register('switchBatch', (given) => parts.batches.switch(given)),
    register('showGraph', async (given, column) => {
      await workspace.ready();
      const active = window.activeTextEditor && workspace.findByUri(window.activeTextEditor.document.uri);
      const found = await findTarget(workspace, given ?? active ?? activeOrFirst(workspace));
      if (found === undefined) return;
      // With nothing in sight that it could be about, the graph is about the project.
      const isWhole = given === undefined && active === undefined;
      panels.show('graph', found, { isWhole, column: typeof column === 'string' ? column : undefined });
    }),
    register('moveGraph', () => moveGraphView()),
    register('showErd', async (given) => {
      await workspace.ready();
      const found = given === undefined ? (panels.active ?? activeOrFirst(workspace)) : await findTarget(workspace, given);
      if (found !== undefined) panels.show('erd', found);
    }),
    register('lockTree', () => tree.lock(true)),
    register('unlockTree', () => tree.lock(false)),
    register('openNode', async (given) => {
      const found = await findTarget(workspace, given);
      if (found === undefined) return undefined;
      const { outline, node } = found;
      const column = columnOf(given);
      const place = column === undefined ? undefined : await analysis.ask('columnPlace', { project: outline.key, node: node.id, column });
      if (place !== undefined)
        return window.showTextDocument(workspace.uriOf(outline.key, place.path), { selection: toRange(place), preview: true });
      const at = new Position(Math.max(0, node.line - 1), 0);
      const uri = workspace.uriOf(outline.key, node.path);
      if (/\.(sqlite3?|db)$/i.test(node.path)) return Promise.resolve(commands.executeCommand('headwater.preview', node.id));
      return Promise.resolve(window.showTextDocument(uri, { selection: new Range(at, at), preview: true }));
    }),
    withTarget('showCompiled', (found) => documents.showCompiled(found)),
    withTarget('showTranslated', (found) => documents.showTranslated(found)),
    withTarget('openDocs', (found) => documents.showDocs(found)),
    withTarget('copyReference', async ({ outline, node }) => env.clipboard.writeText(toReference(outline, node))),
    withTarget('copyName', async ({ node }) => env.clipboard.writeText(node.name)),
    withTarget('revealInTree', async (found) => {
      await commands.executeCommand('headwater.lineage.focus');
      await tree.reveal(found, true);
    }),
    register('findNode', async () => {
      const found = await pickNode(workspace, () => true);
      if (found !== undefined) await commands.executeCommand('headwater.openNode', found);
    }),
    register('openSample', (given) => openSample(context, given)),
    register('keepSample', () => keepSample(context)),
    register('tryAgain', (given) => workspace.tryAgain(isKey(given) ? given : undefined)),
    register('refresh', async () => {
      await workspace.refresh();
      const count = workspace.outlines.reduce((sum, outline) => sum + outline.nodes.length, 0);
      window.setStatusBarMessage(l10n.t('Headwater: {0} nodes read', count), 3000);
    }),
    register('showLog', async () => log.show()),
    register('openWalkthrough', async () =>
      commands.executeCommand('workbench.action.openWalkthrough', `${context.extension.id}#start`, false),
    ),
  ];
}

/** The column that a row of a tree stands for. */
function columnOf(given: unknown): string | undefined {
  const isColumn = typeof given === 'object' && given !== null && 'kind' in given && given.kind === 'column';
  return isColumn ? (given as ColumnItem).column.name : undefined;
}

function isKey(given: unknown): given is ProjectKey {
  return typeof given === 'object' && given !== null && 'folder' in given && 'root' in given;
}

function isPicked(given: unknown): given is PickedInTab {
  return typeof given === 'object' && given !== null && 'tab' in given && 'picked' in given;
}

/** The model of the active editor, else any: an ERD is of the whole project. */
function activeOrFirst(workspace: Workspace): Found | undefined {
  const uri = window.activeTextEditor?.document.uri;
  const active = uri === undefined ? undefined : workspace.findByUri(uri);
  const [outline] = workspace.outlines;
  const node = outline?.nodes.find((candidate) => candidate.kind === 'model') ?? outline?.nodes[0];
  return active ?? (outline === undefined || node === undefined ? undefined : { outline, node });
}
