import type { Disposable, Event } from 'vscode';
import { EventEmitter, l10n } from 'vscode';
import type { NodeId } from '../core/text/ids.ts';
import type {
  LiveState,
  LostEngine,
  PreviewCalls,
  PreviewHostCalls,
  PreviewQuestion,
  ProjectKey,
  ResultHead,
  ResultNote,
  ResultTab,
} from '../protocol.ts';
import { isAbort } from '../wire.ts';
import type { Batches } from './batches.ts';
import type { Edge } from './edge.ts';
import { ResultRows } from './result-rows.ts';
import { previewSettings } from './settings.ts';
import type { WorkerClient } from './worker-client.ts';
import type { Workspace } from './workspace.ts';

interface Tab {
  shown: ResultTab;
  question: PreviewQuestion;
  abort: AbortController | undefined;
  /** The number of the run under way; that of the rows that are shown is their version. */
  running: number | undefined;
  /** Its rows went with their engine: it runs again when somebody looks at it. */
  isLost: boolean;
}

/** The previews of this window: one tab each, their rows kept by the preview worker and read in pages. */
export class Previews implements Disposable {
  readonly #changed = new EventEmitter<undefined>();
  readonly onDidChange: Event<undefined> = this.#changed.event;
  readonly #tabs: Tab[] = [];
  #active: number | undefined;
  #nextId = 1;
  #nextResult = 1;
  #isBehind = false;
  /** The folders whose batches the worker knows, each with the promise of it. */
  readonly #folders = new Map<string, Promise<void>>();
  readonly #switching: Disposable;
  /** What is asked of the rows that tabs show. */
  readonly rows: ResultRows;

