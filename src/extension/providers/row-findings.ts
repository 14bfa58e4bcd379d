import type { Diagnostic, TextDocument } from 'vscode';
import { commands, type Disposable, EventEmitter, type ExtensionContext, workspace as editor, languages, Uri } from 'vscode';
import type { RowFindings, RowQuestion } from '../../protocol.ts';
import type { Batches } from '../batches.ts';
import type { Edge } from '../edge.ts';
import { isInPackage } from '../package-files.ts';
import { editorSwitch, isOn, previewSettings } from '../settings.ts';
import type { Workspace } from '../workspace.ts';
import { toDiagnostic } from './diagnostics.ts';

/** How long nothing must have been opened, typed or saved before files are checked. */
const restMs = 700;

/** What checks a file; it may take long, and ends when it is told to. */
type FindRows = (question: RowQuestion, signal: AbortSignal) => Promise<RowFindings>;

/** What the rules about rows say of the files that are open, found in the pauses of whoever works in them. */
export class RowProblems implements Disposable {
  readonly #collection = languages.createDiagnosticCollection('headwater-rows');
  readonly #checked = new EventEmitter<void>();
  /** Fires when a file was checked: grains that were too far to work out are known now. */
  readonly onDidCheck = this.#checked.event;
  /** What one row stood for when a file was opened. */
  readonly #before = new Map<string, RowFindings['grains']>();
  readonly #waiting = new Set<string>();
  readonly #disposables: Disposable[];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: AbortController | undefined;

  constructor(
    context: ExtensionContext,
    private readonly workspace: Workspace,
    private readonly batches: Batches,
    private readonly edge: Edge,
    private readonly findRows: FindRows,
  ) {
    const every = (): void => {
      for (const document of editor.textDocuments) this.#note(document);
    };
    this.#disposables = [
      this.#collection,
      this.#checked,
      editor.onDidOpenTextDocument((document) => this.#note(document)),
      editor.onDidCloseTextDocument(({ uri }) => this.#forget(uri)),
      editor.onDidChangeTextDocument(({ document }) => this.#note(document)),
      editor.onDidSaveTextDocument(every),
      workspace.onDidChangeNodes(every),
      batches.onDidChange(every),
      editor.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('headwater.diagnostics') || event.affectsConfiguration('headwater.checkRows')) every();
      }),
      commands.registerCommand('headwater.showRule', (rule: unknown) =>
        edge.perform('showing a rule', async () => {
          const page = Uri.joinPath(context.extensionUri, 'docs/rules.md').with({ fragment: String(rule).replace(/[^\w-]/g, '') });
          await commands.executeCommand('markdown.showPreview', page);
        }),
      ),
    ];
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#running?.abort();
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #note(document: TextDocument): void {
    if (document.isClosed || !/\.sql$/i.test(document.uri.path) || document.uri.scheme === 'git') return;
    this.#waiting.add(document.uri.toString());
    this.#running?.abort();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#work(), restMs);
  }

  #forget(uri: Uri): void {
    this.#waiting.delete(uri.toString());
    this.#before.delete(uri.toString());
    this.#collection.delete(uri);
  }

  async #work(): Promise<void> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    for (const name of [...this.#waiting]) {
      if (running.signal.aborted) return;
      await this.edge.provide('the rules about rows', () => this.#check(Uri.parse(name), running.signal));
    }
  }

  async #check(uri: Uri, signal: AbortSignal): Promise<void> {
    const name = uri.toString();
    const place = this.workspace.place(uri);
    if (place === undefined || isInPackage(place.outline, place.path) || !isOn('diagnostics', uri)) {
      this.#waiting.delete(name);
      this.#collection.delete(uri);
      return;
    }
    const { key } = place.outline;
    const { problems, grains } = await this.findRows(
      {
        project: key,
        path: place.path,
        asksRows: editorSwitch('checkRows', uri),
        batch: this.batches.current(key),
        engine: previewSettings().engine,
        before: this.#before.get(name) ?? [],
      },
      signal,
    );
    if (signal.aborted || !this.#waiting.delete(name)) return;
    if (!this.#before.has(name)) this.#before.set(name, grains);
    this.#collection.set(
      uri,
      problems.map((problem) => withPage(toDiagnostic(this.workspace, key, problem))),
    );
    this.#checked.fire();
  }
}

/** A finding whose code leads to what is written about its rule. */
function withPage(diagnostic: Diagnostic): Diagnostic {
  const value = String(diagnostic.code);
  diagnostic.code = { value, target: Uri.parse(`command:headwater.showRule?${encodeURIComponent(JSON.stringify([value]))}`) };
  return diagnostic;
}
