import type { Disposable, Event, LogOutputChannel, TextDocument, WorkspaceFolder } from 'vscode';
import { commands, EventEmitter, Uri, window, workspace } from 'vscode';
import { isDataFile } from '../core/data/formats.ts';
import type { AnalysisCalls, FolderCalls, Outline, OutlineNode, OutlineUpdate, ProjectKey } from '../protocol.ts';
import type { Edge } from './edge.ts';
import { followOutline } from './follow-outline.ts';
import type { Platform } from './platform.ts';
import type { SetAside } from './set-aside.ts';
import { projectSettings } from './settings.ts';
import type { WorkerClient } from './worker-client.ts';

const neverWatched = /(^|\/)(\.git|node_modules|\.venv|venv|__pycache__|target|logs)(\/|$)/;
const isOfInterest = (path: string): boolean => isDataFile(path) || /\.(sql|ya?ml|md|py|duckdb)$/i.test(path);

/** How long changes are gathered before the worker hears of them: a checkout touches thousands of files at once. */
const gatherFor = 60;
const gatherKeysFor = 40;

const shortTime = 30_000;

/** A node together with the project it belongs to. */
export interface Found {
  readonly outline: Outline;
  readonly node: OutlineNode;
}

/** The projects of the open folders, kept up to date with the disk and with unsaved text. Reads nothing until `ready` is called. */
export class Workspace implements Disposable {
  readonly #changed = new EventEmitter<readonly Outline[]>();
  /** Fires with every new state of the projects. */
  readonly onDidChange: Event<readonly Outline[]> = this.#changed.event;

  readonly #relisted = new EventEmitter<readonly Outline[]>();
  /** Fires where nodes, edges or macros are others than before, which few keys and saves make them; the first state counts as one. */
  readonly onDidChangeNodes: Event<readonly Outline[]> = this.#relisted.event;

  readonly #byFolder = new Map<string, readonly Outline[]>();
  readonly #saved = new Map<string, Set<string>>();
  readonly #edited = new Map<string, TextDocument>();
  readonly #disposables: Disposable[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ready: Promise<void> | undefined;
  #reading = false;
  #flushing: Promise<unknown> = Promise.resolve();
  #lastDeath = 0;
  /** What was published last. */
  #published: readonly Outline[] | undefined;

  constructor(
    private readonly analysis: WorkerClient<AnalysisCalls>,
    private readonly platform: Platform,
    private readonly edge: Edge,
    private readonly log: LogOutputChannel,
    private readonly setAside: SetAside,
  ) {}

