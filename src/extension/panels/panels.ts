import type { Disposable, TextEditor, Uri, WebviewPanel, WebviewView, WebviewViewProvider } from 'vscode';
import { l10n, Uri as Uris, window } from 'vscode';
import type { ErdHostCalls, GraphHostCalls, PanelCalls, ProjectKey } from '../../protocol.ts';
import type { Handlers } from '../../wire.ts';
import { connect } from '../../wire.ts';
import type { Found } from '../workspace.ts';
import { toPage, toPort, webviewOptions } from './page.ts';
import type { OpenPicture, PictureSources, PictureSurface } from './picture-host.ts';
import { PictureHost } from './picture-host.ts';
import type { Place } from './place.ts';
import { openGraphView, openTab, placeSetting, toTabPlace, toViewPlace } from './place.ts';

/** How a picture begins: pointing at a column, or with the whole project instead of a node. */
interface Opening {
  readonly column?: string | undefined;
  readonly isWhole?: boolean;
}

/** The graphs and ERDs that are open, beside the editor or in a view of their own: one of each for a project, kept up with its changes. */
export class Panels implements Disposable, WebviewViewProvider {
  readonly #open: OpenPicture[] = [];
  readonly #disposables: Disposable[];
  readonly #host: PictureHost;
  #following: ReturnType<typeof setTimeout> | undefined;
  /** The node and column that the cursor was last seen in. */
  #followed = '';
  /** What the view is to show that is being opened. */
  #wanted: { readonly found: Found; readonly how: Opening } | undefined;

  constructor(
    private readonly extension: Uri,
    private readonly sources: PictureSources,
  ) {
    this.#host = new PictureHost(sources, (surface, found) => this.show(surface, found));
    this.#disposables = [
      window.onDidChangeTextEditorSelection(({ textEditor }) => {
        clearTimeout(this.#following);
        this.#following = setTimeout(() => this.#follow(textEditor), 150);
      }),
      window.onDidChangeActiveTextEditor((editor) => this.#follow(editor)),
      sources.workspace.onDidChange(() => this.tellChanged()),
      this.#registerRevival('graph'),
      this.#registerRevival('erd'),
      window.registerWebviewViewProvider('headwater.graphView', this, { webviewOptions: { retainContextWhenHidden: true } }),
    ];
  }

  /** Opens the surface about a node, or turns an open one to it. */
  show(surface: PictureSurface, found: Found, how: Opening = {}): void {
    const { outline, node } = found;
    const { column } = how;
    const place = placeSetting();
    const inView = surface === 'graph' && place === 'view';
    const open = this.#open.find(
      (candidate) =>
        candidate.surface === surface &&
        isSame(candidate.project, outline.key) &&
        (candidate.place.viewColumn !== undefined || inView || candidate.place.isVisible),
    );
    if (open !== undefined) {
      open.node = node.id;
      open.place.reveal();
      if (how.isWhole === true) return;
      void this.sources.edge.provide('turning a picture', () =>
        this.#tell(open, 'focus', { node: node.id, ...(column === undefined ? {} : { column }) }),
      );
    } else if (inView) {
      this.#wanted = { found, how };
      void this.sources.edge.perform('showGraph', () => openGraphView());
    } else {
      const panel = openTab(this.extension, `headwater.${surface}`, titleOf(surface, outline.name), place === 'view' ? 'beside' : place);
      this.#attachTab(surface, panel, outline.key, node.id, how);
    }
  }

  /** The node in the middle of the picture that has the focus. */
  get active(): Found | undefined {
    const open = this.#open.find(({ place }) => place.isActive);
    return open === undefined ? undefined : this.sources.workspace.findNode(open.node, open.project);
  }

  /** The pictures that are open, where each stands and what it is about. */
  get pictures(): readonly { readonly surface: PictureSurface; readonly place: 'tab' | 'view'; readonly node: string }[] {
    return this.#open.map(({ surface, place, node }) => ({ surface, node, place: place.viewColumn === undefined ? 'view' : 'tab' }));
  }