  constructor(
    private readonly workspace: Workspace,
    private readonly worker: WorkerClient<PreviewCalls, PreviewHostCalls>,
    private readonly edge: Edge,
    private readonly batches: Batches,
  ) {
    this.rows = new ResultRows(workspace, worker, (id) => this.#find(id));
    this.#switching = batches.onDidChange((key) => void edge.provide('switching the batch', () => this.#switch(key)));
  }

  get state(): { readonly tabs: readonly ResultTab[]; readonly active: number | undefined } {
    return { tabs: this.#tabs.map((tab) => tab.shown), active: this.#active };
  }

  questionOf(id: number): PreviewQuestion | undefined {
    return this.#find(id)?.question;
  }

  /** Runs a preview in the tab of the same question, else in a new one; an unpinned tab makes room for it. */
  async run(question: PreviewQuestion, title: string): Promise<void> {
    const same = this.#tabs.find((tab) => tab.shown.live === undefined && toKey(tab.question) === toKey(question));
    const tab = same ?? this.#open(question, title);
    tab.question = question;
    this.#active = tab.shown.id;
    await this.#execute(tab);
  }

  /**
   * Shows what the cursor stands in, in the one tab that is for it. Rows stay until there are newer ones, and where the text as it stands has none,
   * which is told beside them. Answers that problem.
   */
  async follow(question: PreviewQuestion, title: string): Promise<ResultNote | undefined> {
    const tab = this.#tabs.find(({ shown }) => shown.live !== undefined) ?? this.#openLive(question, title);
    if (this.#find(this.#active ?? 0)?.shown.live === undefined) this.#active = tab.shown.id;
    const isSame = nodeOf(tab.question) === nodeOf(question);
    tab.question = question;
    const { abort, result } = this.#begin(tab);
    const { id } = tab.shown;
    const cte = question.kind === 'node' ? question.cte : undefined;
    this.#isBehind = true;
    this.#showLive(tab, { isRunning: true });
    const started = Date.now();
    try {
      const head = await this.#run(question, result, abort.signal, true);
      if (tab.abort !== abort) return undefined;
      const [problem] = head.failed ? head.notes : [];
      if (problem !== undefined && tab.shown.version !== 0) this.#showLive(tab, { isRunning: false, problem });
      else {
        const isRelation = question.kind === 'node' && question.cte === undefined;
        const live = { isRunning: false, cte, counts: isSame ? tab.shown.live?.counts : undefined, areCountsOld: true };
        this.#showRows(tab, head, result, { title, isRelation, took: Date.now() - started, live });
        this.#isBehind = false;
      }
      return problem;
    } catch (error) {
      if (tab.abort !== abort) return undefined;
      if (isAbort(error)) {
        if (tab.shown.version === 0) this.#show(id, { state: 'cancelled', progress: '', notes: [] });
        this.#showLive(tab, { isRunning: false });
        return undefined;
      }
      const problem: ResultNote = { severity: 'error', message: messageOf(error) };
      if (tab.shown.version === 0) this.#show(id, { state: 'failed', progress: '', notes: [problem] });
      this.#showLive(tab, { isRunning: false, problem });
      return problem;
    } finally {
      this.#end(tab, abort, result);
    }
  }

  /** The next key was pressed: what is under way for the one before is of no use. */
  stopFollowing(): void {
    for (const tab of this.#tabs) if (tab.shown.live !== undefined) tab.abort?.abort();
  }

  /** The question that is followed, if there is one. */
  get followed(): PreviewQuestion | undefined {
    return this.#tabs.find(({ shown }) => shown.live !== undefined)?.question;
  }

  /** Whether the last key is not shown yet, and nothing is under way that would show it. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  /** Tells how many rows each CTE has of the model that is followed. */
  showCounts(counts: LiveState['counts']): void {
    for (const tab of this.#tabs) if (tab.shown.live !== undefined) this.#showLive(tab, { counts, areCountsOld: false });
  }

  #openLive(question: PreviewQuestion, title: string): Tab {
    const tab = this.#open(question, title);
    tab.shown = { ...tab.shown, live: { isRunning: true }, progress: l10n.t('Reading…') };
    return tab;
  }

  #showLive(tab: Tab, change: Partial<LiveState>): void {
    this.#show(tab.shown.id, { live: { isRunning: false, ...tab.shown.live, ...change } });
  }

  async rerun(id: number): Promise<void> {
    const tab = this.#find(id);
    if (tab !== undefined) await this.#execute(tab);
  }

  /** A node's SQL with the queries of its template answered, or a comment that says why they are not. */
  async compiled(project: ProjectKey, node: NodeId): Promise<string> {
    await this.#openFolder(project.folder);
    const compiled = await this.worker.ask('compiled', { project, node });
    return 'sql' in compiled ? compiled.sql : `-- ${compiled.problem}\n`;
  }

  /** The SQL that the engine runs for a node, or a comment that says why there is none. */
  async translated(project: ProjectKey, node: NodeId): Promise<string> {
    await this.#openFolder(project.folder);
    const translated = await this.worker.ask('translated', { project, node });
    return 'sql' in translated ? `${translated.sql}\n` : `-- ${translated.problem}\n`;
  }

  /** Asks the worker about a project outside of any tab, once it has heard of every change. */
  async ask<Type extends 'counts' | 'erdPicture' | 'erdExport'>(
    type: Type,
    ask: PreviewCalls[Type]['ask'],
    signal?: AbortSignal,
  ): Promise<PreviewCalls[Type]['answer']> {
    await this.workspace.settle();
    await this.#openFolder(ask.project.folder);
    return this.worker.ask(type, ask, signal);
  }

  activate(id: number): void {
    this.#active = id;
    this.#changed.fire(undefined);
    this.#runIfLost(id);
  }

  pin(id: number, pinned: boolean): void {
    this.#show(id, { pinned });
  }

  close(id: number): void {
    const at = this.#tabs.findIndex((tab) => tab.shown.id === id);
    const [tab] = this.#tabs.splice(at, at === -1 ? 0 : 1);
    if (tab === undefined) return;
    tab.abort?.abort();
    if (this.#active === id) this.#active = (this.#tabs[at] ?? this.#tabs[at - 1])?.shown.id;
    this.#changed.fire(undefined);
    this.#drop(tab.shown.version);
  }

  cancel(id: number): void {
    this.#find(id)?.abort?.abort();
  }

  progress(run: number, message: string): void {
    const tab = this.#tabs.find(({ running }) => running === run);
    if (tab !== undefined) this.#show(tab.shown.id, { progress: message });
  }

  /** Marks what was lost with the worker; the next question starts a new one. */
  workerDied(reason: string): void {
    this.#folders.clear();
    const ended = this.#tabs.flatMap(({ running }) => running ?? []);
    this.lost({ kept: this.#tabs.map((tab) => tab.shown.version), ended, reason });
  }

  /**
   * Marks what was lost with an engine; the next question starts a new one. A preview that waits for its turn goes on, and rows that went because
   * something else was cancelled come again by themselves.
   */
  lost({ kept, ended, reason }: LostEngine): void {
    const cause = reason ?? l10n.t('a query was cancelled');
    const message = l10n.t('The preview engine stopped ({0}); it starts again with the next preview.', cause);
    const notes: readonly ResultNote[] = [{ severity: 'warning', message }];
    for (const tab of this.#tabs) {
      const { version, state } = tab.shown;
      const hadRows = state === 'rows' && kept.includes(version);
      if (!hadRows && !(state === 'running' && tab.running !== undefined && ended.includes(tab.running))) continue;
      tab.abort = undefined;
      tab.isLost = hadRows;
      tab.shown = { ...tab.shown, state: 'cancelled', notes };
    }
    this.#changed.fire(undefined);
    if (reason === undefined && this.#active !== undefined) this.#runIfLost(this.#active);
  }

  dispose(): void {
    for (const tab of this.#tabs) tab.abort?.abort();
    this.#switching.dispose();
    this.#changed.dispose();
  }

  #runIfLost(id: number): void {
    const tab = this.#find(id);
    if (tab?.isLost === true) void this.edge.provide('previewing again', () => this.#execute(tab));
  }

  #find(id: number): Tab | undefined {
    return this.#tabs.find((tab) => tab.shown.id === id);
  }

  #drop(result: number): void {
    if (result !== 0 && this.worker.isRunning) void this.edge.provide('closing a preview', () => this.worker.ask('drop', { result }));
  }

  #open(question: PreviewQuestion, title: string): Tab {
    const replaced = this.#tabs.findIndex((tab) => !tab.shown.pinned && tab.shown.live === undefined && tab.shown.state !== 'running');
    const tab: Tab = {
      question,
      abort: undefined,
      running: undefined,
      isLost: false,
      shown: emptyTab(this.#nextId++, title, question.kind === 'node' && question.cte === undefined),
    };
    if (replaced === -1) this.#tabs.push(tab);
    else {
      const [old] = this.#tabs.splice(replaced, 1, tab);
      if (old !== undefined) this.#drop(old.shown.version);
    }
    return tab;
  }

  async #execute(tab: Tab): Promise<void> {
    const { id } = tab.shown;
    const notes: readonly ResultNote[] = [];
    const { abort, result } = this.#begin(tab);
    this.#show(id, { state: 'running', progress: l10n.t('Reading…'), notes });
    const started = Date.now();
    try {
      const head = await this.#run(tab.question, result, abort.signal, false);
      // What was lost with its engine has been told already.
      if (tab.abort !== abort) return;
      this.#showRows(tab, head, result, { took: Date.now() - started });
    } catch (error) {
      if (tab.abort !== abort) return;
      if (isAbort(error))
        this.#show(id, { state: 'cancelled', progress: '', notes: [{ severity: 'info', message: l10n.t('Cancelled.') }] });
      else {
        // The worker's end is told by `workerDied`, in one line, and is no failure of this question.
        if (tab.shown.state !== 'running') return;
        this.edge.record('preview', error);
        this.#show(id, { state: 'failed', progress: '', notes: [{ severity: 'error', message: messageOf(error) }] });
      }
    } finally {
      this.#end(tab, abort, result);
    }
  }

  /** Cancels what a tab runs and gives its next run a number. */
  #begin(tab: Tab): { readonly abort: AbortController; readonly result: number } {
    tab.abort?.abort();
    const abort = new AbortController();
    const result = this.#nextResult++;
    tab.abort = abort;
    tab.running = result;
    tab.isLost = false;
    return { abort, result };
  }

  #end(tab: Tab, abort: AbortController, result: number): void {
    // Rows may have come in the same moment in which nobody wanted them any more.
    if (tab.shown.version !== result) this.#drop(result);
    if (tab.abort !== abort) return;
    tab.abort = undefined;
    tab.running = undefined;
  }

  async #run(question: PreviewQuestion, result: number, signal: AbortSignal, isTyped: boolean): Promise<ResultHead> {
    await this.workspace.settle();
    await this.#openFolder(question.project.folder);
    signal.throwIfAborted();
    return this.worker.ask('run', { result, question, settings: previewSettings(), isTyped }, signal);
  }

  /** Rows take the place of those before, which are let go of. */
  #showRows(tab: Tab, head: ResultHead, result: number, change: Partial<ResultTab>): void {
    const before = tab.shown.version;
    this.#show(tab.shown.id, {
      ...head,
      state: head.failed ? 'failed' : 'rows',
      progress: '',
      version: head.failed ? 0 : result,
      ...change,
    });
    if (before !== tab.shown.version) this.#drop(before);
  }

  /** The worker is told of the batches of a folder with the first preview in it. */
  #openFolder(folder: string): Promise<void> {
    const known = this.#folders.get(folder);
    if (known !== undefined) return known;
    const opening = this.#read(folder);
    this.#folders.set(folder, opening);
    opening.catch(() => this.#folders.delete(folder));
    return opening;
  }

  async #read(folder: string): Promise<void> {
    for (const { key } of this.workspace.outlines) if (key.folder === folder) await this.#choose(key);
  }

  #choose(project: ProjectKey): Promise<void> {
    return this.worker.ask('choose', { project, batch: this.batches.current(project) });
  }

  /** Every tab of the project shows the state after the batch that was switched to. */
  async #switch(project: ProjectKey): Promise<void> {
    if (this.#folders.has(project.folder)) await this.#choose(project);
    const isOf = (key: ProjectKey): boolean => key.folder === project.folder && key.root === project.root;
    for (const tab of [...this.#tabs]) if (isOf(tab.question.project)) await this.#execute(tab);
  }

  #show(id: number, change: Partial<ResultTab>): void {
    const tab = this.#find(id);
    if (tab === undefined) return;
    tab.shown = { ...tab.shown, ...change };
    this.#changed.fire(undefined);
  }
}

function emptyTab(id: number, title: string, isRelation: boolean): ResultTab {
  return {
    id,
    title,
    pinned: false,
    isRelation,
    state: 'running',
    progress: '',
    columns: [],
    rowCount: 0,
    truncated: false,
    engine: '',
    took: 0,
    notes: [],
    version: 0,
  };
}

/** The node whose rows, or rows in the middle of which, a question asks for. */
export function nodeOf(question: PreviewQuestion): NodeId | undefined {
  if (question.kind === 'build') return undefined;
  return question.kind === 'sql' ? question.within : question.node;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function toKey(question: PreviewQuestion): string {
  return JSON.stringify(question);
}
