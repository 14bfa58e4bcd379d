import type { CancellationToken, Disposable, TestController, TestItem, TextDocument } from 'vscode';
import { commands, workspace as editor, l10n, TestRunProfileKind, TestRunRequest, tests, window } from 'vscode';
import type { CheckResult } from '../../core/checks/result.ts';
import type { NodeId } from '../../core/text/ids.ts';
import type {
  AnalysisCalls,
  CheckQuestion,
  Outline,
  OutlineNode,
  PreviewQuestion,
  ProjectKey,
  RowFindings,
  RowQuestion,
  WorkerHostCalls,
} from '../../protocol.ts';
import type { Handlers } from '../../wire.ts';
import type { Batches } from '../batches.ts';
import { findTarget } from '../commands/target.ts';
import { type Edge, Refusal } from '../edge.ts';
import type { Platform } from '../platform.ts';
import { neighbours } from '../views/lineage-items.ts';
import type { WorkerClient } from '../worker-client.ts';
import type { Workspace } from '../workspace.ts';
import { announce, announceBuild } from './announce.ts';
import { build } from './build-command.ts';
import { CheckRuns } from './check-runs.ts';
import { proposeTests } from './propose-command.ts';
import { showText, toTestDocument } from './test-texts.ts';
import { TestTree } from './test-tree.ts';

/** As many tests are marked as waiting, wherever they stand in the explorer. */
const mostQueued = 500;

type Mode = 'tests' | 'upstream' | 'debug';

interface Chosen {
  readonly outline: Outline;
  readonly ids: readonly NodeId[];
}

/** The project's tests in VS Code's own Test Explorer, and the commands around them. */
export class Testing implements Disposable {
  readonly #controller: TestController;
  readonly #tree: TestTree;
  readonly #runs: CheckRuns;
  readonly #disposables: Disposable[];
  readonly #following = new Set<Disposable>();
  #isListed = false;
  readonly onDidResult: CheckRuns['onDidResult'];

