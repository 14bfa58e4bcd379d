import { Worker } from 'node:worker_threads';
import { secondsOfQuery } from '../allowance.ts';
import type { ToolAnswer } from './answer.ts';
import type { FromTools, ToolCall } from './calls.ts';

const mostMegabytes = 1400;
/** What reading may cost where the thread has not said yet. */
const secondsToRead = 60;

interface Waiting {
  readonly call: ToolCall;
  readonly resolve: (answer: ToolAnswer) => void;
  readonly signal: AbortSignal | undefined;
}

/** Runs tools in a thread of their own, one at a time; a call that takes too long or is cancelled ends the thread, and the next call starts a new one. */
export class ToolThread {
  #worker: Worker | undefined;
  readonly #queue: Waiting[] = [];
  #running: Waiting | undefined;
  #clock: NodeJS.Timeout | undefined;
  #calls = 0;
  readonly #seconds: number;

  constructor(
    readonly program: string,
    readonly options: Readonly<Record<string, string>>,
  ) {
    this.#seconds = Number(options.timeout ?? secondsOfQuery);
  }

  /** The answer of a tool; never fails, and says why there is none. */
  ask(tool: string, input: Readonly<Record<string, unknown>>, signal?: AbortSignal): Promise<ToolAnswer> {
    return new Promise((resolve) => {
      const waiting: Waiting = { call: { id: ++this.#calls, tool, input }, resolve, signal };
      signal?.addEventListener('abort', () => this.#cancel(waiting), { once: true });
      this.#queue.push(waiting);
      this.#next();
    });
  }

  /** Whether no call waits for its answer. */
  get isIdle(): boolean {
    return this.#running === undefined && this.#queue.length === 0;
  }

  end(): void {
    this.#drop();
  }

  #next(): void {
    if (this.#running !== undefined) return;
    const next = this.#queue.shift();
    if (next === undefined) return;
    this.#running = next;
    this.#worker ??= this.#start();
    this.#allow(this.#seconds + secondsToRead);
    this.#worker.postMessage(next.call);
  }

  #start(): Worker {
    const worker = new Worker(this.program, {
      workerData: { options: this.options },
      resourceLimits: { maxOldGenerationSizeMb: mostMegabytes, stackSizeMb: 60 },
      // Standard output carries the protocol and nothing else.
      stdout: true,
      stdin: true,
    });
    worker.on('message', (message: FromTools) => {
      if (this.#worker !== worker) return;
      if (message.type === 'allow') this.#allow(this.#seconds + message.seconds * 2);
      if (message.type !== 'tool' || this.#running?.call.id !== message.id) return;
      // What engines took is given back by a new thread.
      if (process.memoryUsage.rss() > mostMegabytes * 2 ** 20) this.#drop();
      this.#finish({ text: message.text, isError: message.isError });
    });
    worker.on('error', (error: NodeJS.ErrnoException) => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      const isMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      this.#finish({
        text: isMemory
          ? `It takes more than ${mostMegabytes} MB of memory and was ended: ask for less at a time.`
          : `A bug of ours: ${error.message}`,
        isError: true,
      });
    });
    worker.on('exit', () => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      this.#finish({ text: 'The thread that answers ended: ask again.', isError: true });
    });
    worker.unref();
    return worker;
  }

  #allow(seconds: number): void {
    clearTimeout(this.#clock);
    this.#clock = setTimeout(() => {
      this.#drop();
      this.#finish({
        text: `It takes more than ${Math.round(seconds)} s and was ended: ask for a smaller part, such as one model or a query with a filter.`,
        isError: true,
      });
    }, seconds * 1000);
  }

  #cancel(waiting: Waiting): void {
    const at = this.#queue.indexOf(waiting);
    if (at !== -1) {
      this.#queue.splice(at, 1);
      waiting.resolve({ text: 'Cancelled.', isError: true });
    } else if (this.#running === waiting) {
      this.#drop();
      this.#finish({ text: 'Cancelled.', isError: true });
    }
  }

  #drop(): void {
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.terminate();
  }

  #finish(answer: ToolAnswer): void {
    clearTimeout(this.#clock);
    const running = this.#running;
    this.#running = undefined;
    running?.resolve(answer);
    this.#next();
  }
}
