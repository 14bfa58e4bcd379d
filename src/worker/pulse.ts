import type { Beat, ProjectKey } from '../protocol.ts';
import type { Port } from '../wire.ts';

const everyMs = 2000;
const stepMs = 1000;

/**
 * Says again and again that the worker lives, and which project it is at: whoever started it can then tell a worker that hangs, and over what.
 * A message goes out before work begins, because nothing leaves a thread that is held.
 */
export class Pulse {
  #at: ProjectKey | undefined;
  #last = 0;

  constructor(private readonly port: Port) {
    setInterval(() => this.#beat(undefined), everyMs);
  }

  /** Work on a project begins. */
  at(key: ProjectKey): void {
    if (this.#at?.folder !== key.folder || this.#at.root !== key.root) this.#beat(key);
  }

  /** Long work took one more step. */
  step(): void {
    if (performance.now() - this.#last > stepMs) this.#beat(this.#at);
  }

  #beat(at: ProjectKey | undefined): void {
    this.#at = at;
    this.#last = performance.now();
    this.port.post({ ...(at === undefined ? {} : { at: { folder: at.folder, root: at.root } }) } satisfies Beat);
  }
}