  constructor(
    private readonly workspace: Workspace,
    private readonly analysis: WorkerClient<AnalysisCalls>,
    projects: Pick<Platform, 'startWorker'>,
    private readonly edge: Edge,
    files: Handlers<WorkerHostCalls>,
    batches: Batches,
    /** Shows rows in the results panel. */
    private readonly showRows: (question: PreviewQuestion, title: string) => Promise<void>,
  ) {
    this.#controller = tests.createTestController('headwater', 'Headwater');
    this.#tree = new TestTree(this.#controller, workspace);
    this.#runs = new CheckRuns(
      projects,
      edge,
      files,
      batches,
      () => workspace.settle(),
      (key, id) => this.#tree.itemOf(key, id),
    );
    this.onDidResult = this.#runs.onDidResult;
    this.#controller.resolveHandler = async (item) => {
      await edge.provide('the tests', async () => {
        await workspace.ready();
        if (item === undefined) {
          this.#isListed = true;
          this.#tree.refresh();
          this.#showFiles();
        } else this.#tree.resolve(item);
      });
    };
    this.#controller.refreshHandler = () => edge.perform('reading the tests', () => workspace.refresh());
    const profile = (label: string, kind: TestRunProfileKind, mode: Mode, isDefault: boolean) => {
      const handler = async (request: TestRunRequest, token: CancellationToken): Promise<void> => {
        await edge.perform('running tests', async () => {
          if (request.continuous === true) this.#follow(request, mode, token);
          else await this.#run(request, this.#choose(request), mode, token);
        });
      };
      const canFollow = kind === TestRunProfileKind.Run;
      return this.#controller.createRunProfile(label, kind, handler, isDefault, undefined, canFollow);
    };
    const profiles = [
      profile(l10n.t('Run'), TestRunProfileKind.Run, 'tests', true),
      profile(l10n.t('Build What They Read, Then Run'), TestRunProfileKind.Run, 'upstream', false),
      profile(l10n.t('Run and Show Rows and SQL'), TestRunProfileKind.Debug, 'debug', true),
    ];
    const command = (name: string, run: (given: unknown) => Promise<unknown>): Disposable =>
      commands.registerCommand(`headwater.${name}`, (given: unknown) =>
        edge.perform(name, async () => {
          await workspace.ready();
          return run(given);
        }),
      );
    this.#disposables = [
      this.#controller,
      this.#runs,
      ...profiles,
      workspace.onDidChangeNodes(() => {
        this.#tree.refresh();
        this.#showFiles();
      }),
      window.onDidChangeVisibleTextEditors(() => this.#showFiles()),
      command('build', (given) => {
        this.#tree.refresh();
        return build(workspace, this.#runs, this.#controller, given, (...done) => this.#showBuild(...done));
      }),
      command('proposeTests', async (given) => {
        const found = await findTarget(workspace, given);
        return found === undefined ? undefined : proposeTests(workspace, this.#runs, found);
      }),
      command('showFailure', (given) => this.#showFailure(given)),
      command('runTests', (given) => this.#runNode(given)),
      command('runAffectedTests', () => this.#runAffected()),
    ];
  }

  /** The last result of every test and model of a project that ran in this window, by id. */
  resultsOf(project: ProjectKey): ReadonlyMap<string, CheckResult> {
    return this.#runs.resultsOf(project);
  }

  /** Holds a file against the rules about rows, beside the runs. */
  findRows(question: RowQuestion, signal: AbortSignal): Promise<RowFindings> {
    return this.#runs.findRows(question, signal);
  }

  dispose(): void {
    for (const disposable of [...this.#following, ...this.#disposables]) disposable.dispose();
  }

  /** Tests have their marks beside the files that are in sight, once anyone asked for tests. */
  #showFiles(): void {
    if (this.#isListed) for (const { document } of window.visibleTextEditors) this.#tree.showFile(document.uri);
  }

  async #run(request: TestRunRequest, chosen: readonly Chosen[], mode: Mode, token?: CancellationToken): Promise<readonly CheckResult[]> {
    const run = this.#controller.createTestRun(request);
    const results: CheckResult[] = [];
    try {
      for (const { outline, ids } of chosen)
        for (const id of ids) {
          // The branches of a whole project are filled one by one, as their tests run.
          const item = ids.length > mostQueued ? this.#tree.knownItemOf(outline.key, id) : this.#tree.itemOf(outline.key, id);
          if (item !== undefined) run.enqueued(item);
        }
      for (const { outline, ids } of chosen) {
        const what: CheckQuestion =
          mode === 'upstream' ? { kind: 'build', nodes: withUpstream(outline, ids) } : { kind: 'tests', nodes: ids };
        const answer = await this.#runs.ask(outline, run, what, token ?? run.token);
        results.push(...answer.results);
        if (answer.cancelled) break;
        const shown = answer.results.find((one) => one.status !== 'pass') ?? answer.results[0];
        if (mode === 'debug' && shown !== undefined) await this.#show(outline.key, shown);
      }
    } finally {
      run.end();
    }
    return results;
  }

  /** Continuous runs: after each save, the tests that it affects among those that were asked for. */
  #follow(request: TestRunRequest, mode: Mode, token: CancellationToken): void {
    const saved = editor.onDidSaveTextDocument((document) => {
      void this.edge.perform('running the tests of what was saved', async () => {
        const affected = await this.#affectedBy(document);
        if (affected === undefined || token.isCancellationRequested) return;
        const wanted = this.#choose(request).find(({ outline }) => isSame(outline.key, affected.outline.key));
        const ids = affected.ids.filter((id) => wanted?.ids.includes(id));
        const items = ids.flatMap((id) => this.#tree.itemOf(affected.outline.key, id) ?? []);
        if (items.length === 0) return;
        const own = new TestRunRequest(items, undefined, request.profile, true);
        await this.#run(own, [{ outline: affected.outline, ids }], mode, token);
      });
    });
    this.#following.add(saved);
    token.onCancellationRequested(() => {
      saved.dispose();
      this.#following.delete(saved);
    });
  }

  /** *Run Tests Affected by My Edit*: what may end otherwise since the file in the editor changed; it is saved first, as tests read files. */
  async #runAffected(): Promise<readonly CheckResult[] | undefined> {
    const document = window.activeTextEditor?.document;
    if (document === undefined) throw new Refusal(l10n.t('Open the file whose tests are to run.'));
    if (document.isDirty) await document.save();
    const affected = await this.#affectedBy(document);
    if (affected === undefined) throw new Refusal(l10n.t('{0} belongs to no project.', document.uri.path.split('/').at(-1) ?? ''));
    if (affected.ids.length === 0) throw new Refusal(l10n.t('No test reads {0}.', document.uri.path.split('/').at(-1) ?? ''));
    this.#tree.refresh();
    const items = affected.ids.flatMap((id) => this.#tree.itemOf(affected.outline.key, id) ?? []);
    return this.#announced(affected.outline, await this.#run(new TestRunRequest(items), [affected], 'tests'));
  }

  /** The tests that the file affects, once the analysis has read it. */
  async #affectedBy({ uri }: TextDocument): Promise<Chosen | undefined> {
    await this.workspace.settle();
    const place = this.workspace.place(uri);
    if (place === undefined) return undefined;
    const ids = await this.analysis.ask('affectedTests', { project: place.outline.key, paths: [place.path] });
    return { outline: place.outline, ids };
  }

  /** The tests that a request means, project by project. */
  #choose(request: TestRunRequest): readonly Chosen[] {
    const without = new Set((request.exclude ?? []).flatMap((item) => this.#tree.testsBelow(item)?.tests.map((test) => test.id) ?? []));
    const roots: TestItem[] = [];
    for (const [, item] of this.#controller.items) roots.push(item);
    const byProject = new Map<Outline, Set<NodeId>>();
    for (const item of request.include ?? roots) {
      const below = this.#tree.testsBelow(item);
      const outline = below === undefined ? undefined : this.workspace.find(below.key);
      if (below === undefined || outline === undefined) continue;
      const ids = byProject.get(outline) ?? new Set();
      for (const test of below.tests) if (!without.has(test.id)) ids.add(test.id);
      byProject.set(outline, ids);
    }
    return [...byProject].map(([outline, ids]) => ({ outline, ids: [...ids] }));
  }

  /** The SQL of a test in an editor, and the rows that it finds in the results panel. */
  async #show(project: ProjectKey, result: CheckResult): Promise<void> {
    await showText(toTestDocument(result), 'sql');
    if (result.kind === 'test' && result.sql !== undefined) await this.showRows({ kind: 'sql', project, sql: result.sql }, result.name);
  }

  /** What a test found, as it stands now: of its message or item in the explorer, or of its id. */
  async #showFailure(given: unknown): Promise<void> {
    const below = this.#below(given);
    if (below === undefined) return;
    const results = below.ids.flatMap((id) => this.resultsOf(below.key).get(id) ?? []);
    const result = results.find((one) => one.status !== 'pass') ?? results[0];
    if (result !== undefined) await this.#show(below.key, result);
  }

  #below(given: unknown): { readonly key: ProjectKey; readonly ids: readonly string[] } | undefined {
    if (typeof given === 'string') {
      const found = this.workspace.outlines.find(({ key }) => this.resultsOf(key).has(given));
      return found === undefined ? undefined : { key: found.key, ids: [given] };
    }
    if (typeof given !== 'object' || given === null) return undefined;
    const below = this.#tree.testsBelow(('test' in given ? given.test : given) as TestItem);
    return below === undefined ? undefined : { key: below.key, ids: below.tests.map((test) => test.id) };
  }

  /** Runs the tests of one node, as the tree and the graph ask for. */
  async #runNode(given: unknown): Promise<readonly CheckResult[] | undefined> {
    const found = await findTarget(this.workspace, given);
    if (found === undefined) return undefined;
    this.#tree.refresh();
    const { outline, node } = found;
    const ids = outline.nodes.filter((one) => one.enabled && (one.id === node.id || isTestOf(outline, one, node.id))).map(({ id }) => id);
    const items = ids.flatMap((id) => this.#tree.itemOf(outline.key, id) ?? []);
    return this.#announced(outline, await this.#run(new TestRunRequest(items), [{ outline, ids }], 'tests'));
  }

  /** The build as rows in the results panel, and how it ended; what failed or was skipped for it can be run again. */
  async #showBuild({ key }: Outline, select: string, results: readonly CheckResult[]): Promise<void> {
    const rows = results.map(({ status, kind, name, rows, ms, message }) => ({
      status,
      kind,
      name,
      rows: rows ?? null,
      ms: Math.round(ms * 10) / 10,
      message: message.split('\n')[0] ?? '',
    }));
    await this.showRows({ kind: 'build', project: key, rows }, select === '' ? l10n.t('build') : l10n.t('build of {0}', select));
    void this.edge.provide('telling how a build ended', () =>
      announceBuild(results, (again) => commands.executeCommand('headwater.build', again)),
    );
  }

  /** Says how a run that a command asked for ended; the Test Explorer shows its own. */
  #announced({ key }: Outline, results: readonly CheckResult[]): readonly CheckResult[] {
    void this.edge.provide('telling how tests ended', () => announce(results, (failed) => this.#show(key, failed)));
    return results;
  }
}

/** Whether a test counts for a node: one that is of no node alone counts for all that it reads. */
function isTestOf(outline: Outline, test: OutlineNode, id: NodeId): boolean {
  if (test.kind !== 'test' && test.kind !== 'unit_test') return false;
  return test.tested === undefined ? neighbours(outline, test.id, 'to').includes(id) : test.tested === id;
}

/** Tests with everything that they read. */
function withUpstream(outline: Outline, ids: readonly NodeId[]): readonly NodeId[] {
  const parents = new Map<NodeId, NodeId[]>();
  for (const { from, to } of outline.edges) {
    const known = parents.get(to);
    if (known === undefined) parents.set(to, [from]);
    else known.push(from);
  }
  const found = new Set(ids);
  const open = [...ids];
  for (let at = open.pop(); at !== undefined; at = open.pop())
    for (const parent of parents.get(at) ?? [])
      if (!found.has(parent)) {
        found.add(parent);
        open.push(parent);
      }
  return [...found];
}

function isSame(one: ProjectKey, other: ProjectKey): boolean {
  return one.folder === other.folder && one.root === other.root;
}
