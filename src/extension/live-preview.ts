import type { DecorationOptions, TextDocument, TextEditor } from 'vscode';
import { Disposable, l10n, Position, Range, Selection, TextEditorRevealType, ThemeColor, window, workspace } from 'vscode';
import type { FileSymbol } from '../core/docs/symbols.ts';
import type { AnalysisCalls, PreviewQuestion, ResultNote } from '../protocol.ts';
import { isAbort } from '../wire.ts';
import type { Edge } from './edge.ts';
import { toPlainText } from './markdown.ts';
import type { ResultsView } from './panels/results.ts';
import type { Previews } from './previews.ts';
import { isFollowing, onFollowing } from './settings.ts';
import type { WorkerClient } from './worker-client.ts';
import type { Found, Workspace } from './workspace.ts';

/** How long keys and cursor have to rest. */
const pause = 150;

/** Counting follows when nothing was typed for a while longer, and where the preview itself was quick. */
const countPause = 400;
const quickEnough = 1500;

const followed = new Set(['model', 'snapshot', 'analysis']);

/** What a cursor stands in. */
interface Place {
  readonly found: Found;
  readonly question: PreviewQuestion;
  readonly title: string;
}

/** Shows the rows of what the cursor stands in while a model is written: its CTE, the selected query, or all of it. */
export class LivePreview implements Disposable {
  readonly #disposables: Disposable[];
  readonly #mark = window.createTextEditorDecorationType({
    after: { margin: '0 0 0 2em', color: new ThemeColor('editorError.foreground'), fontStyle: 'italic' },
  });
  #timer: ReturnType<typeof setTimeout> | undefined;
  #counting: AbortController | undefined;
  /** What is shown already, with the version of the text. */
  #shown = '';

  constructor(
    private readonly workspace: Workspace,
    private readonly analysis: WorkerClient<AnalysisCalls>,
    private readonly previews: Previews,
    private readonly edge: Edge,
    private readonly results: ResultsView,
  ) {
    this.#disposables = [
      this.#mark,
      listen(this),
      onFollowing(() => void edge.provide('following the cursor', () => this.#turn())),
      results.onGoToStep((cte) => void edge.perform('going to a CTE', () => this.#goTo(cte))),
    ];
    if (isFollowing()) this.note();
  }

  /** Something was typed or the cursor moved: what is under way is given up, and a pause begins. */
  note(isTyped = false): void {
    if (!isFollowing()) return;
    clearTimeout(this.#timer);
    this.#counting?.abort();
    if (isTyped) this.previews.stopFollowing();
    this.#timer = setTimeout(() => void this.edge.provide('following the cursor', () => this.#follow()), pause);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#counting?.abort();
    Disposable.from(...this.#disposables).dispose();
  }

  async #turn(): Promise<void> {
    if (isFollowing()) {
      this.#shown = '';
      await this.results.reveal();
      this.note();
      return;
    }
    clearTimeout(this.#timer);
    this.#counting?.abort();
    this.previews.stopFollowing();
    for (const editor of window.visibleTextEditors) editor.setDecorations(this.#mark, []);
  }

  async #follow(): Promise<void> {
    const editor = window.activeTextEditor;
    if (editor === undefined || !/\.sql$/i.test(editor.document.uri.path)) return;
    await this.workspace.settle();
    const place = await this.#placeOf(editor);
    if (place === undefined || editor !== window.activeTextEditor) return;
    const key = JSON.stringify([place.question, editor.document.uri.toString(), editor.document.version]);
    if (key === this.#shown) return;
    this.#shown = key;
    const started = Date.now();
    const problem = await this.previews.follow(place.question, place.title);
    // What was cancelled is not shown: the same question is asked again.
    if (problem === undefined && this.previews.isBehind) this.#shown = '';
    if (key !== this.#shown) return;
    this.#showProblem(editor, place.found, problem);
    if (problem === undefined && Date.now() - started < quickEnough) this.#count(place.found);
  }

  /** The rows of each CTE, once the text rests a little longer. */
  #count({ outline, node }: Found): void {
    if (node.kind !== 'model') return;
    const abort = new AbortController();
    this.#counting = abort;
    setTimeout(() => {
      if (abort.signal.aborted) return;
      const counting = this.previews.ask('counts', { project: outline.key, node: node.id }, abort.signal);
      counting
        .then(({ counts }) => abort.signal.aborted || this.previews.showCounts(counts))
        .catch((error: unknown) => isAbort(error) || this.edge.record('counting the rows of CTEs', error));
    }, countPause);
  }

  async #placeOf(editor: TextEditor): Promise<Place | undefined> {
    const { document, selection } = editor;
    const found = this.workspace.findByUri(document.uri);
    if (found === undefined || !followed.has(found.node.kind)) return undefined;
    const { outline, node } = found;
    const project = outline.key;
    const selected = document.getText(selection);
    if (isQuery(selected))
      return { found, question: { kind: 'sql', project, sql: selected, within: node.id }, title: l10n.t('selection of {0}', node.name) };
    const cte = (await this.#ctes(document)).find(({ start, end }) => contains(start, end, selection.active));
    if (cte === undefined) return { found, question: { kind: 'node', project, node: node.id }, title: node.name };
    return { found, question: { kind: 'node', project, node: node.id, cte: cte.name }, title: `${node.name} · ${cte.name}` };
  }

  async #ctes(document: TextDocument, kinds: readonly string[] = ['cte']): Promise<readonly FileSymbol[]> {
    const place = this.workspace.place(document.uri);
    if (place === undefined) return [];
    const symbols = await this.analysis.ask('symbols', { project: place.outline.key, path: place.path });
    return symbols.filter(({ kind }) => kinds.includes(kind));
  }

  /** The problem at the end of its line, where it is in the file that is written. */
  #showProblem(editor: TextEditor, found: Found, problem: ResultNote | undefined): void {
    const place = this.workspace.place(editor.document.uri);
    const { location } = problem ?? {};
    const marks: DecorationOptions[] = [];
    if (
      problem !== undefined &&
      location !== undefined &&
      location.path === place?.path &&
      found.outline.key.root === place.outline.key.root
    ) {
      const line = Math.min(editor.document.lineCount, location.start.line) - 1;
      const end = editor.document.lineAt(line).range.end;
      const said = problem.message.length > 140 ? `${problem.message.slice(0, 139)}…` : problem.message;
      marks.push({
        range: new Range(end, end),
        hoverMessage: toPlainText(problem.message),
        renderOptions: { after: { contentText: said } },
      });
    }
    editor.setDecorations(this.#mark, marks);
  }

  /** Puts the cursor into a CTE of the model that is followed; its own name means the last query. */
  async #goTo(cte: string): Promise<void> {
    const question = this.previews.followed;
    const found = question?.kind === 'node' ? this.workspace.findNode(question.node, question.project) : undefined;
    if (found === undefined) return;
    const document = await workspace.openTextDocument(this.workspace.uriOf(found.outline.key, found.node.path));
    const steps = await this.#ctes(document, ['cte', 'query']);
    const step = steps.find(({ name, kind }) => kind === 'cte' && name === cte) ?? steps.find(({ kind }) => kind === 'query');
    if (step === undefined) return;
    const at = new Position(step.nameStart.line - 1, step.nameStart.column - 1);
    const editor = await window.showTextDocument(document, { preserveFocus: true, preview: false });
    editor.selection = new Selection(at, at);
    editor.revealRange(new Range(at, at), TextEditorRevealType.InCenterIfOutsideViewport);
  }
}

/** Listens to keys and cursors. */
function listen(live: LivePreview): Disposable {
  const isShown = (document: TextDocument): boolean => document === window.activeTextEditor?.document;
  return Disposable.from(
    workspace.onDidChangeTextDocument((event) => {
      if (event.contentChanges.length > 0 && isShown(event.document)) live.note(true);
    }),
    window.onDidChangeTextEditorSelection((event) => {
      if (isShown(event.textEditor.document)) live.note();
    }),
    window.onDidChangeActiveTextEditor(() => live.note()),
  );
}

/** Whether a selection is a query: a word that happens to be selected is not. */
function isQuery(text: string): boolean {
  return /^\s*(?:--[^\n]*\n\s*)*(?:\(\s*)?(?:select|with|values|from)\b/i.test(text);
}

function contains(start: FileSymbol['start'], end: FileSymbol['end'], at: Position): boolean {
  const [line, column] = [at.line + 1, at.character + 1];
  const isBehind = line > start.line || (line === start.line && column >= start.column);
  return isBehind && (line < end.line || (line === end.line && column <= end.column));
}
