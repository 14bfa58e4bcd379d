import { CodeAction, CodeActionKind, Disposable, l10n, languages, window } from 'vscode';
import type { Edge } from '../edge.ts';
import type { SetAside } from '../set-aside.ts';
import type { Workspace } from '../workspace.ts';
import { projectFiles } from './asking.ts';

/** Says once that a project was set aside, and offers another try: in the message, and at the problem. */
export function registerTryAgain(workspace: Workspace, setAside: SetAside, edge: Edge): Disposable {
  const again = l10n.t('Try Again');
  const said = setAside.onDidAdd((key) => {
    const name = key.root || key.folder.split('/').at(-1) || key.folder;
    const message = l10n.t(
      "Headwater: the project '{0}' was set aside because it stopped the analysis. The other projects are being read again.",
      decodeURIComponent(name),
    );
    void window.showWarningMessage(message, again).then((chosen) => {
      if (chosen === again) void edge.perform('reading a project again', () => workspace.tryAgain(key));
    });
  });
  const fixes = languages.registerCodeActionsProvider(
    projectFiles,
    {
      provideCodeActions: (document, _range, { diagnostics }) => {
        const about = diagnostics.filter(({ code }) => code === 'project-set-aside');
        const place = about.length === 0 ? undefined : workspace.place(document.uri);
        if (place === undefined) return [];
        const action = new CodeAction(again, CodeActionKind.QuickFix);
        action.diagnostics = about;
        action.isPreferred = true;
        action.command = { command: 'headwater.tryAgain', title: again, arguments: [place.outline.key] };
        return [action];
      },
    },
    { providedCodeActionKinds: [CodeActionKind.QuickFix] },
  );
  return Disposable.from(said, fixes);
}
