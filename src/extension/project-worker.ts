import type { Beat, ProjectKey } from '../protocol.ts';
import { channelOf } from '../wire.ts';
import type { Platform, RunningWorker, WorkerName } from './platform.ts';
import { Watchdog } from './watchdog.ts';

/** Why a project worker ended that was not asked to, and the project that it was at. */
export interface Ending {
  readonly reason: string;
  readonly isSilent: boolean;
  readonly at: ProjectKey | undefined;
}

/**
 * The worker that holds the projects, as its services are asked: one thread behind a channel for each of them. It starts with the first
 * question to any and ends with the analysis, or when it is not heard of any more. `onEnding` hears of it before those who asked.
 */
export function shareProjectWorker(platform: Platform, silent: string, onEnding: (ending: Ending) => void): Pick<Platform, 'startWorker'> {
  let running: Promise<SharedWorker> | undefined;
  const forget = (): void => {
    running = undefined;
  };
  return {
    startWorker: async (name: WorkerName) => {
      running ??= platform.startWorker('project').then((worker) => new SharedWorker(worker, silent, forget, onEnding));
      const shared = await running;
      return {
        port: channelOf(shared.worker.port, name),
        onDied: (listener) => void shared.listeners.push(listener),
        end: () => {
          if (name === 'analysis') shared.end();
        },
      };
    },
  };
}

class SharedWorker {
  readonly listeners: ((reason: string) => void)[] = [];
  readonly #watchdog: Watchdog;

  constructor(
    readonly worker: RunningWorker,
    silent: string,
    private readonly forget: () => void,
    private readonly onEnding: (ending: Ending) => void,
  ) {
    this.#watchdog = new Watchdog(() => {
      worker.end();
      this.#ended(silent, true);
    });
    channelOf(worker.port, 'pulse').listen((beat) => this.#watchdog.hear(beat as Beat));
    worker.onDied((reason) => this.#ended(reason, false));
  }

  end(): void {
    this.#watchdog.stop();
    this.forget();
    this.worker.end();
  }

  #ended(reason: string, isSilent: boolean): void {
    this.#watchdog.stop();
    this.forget();
    this.onEnding({ reason, isSilent, at: this.#watchdog.at });
    for (const listener of this.listeners) listener(reason);
  }
}
