import type { Uri } from 'vscode';
import { Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Disposable, workspace as editor, Location, languages } from 'vscode';
import type { Severity } from '../../core/text/problem.ts';
import { toRange } from '../range.ts';
import { isOn } from '../settings.ts';
import type { Workspace } from '../workspace.ts';

const severities: Record<Severity, DiagnosticSeverity> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** The problems of every project in the Problems view; files whose problems did not change are left alone. */
export function registerDiagnostics(workspace: Workspace): Disposable {
  const collection = languages.createDiagnosticCollection('headwater');
  const shown = new Map<string, string>();
  const update = (): void => {
    const fresh = new Map<string, { uri: Uri; diagnostics: Diagnostic[]; key: string }>();
    for (const outline of workspace.outlines) {
      for (const problem of outline.problems) {
        const uri = workspace.uriOf(outline.key, problem.path);
        if (!isOn('diagnostics', uri)) continue;
        const entry = fresh.get(uri.toString()) ?? { uri, diagnostics: [], key: '' };
        const diagnostic = new Diagnostic(toRange(problem), problem.message, severities[problem.severity]);
        diagnostic.source = 'Headwater';
        diagnostic.code = problem.code;
        diagnostic.relatedInformation = (problem.related ?? []).map(
          ({ location, message }) =>
            new DiagnosticRelatedInformation(new Location(workspace.uriOf(outline.key, location.path), toRange(location)), message),
        );
        entry.diagnostics.push(diagnostic);
        entry.key += JSON.stringify(problem);
        fresh.set(uri.toString(), entry);
      }
    }
    for (const [name, { uri, diagnostics, key }] of fresh) {
      if (shown.get(name) === key) continue;
      shown.set(name, key);
      collection.set(uri, diagnostics);
    }
    for (const name of [...shown.keys()]) {
      if (fresh.has(name)) continue;
      shown.delete(name);
      for (const [uri] of collection) if (uri.toString() === name) collection.delete(uri);
    }
  };
  const listening = workspace.onDidChange(update);
  const configured = editor.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration('headwater.diagnostics')) update();
  });
  return Disposable.from(collection, listening, configured);
}