  /** Has every open picture drawn again. */
  tellChanged(): void {
    for (const open of this.#open) {
      const revision = this.sources.workspace.find(open.project)?.revision;
      if (revision !== undefined) void this.sources.edge.provide('drawing again', () => this.#tell(open, 'changed', { revision }));
    }
  }

  /** Tells a picture something; one that is closed meanwhile does not need to know. */
  async #tell<Type extends keyof PanelCalls & string>(open: OpenPicture, type: Type, ask: PanelCalls[Type]['ask']): Promise<void> {
    try {
      await open.wire.ask(type, ask);
    } catch (error) {
      if (this.#open.includes(open)) throw error;
    }
  }

  /** The graph's view was opened: it shows what it was opened for, else what the editor shows. */
  async resolveWebviewView(view: WebviewView): Promise<void> {
    const { workspace } = this.sources;
    await workspace.ready();
    const seen = window.activeTextEditor && workspace.findByUri(window.activeTextEditor.document.uri);
    const wanted = this.#wanted;
    const found = wanted?.found ?? seen ?? this.#findFirst();
    this.#wanted = undefined;
    view.webview.options = webviewOptions(this.extension);
    if (found === undefined) view.webview.html = `<p>${l10n.t('There is no project to draw in the open folders.')}</p>`;
    else this.#attach('graph', toViewPlace(view), found.outline.key, found.node.id, titleOf('graph', found.outline.name), wanted?.how);
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
    for (const { place } of [...this.#open]) place.close();
  }

  #registerRevival(surface: PictureSurface): Disposable {
    return window.registerWebviewPanelSerializer(`headwater.${surface}`, {
      deserializeWebviewPanel: (panel: WebviewPanel, state: unknown) =>
        this.sources.edge.provide('reopening a picture', async () => {
          await this.sources.workspace.ready();
          const found = this.#findRemembered(state) ?? this.#findFirst();
          if (found === undefined) panel.dispose();
          else this.#attachTab(surface, panel, found.outline.key, found.node.id);
        }) as Promise<void>,
    });
  }

  /** A node of the project that a page remembered to have shown. */
  #findRemembered(state: unknown): Found | undefined {
    const { folder, root } = (state ?? {}) as { readonly folder?: unknown; readonly root?: unknown };
    return typeof folder === 'string' && typeof root === 'string' ? this.#findFirst({ folder, root }) : undefined;
  }

  #findFirst(key?: ProjectKey): Found | undefined {
    const { workspace } = this.sources;
    const outline = key === undefined ? workspace.outlines[0] : workspace.find(key);
    const node = outline?.nodes.find((candidate) => candidate.kind === 'model') ?? outline?.nodes[0];
    return outline === undefined || node === undefined ? undefined : { outline, node };
  }

  #attachTab(surface: PictureSurface, panel: WebviewPanel, project: ProjectKey, node: string, how: Opening = {}): void {
    panel.iconPath = Uris.joinPath(this.extension, 'media', `${surface}.svg`);
    panel.webview.options = webviewOptions(this.extension);
    this.#attach(surface, toTabPlace(panel), project, node, panel.title, how);
  }

  #attach(surface: PictureSurface, place: Place, project: ProjectKey, node: string, title: string, how: Opening = {}): void {
    this.sources.layouts.warm();
    const port = toPort(place.webview);
    const handlers = surface === 'graph' ? this.#host.graph(() => open) : this.#host.erd(() => open);
    const wire = connect<PanelCalls, GraphHostCalls | ErdHostCalls>(port, handlers as Handlers<GraphHostCalls | ErdHostCalls>);
    const open: OpenPicture = {
      surface,
      place,
      wire,
      project,
      node,
      counted: undefined,
      isWhole: how.isWhole === true,
      column: how.column,
    };
    this.#open.push(open);
    place.onDidClose(() => {
      this.#open.splice(this.#open.indexOf(open), 1);
      wire.close('the picture was closed');
    });
    place.webview.html = toPage(place.webview, this.extension, surface, title, { folder: project.folder, root: project.root });
  }

  /** Tells the pictures in sight which node, and which of its columns, the cursor is in. */
  #follow(editor: TextEditor | undefined): void {
    const { workspace, analysis, edge } = this.sources;
    const found = editor && workspace.findByUri(editor.document.uri);
    if (editor === undefined || found === undefined) return;
    const shown = this.#open.filter(({ place, project }) => place.isVisible && isSame(project, found.outline.key));
    if (shown.length === 0) return;
    const word = editor.document.getWordRangeAtPosition(editor.selection.active);
    const text = word === undefined ? '' : editor.document.getText(word).toLowerCase();
    const { node, outline } = found;
    if (this.#host.sentTo === node.id) {
      // The editor is here because a picture sent it: the picture stays as it is until the cursor moves on.
      this.#host.sentTo = '';
      this.#followed = `${node.id} `;
      return;
    }
    void edge.provide('following the cursor', async () => {
      const columns = text === '' ? [] : await analysis.ask('columns', { project: outline.key, node: node.id });
      const column = columns.find((candidate) => candidate.name.toLowerCase() === text)?.name;
      const mark = `${node.id} ${column ?? ''}`;
      if (this.#followed === mark) return;
      this.#followed = mark;
      for (const open of shown) {
        open.node = node.id;
        await this.#tell(open, 'focus', { node: node.id, ...(column === undefined ? {} : { column }) });
      }
    });
  }
}

function titleOf(surface: PictureSurface, project: string): string {
  return surface === 'graph' ? l10n.t('Lineage · {0}', project) : l10n.t('ERD · {0}', project);
}

function isSame(a: ProjectKey, b: ProjectKey): boolean {
  return a.folder === b.folder && a.root === b.root;
}
