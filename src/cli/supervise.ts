import { Worker } from 'node:worker_threads';
import { type FromCommand, secondsToBegin, type ToCommand } from './allowance.ts';
import { exitCodes } from './exit-codes.ts';
import { LineReader } from './line-reader.ts';

const usualMegabytes = 1400;
/** The stack that texts nested thousands of levels deep are read with. */
const stackMegabytes = 60;
const glance = 40;

/** Why a command was ended from outside. */
type Stop = 'work' | 'clock' | 'memory';

/** Runs a command in a thread of its own and ends it where it costs more than it is allowed; what it says goes out as if it were alone. */
export function supervise(program: string, args: readonly string[]): void {
  new Supervisor(program, args).start();
}

class Supervisor {
  #worker: Worker | undefined;
  #allowed = { seconds: secondsToBegin, work: 'Reading the project' };
  /** Processor seconds that count against what is allowed are those since then. */
  #since = cpuSeconds();
  #engine: { readonly seconds: number; readonly started: number; readonly cpu: number } | undefined;
  #lines: Batch | undefined;
  readonly #megabytes: number;
  readonly #watch: NodeJS.Timeout;

  constructor(
    readonly program: string,
    readonly args: readonly string[],
  ) {
    this.#megabytes = readMegabytes(args);
    this.#watch = setInterval(() => this.#look(), glance);
  }

  start(): void {
    const worker = new Worker(this.program, {
      argv: [...this.args],
      workerData: { isResumed: this.#lines !== undefined },
      resourceLimits: { maxOldGenerationSizeMb: Math.round(this.#megabytes * 0.8), stackSizeMb: stackMegabytes },
    });
    this.#worker = worker;
    worker.on('message', (message: FromCommand) => this.#hear(worker, message));
    worker.on('error', (error: NodeJS.ErrnoException) => {
      if (this.#worker !== worker) return;
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') this.#stop('memory');
      else this.#end(exitCodes.bug, `headwater: a bug of ours: ${error instanceof Error ? error.stack : String(error)}`);
    });
    worker.on('exit', (code) => {
      if (this.#worker === worker) this.#end(code);
    });
  }

  #hear(worker: Worker, message: FromCommand): void {
    // What a thread said before it was ended may still arrive.
    if (this.#worker !== worker) return;
    switch (message.type) {
      case 'allow':
        this.#allowed = message;
        return;
      case 'engine':
        this.#engine = { seconds: message.seconds, started: Date.now(), cpu: cpuSeconds() };
        return;
      case 'engine-done':
        // What the engine took is its own.
        if (this.#engine !== undefined) this.#since += cpuSeconds() - this.#engine.cpu;
        this.#engine = undefined;
        return;
      case 'lines':
        this.#lines ??= new Batch(() => (this.#since = cpuSeconds()));
        this.#allowed = { seconds: message.seconds, work: 'This line' };
        this.#lines.serve((text) => worker.postMessage(text));
        return;
      case 'answer':
        this.#lines?.answer(message.text);
        return;
    }
  }

  #look(): void {
    if (this.#lines?.isIdle) return;
    if (process.memoryUsage.rss() > this.#megabytes * 2 ** 20) this.#stop('memory');
    else if (this.#engine !== undefined) {
      if (Date.now() - this.#engine.started > this.#engine.seconds * 1000) this.#stop('clock');
    } else if (cpuSeconds() - this.#since > this.#allowed.seconds) this.#stop('work');
  }

  #stop(why: Stop): void {
    const worker = this.#worker;
    const sentence = this.#explain(why);
    this.#worker = undefined;
    this.#engine = undefined;
    const lines = this.#lines;
    if (lines === undefined) {
      this.#end(exitCodes.findings, sentence);
      return;
    }
    // The next thread begins when this one is gone, or both would count.
    void worker?.terminate().then(() => {
      lines.fail(sentence);
      this.start();
    });
  }

  #explain(why: Stop): string {
    if (why === 'memory') return `It takes more than ${this.#megabytes} MB of memory and was ended; --memory MB allows more.`;
    if (why === 'clock') return `A query takes longer than ${this.#engine?.seconds} s and was ended; --timeout SECONDS allows more.`;
    return `${this.#allowed.work} takes more than ${Math.round(this.#allowed.seconds)} s of work and was ended.${this.#lines === undefined ? ' --work SECONDS allows more.' : ''}`;
  }

  #end(code: number, sentence?: string): void {
    clearInterval(this.#watch);
    void this.#worker?.terminate();
    this.#worker = undefined;
    if (sentence !== undefined) process.stderr.write(`${sentence}\n`);
    process.exitCode = code;
    // Standard input may still be open, and a thread takes its time to end.
    if (sentence !== undefined || this.#lines !== undefined) process.stdout.write('', () => process.exit(code));
  }
}

/** Lines that wait for their answers, kept here so that the thread that answers them can be replaced. */
class Batch {
  readonly #waiting: string[] = [];
  #send: ((message: ToCommand) => void) | undefined;
  #isOver = false;
  readonly #reader: LineReader;

  constructor(readonly begin: () => void) {
    process.stdout.on('error', () => process.exit(exitCodes.fine));
    this.#reader = new LineReader(
      process.stdin,
      (line) => {
        if (line.trim() === '') return;
        if (this.#waiting.length === 0) this.begin();
        this.#waiting.push(line);
        this.#send?.({ type: 'line', text: line });
        if (this.#waiting.length > 100) this.#reader.pause();
      },
      () => {
        this.#isOver = true;
        this.#finish();
      },
    );
  }

  get isIdle(): boolean {
    return this.#waiting.length === 0;
  }

  serve(send: (message: ToCommand) => void): void {
    this.#send = send;
    this.begin();
    for (const line of this.#waiting) send({ type: 'line', text: line });
    this.#reader.resume();
    this.#finish();
  }

  answer(text: string): void {
    this.#waiting.shift();
    this.begin();
    process.stdout.write(`${text}\n`);
    if (this.#waiting.length < 20) this.#reader.resume();
    this.#finish();
  }

  /** Answers the line at which a thread was ended. */
  fail(error: string): void {
    this.#send = undefined;
    this.answer(JSON.stringify({ id: idOf(this.#waiting[0] ?? ''), error }));
  }

  #finish(): void {
    if (this.#isOver && this.isIdle) this.#send?.({ type: 'end' });
  }
}

function idOf(line: string): unknown {
  try {
    const value: unknown = JSON.parse(line);
    return (typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined) ?? null;
  } catch {
    return null;
  }
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** The one option that must be known before the command runs. */
function readMegabytes(args: readonly string[]): number {
  const at = args.findIndex((argument) => /^--?memory(=|$)/.test(argument));
  const written = args[at]?.split('=')[1] ?? args[at + 1];
  const megabytes = at === -1 ? Number.NaN : Number(written);
  return megabytes >= 100 ? megabytes : usualMegabytes;
}
