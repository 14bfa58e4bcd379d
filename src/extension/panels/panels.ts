import type { Disposable, TextEditor, Uri, WebviewPanel } from 'vscode';
import { commands, workspace as editor, env, l10n, Uri as Uris, ViewColumn, window } from 'vscode';
import type { NodeId } from '../../core/text/ids.ts';
import type { AnalysisCalls, ErdHostCalls, GraphHostCalls, PanelCalls, PanelHostCalls, ProjectKey } from '../../protocol.ts';
import type { Handlers, Wire } from '../../wire.ts';
import { connect } from '../../wire.ts';
import type { Edge } from '../edge.ts';
import type { Layouts } from '../layouts.ts';
import { toRange } from '../range.ts';
import type { WorkerClient } from '../worker-client.ts';
import type { Found, Workspace } from '../workspace.ts';
import { toPage, toPort, webviewOptions } from './page.ts';

type PictureSurface = 'graph' | 'erd';

interface OpenPanel {
  readonly surface: PictureSurface;
  readonly panel: WebviewPanel;
  readonly wire: Wire<PanelCalls>;
  project: ProjectKey;
  /** What the picture is about when the panel asks for one without a view. */
  node: string;
}

/** The graph and the ERD beside the editor: one panel of each for a project, kept up with every new state of it. */
export class Panels implements Disposable {
  readonly #open: OpenPanel[] = [];
  readonly #disposables: Disposable[];
  #following: ReturnType<typeof setTimeout> | undefined;
  /** The node and column that the cursor was last seen in. */
  #followed = '';

  constructor(
    private readonly extension: Uri,
    private readonly workspace: Workspace,
    private readonly analysis: WorkerClient<AnalysisCalls>,
    private readonly layouts: Layouts,
    private readonly edge: Edge,
  ) {
    this.#disposables = [
      window.onDidChangeTextEditorSelection(({ textEditor }) => {
        clearTimeout(this.#following);
        this.#following = setTimeout(() => this.#follow(textEditor), 150);
      }),
      window.onDidChangeActiveTextEditor((editor) => this.#follow(editor)),
      workspace.onDidChange(() => this.#tellChanged()),
      this.#registerRevival('graph'),
      this.#registerRevival('erd'),
    ];
  }

  /** Opens the surface about a node, or turns an open one to it. */
  show(surface: PictureSurface, { outline, node }: Found): void {
    const open = this.#open.find((candidate) => candidate.surface === surface && isSame(candidate.project, outline.key));
    if (open !== undefined) {
      open.node = node.id;
      open.panel.reveal(undefined, false);
      void this.edge.provide('turning a picture', () => open.wire.ask('focus', { node: node.id }));
      return;
    }
    const options = { ...webviewOptions(this.extension), retainContextWhenHidden: true };
    const panel = window.createWebviewPanel(`headwater.${surface}`, titleOf(surface, outline.name), ViewColumn.Active, options);
    this.#attach(surface, panel, outline.key, node.id);
  }

  /** The node in the middle of the picture that has the focus. */
  get active(): Found | undefined {
    const open = this.#open.find(({ panel }) => panel.active);
    return open === undefined ? undefined : this.workspace.findNode(open.node, open.project);
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
    for (const { panel } of [...this.#open]) panel.dispose();
  }

  #registerRevival(surface: PictureSurface): Disposable {
    return window.registerWebviewPanelSerializer(`headwater.${surface}`, {
      deserializeWebviewPanel: (panel: WebviewPanel) =>
        this.edge.provide('reopening a picture', async () => {
          await this.workspace.ready();
          const [outline] = this.workspace.outlines;
          const node = outline?.nodes.find((candidate) => candidate.kind === 'model') ?? outline?.nodes[0];
          if (outline === undefined || node === undefined) panel.dispose();
          else this.#attach(surface, panel, outline.key, node.id);
        }) as Promise<void>,
    });
  }

  #attach(surface: PictureSurface, panel: WebviewPanel, project: ProjectKey, node: string): void {
    this.layouts.warm();
    panel.iconPath = Uris.joinPath(this.extension, 'media', `${surface}.svg`);
    panel.webview.options = webviewOptions(this.extension);
    const port = toPort(panel.webview);
    const handlers = surface === 'graph' ? this.#graphHandlers(() => open) : this.#erdHandlers(() => open);
    const wire = connect<PanelCalls, GraphHostCalls | ErdHostCalls>(port, handlers as Handlers<GraphHostCalls | ErdHostCalls>);
    const open: OpenPanel = { surface, panel, wire, project, node };
    this.#open.push(open);
    panel.onDidDispose(() => {
      wire.close('the panel was closed');
      this.#open.splice(this.#open.indexOf(open), 1);
    });
    panel.webview.html = toPage(panel.webview, this.extension, surface, panel.title);
  }

  #graphHandlers(open: () => OpenPanel): Handlers<GraphHostCalls> {
    return {
      ...this.#sharedHandlers(open),
      picture: ({ view, standing }, signal) =>
        this.analysis.ask('graphPicture', { project: open().project, node: open().node, view, standing }, signal),
      filter: ({ text }, signal) => this.analysis.ask('graphFilter', { project: open().project, text }, signal),
      export: async ({ view, format }) => {
        const made = await this.analysis.ask('graphExport', { project: open().project, view, format });
        return this.#save(made.name, made.content);
      },
      tree: ({ node }) => this.#run('headwater.revealInTree', open(), node),
      test: ({ node }) => this.#run('headwater.runTests', open(), node),
      compile: ({ node }) => this.#run('headwater.showCompiled', open(), node),
      docs: ({ node }) => this.#run('headwater.openDocs', open(), node),
    };
  }

  #erdHandlers(open: () => OpenPanel): Handlers<ErdHostCalls> {
    return {
      ...this.#sharedHandlers(open),
      picture: ({ view, standing, measured }, signal) =>
        this.analysis.ask('erdPicture', { project: open().project, node: open().node, view, standing, measured }, signal),
      export: async ({ view, format }) => {
        const made = await this.analysis.ask('erdExport', { project: open().project, view, format });
        return this.#save(made.name, made.content);
      },
    };
  }

