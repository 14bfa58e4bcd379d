import type { Disposable } from 'vscode';
import { Location, languages } from 'vscode';
import type { AnalysisCalls } from '../../protocol.ts';
import type { Edge } from '../edge.ts';
import { toRange } from '../range.ts';
import type { WorkerClient } from '../worker-client.ts';
import type { Workspace } from '../workspace.ts';
import { projectFiles } from './asking.ts';

/** From a `ref`, `source` or column to where it is written. */
export function registerDefinition(workspace: Workspace, analysis: WorkerClient<AnalysisCalls>, edge: Edge): Disposable {
  return languages.registerDefinitionProvider(projectFiles, {
    provideDefinition: (document, position, token) =>
      edge.provide(
        'definition',
        async (signal) => {
          await workspace.ready();
          const place = workspace.place(document.uri);
          if (place === undefined) return undefined;
          const project = place.outline.key;
          const at = { line: position.line + 1, column: position.character + 1 };
          const locations = await analysis.ask('definition', { project, path: place.path, position: at }, signal);
          return locations.map((location) => new Location(workspace.uriOf(project, location.path), toRange(location)));
        },
        token,
      ),
  });
}
