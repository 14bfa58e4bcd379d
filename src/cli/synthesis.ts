import type { CheckResult } from '../core/checks/result.ts';
import { runTests } from '../core/checks/run-tests.ts';
import type { PreviewSession } from '../core/engine/preview.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { NodeId } from '../core/text/ids.ts';
import type { Demands } from '../core/worlds/demand.ts';
import { learn, relationsWithoutRows } from '../core/worlds/learn.ts';
import type { MakeOptions } from '../core/worlds/make-rows.ts';
import { type Made, makeWorld } from '../core/worlds/make-world.ts';
import { type Failure, type Override, repairsFor } from '../core/worlds/repair.ts';
import type { OpenedProject } from './project.ts';
import { openSession } from './session.ts';

/** What building and testing a project over a world came to. */
export interface Built {
  readonly snapshot: Snapshot;
  readonly ask: (sql: string, within: NodeId) => Promise<readonly unknown[] | undefined>;
  readonly models: number;
  readonly withRows: number;
  readonly empty: readonly NodeId[];
  readonly failures: readonly Failure[];
  readonly results: readonly CheckResult[];
  readonly tests: number;
  readonly passed: number;
  readonly shortfalls: readonly string[];
}

/** How many shortfalls are told one by one. */
const mostShortfalls = 300;

/** Worlds for one selection, each made with what was learnt over the one before; the engine keeps what did not change. */
export class Synthesis {
  #session: PreviewSession | undefined;
  #demands: Demands | undefined;
  readonly #overrides = new Map<string, Override>();

  constructor(
    private readonly opened: OpenedProject,
    private readonly ids: ReadonlySet<NodeId>,
    private readonly name: string,
    private readonly options: MakeOptions,
    private readonly engine: 'sqlite' | 'duckdb',
  ) {}

  /** The first world; a draft is not tested. */
  async first(): Promise<readonly [Made, Built]> {
    return this.#try({}, true);
  }

  /** The world of all that was learnt, tested. */
  async last(): Promise<readonly [Made, Built]> {
    return this.#try({});
  }

  /** Another world with what went wrong mended; undefined where nothing is left that could be. */
  async repair(made: Made, built: Built, isDraft: boolean): Promise<readonly [Made, Built] | undefined> {
    const found = repairsFor(this.opened.snapshot, made.tables, built.failures, built.results);
    let isNew = false;
    for (const [key, override] of found) {
      const before = this.#overrides.get(key);
      const after = before?.isSettled === true && override.isSettled !== true ? { ...override, ...before } : { ...before, ...override };
      if (JSON.stringify(after) === JSON.stringify(before ?? {})) continue;
      isNew = true;
      this.#overrides.set(key, after);
    }
    if (isNew) return this.#try({}, isDraft);
    return built.empty.length === 0 ? undefined : this.#try({ focus: new Set(built.empty) }, isDraft);
  }

  async #try(more: { readonly focus?: ReadonlySet<NodeId> }, isDraft = false): Promise<readonly [Made, Built]> {
    const { snapshot } = this.opened;
    this.#demands ??= learn(snapshot, new Set(relationsWithoutRows(snapshot, this.ids)));
    const made = makeWorld(snapshot, this.ids, this.name, { ...this.options, ...more, overrides: this.#overrides, demands: this.#demands });
    return [made, await this.#build(made, isDraft)];
  }

  async #build(made: Made, isDraft: boolean): Promise<Built> {
    const settings = { ...this.opened.settings, runStartedAt: made.world.at };
    const snapshot = this.opened.analyzer.analyze(this.opened.snapshot.sources.edit(made.files), settings);
    const isFirst = this.#session === undefined;
    const session = this.#session ?? (await openSession({ ...this.opened, settings, snapshot }, {}, this.engine));
    this.#session = session;
    if (!isFirst) session.use(snapshot);
    const counts = new Map<NodeId, number>();
    const failures: Failure[] = [];
    for (const id of this.ids) {
      const node = snapshot.nodes.get(id);
      if (node?.kind !== 'model' || !node.enabled) continue;
      const standing = await session.relation(id);
      if (standing.kind === 'failed') failures.push({ id, message: standing.problem.message });
      else counts.set(id, await countRows(session, standing.table.physical));
    }
    const results = isDraft ? [] : await runTests({ session, snapshot, clock: () => performance.now(), sampleRows: 0 }, [...this.ids]);
    return summarize(session, snapshot, counts, failures, results);
  }
}

async function countRows(session: PreviewSession, physical: string): Promise<number> {
  const page = await session.engine.query(`select count(*) from "${physical.replace(/"/g, '""')}"`, { offset: 0, limit: 1 });
  return Number(page.rows[0]?.[0] ?? 0);
}

function summarize(
  session: PreviewSession,
  snapshot: Snapshot,
  counts: ReadonlyMap<NodeId, number>,
  failures: readonly Failure[],
  results: readonly CheckResult[],
): Built {
  const nameOf = (id: NodeId): string => snapshot.nodes.get(id)?.name ?? id;
  const empty = [...counts].filter(([, rows]) => rows === 0).map(([id]) => id);
  const failed = results.filter((result) => result.status !== 'pass');
  return {
    snapshot,
    async ask(sql, within) {
      const answer = await session.preview({ kind: 'sql', sql, within });
      if (answer.kind !== 'rows') return undefined;
      const [row] = await answer.result.page(0, 1);
      await answer.result.drop();
      return row;
    },
    models: counts.size + failures.length,
    withRows: counts.size - empty.length,
    empty,
    failures,
    results,
    tests: results.length,
    passed: results.length - failed.length,
    shortfalls: [
      ...failures.map(({ id, message }) => `${nameOf(id)} cannot be built: ${message}`),
      ...empty.map((id) => `${nameOf(id)} has no rows: a filter or a join keeps none.`),
      ...failed.map((result) => `${result.name}: ${result.message}`),
    ].slice(0, mostShortfalls),
  };
}
