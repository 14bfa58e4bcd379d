import type { NodeId } from '../core/text/ids.ts';
import type {
  CellSearch,
  ColumnDetail,
  ColumnStatistics,
  ExportFormat,
  FoundCell,
  PickedView,
  PreviewCalls,
  PreviewHostCalls,
  PreviewQuestion,
  ResultPage,
  ResultRange,
  ResultTab,
  ResultView,
  SelectionTotals,
  ValueCount,
} from '../protocol.ts';
import { previewSettings } from './settings.ts';
import type { WorkerClient } from './worker-client.ts';
import type { Workspace } from './workspace.ts';

/** Asks for rows that tabs show, and about them; rows that are no longer shown are answered with an abort. */
export class ResultRows {
  constructor(
    private readonly workspace: Workspace,
    private readonly worker: WorkerClient<PreviewCalls, PreviewHostCalls>,
    private readonly tabOf: (id: number) => { readonly shown: ResultTab; readonly question: PreviewQuestion } | undefined,
  ) {}

  /** A page of the rows of a version, or of those that are shown now. */
  page(id: number, view: ResultView, offset: number, limit: number, version?: number): Promise<ResultPage> {
    if (version !== undefined && this.tabOf(id)?.shown.version !== version) return Promise.reject(notShown());
    return this.#askForRows(id, (result) => this.worker.ask('page', { result, view, offset, limit }));
  }

  statistics(id: number, view: ResultView, column: number): Promise<ColumnStatistics> {
    return this.#askForRows(id, (result) => this.worker.ask('statistics', { result, view, column }));
  }

  profile(id: number, view: ResultView, column: number, signal: AbortSignal): Promise<ColumnDetail> {
    return this.#askForRows(id, (result) => this.worker.ask('profile', { result, view, column }, signal));
  }

  totals(id: number, view: ResultView, range: ResultRange): Promise<SelectionTotals> {
    return this.#askForRows(id, (result) => this.worker.ask('totals', { result, view, range }));
  }

  values(id: number, view: ResultView, column: number): Promise<readonly ValueCount[]> {
    return this.#askForRows(id, (result) => this.worker.ask('values', { result, view, column }));
  }

  find(id: number, view: ResultView, search: CellSearch): Promise<FoundCell | undefined> {
    return this.#askForRows(id, (result) => this.worker.ask('find', { result, view, search }));
  }

  text(id: number, view: ResultView, format: ExportFormat, range: ResultRange): Promise<string> {
    return this.#askForRows(id, (result) => this.worker.ask('text', { result, view, format, range }));
  }

  /** A unit test of a model, made of rows that a tab shows; a search that does not hear its cancellation ends with its engine. */
  unitTest(id: number, model: NodeId, picked: PickedView, signal: AbortSignal): Promise<PreviewCalls['unitTest']['answer']> {
    return this.#askForRows(id, async (result) => {
      const project = this.tabOf(id)?.question.project;
      if (project === undefined) throw new Error('this preview was closed');
      await this.workspace.settle();
      const ask = { result, project, settings: previewSettings(), model, picked };
      return this.worker.ask('unitTest', ask, signal);
    });
  }

  /** Every row of a view as text, in pieces, so that no more than one piece crosses at a time. */
  async *wholeText(id: number, view: ResultView, format: 'csv' | 'tsv'): AsyncGenerator<string> {
    const tab = this.tabOf(id);
    if (tab === undefined) return;
    const columns = tab.shown.columns.map((_, index) => index);
    const { rowCount } = await this.page(id, view, 0, 1);
    const step = 20_000;
    for (let at = 0; at === 0 || at < rowCount; at += step)
      yield await this.text(id, view, format, { rows: [at, Math.min(at + step, rowCount)], columns, header: at === 0 });
  }

  /** The panel may still ask for rows that went with their worker or are being replaced: it is told that nobody needs them. */
  async #askForRows<Answer>(id: number, ask: (result: number) => Promise<Answer>): Promise<Answer> {
    const shown = this.tabOf(id)?.shown;
    const hasRows = (): boolean => {
      const now = this.tabOf(id)?.shown;
      return now?.state === 'rows' && now.version === shown?.version;
    };
    try {
      if (shown !== undefined && hasRows()) return await ask(shown.version);
    } catch (error) {
      if (hasRows()) throw error;
    }
    throw notShown();
  }
}

function notShown(): Error {
  return Object.assign(new Error('these rows are no longer shown'), { name: 'AbortError' });
}
