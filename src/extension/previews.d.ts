import type { Disposable, Event } from 'vscode';
import type {
  AnalysisCalls,
  ColumnStatistics,
  ExportFormat,
  PreviewCalls,
  PreviewQuestion,
  ResultPage,
  ResultRange,
  ResultTab,
  ResultView,
} from '../protocol.ts';
import type { Edge } from './edge.ts';
import type { WorkerClient } from './worker-client.ts';
/** The previews of this window: one tab each, their rows kept by the preview worker and read in pages. */
export declare class Previews implements Disposable {
  #private;
  private readonly analysis;
  private readonly worker;
  private readonly edge;
  readonly onDidChange: Event<undefined>;
  constructor(analysis: WorkerClient<AnalysisCalls>, worker: WorkerClient<PreviewCalls>, edge: Edge);
  get state(): {
    readonly tabs: readonly ResultTab[];
    readonly active: number | undefined;
  };
  questionOf(id: number): PreviewQuestion | undefined;
  /** Runs a preview in the tab of the same question, else in a new one; an unpinned tab makes room for it. */
  run(question: PreviewQuestion, title: string): Promise<void>;
  rerun(id: number): Promise<void>;
  page(id: number, view: ResultView, offset: number, limit: number): Promise<ResultPage>;
  statistics(id: number, view: ResultView, column: number): Promise<ColumnStatistics>;
  text(id: number, view: ResultView, format: ExportFormat, range: ResultRange): Promise<string>;
  /** Every row of a view as text, in pieces, so that no more than one piece crosses at a time. */
  wholeText(id: number, view: ResultView, format: 'csv' | 'tsv'): AsyncGenerator<string>;
  activate(id: number): void;
  pin(id: number, pinned: boolean): void;
  close(id: number): void;
  cancel(id: number): void;
  progress(id: number, message: string): void;
  /** Marks what was lost with the worker; the next question starts a new one. */
  workerDied(reason: string): void;
  dispose(): void;
}
