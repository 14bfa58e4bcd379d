import type { ExtensionContext } from 'vscode';
import { l10n, window } from 'vscode';
import type { CheckResult } from '../core/checks/result.ts';
import type {
  AnalysisCalls,
  LastResults,
  Outline,
  PreviewCalls,
  PreviewHostCalls,
  ProjectKey,
  ResultTab,
  WorkerHostCalls,
} from '../protocol.ts';
import type { Handlers } from '../wire.ts';
import { Batches } from './batches.ts';
import { registerCommands } from './commands/commands.ts';
import { Edge } from './edge.ts';
import { lookAround } from './first-look.ts';
import { hostFiles } from './host-files.ts';
import { Layouts } from './layouts.ts';
import { LivePreview } from './live-preview.ts';
import { LoopWatch } from './loop-watch.ts';
import { ErdPlaces } from './panels/erd-places.ts';
import { Panels } from './panels/panels.ts';
import { ResultsView } from './panels/results.ts';
import type { Platform } from './platform.ts';
import { Previews } from './previews.ts';
import { shareProjectWorker } from './project-worker.ts';
import { registerCompletion } from './providers/completion.ts';
import { registerDefinition } from './providers/definition.ts';
import { registerDiagnostics } from './providers/diagnostics.ts';
import { registerFixes } from './providers/fixes.ts';
import { registerHierarchy } from './providers/hierarchy.ts';
import { registerHover } from './providers/hover.ts';
import { registerLenses } from './providers/lenses.ts';
import { registerReferences } from './providers/references.ts';
import { RowProblems } from './providers/row-findings.ts';
import { registerSymbols } from './providers/symbols.ts';
import { registerText } from './providers/text.ts';
import { registerTryAgain } from './providers/try-again.ts';
import { SetAside } from './set-aside.ts';
import { Testing } from './testing/testing.ts';
import { registerCompiledSync } from './views/compiled-sync.ts';
import { DocsView } from './views/docs-view.ts';
import { Documents } from './views/documents.ts';
import { registerEditorContext } from './views/editor-context.ts';
import { LineageTree } from './views/lineage-tree.ts';
import { ProjectTree } from './views/project-tree.ts';
import { registerStatus } from './views/status.ts';
import { WorkerClient } from './worker-client.ts';
import { Workspace } from './workspace.ts';

/** What the extension shows to tests and to other extensions. */
export interface Api {
  /** Resolves when the open folders have been read. */
  ready(): Promise<void>;
  readonly outlines: readonly Outline[];
  readonly results: { readonly tabs: readonly ResultTab[]; readonly active: number | undefined };
  /** How long activation took, in milliseconds. */
  readonly activatedIn: number;
  /** The graphs and ERDs that are open. */
  readonly pictures: Panels['pictures'];
  /** The last result of every test and model that ran, by id. */
  readonly checks: ReadonlyMap<string, CheckResult>;
  /** Those of one project, which may share ids with another. */
  checksOf(project: ProjectKey): ReadonlyMap<string, CheckResult>;
  /** Measures how long this host is held; runs once it was started. */
  readonly loop: LoopWatch;
  /** What nothing else caught since activation. */
  readonly failures: readonly string[];
  /** Ends the engines of previews as a crash would. */
  endPreviewWorker(): Promise<void>;
}

