import type { NodeId } from '../text/ids.ts';
import type { Engine } from './engine.ts';
import type { Run } from './runs.ts';
import { type Built, quote } from './work.ts';

/** The tables that stand in an engine, by their content, and which of them is whose in which run. */
export class StandingTables {
  readonly #built = new Map<string, Built>();
  readonly #latest = new Map<string, string>();
  /** What stands with the content of this very Snapshot, so that it is not looked at again. */
  readonly #current = new Map<string, Built>();

  constructor(private readonly engine: Engine) {}

  /** Everything is looked at again before it is used; what has not changed stays. */
  doubt(): void {
    this.#current.clear();
  }

  find(physical: string): Built | undefined {
    return this.#built.get(physical);
  }

  current(run: Run, id: NodeId): Built | undefined {
    return this.#current.get(`${run.key} ${id}`);
  }

  /** Keeps a relation's table, and lets go of the one that it replaces unless another run still has it. */
  async keep(run: Run, id: NodeId, built: Built): Promise<void> {
    const key = `${run.key} ${id}`;
    this.#built.set(built.physical, built);
    const before = this.#latest.get(key);
    this.#latest.set(key, built.physical);
    this.#current.set(key, built);
    if (before === undefined || before === built.physical) return;
    for (const other of this.#latest.values()) if (other === before) return;
    this.#built.delete(before);
    await this.engine.execute(`drop table if exists ${quote(before)}`);
  }

  /** The tables that stand, by node, in a run. */
  *of(run: Run): Generator<readonly [NodeId, Built]> {
    const prefix = `${run.key} `;
    for (const [key, built] of this.#current) if (key.startsWith(prefix)) yield [key.slice(prefix.length) as NodeId, built];
  }
}
