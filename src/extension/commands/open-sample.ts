import type { ExtensionContext } from 'vscode';
import { commands, FileType, l10n, Uri, window, workspace } from 'vscode';
import { Refusal } from '../edge.ts';

/** Opens a sample project: a copy in the extension's storage, so that nothing is asked and everything can be changed. */
export async function openSample({ extensionUri, globalStorageUri }: ExtensionContext, given: unknown): Promise<void> {
  const samples = Uri.joinPath(extensionUri, 'samples');
  const names = await listFolders(samples);
  if (names.length === 0) throw new Refusal(l10n.t('This build has no sample projects.'));
  const name = typeof given === 'string' && names.includes(given) ? given : await pickSample(samples, names);
  if (name === undefined) return;
  const target = Uri.joinPath(globalStorageUri, 'samples', name);
  if (!(await exists(target))) await workspace.fs.copy(Uri.joinPath(samples, name), target, { overwrite: false });
  await commands.executeCommand('vscode.openFolder', target, { forceNewWindow: (workspace.workspaceFolders?.length ?? 0) > 0 });
}

/** Copies the sample that is open to a folder of the user's own, with what they changed, and opens it there. */
export async function keepSample(context: ExtensionContext): Promise<void> {
  const sample = findOpenSample(context);
  if (sample === undefined) throw new Refusal(l10n.t('Open a sample project first.'));
  const name = nameOf(sample);
  const parents = await window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel: l10n.t('Copy Here'),
    title: l10n.t('Copy {0} to a Folder', name),
  });
  const parent = parents?.[0];
  if (parent === undefined) return;
  const target = await freeName(parent, name);
  await workspace.fs.copy(sample, target, { overwrite: false });
  await commands.executeCommand('vscode.openFolder', target, { forceNewWindow: false });
}

/** The open folder that is a sample in the extension's storage. */
export function findOpenSample({ globalStorageUri }: ExtensionContext): Uri | undefined {
  const home = `${Uri.joinPath(globalStorageUri, 'samples').path}/`;
  return workspace.workspaceFolders?.map(({ uri }) => uri).find(({ path }) => path.startsWith(home));
}

async function pickSample(samples: Uri, names: readonly string[]): Promise<string | undefined> {
  const items = await Promise.all(names.map(async (name) => ({ label: name, detail: await firstSentence(Uri.joinPath(samples, name)) })));
  return (await window.showQuickPick(items, { placeHolder: l10n.t('Choose a sample project'), matchOnDetail: true }))?.label;
}

function nameOf(folder: Uri): string {
  return folder.path.split('/').at(-1) ?? '';
}

async function listFolders(folder: Uri): Promise<string[]> {
  try {
    const entries = await workspace.fs.readDirectory(folder);
    return entries.filter(([name, type]) => (type & FileType.Directory) !== 0 && !name.startsWith('.')).map(([name]) => name);
  } catch {
    return [];
  }
}

/** What the sample's README says first, after its title. */
async function firstSentence(sample: Uri): Promise<string> {
  try {
    const text = new TextDecoder().decode(await workspace.fs.readFile(Uri.joinPath(sample, 'README.md')));
    const paragraph = text.split(/\n\s*\n/).find((part) => !part.startsWith('#') && part.trim() !== '') ?? '';
    return (
      paragraph
        .replace(/\s+/g, ' ')
        .trim()
        .match(/^.*?[.!?](?=\s|$)/)?.[0] ?? paragraph
    ).slice(0, 160);
  } catch {
    return '';
  }
}

async function freeName(parent: Uri, name: string): Promise<Uri> {
  for (let attempt = 1; ; attempt++) {
    const candidate = Uri.joinPath(parent, attempt === 1 ? name : `${name}-${attempt}`);
    if (!(await exists(candidate))) return candidate;
  }
}

async function exists(uri: Uri): Promise<boolean> {
  try {
    await workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