  get outlines(): readonly Outline[] {
    return [...this.#byFolder.values()].flat();
  }

  /** True while folders are read for the first time or anew. */
  get isReading(): boolean {
    return this.#reading;
  }

  /** Resolves when every open folder has been read; the first call starts it. */
  ready(): Promise<void> {
    this.#ready ??= this.#start();
    return this.#ready;
  }

  /** Reads every folder from scratch. */
  async refresh(): Promise<void> {
    this.setAside.release();
    if (this.#ready === undefined) return this.ready();
    await this.#openAll();
  }

  /** Reopens the folders after the worker ended; twice in a short time over nothing known is once too often, and waits for the user to ask. */
  workerDied(isKnown: boolean): void {
    const again = !isKnown && Date.now() - this.#lastDeath < shortTime;
    this.#lastDeath = Date.now();
    if (this.#ready !== undefined && !again) void this.edge.perform('reading the workspace again', () => this.#openAll());
  }

  /** Reads the projects again that were set aside: one, or all. */
  async tryAgain(key?: ProjectKey): Promise<void> {
    this.setAside.release(key);
    await this.#openAll((workspace.workspaceFolders ?? []).filter(({ uri }) => key === undefined || uri.toString() === key.folder));
  }

  find(key: ProjectKey): Outline | undefined {
    return this.outlines.find((outline) => outline.key.folder === key.folder && outline.key.root === key.root);
  }

  findNode(id: string, key?: ProjectKey): Found | undefined {
    for (const outline of this.outlines) {
      if (key !== undefined && (outline.key.folder !== key.folder || outline.key.root !== key.root)) continue;
      const node = outline.nodes.find((candidate) => candidate.id === id);
      if (node !== undefined) return { outline, node };
    }
    return undefined;
  }

  /** The relation a file defines: the first of its nodes, models before tests. */
  findByUri(uri: Uri): Found | undefined {
    const place = this.place(uri);
    if (place === undefined) return undefined;
    const inFile = place.outline.nodes.filter((node) => node.path === place.path && node.kind !== 'source');
    const node = inFile.find((candidate) => ['model', 'seed', 'snapshot'].includes(candidate.kind)) ?? inFile[0];
    return node === undefined ? undefined : { outline: place.outline, node };
  }

  /** The innermost project that a file lies in, and its path there. */
  place(uri: Uri): { readonly outline: Outline; readonly path: string } | undefined {
    let best: { outline: Outline; path: string } | undefined;
    for (const outline of this.outlines) {
      const root = this.uriOf(outline.key, '').toString(true).replace(/\/$/, '');
      const text = uri.toString(true);
      if (text.startsWith(`${root}/`) && (best === undefined || outline.key.root.length > best.outline.key.root.length))
        best = { outline, path: text.slice(root.length + 1) };
    }
    return best;
  }

  uriOf(key: ProjectKey, path: string): Uri {
    return Uri.joinPath(Uri.parse(key.folder), ...[key.root, path].filter((part) => part !== ''));
  }

  /** What a worker needs to read a folder as it is in the editor now. */
  #toOpening(folder: Uri): FolderCalls['open']['ask'] {
    const unsaved = workspace.textDocuments.flatMap((document) => {
      const place = document.isDirty ? this.#relative(document.uri) : undefined;
      return place?.folder === folder.toString() ? [{ path: place.path, text: document.getText() }] : [];
    });
    return {
      folder: folder.toString(),
      disk: this.platform.diskPath(folder),
      settings: projectSettings(folder),
      unsaved,
      setAside: this.setAside.in(folder.toString()),
    };
  }

  /** Passes on what was gathered, without waiting for more. */
  async settle(): Promise<void> {
    await this.ready();
    clearTimeout(this.#timer);
    await this.#flush();
  }

  /** Takes in what the first outlines of a folder were without. */
  completed(folder: string): void {
    const taking = this.#flushing.then(async () => {
      if (!this.#byFolder.has(folder)) return;
      await this.#apply(folder, await this.analysis.ask('change', { folder, paths: [] }));
      await this.#publish();
    });
    this.#flushing = taking.catch(() => undefined);
    void this.edge.provide('taking in the columns', () => taking);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const disposable of this.#disposables) disposable.dispose();
    this.#changed.dispose();
    this.#relisted.dispose();
  }

  async #start(): Promise<void> {
    const watcher = workspace.createFileSystemWatcher('**/*');
    const note = (uri: Uri): void => this.#noteSaved(uri);
    this.#disposables.push(
      watcher,
      watcher.onDidChange(note),
      watcher.onDidCreate(note),
      watcher.onDidDelete(note),
      workspace.onDidSaveTextDocument((document) => this.#noteSaved(document.uri)),
      workspace.onDidChangeTextDocument((event) => this.#noteEdited(event.document)),
      workspace.onDidCloseTextDocument((document) => this.#noteEdited(document)),
      workspace.onDidChangeWorkspaceFolders((event) => {
        void this.edge.perform('reading the new folders', async () => {
          for (const folder of event.removed) await this.#close(folder);
          await this.#openAll(event.added);
        });
      }),
      workspace.onDidChangeConfiguration((event) => {
        if (!['dialect', 'target', 'vars', 'envVars'].some((name) => event.affectsConfiguration(`headwater.${name}`))) return;
        void this.edge.perform('reading the project with new settings', () => this.#openAll());
      }),
    );
    await this.#openAll();
  }

  async #openAll(folders: readonly WorkspaceFolder[] = workspace.workspaceFolders ?? []): Promise<void> {
    this.#reading = true;
    this.#changed.fire(this.outlines);
    try {
      for (const folder of folders) {
        const outlines = await this.#apply(folder.uri.toString(), await this.analysis.ask('open', this.#toOpening(folder.uri)));
        for (const outline of outlines)
          this.log.info(
            `${outline.name}: ${outline.nodes.length} nodes in ${Math.round(outline.took)} ms, ${outline.problems.length} problems`,
          );
      }
    } finally {
      this.#reading = false;
      await this.#publish();
    }
  }

  async #close(folder: WorkspaceFolder): Promise<void> {
    this.#byFolder.delete(folder.uri.toString());
    await this.analysis.ask('close', { folder: folder.uri.toString() });
  }

  /** Takes in what the analysis tells of a folder; where its changes do not follow what is known here, asks for everything. */
  async #apply(folder: string, updates: readonly OutlineUpdate[]): Promise<readonly Outline[]> {
    const before = this.#byFolder.get(folder) ?? [];
    const outlines = updates.flatMap((update) => followOutline(before, update) ?? []);
    if (outlines.length < updates.length) return this.#apply(folder, await this.analysis.ask('outlines', { folder }));
    this.#byFolder.set(folder, outlines);
    return outlines;
  }

  async #publish(): Promise<void> {
    const { outlines } = this;
    const shown = this.#published;
    this.#published = outlines;
    const isSame = shown?.length === outlines.length && outlines.every((outline, index) => haveSameNodes(outline, shown[index]));
    if (!isSame) {
      await commands.executeCommand('setContext', 'headwater.hasProject', outlines.length > 0);
      await commands.executeCommand('setContext', 'headwater.ready', true);
    }
    this.#changed.fire(outlines);
    if (!isSame) this.#relisted.fire(outlines);
  }

