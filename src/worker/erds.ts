import type { Engine } from '../core/engine/engine.ts';
import { PreviewSession } from '../core/engine/preview.ts';
import { buildErd } from '../core/erd/build.ts';
import type { Erd } from '../core/erd/erd.ts';
import { toErdSource } from '../core/erd/from-snapshot.ts';
import { measureErd } from '../core/erd/measure.ts';
import { measurePreview } from '../core/erd/measure-preview.ts';
import type { Snapshot } from '../core/snapshot.ts';

/** The entities of Snapshots: as declared at once, held against the rows of a preview when those have been counted. */
export class Erds {
  readonly #declared = new WeakMap<Snapshot, Erd>();
  readonly #counted = new WeakMap<Snapshot, Erd>();
  readonly #counting = new WeakMap<Snapshot, Promise<Erd>>();
  /** By the project's name: what a preview built for one state of it serves the next. */
  readonly #sessions = new Map<string, Promise<PreviewSession>>();
  /** One count after the other: they share sessions. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(readonly openEngine: () => Promise<Engine>) {}

  /** The best that is known without waiting. */
  atHand(snapshot: Snapshot): { readonly erd: Erd; readonly measured: boolean } {
    const counted = this.#counted.get(snapshot);
    return counted === undefined ? { erd: this.#declare(snapshot), measured: false } : { erd: counted, measured: true };
  }

  /** The entities after their values were counted. */
  measured(snapshot: Snapshot): Promise<Erd> {
    const known = this.#counting.get(snapshot);
    if (known !== undefined) return known;
    const counting = this.#queue.then(() => this.#count(snapshot));
    this.#queue = counting.catch(() => undefined);
    this.#counting.set(snapshot, counting);
    return counting;
  }

  #declare(snapshot: Snapshot): Erd {
    const known = this.#declared.get(snapshot) ?? buildErd(toErdSource(snapshot));
    this.#declared.set(snapshot, known);
    return known;
  }

  async #count(snapshot: Snapshot): Promise<Erd> {
    const session = await this.#session(snapshot);
    session.use(snapshot);
    // Between two relations whoever else asks this worker gets an answer.
    const rest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
    const erd = await measureErd(this.#declare(snapshot), measurePreview(snapshot, session, rest));
    this.#counted.set(snapshot, erd);
    return erd;
  }

  #session(snapshot: Snapshot): Promise<PreviewSession> {
    const key = snapshot.project.name;
    const known = this.#sessions.get(key);
    if (known !== undefined) return known;
    const now = new Date().toISOString().slice(0, 19).replace('T', ' ');
    const session = this.openEngine().then((engine) => new PreviewSession(engine, snapshot, now));
    this.#sessions.set(key, session);
    // An engine that could not be opened is tried again.
    session.catch(() => this.#sessions.delete(key));
    return session;
  }
}
