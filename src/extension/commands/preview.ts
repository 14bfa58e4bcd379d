import { workspace as editor, l10n, type TextDocument, Uri, window } from 'vscode';
import type { NodeId } from '../../core/text/ids.ts';
import type { AnalysisCalls, Outline, PreviewQuestion } from '../../protocol.ts';
import { Refusal } from '../edge.ts';
import type { ResultsView } from '../panels/results.ts';
import type { Previews } from '../previews.ts';
import type { WorkerClient } from '../worker-client.ts';
import type { Found, Workspace } from '../workspace.ts';
import { findTarget } from './target.ts';

/** What the previewing commands act on. */
export interface PreviewParts {
  readonly workspace: Workspace;
  readonly analysis: WorkerClient<AnalysisCalls>;
  readonly previews: Previews;
  readonly results: ResultsView;
}

const withRows = new Set(['model', 'seed', 'snapshot', 'source']);

/** *Preview Model*: the relation that is meant, else the SQL of the editor as it stands, such as an analysis or an untitled query. */
export async function previewTarget(parts: PreviewParts, given: unknown): Promise<void> {
  await parts.workspace.ready();
  const document = documentOf(given);
  const own = document === undefined ? undefined : parts.workspace.findByUri(document.uri);
  if (document?.languageId.includes('sql') && (own === undefined || !withRows.has(own.node.kind))) {
    const outline = await projectOf(parts.workspace, document);
    await run(parts, { kind: 'sql', project: outline.key, sql: document.getText() }, nameOf(document));
    return;
  }
  const found = await findTarget(parts.workspace, given);
  if (found !== undefined) await previewNode(parts, found);
}

/** *Preview Selected SQL*: the selection with the CTEs and refs that it needs. */
export async function previewSelection(parts: PreviewParts): Promise<void> {
  await parts.workspace.ready();
  const active = window.activeTextEditor;
  if (active === undefined) throw new Refusal(l10n.t('Open a SQL file and select what to preview.'));
  const sql = active.document.getText(active.selection);
  if (sql.trim() === '') throw new Refusal(l10n.t('Select the SQL to preview.'));
  const found = parts.workspace.findByUri(active.document.uri);
  const outline = found?.outline ?? (await projectOf(parts.workspace, active.document));
  const within = found !== undefined && withRows.has(found.node.kind) ? { within: found.node.id } : {};
  await run(parts, { kind: 'sql', project: outline.key, sql, ...within }, l10n.t('selection of {0}', nameOf(active.document)));
}

/** *Preview a CTE*: the one that is named, else the one that the user picks. */
export async function previewCte(parts: PreviewParts, given: unknown, name: unknown): Promise<void> {
  const found = await findTarget(parts.workspace, given);
  if (found === undefined) return;
  const cte = typeof name === 'string' ? name : await pickCte(parts, found);
  if (cte === undefined) return;
  const { outline, node } = found;
  await run(parts, { kind: 'node', project: outline.key, node: node.id, cte }, `${node.name} · ${cte}`);
}

/** *Preview as an Increment*: an incremental model after one more run on top of what it holds. */
export async function previewIncrement(parts: PreviewParts, given: unknown): Promise<void> {
  const found = await findTarget(parts.workspace, given);
  if (found === undefined) return;
  const { outline, node } = found;
  if (node.materialized !== 'incremental') throw new Refusal(l10n.t('{0} is not incremental: every run builds it anew.', node.name));
  await run(parts, { kind: 'node', project: outline.key, node: node.id, build: 'increment' }, l10n.t('{0} · increment', node.name));
}

/** *Count Rows of Each CTE*: where rows are lost or multiplied on their way through a model. */
export async function countRows(parts: PreviewParts, given: unknown): Promise<void> {
  const found = await findTarget(parts.workspace, given);
  if (found === undefined) return;
  const { outline, node } = found;
  const ctes = await ctesOf(parts, found);
  if (ctes.length === 0) throw new Refusal(l10n.t('{0} has no CTEs to count.', node.name));
  await run(parts, { kind: 'funnel', project: outline.key, node: node.id }, l10n.t('rows of {0}', node.name));
}

async function previewNode(parts: PreviewParts, { outline, node }: Found): Promise<void> {
  await run(parts, { kind: 'node', project: outline.key, node: node.id }, node.name);
}

async function run({ previews, results }: PreviewParts, question: PreviewQuestion, title: string): Promise<void> {
  const running = previews.run(question, title);
  await results.reveal();
  await running;
}

function ctesOf({ analysis }: PreviewParts, { outline, node }: Found): Promise<readonly string[]> {
  return analysis.ask('ctes', { project: outline.key, node: node.id as NodeId });
}

async function pickCte(parts: PreviewParts, found: Found): Promise<string | undefined> {
  const ctes = await ctesOf(parts, found);
  if (ctes.length === 0) throw new Refusal(l10n.t('{0} has no CTEs.', found.node.name));
  return window.showQuickPick(ctes, { placeHolder: l10n.t('Which CTE of {0}?', found.node.name) });
}

function documentOf(given: unknown): TextDocument | undefined {
  if (given === undefined) return window.activeTextEditor?.document;
  if (!(given instanceof Uri)) return undefined;
  return editor.textDocuments.find((document) => document.uri.toString() === given.toString());
}

/** The project that SQL outside any project speaks of: the file's own, the only one, else the one that the user picks. */
async function projectOf(workspace: Workspace, document: TextDocument): Promise<Outline> {
  const place = workspace.place(document.uri);
  if (place !== undefined) return place.outline;
  const [first, second] = workspace.outlines;
  if (first === undefined) throw new Refusal(l10n.t('No project was found in this workspace.'));
  if (second === undefined) return first;
  const items = workspace.outlines.map((outline) => ({ label: outline.name, description: outline.key.root, outline }));
  const picked = await window.showQuickPick(items, { placeHolder: l10n.t('Which project does this query read?') });
  if (picked === undefined) throw Object.assign(new Error('no project was picked'), { name: 'AbortError' });
  return picked.outline;
}

function nameOf(document: TextDocument): string {
  return document.uri.path.split('/').at(-1) || l10n.t('query');
}
