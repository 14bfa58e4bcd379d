import type { Disposable, Event } from 'vscode';
import { EventEmitter, l10n } from 'vscode';
import type { NodeId } from '../core/text/ids.ts';
import type {
  CellSearch,
  ColumnDetail,
  ColumnStatistics,
  ExportFormat,
  FoundCell,
  LostEngine,
  PickedView,
  PreviewCalls,
  PreviewHostCalls,
  PreviewQuestion,
  ProjectKey,
  ResultNote,
  ResultPage,
  ResultRange,
  ResultTab,
  ResultView,
  SelectionTotals,
  ValueCount,
} from '../protocol.ts';
import { isAbort } from '../wire.ts';
import type { Batches } from './batches.ts';
import type { Edge } from './edge.ts';
import { previewSettings } from './settings.ts';
import type { WorkerClient } from './worker-client.ts';
import type { Workspace } from './workspace.ts';

interface Tab {
  shown: ResultTab;
  question: PreviewQuestion;
  abort: AbortController | undefined;
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
  /** The folders whose batches the worker knows, each with the promise of it. */
  readonly #folders = new Map<string, Promise<void>>();
  readonly #switching: Disposable;

  constructor(
    private readonly workspace: Workspace,
    private readonly worker: WorkerClient<PreviewCalls, PreviewHostCalls>,
    private readonly edge: Edge,
    private readonly batches: Batches,
  ) {
    this.#switching = batches.onDidChange((key) => void edge.provide('switching the batch', () => this.#switch(key)));
  }

  get state(): { readonly tabs: readonly ResultTab[]; readonly active: number | undefined } {
    return { tabs: this.#tabs.map((tab) => tab.shown), active: this.#active };
  }

  questionOf(id: number): PreviewQuestion | undefined {
    return this.#tabs.find((tab) => tab.shown.id === id)?.question;
  }

  /** Runs a preview in the tab of the same question, else in a new one; an unpinned tab makes room for it. */
  async run(question: PreviewQuestion, title: string): Promise<void> {
    const same = this.#tabs.find((tab) => toKey(tab.question) === toKey(question));
    const tab = same ?? this.#open(question, title);
    tab.question = question;
    this.#active = tab.shown.id;
    await this.#execute(tab);
  }

  async rerun(id: number): Promise<void> {
    const tab = this.#tabs.find((candidate) => candidate.shown.id === id);
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

  page(id: number, view: ResultView, offset: number, limit: number): Promise<ResultPage> {
    return this.#askForRows(id, () => this.worker.ask('page', { result: id, view, offset, limit }));
  }

  statistics(id: number, view: ResultView, column: number): Promise<ColumnStatistics> {
    return this.#askForRows(id, () => this.worker.ask('statistics', { result: id, view, column }));
  }

  profile(id: number, view: ResultView, column: number, signal: AbortSignal): Promise<ColumnDetail> {
    return this.#askForRows(id, () => this.worker.ask('profile', { result: id, view, column }, signal));
  }

  totals(id: number, view: ResultView, range: ResultRange): Promise<SelectionTotals> {
    return this.#askForRows(id, () => this.worker.ask('totals', { result: id, view, range }));
  }

  values(id: number, view: ResultView, column: number): Promise<readonly ValueCount[]> {
    return this.#askForRows(id, () => this.worker.ask('values', { result: id, view, column }));
  }

  find(id: number, view: ResultView, search: CellSearch): Promise<FoundCell | undefined> {
    return this.#askForRows(id, () => this.worker.ask('find', { result: id, view, search }));
  }

  text(id: number, view: ResultView, format: ExportFormat, range: ResultRange): Promise<string> {
    return this.#askForRows(id, () => this.worker.ask('text', { result: id, view, format, range }));
  }

  /** A unit test of a model, made of rows that a tab shows; a search that does not hear its cancellation ends with its engine. */
  unitTest(id: number, model: NodeId, picked: PickedView, signal: AbortSignal): Promise<PreviewCalls['unitTest']['answer']> {
    return this.#askForRows(id, async () => {
      const project = this.questionOf(id)?.project;
      if (project === undefined) throw new Error('this preview was closed');
      await this.workspace.settle();
      const ask = { result: id, project, settings: previewSettings(), model, picked };
      return this.worker.ask('unitTest', ask, signal);
    });
  }

