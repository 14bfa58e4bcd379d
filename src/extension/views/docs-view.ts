import type { WebviewView, WebviewViewProvider } from 'vscode';
import { commands, Disposable, l10n, window } from 'vscode';
import { disarm } from '../../core/docs/markdown.ts';
import type { AnalysisCalls } from '../../protocol.ts';
import type { Edge } from '../edge.ts';
import type { WorkerClient } from '../worker-client.ts';
import type { Found, Workspace } from '../workspace.ts';

/** The documentation of what is selected: the node of the active editor, or the row that was chosen in a tree last. */
export class DocsView implements WebviewViewProvider, Disposable {
  readonly #registration: Disposable;
  #view: WebviewView | undefined;
  #shown: Found | undefined;
  #asked = 0;

  constructor(
    private readonly workspace: Workspace,
    private readonly analysis: WorkerClient<AnalysisCalls>,
    private readonly edge: Edge,
  ) {
    this.#registration = Disposable.from(
      window.registerWebviewViewProvider('headwater.docs', this),
      window.onDidChangeActiveTextEditor(() => this.#followEditor()),
      workspace.onDidChange(() => this.#draw()),
    );
  }

  dispose(): void {
    this.#registration.dispose();
  }

  resolveWebviewView(view: WebviewView): void {
    this.#view = view;
    // Only text is shown: no script runs here, and nothing is loaded.
    view.webview.options = { enableScripts: false, localResourceRoots: [] };
    view.onDidDispose(() => {
      this.#view = undefined;
    });
    view.onDidChangeVisibility(() => this.#draw());
    view.webview.html = toHtml(`<p class="quiet">${escapeHtml(l10n.t('Reading…'))}</p>`);
    this.#followEditor();
    this.#draw();
  }

  /** Shows a node, until another one is chosen. */
  show(found: Found): void {
    this.#shown = found;
    this.#draw();
  }

  #followEditor(): void {
    const uri = window.activeTextEditor?.document.uri;
    const found = uri === undefined ? undefined : this.workspace.findByUri(uri);
    if (found !== undefined) this.show(found);
  }

  #draw(): void {
    void this.edge.provide('the documentation', async () => {
      const view = this.#view;
      if (view === undefined || !view.visible) return;
      const ask = ++this.#asked;
      await this.workspace.ready();
      const found = this.#shown && this.workspace.findNode(this.#shown.node.id, this.#shown.outline.key);
      const markdown = found && (await this.analysis.ask('docs', { project: found.outline.key, node: found.node.id }));
      const html = markdown && (await commands.executeCommand<string>('markdown.api.render', disarm(markdown)));
      if (ask !== this.#asked) return;
      view.description = found?.node.name ?? '';
      view.webview.html = toHtml(html || `<p class="quiet">${escapeHtml(l10n.t('Open or select a model to read about it here.'))}</p>`);
    });
  }
}

function toHtml(body: string): string {
  const nonce = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'">
<style nonce="${nonce}">
body { padding: 0 12px 16px; line-height: 1.45; overflow-wrap: anywhere; }
h1 { font-size: 1.25em; margin: 12px 0 4px; }
h2, h3 { font-size: 1em; margin: 16px 0 4px; }
p, ul { margin: 6px 0; }
ul { padding-left: 18px; }
code { font-family: var(--vscode-editor-font-family); font-size: 0.95em; color: var(--vscode-textPreformat-foreground); background: none; padding: 0; }
pre { background: var(--vscode-textCodeBlock-background); padding: 8px; overflow-x: auto; white-space: pre; }
pre code { color: inherit; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; font-weight: 600; color: var(--vscode-descriptionForeground); }
th, td { padding: 3px 10px 3px 0; vertical-align: top; border-bottom: 1px solid var(--vscode-widget-border, var(--vscode-panel-border)); }
a { color: var(--vscode-textLink-foreground); }
.quiet { color: var(--vscode-descriptionForeground); }
</style>
</head>
<body>${body}</body>
</html>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