  #relative(uri: Uri): { readonly folder: string; readonly path: string } | undefined {
    const folder = workspace.getWorkspaceFolder(uri);
    if (folder === undefined) return undefined;
    const path = uri.path.slice(folder.uri.path.length).replace(/^\//, '');
    return isOfInterest(path) && !neverWatched.test(path) ? { folder: folder.uri.toString(), path } : undefined;
  }

  #noteSaved(uri: Uri): void {
    const place = this.#relative(uri);
    if (place === undefined) return;
    const paths = this.#saved.get(place.folder) ?? new Set();
    paths.add(place.path);
    this.#saved.set(place.folder, paths);
    this.#schedule(gatherFor);
  }

  #noteEdited(document: TextDocument): void {
    if (this.#relative(document.uri) === undefined) return;
    this.#edited.set(document.uri.toString(), document);
    this.#schedule(gatherKeysFor);
  }

  #schedule(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.edge.perform('following a change', () => this.#flush()), delay);
  }

  /** Waits for what is passed on already, so that states are published in their order. */
  #flush(): Promise<void> {
    const flushing = this.#flushing.then(() => this.#passOn());
    this.#flushing = flushing.catch(() => undefined);
    return flushing;
  }

  async #passOn(): Promise<void> {
    if (this.#saved.size === 0 && this.#edited.size === 0) return;
    const saved = [...this.#saved];
    const edited = [...this.#edited.values()];
    this.#saved.clear();
    this.#edited.clear();
    for (const document of edited) {
      const place = this.#relative(document.uri);
      if (place === undefined) continue;
      // Not asked whether it is dirty: a revert changes the text first and the state later, without another event.
      const text = document.isClosed ? undefined : document.getText();
      await this.#apply(place.folder, await this.analysis.ask('edit', { ...place, text }));
    }
    for (const [folder, paths] of saved) {
      await this.#apply(folder, await this.analysis.ask('change', { folder, paths: [...paths] }));
    }
    await this.#publish();
  }
}

function haveSameNodes(a: Outline, b: Outline | undefined): boolean {
  return a.key.root === b?.key.root && a.nodes === b.nodes && a.edges === b.edges && a.macros === b.macros && a.name === b.name;
}

/** The file a command speaks of: the one it was given, else the active editor's. */
export function targetUri(given: unknown): Uri | undefined {
  return given instanceof Uri ? given : window.activeTextEditor?.document.uri;
}