  /** Every row of a view as text, in pieces, so that no more than one piece crosses at a time. */
  async *wholeText(id: number, view: ResultView, format: 'csv' | 'tsv'): AsyncGenerator<string> {
    const tab = this.#tabs.find((candidate) => candidate.shown.id === id);
    if (tab === undefined) return;
    const columns = tab.shown.columns.map((_, index) => index);
    const { rowCount } = await this.page(id, view, 0, 1);
    const step = 20_000;
    for (let at = 0; at === 0 || at < rowCount; at += step)
      yield await this.text(id, view, format, { rows: [at, Math.min(at + step, rowCount)], columns, header: at === 0 });
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
    if (this.worker.isRunning) void this.edge.provide('closing a preview', () => this.worker.ask('drop', { result: id }));
  }

  cancel(id: number): void {
    this.#tabs.find((tab) => tab.shown.id === id)?.abort?.abort();
  }

  progress(id: number, message: string): void {
    this.#show(id, { progress: message });
  }

  /** Marks what was lost with the worker; the next question starts a new one. */
  workerDied(reason: string): void {
    this.#folders.clear();
    const all = this.#tabs.map((tab) => tab.shown.id);
    this.lost({ kept: all, ended: all, reason });
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
      const { id, state } = tab.shown;
      const hadRows = state === 'rows' && kept.includes(id);
      if (!hadRows && !(state === 'running' && ended.includes(id))) continue;
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
    const tab = this.#tabs.find((candidate) => candidate.shown.id === id);
    if (tab?.isLost === true) void this.edge.provide('previewing again', () => this.#execute(tab));
  }

  /** The panel may still ask for rows that went with their worker or are being replaced: it is told that nobody needs them. */
  async #askForRows<Answer>(id: number, ask: () => Promise<Answer>): Promise<Answer> {
    const hasRows = (): boolean => this.#tabs.find((tab) => tab.shown.id === id)?.shown.state === 'rows';
    try {
      if (hasRows()) return await ask();
    } catch (error) {
      if (hasRows()) throw error;
    }
    throw Object.assign(new Error('these rows are no longer shown'), { name: 'AbortError' });
  }

  #open(question: PreviewQuestion, title: string): Tab {
    const replaced = this.#tabs.findIndex((tab) => !tab.shown.pinned && tab.shown.state !== 'running');
    const tab: Tab = {
      question,
      abort: undefined,
      isLost: false,
      shown: emptyTab(this.#nextId++, title, question.kind === 'node' && question.cte === undefined),
    };
    if (replaced === -1) this.#tabs.push(tab);
    else {
      const [old] = this.#tabs.splice(replaced, 1, tab);
      if (old !== undefined && this.worker.isRunning) {
        const result = old.shown.id;
        void this.edge.provide('closing a preview', () => this.worker.ask('drop', { result }));
      }
    }
    return tab;
  }

  async #execute(tab: Tab): Promise<void> {
    tab.abort?.abort();
    const abort = new AbortController();
    tab.abort = abort;
    tab.isLost = false;
    const { id } = tab.shown;
    const notes: readonly ResultNote[] = [];
    this.#show(id, { state: 'running', progress: l10n.t('Reading…'), notes });
    const started = Date.now();
    try {
      await this.workspace.settle();
      await this.#openFolder(tab.question.project.folder);
      const head = await this.worker.ask('run', { result: id, question: tab.question, settings: previewSettings() }, abort.signal);
      // What was lost with its engine has been told already.
      if (tab.abort !== abort) return;
      const took = Date.now() - started;
      this.#show(id, { ...head, state: head.failed ? 'failed' : 'rows', progress: '', took });
    } catch (error) {
      if (tab.abort !== abort) return;
      if (isAbort(error))
        this.#show(id, { state: 'cancelled', progress: '', notes: [{ severity: 'info', message: l10n.t('Cancelled.') }] });
      else {
        const message = error instanceof Error ? error.message : String(error);
        // The worker's end is told by `workerDied`, in one line, and is no failure of this question.
        if (tab.shown.state !== 'running') return;
        this.edge.record('preview', error);
        this.#show(id, { state: 'failed', progress: '', notes: [{ severity: 'error', message }] });
      }
    } finally {
      if (tab.abort === abort) tab.abort = undefined;
    }
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
    const tab = this.#tabs.find((candidate) => candidate.shown.id === id);
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
  };
}

function toKey(question: PreviewQuestion): string {
  return JSON.stringify(question);
}