/** Wires the parts together; nothing is read and no worker starts before it is needed. */
export function start(context: ExtensionContext, platform: Platform): Api {
  const started = performance.now();
  const log = window.createOutputChannel('Headwater', { log: true });
  const edge = new Edge(log);
  const loop = new LoopWatch();
  const files: Handlers<WorkerHostCalls> = {
    ...hostFiles(platform, context.storageUri),
    progress: ({ result, message }) => previews.progress(result, message),
    completed: ({ folder }) => workspace.completed(folder),
    log: ({ level, message }) => log[level](message),
  };
  const setAside = new SetAside();
  let isKnown = false;
  const projects = shareProjectWorker(platform, l10n.t('no answer for 30 seconds'), (ending) => {
    setAside.blame(ending);
    isKnown = ending.at !== undefined && setAside.has(ending.at);
  });
  const analysis = new WorkerClient<AnalysisCalls>(projects, 'analysis', files, (reason) => {
    log.error(`the analysis worker ended: ${reason}`);
    if (!isKnown) void window.showWarningMessage(l10n.t('Headwater: the analysis stopped ({0}) and starts again.', reason));
    workspace.workerDied(isKnown);
  });
  const lost: Handlers<Pick<PreviewHostCalls, 'lost'>> = {
    lost: (engine) => previews.lost(engine),
  };
  const preview = new WorkerClient<PreviewCalls, PreviewHostCalls>(projects, 'preview', { ...files, ...lost }, (reason) =>
    previews.workerDied(reason),
  );
  const workspace = new Workspace(analysis, platform, edge, log, setAside);
  const batches = new Batches(workspace, context.workspaceState);
  const previews = new Previews(workspace, preview, edge, batches);
  const results = new ResultsView(context.extensionUri, previews, workspace, edge);
  const live = new LivePreview(workspace, analysis, previews, edge, results);
  const documents = new Documents(workspace, analysis, previews, edge);
  const layouts = new Layouts(platform, (message) => log.info(message));
  const testing = new Testing(workspace, analysis, projects, edge, files, batches, async (question, title) => {
    await results.reveal();
    await previews.run(question, title);
  });
  const lastResults = (project: ProjectKey): LastResults =>
    [...testing.resultsOf(project)].map(([id, { status }]) => [id, status] as const);
  const tree = new LineageTree(workspace, analysis, lastResults, edge);
  const projectTree = new ProjectTree(workspace, lastResults, edge);
  const docs = new DocsView(workspace, analysis, edge);
  tree.onDidSelect((found) => docs.show(found));
  projectTree.onDidSelect((found) => docs.show(found));
  const panels = new Panels(context.extensionUri, {
    workspace,
    analysis,
    previews,
    layouts,
    edge,
    lastResults,
    erdPlaces: new ErdPlaces(workspace, context.workspaceState),
  });

  const rowProblems = new RowProblems(context, workspace, batches, edge, (question, signal) => testing.findRows(question, signal));
  const asking = { workspace, analysis, edge };

  context.subscriptions.push(
    log,
    workspace,
    batches,
    previews,
    results,
    live,
    tree,
    projectTree,
    docs,
    panels,
    testing,
    documents,
    testing.onDidResult(() => {
      panels.tellChanged();
      tree.tellResults();
      projectTree.tellResults();
    }),
    registerHover(asking),
    registerCompletion(asking),
    registerReferences(asking),
    registerSymbols(asking),
    registerFixes(asking),
    registerTryAgain(workspace, setAside, edge),
    registerLenses(asking, rowProblems.onDidCheck),
    rowProblems,
    registerText(asking),
    registerHierarchy(asking),
    registerDefinition(workspace, analysis, edge),
    registerDiagnostics(workspace),
    ...(platform.registerAgents === undefined ? [] : [platform.registerAgents(context, workspace)]),
    registerStatus(workspace, edge),
    registerCompiledSync(workspace, analysis, edge),
    registerEditorContext(workspace, edge),
    ...registerCommands({ context, workspace, analysis, batches, previews, results, tree, panels, documents, edge, log }),
    {
      dispose: () => {
        loop.stop();
        void Promise.all([analysis.end('the window closes'), preview.end('the window closes'), layouts.end('the window closes')]);
      },
    },
  );
  void edge.provide('the first look', () => lookAround(context, workspace, tree, edge));
  const activatedIn = performance.now() - started;
  log.info(`activated in ${activatedIn.toFixed(1)} ms`);
  return {
    activatedIn,
    ready: () => workspace.ready(),
    get outlines() {
      return workspace.outlines;
    },
    get results() {
      return previews.state;
    },
    get pictures() {
      return panels.pictures;
    },
    get checks() {
      return new Map(workspace.outlines.flatMap(({ key }) => [...testing.resultsOf(key)]));
    },
    checksOf: (project) => testing.resultsOf(project),
    loop,
    failures: edge.failures,
    endPreviewWorker: () => preview.ask('endEngines', undefined),
  };
}
