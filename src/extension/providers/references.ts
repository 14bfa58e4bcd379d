import { Disposable, DocumentHighlight, Location, languages, WorkspaceEdit } from 'vscode';
import { toRange } from '../range.ts';
import type { Asking } from './asking.ts';
import { placeOf, projectFiles, provide } from './asking.ts';

/** Every place that names a thing, in the project and in the file; and another name for it. */
export function registerReferences(asking: Asking): Disposable {
  const { workspace, analysis } = asking;
  const references = languages.registerReferenceProvider(projectFiles, {
    provideReferences: (document, position, _, token) =>
      provide(asking, 'references', token, async (signal) => {
        const place = await placeOf(asking, document, position);
        const found = place === undefined ? [] : await analysis.ask('references', place, signal);
        return place === undefined ? undefined : found.map((at) => new Location(workspace.uriOf(place.project, at.path), toRange(at)));
      }),
  });
  const highlights = languages.registerDocumentHighlightProvider(projectFiles, {
    provideDocumentHighlights: (document, position, token) =>
      provide(asking, 'highlights', token, async (signal) => {
        const place = await placeOf(asking, document, position);
        const found = place === undefined ? [] : await analysis.ask('highlights', place, signal);
        return found.length === 0 ? undefined : found.map((at) => new DocumentHighlight(toRange(at)));
      }),
  });
  const rename = languages.registerRenameProvider(projectFiles, {
    provideRenameEdits: async (document, position, name) => {
      const place = await placeOf(asking, document, position);
      if (place === undefined) throw new Error('This file belongs to no project.');
      const { edits, files, problem } = await analysis.ask('rename', { ...place, name });
      // The editor shows the message of a refusal beside the name.
      if (problem !== undefined) throw new Error(problem);
      const made = new WorkspaceEdit();
      // Without confirmation: entries that want it come unticked, and applying half of a renaming breaks the project. One undo takes all back.
      for (const { location, text } of edits) made.replace(workspace.uriOf(place.project, location.path), toRange(location), text);
      for (const { from, to } of files) made.renameFile(workspace.uriOf(place.project, from), workspace.uriOf(place.project, to));
      return made;
    },
  });
  return Disposable.from(references, highlights, rename);
}
