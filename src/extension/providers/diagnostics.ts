import type { TextDocument, Uri } from 'vscode';
import { Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Disposable, workspace as editor, Location, languages } from 'vscode';
import type { Problem, Severity } from '../../core/text/problem.ts';
import type { ProjectKey } from '../../protocol.ts';
import { isInPackage } from '../package-files.ts';
import { toRange } from '../range.ts';
import { isOn } from '../settings.ts';
import type { Workspace } from '../workspace.ts';

const severities: Record<Severity, DiagnosticSeverity> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** Problems of one file, as they were found. */
interface FileProblems {
  readonly uri: Uri;
  readonly found: { readonly key: ProjectKey; readonly problem: Problem }[];
}

/**
 * The problems of every project in the Problems view; files whose problems did not change are left alone. Those of installed packages, which
 * nobody edits, would flood the view: a package's file shows its own while it is open.
 */
export function registerDiagnostics(workspace: Workspace): Disposable {
  const collection = languages.createDiagnosticCollection('headwater');
  let shown = new Map<string, FileProblems>();
  const update = (): void => {
    const fresh = groupByFile(workspace);
    for (const [name, { uri, found }] of fresh) {
      const before = shown.get(name)?.found;
      // What is wrong as before is the very same object.
      if (before?.length === found.length && found.every(({ problem }, index) => problem === before[index]?.problem)) continue;
      collection.set(uri, isOn('diagnostics', uri) ? found.map(({ key, problem }) => toDiagnostic(workspace, key, problem)) : []);
    }
    for (const [name, { uri }] of shown) if (!fresh.has(name)) collection.delete(uri);
    shown = fresh;
  };
  const listening = workspace.onDidChange(update);
  const updateForPackage = ({ uri }: TextDocument): void => {
    const place = workspace.place(uri);
    if (place !== undefined && isInPackage(place.outline, place.path)) update();
  };
  const opened = editor.onDidOpenTextDocument(updateForPackage);
  const closed = editor.onDidCloseTextDocument(updateForPackage);
  const configured = editor.onDidChangeConfiguration((event) => {
    if (!event.affectsConfiguration('headwater.diagnostics')) return;
    collection.clear();
    shown = new Map();
    update();
  });
  return Disposable.from(collection, listening, configured, opened, closed);
}

function groupByFile(workspace: Workspace): Map<string, FileProblems> {
  const byFile = new Map<string, FileProblems>();
  const open = new Set(editor.textDocuments.filter(({ isClosed }) => !isClosed).map(({ uri }) => uri.toString()));
  for (const outline of workspace.outlines) {
    const { key, problems } = outline;
    // Problems come in the order of paths, so that one place is worked out per file.
    let path: string | undefined;
    let file: FileProblems | undefined;
    for (const problem of problems) {
      if (file === undefined || problem.path !== path) {
        path = problem.path;
        const uri = workspace.uriOf(key, path);
        const name = uri.toString();
        file = byFile.get(name) ?? { uri, found: [] };
        byFile.set(name, file);
      }
      if (!isInPackage(outline, problem.path) || open.has(file.uri.toString())) file.found.push({ key, problem });
    }
  }
  return byFile;
}

/** A problem as the editor shows it. */
export function toDiagnostic(workspace: Workspace, key: ProjectKey, problem: Problem): Diagnostic {
  const diagnostic = new Diagnostic(toRange(problem), problem.message, severities[problem.severity]);
  diagnostic.source = 'Headwater';
  diagnostic.code = problem.code;
  diagnostic.relatedInformation = (problem.related ?? []).map(
    ({ location, message }) =>
      new DiagnosticRelatedInformation(new Location(workspace.uriOf(key, location.path), toRange(location)), message),
  );
  return diagnostic;
}
