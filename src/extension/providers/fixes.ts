import {
  CodeAction,
  CodeActionKind,
  type Diagnostic,
  type Disposable,
  languages,
  SnippetString,
  SnippetTextEdit,
  WorkspaceEdit,
} from 'vscode';
import type { Fix } from '../../core/editor/fix.ts';
import type { ProblemCode } from '../../core/text/problem.ts';
import type { ProjectKey } from '../../protocol.ts';
import { toRange } from '../range.ts';
import type { Workspace } from '../workspace.ts';
import type { Asking } from './asking.ts';
import { fileOf, projectFiles, provide } from './asking.ts';

const kinds: Readonly<Record<Fix['kind'], CodeActionKind>> = {
  quickfix: CodeActionKind.QuickFix,
  extract: CodeActionKind.RefactorExtract,
  inline: CodeActionKind.RefactorInline,
  rewrite: CodeActionKind.RefactorRewrite,
};

/** Quick fixes and refactorings; each is one edit that can be undone. */
export function registerFixes(asking: Asking): Disposable {
  return languages.registerCodeActionsProvider(
    projectFiles,
    {
      provideCodeActions: (document, range, context, token) =>
        provide(asking, 'fixes', token, async (signal) => {
          const file = await fileOf(asking, document);
          if (file === undefined) return undefined;
          const at = (position: { line: number; character: number }) => ({ line: position.line + 1, column: position.character + 1 });
          const shown = context.diagnostics.flatMap((one) => {
            const code = codeOf(one);
            return code === undefined ? [] : [{ code, start: at(one.range.start), end: at(one.range.end) }];
          });
          const fixes = await asking.analysis.ask('fixes', { ...file, start: at(range.start), end: at(range.end), shown }, signal);
          return fixes
            .filter((fix) => context.only === undefined || context.only.contains(kinds[fix.kind]))
            .map((fix) => toAction(asking.workspace, file.project, fix, context.diagnostics));
        }),
    },
    { providedCodeActionKinds: Object.values(kinds) },
  );
}

function toAction(workspace: Workspace, project: ProjectKey, fix: Fix, diagnostics: readonly Diagnostic[]): CodeAction {
  const action = new CodeAction(fix.title, kinds[fix.kind]);
  if (fix.disabled !== undefined) {
    action.disabled = { reason: fix.disabled };
    return action;
  }
  const { mends } = fix;
  if (mends !== undefined) {
    const range = toRange(mends.location);
    action.diagnostics = diagnostics.filter((one) => codeOf(one) === mends.code && one.range.isEqual(range));
    action.isPreferred = fix.isPreferred;
  }
  const edit = new WorkspaceEdit();
  for (const { path, text } of fix.created) edit.createFile(workspace.uriOf(project, path), { contents: new TextEncoder().encode(text) });
  const [only] = fix.changes;
  if (fix.writeAt !== undefined && only !== undefined) {
    const snippet = new SnippetString()
      .appendText(only.text.slice(0, fix.writeAt))
      .appendTabstop(0)
      .appendText(only.text.slice(fix.writeAt));
    edit.set(workspace.uriOf(project, only.location.path), [new SnippetTextEdit(toRange(only.location), snippet)]);
  } else for (const { location, text } of fix.changes) edit.replace(workspace.uriOf(project, location.path), toRange(location), text);
  for (const path of fix.deleted) edit.deleteFile(workspace.uriOf(project, path));
  action.edit = edit;
  return action;
}

/** The code of a problem of ours. */
function codeOf({ source, code }: Diagnostic): ProblemCode | undefined {
  const value = typeof code === 'object' ? code.value : code;
  return source === 'Headwater' && typeof value === 'string' ? (value as ProblemCode) : undefined;
}
