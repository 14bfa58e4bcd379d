import type { Engine } from '../core/engine/engine.ts';
import { PreviewSession } from '../core/engine/preview.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { ProjectKey } from '../protocol.ts';
import { openEngine, type ReadAsset } from './open-engine.ts';
import type { WorkerPlatform } from './platform.ts';
import { RemoteEngine } from './remote-engine.ts';

const wasCancelled = 'cancelled';

/** How long what is cancelled may take to notice before its engine is ended. */
const grace = 150;

/** The same where the next key cancels: to build everything anew would cost more than to wait. */
export const graceWhileTyping = 3000;

/** A session over an engine of its own, because ids and names repeat between projects. */
export interface OpenSession {
  readonly engine: Engine;
  readonly session: PreviewSession;
  /** The day that CURRENT_DATE gives; with the next one everything is built anew. */
  readonly day: string;
  snapshot: Snapshot;
}

/** The sessions of projects, each with its engine in a worker of its own; a project's work is done in turn. */
export class Sessions {
  readonly #open = new Map<string, OpenSession>();
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(
    private readonly platform: WorkerPlatform,
    private readonly readAsset: ReadAsset,
    private readonly onProgress: (message: string) => void,
    /** Called with an engine that ended, and everything that it held. */
    private readonly onLost: (engine: Engine, reason: string | undefined) => void,
  ) {}

  /** Waits for what is under way for a project; work that does not hear its cancellation within `patience` (milliseconds) loses its engine. */
  inTurn<Answer>(project: ProjectKey, signal: AbortSignal, work: () => Promise<Answer>, patience = grace): Promise<Answer> {
    const key = toKey(project);
    const turn = (this.#turns.get(key) ?? Promise.resolve()).then(async () => {
      signal.throwIfAborted();
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = (): void => {
        timer = setTimeout(() => this.#endBusy(key), patience);
      };
      signal.addEventListener('abort', late);
      try {
        return await work();
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', late);
      }
    });
    this.#turns.set(
      key,
      turn.catch(() => undefined),
    );
    return turn;
  }

  /** The session of a project in an engine, over the newest Snapshot. */
  async get(project: ProjectKey, snapshot: Snapshot, name: 'sqlite' | 'duckdb'): Promise<OpenSession> {
    const key = `${name} ${toKey(project)}`;
    const now = new Date().toISOString().slice(0, 19).replace('T', ' ');
    const known = this.#open.get(key);
    if (known !== undefined && known.day === now.slice(0, 10)) {
      if (known.snapshot !== snapshot) known.session.use(snapshot);
      known.snapshot = snapshot;
      return known;
    }
    const engine = await this.#start(name);
    const session = new PreviewSession(engine, snapshot, now, this.onProgress);
    const opened: OpenSession = { engine, session, day: now.slice(0, 10), snapshot };
    this.#open.set(key, opened);
    return opened;
  }

  /** Ends every engine. */
  endAll(reason: string): void {
    for (const { engine } of [...this.#open.values()]) if (engine instanceof RemoteEngine) engine.end(reason);
  }

  async #start(name: 'sqlite' | 'duckdb'): Promise<Engine> {
    const thread = this.platform.startEngine?.();
    if (thread === undefined) return openEngine(name, this.readAsset);
    try {
      return await RemoteEngine.start(name, thread, this.readAsset, (engine, reason) => {
        for (const [key, open] of this.#open) if (open.engine === engine) this.#open.delete(key);
        this.onLost(engine, reason === wasCancelled ? undefined : reason);
      });
    } catch {
      // Where a thread cannot start another, as some browsers have it, the engine runs here: what it cannot do, it says itself.
      return openEngine(name, this.readAsset);
    }
  }

  #endBusy(project: string): void {
    for (const [key, { engine }] of [...this.#open])
      if (key.endsWith(` ${project}`) && engine instanceof RemoteEngine && engine.isBusy) engine.end(wasCancelled);
  }
}

export const toKey = (project: ProjectKey): string => JSON.stringify([project.folder, project.root]);
