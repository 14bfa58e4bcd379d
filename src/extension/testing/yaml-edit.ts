import type { Uri } from 'vscode';
import { workspace as editor, l10n, Range, type TextEditor, WorkspaceEdit, window } from 'vscode';
import { Refusal } from '../edge.ts';

/**
 * Writes into a properties file in one step that undo takes back: only what changed is replaced, so that folds, marks and comments around
 * it stay. A file that is not there is made. Shows the file at what was written; saving it is the user's.
 */
export async function writeYaml(uri: Uri, name: string, write: (before: string) => string | undefined): Promise<TextEditor> {
  const document = await editor.openTextDocument(uri).then(
    (opened) => opened,
    () => undefined,
  );
  const before = document?.getText() ?? '';
  const text = write(before);
  if (text === undefined) throw new Refusal(l10n.t('{0} is no YAML that tests can be added to.', name));
  const edit = new WorkspaceEdit();
  const { start, end, added } = toChange(before, text);
  if (document === undefined) edit.createFile(uri, { contents: new TextEncoder().encode(text) });
  else edit.replace(uri, new Range(document.positionAt(start), document.positionAt(end)), added);
  if (!(await editor.applyEdit(edit))) throw new Refusal(l10n.t('{0} cannot be written to.', name));
  const shown = await window.showTextDocument(uri, { preview: true });
  const range = new Range(shown.document.positionAt(start), shown.document.positionAt(start + added.length));
  shown.revealRange(range);
  return shown;
}

/** What lies between the beginning and the end that two texts share. */
export function toChange(before: string, after: string): { readonly start: number; readonly end: number; readonly added: string } {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let tail = 0;
  while (tail < most - start && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  return { start, end: before.length - tail, added: after.slice(start, after.length - tail) };
}
