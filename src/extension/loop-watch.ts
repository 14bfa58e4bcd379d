/** Measures how long the event loop of the extension host is held: every provider, tree and message waits for as long. */
export class LoopWatch {
  readonly #step = 5;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last = 0;
  #longest = 0;

  /** Starts to measure; costs a timer of five milliseconds, so it runs only where it was asked for. */
  start(): void {
    this.stop();
    this.#last = performance.now();
    this.#longest = 0;
    const tick = (): void => {
      this.#note();
      this.#timer = setTimeout(tick, this.#step);
    };
    this.#timer = setTimeout(tick, this.#step);
  }

  /** The longest that nothing else could run since the last time this was asked, in milliseconds. */
  take(): number {
    this.#note();
    const longest = this.#longest;
    this.#longest = 0;
    return longest;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #note(): void {
    const now = performance.now();
    this.#longest = Math.max(this.#longest, now - this.#last - this.#step);
    this.#last = now;
  }
}
