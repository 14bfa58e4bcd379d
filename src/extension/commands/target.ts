import type { QuickPickItem } from 'vscode';
import { l10n, Uri, window } from 'vscode';
import type { OutlineNode } from '../../protocol.ts';
import { Refusal } from '../edge.ts';
import type { Found, Workspace } from '../workspace.ts';

const relations = new Set(['model', 'seed', 'snapshot', 'source']);

/** What a command speaks of: a row of the tree, a file, a node's id, else the active editor, else what the user picks. */
export async function findTarget(workspace: Workspace, given: unknown): Promise<Found | undefined> {
  await workspace.ready();
  if (isRow(given)) return workspace.findNode(given.node.id, given.outline.key);
  if (typeof given === 'string') {
    const found = workspace.findNode(given);
    if (found === undefined) throw new Refusal(l10n.t('There is no node {0}.', given));
    return found;
  }
  const uri = given instanceof Uri ? given : window.activeTextEditor?.document.uri;
  const found = uri === undefined ? undefined : workspace.findByUri(uri);
  return found ?? pickNode(workspace, (node) => relations.has(node.kind));
}

/** Lets the user choose among the nodes of every project. */
export async function pickNode(workspace: Workspace, wanted: (node: OutlineNode) => boolean): Promise<Found | undefined> {
  await workspace.ready();
  if (workspace.outlines.length === 0) throw new Refusal(l10n.t('No project was found in this workspace.'));
  const several = workspace.outlines.length > 1;
  const items = workspace.outlines.flatMap((outline) =>
    outline.nodes.filter(wanted).map((node): QuickPickItem & { found: Found } => ({
      label: node.name,
      description: several ? `${node.kind} · ${outline.name}` : node.kind,
      detail: node.path,
      found: { outline, node },
    })),
  );
  const picked = await window.showQuickPick(items, {
    matchOnDescription: true,
    matchOnDetail: true,
    placeHolder: l10n.t('Model, seed or source'),
  });
  return picked?.found;
}

function isRow(given: unknown): given is Found {
  return typeof given === 'object' && given !== null && 'node' in given && 'outline' in given;
}
