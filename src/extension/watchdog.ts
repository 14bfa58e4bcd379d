import type { Beat, ProjectKey } from '../protocol.ts';

const everyMs = 5000;

/** A worker that was not heard of for so many turns of the timer, 30 seconds, hangs. Turns are counted and not time: a computer may sleep meanwhile. */
const mostTurns = 6;

/** Listens for the beats of a worker; calls `onSilent` once where they stop. */
export class Watchdog {
  #turns = 0;
  #at: ProjectKey | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(onSilent: () => void) {
    this.#timer = setInterval(() => {
      if (++this.#turns <= mostTurns) return;
      this.stop();
      onSilent();
    }, everyMs);
  }

  /** The project that the worker was at when it was last heard of. */
  get at(): ProjectKey | undefined {
    return this.#at;
  }

  hear({ at }: Beat): void {
    this.#turns = 0;
    this.#at = at;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
