import type { AnalysisSettings } from '../core/analyze.ts';
import { Analyzer } from '../core/analyze.ts';
import { runBuild } from '../core/checks/build.ts';
import { runFreshness } from '../core/checks/freshness.ts';
import { proposeTests } from '../core/checks/propose.ts';
import { type CheckSurroundings, runTests } from '../core/checks/run-tests.ts';
import { propertiesPathOf, sectionOf } from '../core/checks/write-tests.ts';
import { select } from '../core/dbt/selector.ts';
import { templateEngine } from '../core/dbt/template-engine.ts';
import { PreviewSession } from '../core/engine/preview.ts';
import { toPlainRecord } from '../core/project/dbt-plain.ts';
import { Sources } from '../core/project/sources.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { SqliteEngine } from '../engines/sqlite.ts';
import type { CheckProject, ChecksCalls, ChecksHostCalls } from '../protocol.ts';
import type { Handlers, Wire } from '../wire.ts';
import { connect } from '../wire.ts';
import { FolderFiles } from './folder-files.ts';
import type { WorkerPlatform } from './platform.ts';

interface Open {
  readonly analyzer: Analyzer;
  readonly session: PreviewSession;
  readonly startedAt: string;
  snapshot: Snapshot;
}

/** Runs tests and builds; what was built for one run is kept, by content, for the next. */
export function serveChecks(platform: WorkerPlatform): void {
  const projects = new Map<string, Open>();
  const handlers: Handlers<ChecksCalls> = {
    run: async ({ run, project, what, batch }, signal) => {
      const { session, snapshot } = await open(project, signal);
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
    },
    propose: async ({ project, node: id }, signal) => {
      const { session, snapshot } = await open(project, signal);
      const node = snapshot.nodes.get(id);
      const section = node === undefined ? undefined : sectionOf(node);
      if (node === undefined || section === undefined)
        return { proposals: [], path: '', section: 'models', problem: 'Tests are proposed for models, seeds and snapshots.' };
      const found = await proposeTests(session, snapshot, id, signal);
      const place = { path: propertiesPathOf(node), section };
      return 'code' in found ? { ...place, proposals: [], problem: found.message } : { ...place, proposals: found };
    },
    ping: () => undefined,
  };
  const host: Wire<ChecksHostCalls> = connect<ChecksHostCalls, ChecksCalls>(platform.port, handlers);

  /** The project as its files are now. */
  async function open(project: CheckProject, signal: AbortSignal): Promise<Open> {
    const { folder, root } = project.key;
    const files = new FolderFiles(platform.openFolder(host, folder, project.disk));
    await files.list();
    const id = JSON.stringify(project);
    const known = projects.get(id);
    const sources = await Sources.read(files.below(root), known?.snapshot.sources, signal);
    const startedAt = known?.startedAt ?? new Date().toISOString();
    const analyzer = known?.analyzer ?? new Analyzer(templateEngine);
    const snapshot = analyzer.analyze(sources, toSettings(project, startedAt), signal);
    if (known !== undefined) {
      known.snapshot = snapshot;
      known.session.use(snapshot);
      return known;
    }
    const bytes = await platform.readAsset(host, 'sql-wasm.wasm');
    const engine = new SqliteEngine(new Uint8Array(bytes).buffer);
    await engine.open();
    const session = new PreviewSession(engine, snapshot, startedAt.slice(0, 19).replace('T', ' '));
    const opened: Open = { analyzer, session, startedAt, snapshot };
    projects.set(id, opened);
    return opened;
  }
}

function toSettings({ settings, name }: CheckProject, runStartedAt: string): AnalysisSettings {
  return {
    ...(settings.dialect === 'auto' ? {} : { dialect: settings.dialect }),
    ...(settings.target === '' ? {} : { target: settings.target }),
    vars: toPlainRecord(settings.vars),
    flags: { WHICH: 'build' },
    env: settings.envVars,
    runStartedAt,
    invocationId: crypto.randomUUID(),
    folderName: name,
  };
}
