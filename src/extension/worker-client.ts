import type { WorkerHostCalls } from '../protocol.ts';
import type { Calls, Handlers, Wire } from '../wire.ts';
import { connect } from '../wire.ts';
import type { Platform, RunningWorker, WorkerName } from './platform.ts';

/** A worker that is started when it is first asked, and again when it is asked after its end. */
export class WorkerClient<Theirs extends Calls, Ours extends Calls = WorkerHostCalls> {
  #running: Promise<{ readonly worker: RunningWorker; readonly wire: Wire<Theirs> }> | undefined;

  constructor(
    private readonly platform: Pick<Platform, 'startWorker'>,
    readonly name: WorkerName,
    private readonly ours: Handlers<Ours>,
    private readonly onDied: (reason: string) => void,
  ) {}

  async ask<Type extends keyof Theirs & string>(
    type: Type,
    ask: Theirs[Type]['ask'],
    signal?: AbortSignal,
  ): Promise<Theirs[Type]['answer']> {
    this.#running ??= this.#start();
    return (await this.#running).wire.ask(type, ask, signal);
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Ends the worker; calls under way fail with the reason, the next one starts it again. */
  async end(reason: string): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    if (running === undefined) return;
    const { worker, wire } = await running;
    worker.end();
    wire.close(reason);
  }

  async #start(): Promise<{ readonly worker: RunningWorker; readonly wire: Wire<Theirs> }> {
    const worker = await this.platform.startWorker(this.name);
    const wire = connect<Theirs, Ours>(worker.port, this.ours);
    const started = { worker, wire };
    worker.onDied((reason) => {
      this.#running = undefined;
      wire.close(reason);
      this.onDied(reason);
    });
    return started;
  }
}