  #sharedHandlers(open: () => OpenPanel): Handlers<PanelHostCalls> {
    return {
      open: ({ node, column }) => this.#openAt(open(), node, column),
      preview: ({ node }) => this.#run('headwater.preview', open(), node),
      columns: ({ node }, signal) => this.analysis.ask('columns', { project: open().project, node }, signal),
      save: ({ name, content }) => this.#save(name, content),
      layout: (graph, signal) => this.layouts.ask(graph, signal),
      copy: ({ text }) => Promise.resolve(env.clipboard.writeText(text)),
      reveal: ({ node, surface }) => {
        const found = this.workspace.findNode(node, open().project);
        if (found !== undefined) this.show(surface, found);
      },
      failed: ({ message, stack }) => this.edge.record(`${open().surface} panel`, Object.assign(new Error(message), { stack })),
    };
  }

  /** Runs a command on a node of the panel's project, which may share ids with another open one. */
  async #run(command: string, open: OpenPanel, node: string): Promise<void> {
    const found = this.workspace.findNode(node, open.project);
    if (found !== undefined) await commands.executeCommand(command, found);
  }

  /** Opens the file of a node, at the expression of a column where one is written. */
  async #openAt({ project, panel }: OpenPanel, node: NodeId, column: string | undefined): Promise<void> {
    const found = this.workspace.findNode(node, project);
    const place = column === undefined ? undefined : await this.analysis.ask('columnPlace', { project, node, column });
    if (found === undefined) return;
    if (place === undefined) {
      await commands.executeCommand('headwater.openNode', found);
      return;
    }
    // The picture stays in sight: the file opens where the other editors are.
    const elsewhere = window.visibleTextEditors.find((candidate) => candidate.viewColumn !== panel.viewColumn)?.viewColumn;
    const viewColumn = elsewhere ?? ViewColumn.Beside;
    await window.showTextDocument(this.workspace.uriOf(project, place.path), { selection: toRange(place), preview: true, viewColumn });
  }

  /** Tells the pictures in sight which node, and which of its columns, the cursor is in. */
  #follow(editor: TextEditor | undefined): void {
    const found = editor && this.workspace.findByUri(editor.document.uri);
    if (editor === undefined || found === undefined) return;
    const shown = this.#open.filter(({ panel, project }) => panel.visible && isSame(project, found.outline.key));
    if (shown.length === 0) return;
    const word = editor.document.getWordRangeAtPosition(editor.selection.active);
    const text = word === undefined ? '' : editor.document.getText(word).toLowerCase();
    const { node, outline } = found;
    void this.edge.provide('following the cursor', async () => {
      const columns = text === '' ? [] : await this.analysis.ask('columns', { project: outline.key, node: node.id });
      const column = columns.find((candidate) => candidate.name.toLowerCase() === text)?.name;
      const mark = `${node.id} ${column ?? ''}`;
      if (this.#followed === mark) return;
      this.#followed = mark;
      for (const open of shown) {
        open.node = node.id;
        await open.wire.ask('focus', { node: node.id, ...(column === undefined ? {} : { column }) });
      }
    });
  }

  async #save(name: string, content: string | Uint8Array): Promise<string | undefined> {
    const folder = editor.workspaceFolders?.[0]?.uri;
    const target = await window.showSaveDialog(folder === undefined ? {} : { defaultUri: Uris.joinPath(folder, name) });
    if (target === undefined) return undefined;
    await editor.fs.writeFile(target, typeof content === 'string' ? new TextEncoder().encode(content) : content);
    return target.path.split('/').at(-1);
  }

  #tellChanged(): void {
    for (const { wire, project } of this.#open) {
      const revision = this.workspace.find(project)?.revision;
      if (revision !== undefined) void this.edge.provide('drawing again', () => wire.ask('changed', { revision }));
    }
  }
}

function titleOf(surface: PictureSurface, project: string): string {
  return surface === 'graph' ? l10n.t('Lineage · {0}', project) : l10n.t('ERD · {0}', project);
}

function isSame(a: ProjectKey, b: ProjectKey): boolean {
  return a.folder === b.folder && a.root === b.root;
}
