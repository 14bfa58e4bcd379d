import { commands, Disposable, window } from 'vscode';
import type { Edge } from '../edge.ts';
import type { Workspace } from '../workspace.ts';

/** Tells menus and keys whether the active editor holds a model; the first SQL or YAML file of a project starts the reading. */
export function registerEditorContext(workspace: Workspace, edge: Edge): Disposable {
  const update = (): void => {
    void edge.provide('the active editor', async () => {
      const uri = window.activeTextEditor?.document.uri;
      if (uri !== undefined && /\.(sql|ya?ml|csv)$/i.test(uri.path)) await workspace.ready();
      const found = uri === undefined ? undefined : workspace.findByUri(uri);
      await commands.executeCommand('setContext', 'headwater.editorHasNode', found !== undefined);
    });
  };
  update();
  const listening = [window.onDidChangeActiveTextEditor(update), workspace.onDidChange(update)];
  return Disposable.from(...listening);
}
