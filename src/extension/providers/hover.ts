import type { Disposable, DocumentSelector } from 'vscode';
import { Hover, languages, MarkdownString, Range } from 'vscode';
import type { AnalysisCalls } from '../../protocol.ts';
import type { Edge } from '../edge.ts';
import { isOn } from '../settings.ts';
import type { WorkerClient } from '../worker-client.ts';
import type { Workspace } from '../workspace.ts';

/** The files of a project by their names, because several extensions name the languages of dbt differently. */
export const projectFiles: DocumentSelector = [{ pattern: '**/*.sql' }, { pattern: '**/*.{yml,yaml}' }];

/** Documentation of the column, model, source or macro under the pointer. */
export function registerHover(workspace: Workspace, analysis: WorkerClient<AnalysisCalls>, edge: Edge): Disposable {
  return languages.registerHoverProvider(projectFiles, {
    provideHover: (document, position, token) =>
      edge.provide(
        'hover',
        async (signal) => {
          if (!isOn('hover', document.uri)) return undefined;
          await workspace.ready();
          const place = workspace.place(document.uri);
          if (place === undefined) return undefined;
          const at = { line: position.line + 1, column: position.character + 1 };
          const answer = await analysis.ask('hover', { project: place.outline.key, path: place.path, position: at }, signal);
          if (answer === undefined) return undefined;
          const { start, end } = answer;
          const text = new MarkdownString(answer.markdown, true);
          text.supportHtml = false;
          return new Hover(text, new Range(start.line - 1, start.column - 1, end.line - 1, end.column - 1));
        },
        token,
      ),
  });
}
