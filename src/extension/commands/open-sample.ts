import { commands, FileType, l10n, Uri, window, workspace } from 'vscode';
import { Refusal } from '../edge.ts';

/** Copies a sample project out of the extension, so that it can be changed, and opens it. */
export async function openSample(extension: Uri): Promise<void> {
  const samples = Uri.joinPath(extension, 'samples');
  const names = await listFolders(samples);
  if (names.length === 0) throw new Refusal(l10n.t('This build carries no sample projects.'));
  const items = await Promise.all(names.map(async (name) => ({ label: name, detail: await firstSentence(Uri.joinPath(samples, name)) })));
  const picked = await window.showQuickPick(items, { placeHolder: l10n.t('Which sample?'), matchOnDetail: true });
  if (picked === undefined) return;
  const parents = await window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel: l10n.t('Put the sample here'),
    title: l10n.t('Where should {0} go?', picked.label),
  });
  const parent = parents?.[0];
  if (parent === undefined) return;
  const target = await freeName(parent, picked.label);
  await workspace.fs.copy(Uri.joinPath(samples, picked.label), target, { overwrite: false });
  await commands.executeCommand('vscode.openFolder', target, { forceNewWindow: (workspace.workspaceFolders?.length ?? 0) > 0 });
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
    try {
      await workspace.fs.stat(candidate);
    } catch {
      return candidate;
    }
  }
}
