import { runBuild } from '../core/checks/build.ts';
import { runFreshness } from '../core/checks/freshness.ts';
import { proposeTests } from '../core/checks/propose.ts';
import { type CheckSurroundings, runTests } from '../core/checks/run-tests.ts';
import { propertiesPathOf, sectionOf } from '../core/checks/write-tests.ts';
import { select } from '../core/dbt/selector.ts';
import type { ChecksCalls, ChecksHostCalls, PreviewSettings, ProjectKey, ProposedTests } from '../protocol.ts';
import type { Handlers, Wire } from '../wire.ts';
import { connect } from '../wire.ts';
import { type OpenSession, Sessions } from './engines.ts';
import type { ReadAsset } from './open-engine.ts';
import type { WorkerPlatform } from './platform.ts';
import type { ProjectStore } from './project-store.ts';
import { RowRules } from './row-rules.ts';

/** Runs tests and builds; what was built for one run is kept, by content, for the next. */
export function serveChecks(platform: WorkerPlatform, store: ProjectStore, readAsset: ReadAsset): void {
  const sessions = new Sessions(
    platform,
    readAsset,
    () => undefined,
    () => undefined,
  );
  const rules = new RowRules(store, sessions);
  const handlers: Handlers<ChecksCalls> = {
    run: ({ run, project, what, batch, engine }, signal) => {
      rules.yield();
      return sessions.inTurn(project, signal, () => runChecks({ run, project, what, batch, engine }, signal));
    },
    rows: (question, signal) => rules.check(question, signal),
    propose: ({ project, node, engine }, signal) => {
      rules.yield();
      return sessions.inTurn(project, signal, () => propose({ project, node, engine }, signal));
    },
  };
  const host: Wire<ChecksHostCalls> = connect<ChecksHostCalls, ChecksCalls>(platform.port, handlers);

  async function runChecks({ run, project, what, batch, engine }: ChecksCalls['run']['ask'], signal: AbortSignal) {
    const { session, snapshot } = await open(project, engine, signal);
    session.choose(batch === undefined ? {} : { batch });
    const around: CheckSurroundings = {
      session,
      snapshot,
      signal,
      clock: () => performance.now(),
      started: (node) => void host.ask('started', { run, node }).catch(() => undefined),
      ended: (result) => void host.ask('ended', { run, result }).catch(() => undefined),
      // SQLite holds the thread: between two checks the worker hears whether it is to stop.
      pause: () => new Promise((resolve) => setTimeout(resolve, 0)),
    };
    if (what.kind !== 'select') {
      if (what.kind === 'build') return { results: await runBuild(around, what.nodes), problems: [] };
      // Sources among them are held to their freshness.
      const results = [...(await runTests(around, what.nodes)), ...(await runFreshness(around, what.nodes))];
      return { results, problems: [] };
    }
    const { ids, problems } = select(snapshot, what.select, {
      packageName: snapshot.project.name,
      ...(what.exclude === '' ? {} : { exclude: what.exclude }),
    });
    return { results: await runBuild(around, ids), problems: problems.map((problem) => problem.message) };
  }

  async function propose({ project, node: id, engine }: ChecksCalls['propose']['ask'], signal: AbortSignal): Promise<ProposedTests> {
    const { session, snapshot } = await open(project, engine, signal);
    const node = snapshot.nodes.get(id);
    const section = node === undefined ? undefined : sectionOf(node);
    if (node === undefined || section === undefined)
      return { proposals: [], path: '', section: 'models', problem: 'Tests are proposed for models, seeds and snapshots.' };
    const found = await proposeTests(session, snapshot, id, signal);
    const place = { path: propertiesPathOf(node), section };
    return 'code' in found ? { ...place, proposals: [], problem: found.message } : { ...place, proposals: found };
  }

  /** The project as its files and editors are now; what is built for one run is kept, by content, for the next. */
  async function open(project: ProjectKey, setting: PreviewSettings['engine'], signal: AbortSignal): Promise<OpenSession> {
    return sessions.get(project, await store.newest(project, signal), setting === 'duckdb' ? 'duckdb' : 'sqlite');
  }
}
