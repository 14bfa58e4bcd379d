import { findCompiledPlace, findWrittenPlace } from '../core/editor/compiled-place.ts';
import { findFixes } from '../core/editor/fixes.ts';
import { findCallees, findCallers, findCallNode, findHierarchyColumn, findRelatedColumns } from '../core/editor/hierarchy.ts';
import { findInlayTexts } from '../core/editor/inlay-hints.ts';
import { findLenses } from '../core/editor/lenses.ts';
import { findProjectSymbols } from '../core/editor/project-symbols.ts';
import { findSemanticTokens } from '../core/editor/semantic-tokens.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { EditorCalls, FileText, ProjectKey } from '../protocol.ts';
import type { Handlers } from '../wire.ts';

/** Answers what the editor asks about the text of a file; `newest` gives the Snapshot of a text that may still be typed. */
export function editorHandlers(
  getSnapshot: (key: ProjectKey) => Snapshot,
  newest: (question: FileText, signal: AbortSignal) => Promise<Snapshot>,
): Handlers<EditorCalls> {
  return {
    lenses: async (question, signal) => findLenses(await newest(question, signal), question.path),
    tokens: async (question, signal) => findSemanticTokens(await newest(question, signal), question.path),
    inlays: async (question, signal) => findInlayTexts(await newest(question, signal), question.path),
    fixes: async (question, signal) =>
      findFixes(await newest(question, signal), question.path, question.start, question.end, question.shown),
    callNode: ({ project, path, position }) => findCallNode(getSnapshot(project), path, position),
    calls: ({ project, node, side }) => (side === 'callers' ? findCallers : findCallees)(getSnapshot(project), node),
    hierarchyColumn: ({ project, path, position }) => findHierarchyColumn(getSnapshot(project), path, position),
    relatedColumns: ({ project, ref, above }) => findRelatedColumns(getSnapshot(project), ref, above),
    compiledPlace: ({ project, node, range, of }) =>
      (of === 'file' ? findCompiledPlace : findWrittenPlace)(getSnapshot(project), node, range),
    projectSymbols: ({ project, query }) => findProjectSymbols(getSnapshot(project), query),
  };
}
