import { nodesInFile } from '../core/docs/reading.ts';
import { type AskRows, checkRows } from '../core/keys/check-rows.ts';
import { findGrainChange, type GrainState, grainStateOf } from '../core/keys/grain-change.ts';
import { hasRows } from '../core/keys/has-rows.ts';
import { grainOf } from '../core/keys/project-grain.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { NodeId } from '../core/text/ids.ts';
import type { Problem } from '../core/text/problem.ts';
import type { RowFindings, RowQuestion } from '../protocol.ts';
import type { Sessions } from './engines.ts';
import type { ProjectStore } from './project-store.ts';

/** How long the thread is held at a time. */
const momentMs = 15;
/** How long one question may keep the engine from those that a user waits for. */
const questionMs = 20_000;

/** Holds files against the rules about rows while nobody waits: every question to the engine is a turn of its own. */
export class RowRules {
  #stop = new AbortController();

  constructor(
    private readonly store: ProjectStore,
    private readonly sessions: Sessions,
  ) {}

  /** Ends what is under way, because somebody waits for the engine. */
  yield(): void {
    this.#stop.abort();
    this.#stop = new AbortController();
  }

  async check(question: RowQuestion, signal: AbortSignal): Promise<RowFindings> {
    const stopped = this.#stop.signal;
    const check = (): void => {
      signal.throwIfAborted();
      stopped.throwIfAborted();
    };
    const snapshot = await this.store.newest(question.project, signal);
    const ids = nodesInFile(snapshot, question.path)
      .filter(({ enabled, kind }) => enabled && (kind === 'model' || kind === 'snapshot' || kind === 'analysis'))
      .map(({ id }) => id);
    await readAbove(snapshot, ids, check);
    const ask = question.asksRows ? this.#asking(question, snapshot, check) : undefined;
    const problems = await checkRows(snapshot, ask, new Set(ids));
    return { problems: [...problems, ...changes(snapshot, question)], grains: statesOf(snapshot, ids) };
  }

  #asking({ project, batch, engine }: RowQuestion, snapshot: Snapshot, check: () => void): AskRows {
    const known = new Map<NodeId, boolean>();
    return async (sql, within) => {
      check();
      if (!hasRows(snapshot, within, known)) return undefined;
      const late = new AbortController();
      const timer = setTimeout(() => late.abort(), questionMs);
      try {
        return await this.sessions.inTurn(project, late.signal, async () => {
          check();
          const { session } = await this.sessions.get(project, snapshot, engine === 'duckdb' ? 'duckdb' : 'sqlite');
          session.choose(batch === undefined ? {} : { batch });
          const answer = await session.preview({ kind: 'sql', sql, within }, late.signal);
          if (answer.kind !== 'rows') return undefined;
          const [row] = await answer.result.page(0, 1);
          await answer.result.drop();
          return row;
        });
      } catch {
        check();
        // A question that no engine answers in time leaves what is proved.
        return undefined;
      } finally {
        clearTimeout(timer);
      }
    };
  }
}

/** Works out the keys of everything above some nodes, a moment at a time. */
async function readAbove(snapshot: Snapshot, ids: readonly NodeId[], check: () => void): Promise<void> {
  const grain = grainOf(snapshot);
  const above = new Set(ids.flatMap((id) => [...snapshot.graph.ancestors(id)]));
  let until = performance.now() + momentMs;
  for (const id of snapshot.lineage.order) {
    if (!above.has(id)) continue;
    grain.factsOf(id);
    if (performance.now() < until) continue;
    await new Promise((resolve) => setTimeout(resolve, 0));
    check();
    until = performance.now() + momentMs;
  }
}

/** What an edit made of the keys; nothing while the text has errors, which is how it looks while somebody types. */
function changes(snapshot: Snapshot, { path, before }: RowQuestion): readonly Problem[] {
  if (snapshot.problems.some((problem) => problem.path === path && problem.severity === 'error')) return [];
  const grain = grainOf(snapshot);
  return before.flatMap(([id, state]) => {
    const read = grain.read(id);
    return (read && findGrainChange(state, read, grain)) ?? [];
  });
}

function statesOf(snapshot: Snapshot, ids: readonly NodeId[]): readonly (readonly [NodeId, GrainState])[] {
  const grain = grainOf(snapshot);
  return ids.flatMap((id) => {
    const read = grain.read(id);
    return read === undefined ? [] : [[id, grainStateOf(read, grain)] as const];
  });
}
