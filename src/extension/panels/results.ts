import type { Disposable, Event, Uri, WebviewView, WebviewViewProvider } from 'vscode';
import { commands, EventEmitter, workspace as editor, env, l10n, Position, ProgressLocation, Range, Uri as Uris, window } from 'vscode';
import type { ExportFormat, ResultsCalls, ResultsHostCalls, ResultView } from '../../protocol.ts';
import type { Handlers, Wire } from '../../wire.ts';
import { connect } from '../../wire.ts';
import type { Edge } from '../edge.ts';
import { nodeOf, type Previews } from '../previews.ts';
import { toRange } from '../range.ts';
import { follow, isFollowing, onFollowing } from '../settings.ts';
import type { Workspace } from '../workspace.ts';
import { toPage, toPort, webviewOptions } from './page.ts';

const extensions: Record<ExportFormat, string> = { csv: 'csv', tsv: 'tsv', json: 'json', jsonl: 'jsonl', markdown: 'md', sql: 'sql' };

/** The results panel: draws the tabs of the previews and reads their rows on demand. */
export class ResultsView implements WebviewViewProvider, Disposable {
  readonly #disposables: Disposable[];
  #wire: Wire<ResultsCalls> | undefined;
  readonly #steps = new EventEmitter<string>();
  /** Fires with the name of the CTE that was pressed among those of the model that is followed. */
  readonly onGoToStep: Event<string> = this.#steps.event;

  constructor(
    private readonly extension: Uri,
    private readonly previews: Previews,
    private readonly workspace: Workspace,
    private readonly edge: Edge,
  ) {
    this.#disposables = [
      this.#steps,
      window.registerWebviewViewProvider('headwater.results', this, { webviewOptions: { retainContextWhenHidden: true } }),
      previews.onDidChange(() => this.#show()),
      onFollowing(() => this.#show()),
    ];
  }

  resolveWebviewView(view: WebviewView): void {
    view.webview.options = webviewOptions(this.extension);
    const wire = connect<ResultsCalls, ResultsHostCalls>(toPort(view.webview), this.#handlers());
    this.#wire = wire;
    view.onDidDispose(() => {
      wire.close('the results panel was closed');
      this.#wire = undefined;
    });
    view.webview.html = toPage(view.webview, this.extension, 'results', l10n.t('Results'));
  }

  /** Brings the panel to the front; the keyboard stays in the editor. */
  async reveal(): Promise<void> {
    await commands.executeCommand('headwater.results.focus', { preserveFocus: true });
  }

  /** The rows that are selected in the panel. */
  async selection(): Promise<ResultsCalls['selection']['answer']> {
    return this.#wire?.ask('selection', undefined);
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #show(): void {
    const wire = this.#wire;
    if (wire !== undefined)
      void this.edge.provide('drawing results', () => wire.ask('show', { ...this.previews.state, isFollowing: isFollowing() }));
  }

  #handlers(): Handlers<ResultsHostCalls> {
    const { previews } = this;
    return {
      ready: () => this.#show(),
      page: ({ tab, version, view, offset, limit }) => previews.rows.page(tab, view, offset, limit, version),
      statistics: ({ tab, view, column }) => previews.rows.statistics(tab, view, column),
      profile: ({ tab, view, column }, signal) => previews.rows.profile(tab, view, column, signal),
      chart: ({ tab, view, question }) => previews.rows.chart(tab, view, question),
      copyText: async ({ text }) => {
        await env.clipboard.writeText(text);
        window.setStatusBarMessage(l10n.t('Copied.'), 3000);
      },
      totals: ({ tab, view, range }) => previews.rows.totals(tab, view, range),
      values: ({ tab, view, column }) => previews.rows.values(tab, view, column),
      lineage: async ({ tab, column }) => {
        const question = previews.questionOf(tab);
        const found = question && this.workspace.findNode(nodeOf(question) ?? '', question.project);
        const name = previews.state.tabs.find(({ id }) => id === tab)?.columns[column]?.name;
        if (found !== undefined) await commands.executeCommand('headwater.showGraph', found, name);
      },
      find: ({ tab, view, search }) => previews.rows.find(tab, view, search),
      activate: ({ tab }) => previews.activate(tab),
      pin: ({ tab, pinned }) => previews.pin(tab, pinned),
      close: ({ tab }) => previews.close(tab),
      cancel: ({ tab }) => previews.cancel(tab),
      rerun: ({ tab }) => previews.rerun(tab),
      export: ({ tab, view, format }) => void this.edge.perform('export', () => this.#export(tab, view, format)),
      copy: async ({ tab, view, format, range }) => {
        await env.clipboard.writeText(await previews.rows.text(tab, view, format, range));
        const rows = range.rows[1] - range.rows[0];
        window.setStatusBarMessage(l10n.t('Copied {0} rows', rows), 3000);
      },
      unitTest: (given) => void commands.executeCommand('headwater.makeUnitTest', given),
      open: ({ tab, location }) => {
        const question = previews.questionOf(tab);
        if (question === undefined) return;
        const path = location?.path ?? this.workspace.findNode(nodeOf(question) ?? '', question.project)?.node.path;
        if (path === undefined) return;
        const selection = location === undefined ? new Range(new Position(0, 0), new Position(0, 0)) : toRange(location);
        void window.showTextDocument(this.workspace.uriOf(question.project, path), { selection });
      },
      follow: ({ isOn }) => follow(isOn),
      goToStep: ({ cte }) => this.#steps.fire(cte),
      previewActive: () => void commands.executeCommand('headwater.preview'),
      failed: ({ message, stack }) => this.edge.record('results panel', Object.assign(new Error(message), { stack })),
    };
  }

  /** The bytes of an export, with a notice that says how far it is and cancels it; undefined where it was cancelled. */
  #collect(id: number, view: ResultView, format: ExportFormat, title: string): Thenable<Uint8Array | undefined> {
    const options = { location: ProgressLocation.Notification, title: l10n.t('Exporting {0}', title), cancellable: true };
    return window.withProgress(options, async (progress, token) => {
      const encoder = new TextEncoder();
      const pieces: Uint8Array[] = [];
      let before = 0;
      for await (const { text, done, of } of this.previews.rows.wholeText(id, view, format)) {
        if (token.isCancellationRequested) return undefined;
        pieces.push(encoder.encode(text));
        const message = l10n.t('{0} of {1} rows', done.toLocaleString(), of.toLocaleString());
        progress.report({ message, increment: of === 0 ? 100 : ((done - before) / of) * 100 });
        before = done;
      }
      return join(pieces);
    });
  }

  async #export(id: number, view: ResultView, format: ExportFormat): Promise<void> {
    const title = previewsTitle(this.previews, id);
    const folder = editor.workspaceFolders?.[0]?.uri;
    const name = `${title}.${extensions[format]}`;
    const target = await window.showSaveDialog(folder === undefined ? {} : { defaultUri: Uris.joinPath(folder, name) });
    if (target === undefined) return;
    const whole = await this.#collect(id, view, format, title);
    if (whole === undefined) return;
    await editor.fs.writeFile(target, whole);
    void window.setStatusBarMessage(l10n.t('Exported to {0}', target.path.split('/').at(-1) ?? ''), 5000);
  }
}

function previewsTitle(previews: Previews, id: number): string {
  return previews.state.tabs.find((tab) => tab.id === id)?.title ?? 'result';
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
