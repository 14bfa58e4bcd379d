import type { CancellationToken, DocumentSelector, Position, TextDocument } from 'vscode';
import type { AnalysisCalls, FilePosition, FileText, ProjectKey } from '../../protocol.ts';
import type { Edge } from '../edge.ts';
import type { WorkerClient } from '../worker-client.ts';
import type { Workspace } from '../workspace.ts';

/** The files of a project by their names, because several extensions name the languages of dbt differently. */
export const projectFiles: DocumentSelector = [{ pattern: '**/*.sql' }, { pattern: '**/*.{yml,yaml}' }, { pattern: '**/*.md' }];

/** The files whose text is SQL. */
export const sqlFiles: DocumentSelector = [{ pattern: '**/*.sql' }];

/** What every provider needs: the projects, the worker that knows them, and the place where failures go. */
export interface Asking {
  readonly workspace: Workspace;
  readonly analysis: WorkerClient<AnalysisCalls>;
  readonly edge: Edge;
}

/** The place of a position in its project; undefined for files of no project. */
export async function placeOf({ workspace }: Asking, document: TextDocument, position: Position): Promise<FilePosition | undefined> {
  const place = await projectOf({ workspace }, document);
  return place === undefined ? undefined : { ...place, position: { line: position.line + 1, column: position.character + 1 } };
}

/** The project of a document and its path there. */
export async function projectOf(
  { workspace }: Pick<Asking, 'workspace'>,
  document: TextDocument,
): Promise<{ readonly project: ProjectKey; readonly path: string } | undefined> {
  await workspace.ready();
  const place = workspace.place(document.uri);
  return place === undefined ? undefined : { project: place.outline.key, path: place.path };
}

/** A document of a project with its text as it is now; undefined for files of no project. */
export async function fileOf({ workspace }: Pick<Asking, 'workspace'>, document: TextDocument): Promise<FileText | undefined> {
  const place = await projectOf({ workspace }, document);
  return place === undefined ? undefined : { ...place, text: document.getText() };
}

/** Asks on behalf of the editor; what fails is logged and answered with nothing. */
export function provide<Answer>(
  { edge }: Asking,
  what: string,
  token: CancellationToken,
  run: (signal: AbortSignal) => Promise<Answer | undefined>,
): Promise<Answer | undefined> {
  return Promise.resolve(edge.provide(what, run, token));
}
