import type { CancellationToken, Disposable, TestItem, TestRun } from 'vscode';
import { EventEmitter } from 'vscode';
import type { CheckResult } from '../../core/checks/result.ts';
import type { NodeId } from '../../core/text/ids.ts';
import type {
  CheckQuestion,
  ChecksCalls,
  ChecksHostCalls,
  Outline,
  ProjectKey,
  RowFindings,
  RowQuestion,
  WorkerHostCalls,
} from '../../protocol.ts';
import type { Handlers } from '../../wire.ts';
import { isAbort } from '../../wire.ts';
import type { Batches } from '../batches.ts';
import type { Edge } from '../edge.ts';
import type { Platform } from '../platform.ts';
import { previewSettings } from '../settings.ts';
import { WorkerClient } from '../worker-client.ts';
import { toTestMessage } from './test-message.ts';

/** How long results are gathered before others hear of them: a run of hundreds is told a few times only. */
const gatherFor = 400;

/** What ran, and what kept a selection from being run. */
export interface RunAnswer {
  readonly results: readonly CheckResult[];
  readonly problems: readonly string[];
  readonly cancelled: boolean;
}

interface Running {
  readonly key: ProjectKey;
  readonly run: TestRun;
  readonly results: CheckResult[];
  readonly started: ((node: NodeId) => void) | undefined;
}

/** Runs of tests and builds in their worker, one after the other, with the last result of everything that ran. */
export class CheckRuns implements Disposable {
  readonly #worker: WorkerClient<ChecksCalls, ChecksHostCalls>;
  readonly #running = new Map<number, Running>();
  /** By project, as ids repeat between projects. */
  readonly #results = new Map<string, Map<string, CheckResult>>();
  readonly #resulted = new EventEmitter<void>();
  readonly onDidResult = this.#resulted.event;
  #telling: ReturnType<typeof setTimeout> | undefined;
  #nextRun = 1;
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    projects: Pick<Platform, 'startWorker'>,
    edge: Edge,
    files: Handlers<WorkerHostCalls>,
    private readonly batches: Batches,
    /** Resolves when the worker has been told of every change. */
    private readonly settle: () => Promise<void>,
    private readonly itemOf: (key: ProjectKey, id: string) => TestItem | undefined,
  ) {
    this.#worker = new WorkerClient<ChecksCalls, ChecksHostCalls>(
      projects,
      'checks',
      { ...files, started: (said) => this.#started(said.run, said.node), ended: (said) => this.#ended(said.run, said.result) },
      (reason) => edge.record('the checks worker', new Error(reason)),
    );
  }

  /** The last result of every test and model of a project that ran in this window, by id. */
  resultsOf(project: ProjectKey): ReadonlyMap<string, CheckResult> {
    return this.#results.get(toText(project)) ?? new Map();
  }

  /** Runs when what was asked before has ended; a run that is cancelled answers what had run until then. */
  ask(outline: Outline, run: TestRun, what: CheckQuestion, token: CancellationToken, started?: (node: NodeId) => void): Promise<RunAnswer> {
    const turn = this.#last.then(() => this.#ask(outline, run, what, token, started));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** Asks the worker about a node, beside the runs. */
  async propose(outline: Outline, node: NodeId): Promise<ChecksCalls['propose']['answer']> {
    await this.settle();
    return this.#worker.ask('propose', { project: outline.key, node, engine: previewSettings().engine });
  }

  /** Holds a file against the rules about rows, beside the runs. */
  async findRows(question: RowQuestion, signal: AbortSignal): Promise<RowFindings> {
    await this.settle();
    return this.#worker.ask('rows', question, signal);
  }

  dispose(): void {
    clearTimeout(this.#telling);
    this.#resulted.dispose();
    void this.#worker.end('the window closes');
  }

  async #ask(
    outline: Outline,
    run: TestRun,
    what: CheckQuestion,
    token: CancellationToken,
    started: ((node: NodeId) => void) | undefined,
  ): Promise<RunAnswer> {
    const id = this.#nextRun++;
    const results: CheckResult[] = [];
    this.#running.set(id, { key: outline.key, run, results, started });
    const abort = new AbortController();
    const stop = token.onCancellationRequested(() => abort.abort());
    const own = run.token.onCancellationRequested(() => abort.abort());
    if (token.isCancellationRequested || run.token.isCancellationRequested) abort.abort();
    try {
      await this.settle();
      const { engine } = previewSettings();
      const ask = { run: id, project: outline.key, what, batch: this.batches.current(outline.key), engine };
      return { ...(await this.#worker.ask('run', ask, abort.signal)), cancelled: false };
    } catch (error) {
      if (!isAbort(error)) throw error;
      return { results, problems: [], cancelled: true };
    } finally {
      stop.dispose();
      own.dispose();
      this.#running.delete(id);
    }
  }

  #started(run: number, node: NodeId): void {
    const running = this.#running.get(run);
    if (running === undefined) return;
    running.started?.(node);
    const item = this.itemOf(running.key, node);
    if (item !== undefined) running.run.started(item);
  }

  #ended(run: number, result: CheckResult): void {
    const running = this.#running.get(run);
    // What was cancelled may still be told of a result: it came too late for anyone.
    if (running === undefined) return;
    const key = toText(running.key);
    const known = this.#results.get(key) ?? new Map<string, CheckResult>();
    this.#results.set(key, known.set(result.id, result));
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined;
      this.#resulted.fire();
    }, gatherFor);
    running.results.push(result);
    show(running.run, this.itemOf(running.key, result.id), result);
  }
}

const toText = ({ folder, root }: ProjectKey): string => `${folder} ${root}`;

/** Tells a run how a test ended; what has no item, such as a model that was built, is a line of its output. */
function show(run: TestRun, item: TestItem | undefined, result: CheckResult): void {
  const said = result.message === '' ? '' : `: ${result.message}`;
  if (item === undefined) {
    run.appendOutput(toLine(`${result.status} ${result.name}${said}`));
    return;
  }
  switch (result.status) {
    case 'pass':
      run.passed(item, result.ms);
      break;
    case 'warn':
      run.appendOutput(toLine(`warning: ${result.name}${said}`), undefined, item);
      run.passed(item, result.ms);
      break;
    case 'fail':
      run.failed(item, toTestMessage(result, item), result.ms);
      break;
    case 'error':
      run.errored(item, toTestMessage(result, item), result.ms);
      break;
    case 'skip':
      run.appendOutput(toLine(`skipped: ${result.name}${said}`), undefined, item);
      run.skipped(item);
      break;
    case 'no-data':
      run.appendOutput(toLine(`no data: ${result.name}${said}`), undefined, item);
      run.skipped(item);
      break;
  }
}

/** A line of a run's output, which is a terminal. */
const toLine = (text: string): string => `${text}\n`.replace(/\r?\n/g, '\r\n');
