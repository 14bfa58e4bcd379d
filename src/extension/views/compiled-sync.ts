import type { Range, TextEditor } from 'vscode';
import { Disposable, OverviewRulerLane, TextEditorRevealType, ThemeColor, window } from 'vscode';
import type { TextRange } from '../../core/editor/compiled-place.ts';
import type { AnalysisCalls } from '../../protocol.ts';
import type { Edge } from '../edge.ts';
import { toRange } from '../range.ts';
import type { WorkerClient } from '../worker-client.ts';
import type { Workspace } from '../workspace.ts';
import { findCompiledNode } from './documents.ts';

/** A model's file and its compiled SQL side by side: what is selected in one is marked in the other and brought into sight. */
export function registerCompiledSync(workspace: Workspace, analysis: WorkerClient<AnalysisCalls>, edge: Edge): Disposable {
  const mark = window.createTextEditorDecorationType({
    backgroundColor: new ThemeColor('editor.selectionHighlightBackground'),
    borderRadius: '2px',
    overviewRulerColor: new ThemeColor('editorOverviewRuler.selectionHighlightForeground'),
    overviewRulerLane: OverviewRulerLane.Center,
  });
  let asked = 0;

  async function follow(from: TextEditor): Promise<void> {
    const pair = findPair(workspace, from);
    if (pair === undefined) return;
    const { project, node, of, other } = pair;
    const ask = ++asked;
    const range = toTextRange(from.selection);
    const place = await analysis.ask('compiledPlace', { project, node, range, of });
    if (ask !== asked) return;
    from.setDecorations(mark, []);
    other.setDecorations(mark, place === undefined ? [] : [toRange(place)]);
    if (place !== undefined) other.revealRange(toRange(place), TextEditorRevealType.InCenterIfOutsideViewport);
  }

  return Disposable.from(
    mark,
    window.onDidChangeTextEditorSelection(({ textEditor }) => {
      if (textEditor === window.activeTextEditor) void edge.provide('following the compiled SQL', () => follow(textEditor));
    }),
  );
}

/** The editor that shows the other half: the compiled SQL of a file, or the file of compiled SQL. */
function findPair(workspace: Workspace, from: TextEditor) {
  const own = findCompiledNode(from.document.uri);
  if (own !== undefined) {
    const path = workspace.findNode(own.node, own.project)?.node.path;
    const uri = path === undefined ? undefined : workspace.uriOf(own.project, path).toString();
    const other = window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri);
    return other === undefined ? undefined : { ...own, of: 'compiled' as const, other };
  }
  const found = workspace.findByUri(from.document.uri);
  if (found === undefined) return undefined;
  for (const other of window.visibleTextEditors) {
    const shown = findCompiledNode(other.document.uri);
    if (shown?.node === found.node.id && shown.project.folder === found.outline.key.folder && shown.project.root === found.outline.key.root)
      return { ...shown, of: 'file' as const, other };
  }
  return undefined;
}

function toTextRange({ start, end }: Range): TextRange {
  return {
    start: { line: start.line + 1, column: start.character + 1 },
    end: { line: end.line + 1, column: end.character + 1 },
  };
}
