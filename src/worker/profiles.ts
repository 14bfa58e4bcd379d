import { type ColumnFacts, columnFacts } from '../core/results/column-facts.ts';
import type { NodeId } from '../core/text/ids.ts';
import type { ColumnDetail, ProjectKey, ResultView } from '../protocol.ts';
import type { ProjectStore } from './project-store.ts';
import type { ResultTable } from './result-table.ts';

/** The node whose rows a result shows. */
export interface ShownNode {
  readonly project: ProjectKey;
  readonly node: NodeId;
}

/** Counts the columns of results one after the other, because each is grouped in a table of the same name; what is no longer wanted is left out. */
export class Profiles {
  #turn: Promise<unknown> = Promise.resolve();
  readonly #facts = new WeakMap<ResultTable, ReadonlyMap<string, ColumnFacts>>();

  constructor(private readonly store: ProjectStore) {}

  column(table: ResultTable, view: ResultView, column: number, of: ShownNode | undefined, signal: AbortSignal): Promise<ColumnDetail> {
    const turn = this.#turn.then(() => {
      signal.throwIfAborted();
      const facts = this.#factsOf(table, of).get((table.columns[column]?.name ?? '').toLowerCase());
      const now = new Date().toISOString().slice(0, 19).replace('T', ' ');
      return table.profile(view, column, { now, facts });
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  #factsOf(table: ResultTable, of: ShownNode | undefined): ReadonlyMap<string, ColumnFacts> {
    const snapshot = of === undefined ? undefined : this.store.findSnapshot(of.project);
    if (of === undefined || snapshot === undefined) return new Map();
    const names = table.columns.map(({ name }) => name);
    const facts = this.#facts.get(table) ?? columnFacts(snapshot, of.node, names);
    this.#facts.set(table, facts);
    return facts;
  }
}
