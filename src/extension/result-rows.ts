import type { NodeId } from '../core/text/ids.ts';
import type {
  CellSearch,
  ChartAnswer,
  ChartQuestion,
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
  TextStyle,
  ValueCount,
} from '../protocol.ts';
import { guardsFormulas, previewSettings } from './settings.ts';
import type { WorkerClient } from './worker-client.ts';
import type { Workspace } from './workspace.ts';

/** Rows that an export reads at once. */
const exportStep = 20_000;

const whole = { isFirst: true, isLast: true };

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

  chart(id: number, view: ResultView, question: ChartQuestion): Promise<ChartAnswer> {
    return this.#askForRows(id, (result) => this.worker.ask('chart', { result, view, question }));
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

  text(id: number, view: ResultView, format: ExportFormat, range: ResultRange, ends = whole): Promise<string> {
    const style: TextStyle = { format, guardFormulas: guardsFormulas(), ends };
    return this.#askForRows(id, (result) => this.worker.ask('text', { result, view, style, range }));
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

  /** Every row of a view as text, in pieces, so that no more than one piece crosses at a time; each comes with how many rows are done. */
  async *wholeText(
    id: number,
    view: ResultView,
    format: ExportFormat,
  ): AsyncGenerator<{ readonly text: string; readonly done: number; readonly of: number }> {
    const columns = this.tabOf(id)?.shown.columns.map((_, index) => index);
    if (columns === undefined) return;
    const { rowCount } = await this.page(id, view, 0, 1);
    for (let at = 0; at === 0 || at < rowCount; at += exportStep) {
      const done = Math.min(at + exportStep, rowCount);
      const ends = { isFirst: at === 0, isLast: done === rowCount };
      yield { text: await this.text(id, view, format, { rows: [at, done], columns, header: true }, ends), done, of: rowCount };
    }
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
