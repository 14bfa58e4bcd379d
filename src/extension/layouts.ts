import type { CloseGraph } from '../core/layout/closely.ts';
import type { Layout } from '../core/layout/layout.ts';
import type { LayoutCalls } from '../protocol.ts';
import type { Platform } from './platform.ts';
import { WorkerClient } from './worker-client.ts';

/** Milliseconds after which a layout comes too late to be of use. */
const allowed = 1500;

/** The layouts by elkjs, in a worker of their own that is ended when it takes too long: what it has begun it cannot be asked to stop. */
export class Layouts {
  readonly #worker: WorkerClient<LayoutCalls, Record<never, never>>;

  constructor(platform: Platform, log: (message: string) => void) {
    this.#worker = new WorkerClient(platform, 'layout', {}, (reason) => log(`the layout worker ended: ${reason}`));
  }

  /** Starts the worker before the first picture asks for it. */
  warm(): void {
    if (!this.#worker.isRunning) void this.ask({ cards: [], at: [], links: [], keepOrder: false });
  }

  /** The layout, or undefined when there is none in time: the picture stays as it is. */
  async ask(graph: CloseGraph, signal?: AbortSignal): Promise<Layout | undefined> {
    // A worker that has yet to be started gets the time for that as well.
    const patience = this.#worker.isRunning ? allowed : 3 * allowed;
    const timer = setTimeout(() => void this.end('a layout took too long'), patience);
    try {
      return await this.#worker.ask('layout', graph, signal);
    } catch {
      signal?.throwIfAborted();
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  end(reason: string): Promise<void> {
    return this.#worker.end(reason);
  }
}
