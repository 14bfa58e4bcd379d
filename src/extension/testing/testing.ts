import type { CancellationToken, Disposable, TestController, TestItem, TestRun } from 'vscode';
import {
  commands,
  EventEmitter,
  workspace as editor,
  l10n,
  ProgressLocation,
  Range,
  TestRunProfileKind,
  TestRunRequest,
  tests,
  WorkspaceEdit,
  window,
} from 'vscode';
import type { Proposal } from '../../core/checks/propose.ts';
import type { CheckResult } from '../../core/checks/result.ts';
import { formatSummary, summarize } from '../../core/checks/result.ts';
import { writeTests } from '../../core/checks/write-tests.ts';
import type { NodeId } from '../../core/text/ids.ts';
import type { CheckProject, CheckQuestion, ChecksCalls, ChecksHostCalls, Outline, ProjectKey, WorkerHostCalls } from '../../protocol.ts';
import type { Handlers } from '../../wire.ts';
import { isAbort } from '../../wire.ts';
import type { Batches } from '../batches.ts';
import { type Edge, Refusal } from '../edge.ts';
import type { Platform } from '../platform.ts';
import { projectSettings } from '../settings.ts';
import { WorkerClient } from '../worker-client.ts';
import type { Found, Workspace } from '../workspace.ts';
import { toTestDocument, toTestMessage } from './test-message.ts';
import { TestTree } from './test-tree.ts';

interface Running {
  readonly key: ProjectKey;
  readonly run: TestRun;
  readonly started?: (node: NodeId) => void;
}

/** How long a run that is cancelled may take to notice before its worker is ended. */
const grace = 300;

type Mode = 'tests' | 'upstream' | 'debug';

/** The project's tests in VS Code's own Test Explorer, and builds. */
export class Testing implements Disposable {
  readonly #controller: TestController;
  readonly #tree: TestTree;
  readonly #worker: WorkerClient<ChecksCalls, ChecksHostCalls>;
  readonly #disposables: Disposable[];
  readonly #running = new Map<number, Running>();
  readonly #results = new Map<string, CheckResult>();
  readonly #resulted = new EventEmitter<void>();
  #telling: ReturnType<typeof setTimeout> | undefined;
  /** Results came in; told a moment later, so that a run of hundreds is told a few times only. */
  readonly onDidResult = this.#resulted.event;
  #nextRun = 1;

  constructor(
    private readonly workspace: Workspace,
    private readonly platform: Platform,
    private readonly edge: Edge,
    files: Handlers<WorkerHostCalls>,
    private readonly batches: Batches,
    /** Shows the rows of a test's SQL in the results panel. */
    private readonly showRows: (project: ProjectKey, sql: string, title: string) => Promise<void>,
  ) {
    this.#worker = new WorkerClient<ChecksCalls, ChecksHostCalls>(
      platform,
      'checks',
      { ...files, started: (said) => this.#started(said.run, said.node), ended: (said) => this.#ended(said.run, said.result) },
      (reason) => edge.record('the checks worker', new Error(reason)),
    );
    this.#controller = tests.createTestController('headwater', 'Headwater');
    this.#tree = new TestTree(this.#controller, workspace);
    this.#controller.resolveHandler = async (item) => {
      await edge.provide('the tests', async () => {
        await workspace.ready();
        if (item === undefined) this.#tree.refresh();
        else this.#tree.resolve(item);
      });
    };
    this.#controller.refreshHandler = () => edge.perform('reading the tests', () => workspace.refresh());
    const profile = (label: string, kind: TestRunProfileKind, mode: Mode, isDefault: boolean) => {
      const handler = async (request: TestRunRequest, token: CancellationToken): Promise<void> => {
        await edge.perform('running tests', () =>
          request.continuous === true ? this.#follow(request, mode, token) : this.#run(request, mode, token),
        );
      };
      const canFollow = kind === TestRunProfileKind.Run;
      return this.#controller.createRunProfile(label, kind, handler, isDefault, undefined, canFollow);
    };
    const profiles = [
      profile(l10n.t('Run'), TestRunProfileKind.Run, 'tests', true),
      profile(l10n.t('Build What They Read, Then Run'), TestRunProfileKind.Run, 'upstream', false),
      profile(l10n.t('Run and Show Rows and SQL'), TestRunProfileKind.Debug, 'debug', true),
    ];
    this.#disposables = [
      this.#controller,
      ...profiles,
      workspace.onDidChange(() => this.#tree.refresh()),
      commands.registerCommand('headwater.build', (given: unknown) => edge.perform('build', () => this.#build(given))),
      commands.registerCommand('headwater.proposeTests', (given: unknown) => edge.perform('proposeTests', () => this.#propose(given))),
      commands.registerCommand('headwater.showFailure', (given: unknown) => edge.perform('showFailure', () => this.#showFailure(given))),
      commands.registerCommand('headwater.runTests', (given: unknown) => edge.perform('runTests', () => this.#runNode(given))),
    ];
  }

  /** The last result of every test and model that ran in this window, by id. */
  get results(): ReadonlyMap<string, CheckResult> {
    return this.#results;
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
    clearTimeout(this.#telling);
    this.#resulted.dispose();
    void this.#worker.end('the window closes');
  }

  async #run(request: TestRunRequest, mode: Mode, token: CancellationToken): Promise<void> {
    const chosen = this.#choose(request);
    const run = this.#controller.createTestRun(request);
    try {
      for (const { outline, ids } of chosen) {
        for (const id of ids) {
          const item = this.#tree.itemOf(outline.key, id);
          if (item !== undefined) run.enqueued(item);
        }
        const what: CheckQuestion =
          mode === 'upstream' ? { kind: 'build', nodes: withUpstream(outline, ids) } : { kind: 'tests', nodes: ids };
        const answer = await this.#ask(outline, run, what, token);
        const shown = answer?.results.find((one) => one.status !== 'pass') ?? answer?.results[0];
        if (mode === 'debug' && shown !== undefined) await this.#show(outline.key, shown);
      }
    } finally {
      run.end();
    }
  }

  /** Continuous runs: after each save, the tests below what was saved. */
  async #follow(request: TestRunRequest, mode: Mode, token: CancellationToken): Promise<void> {
    const saved = editor.onDidSaveTextDocument((document) => {
      void this.edge.perform('running the tests of what was saved', async () => {
        const place = this.workspace.place(document.uri);
        if (place === undefined) return;
        const touched = affectedBy(place.outline, place.path);
        const items = this.#choose(request)
          .filter(({ outline }) => outline.key === place.outline.key || outline.name === place.outline.name)
          .flatMap(({ outline, ids }) => ids.filter((id) => touched.has(id)).flatMap((id) => this.#tree.itemOf(outline.key, id) ?? []));
        if (items.length > 0) await this.#run(new TestRunRequest(items, undefined, request.profile, true), mode, token);
      });
    });
    token.onCancellationRequested(() => saved.dispose());
    this.#disposables.push(saved);
  }

  /** The tests that a request means, project by project. */
  #choose(request: TestRunRequest): readonly { readonly outline: Outline; readonly ids: readonly NodeId[] }[] {
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

  async #ask(
    outline: Outline,
    run: TestRun,
    what: CheckQuestion,
    token: CancellationToken,
    started?: (node: NodeId) => void,
  ): Promise<{ readonly results: readonly CheckResult[]; readonly problems: readonly string[] } | undefined> {
    const id = this.#nextRun++;
    this.#running.set(id, { key: outline.key, run, ...(started === undefined ? {} : { started }) });
    const abort = new AbortController();
    const stop = token.onCancellationRequested(() => abort.abort());
    const own = run.token.onCancellationRequested(() => abort.abort());
    if (token.isCancellationRequested) abort.abort();
    try {
      return await this.#worker.ask(
        'run',
        { run: id, project: this.#project(outline), what, batch: this.batches.current(outline.key) },
        abort.signal,
      );
    } catch (error) {
      if (!isAbort(error)) throw error;
      await this.#endIfHeld();
      return undefined;
    } finally {
      stop.dispose();
      own.dispose();
      this.#running.delete(id);
    }
  }

  /** A query that holds the worker goes with it. */
  async #endIfHeld(): Promise<void> {
    const late = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), grace));
    const alive = this.#worker.ask('ping', undefined).catch(() => undefined);
    if ((await Promise.race([alive, late])) === 'late') await this.#worker.end('a run was cancelled');
  }

  #project(outline: Outline): CheckProject {
    const folder = editor.workspaceFolders?.find((one) => one.uri.toString() === outline.key.folder)?.uri;
    if (folder === undefined) throw new Error(`the folder of ${outline.name} is not open`);
    return { key: outline.key, name: outline.name, disk: this.platform.diskPath(folder), settings: projectSettings(folder) };
  }

  #started(run: number, node: NodeId): void {
    const running = this.#running.get(run);
    if (running === undefined) return;
    running.started?.(node);
    const item = this.#tree.itemOf(running.key, node);
    if (item !== undefined) running.run.started(item);
  }

  #ended(run: number, result: CheckResult): void {
    this.#results.set(result.id, result);
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined;
      this.#resulted.fire();
    }, 400);
    const running = this.#running.get(run);
    if (running === undefined) return;
    const item = this.#tree.itemOf(running.key, result.id);
    if (item === undefined) {
      running.run.appendOutput(
        `${result.status} ${result.name}${result.message === '' ? '' : `: ${result.message}`}\r\n`.replace(/\r?\n/g, '\r\n'),
      );
      return;
    }
    switch (result.status) {
      case 'pass':
        running.run.passed(item, result.ms);
        break;
      case 'warn':
        running.run.appendOutput(`warning: ${result.name}: ${result.message}\r\n`, undefined, item);
        running.run.passed(item, result.ms);
        break;
      case 'fail':
        running.run.failed(item, toTestMessage(result, item), result.ms);
        break;
      case 'error':
        running.run.errored(item, toTestMessage(result, item), result.ms);
        break;
      case 'skip':
        running.run.appendOutput(`skipped: ${result.name}: ${result.message}\r\n`, undefined, item);
        running.run.skipped(item);
        break;
    }
  }

  /** The SQL of a test in an editor, and the rows that it finds in the results panel. */
  async #show(project: ProjectKey, result: CheckResult): Promise<void> {
    await showText(toTestDocument(result), 'sql');
    if (result.kind === 'test' && result.sql !== undefined) await this.showRows(project, result.sql, result.name);
  }

  /** What a test found, as it stands now: of its message or item in the explorer, or of its id. */
  async #showFailure(given: unknown): Promise<void> {
    const ids = typeof given === 'string' ? [given] : this.#idsBelow(given);
    const results = ids.flatMap((id) => this.#results.get(id) ?? []);
    const result = results.find((one) => one.status !== 'pass') ?? results[0];
    const found = result === undefined ? undefined : this.workspace.findNode(result.id);
    if (result !== undefined && found !== undefined) await this.#show(found.outline.key, result);
  }

  #idsBelow(given: unknown): readonly string[] {
    if (typeof given !== 'object' || given === null) return [];
    const item = ('test' in given ? given.test : given) as TestItem;
    return this.#tree.testsBelow(item)?.tests.map((test) => test.id) ?? [];
  }

  /** *Headwater: Build*: asks for a selection, runs it and shows what was built in which time. */
  async #build(given: unknown): Promise<readonly CheckResult[] | undefined> {
    await this.workspace.ready();
    this.#tree.refresh();
    const active = window.activeTextEditor?.document.uri;
    const found = active === undefined ? undefined : this.workspace.findByUri(active);
    const outline = found?.outline ?? this.workspace.outlines[0];
    if (outline === undefined) return undefined;
    const select =
      typeof given === 'string'
        ? given
        : await window.showInputBox({
            title: l10n.t('Build'),
            prompt: l10n.t("What to build, in dbt's node selection; nothing means everything"),
            value: found?.node.kind === 'model' ? `+${found.node.name}` : '',
          });
    if (select === undefined) return undefined;
    return window.withProgress(
      { location: ProgressLocation.Notification, title: l10n.t('Building'), cancellable: true },
      async (progress, token) => {
        const run = this.#controller.createTestRun(new TestRunRequest(), l10n.t('Build'), false);
        try {
          const answer = await this.#ask(outline, run, { kind: 'select', select, exclude: '' }, token, (node) =>
            progress.report({ message: outline.nodes.find((one) => one.id === node)?.name ?? node }),
          );
          if (answer === undefined) return undefined;
          for (const problem of answer.problems) run.appendOutput(`${problem}\r\n`);
          if (answer.problems.length > 0) void window.showWarningMessage(`Headwater: ${answer.problems[0]}`);
          if (answer.results.length > 0) await showText(toSummary(answer.results), 'plaintext');
          return answer.results;
        } finally {
          run.end();
        }
      },
    );
  }

  /** *Headwater: Propose Tests*: tests that the rows of a model speak for; what is chosen is written into its properties file. */
  async #propose(given: unknown): Promise<readonly Proposal[] | undefined> {
    await this.workspace.ready();
    const found = this.#find(given);
    if (found === undefined) return undefined;
    const { outline, node } = found;
    const title = l10n.t('Looking at the rows of {0}', node.name);
    const answer = await window.withProgress({ location: ProgressLocation.Window, title }, () =>
      this.#worker.ask('propose', { project: this.#project(outline), node: node.id }),
    );
    if (answer.proposals.length === 0) {
      const nothing = l10n.t('The rows of {0} speak for no test that it has not yet.', node.name);
      void window.showInformationMessage(`Headwater: ${answer.problem ?? nothing}`);
      return [];
    }
    const items = answer.proposals.map((proposal) => ({
      label: proposal.column,
      description: proposal.name,
      detail: proposal.because,
      picked: true,
      proposal,
    }));
    // A caller that names the node wants the proposals themselves; a person chooses.
    const chosen = await window.showQuickPick(items, { canPickMany: true, title: l10n.t('Tests for {0}', node.name) });
    if (chosen === undefined || chosen.length === 0) return answer.proposals;
    const uri = this.workspace.uriOf(outline.key, answer.path);
    const document = await editor.openTextDocument(uri).then(
      (opened) => opened,
      () => undefined,
    );
    const before = document?.getText() ?? '';
    const picked = chosen.map((item) => item.proposal);
    const text = writeTests(before, { section: answer.section, name: node.name }, picked);
    if (text === undefined) throw new Refusal(l10n.t('{0} is no YAML that tests can be added to.', answer.path));
    const edit = new WorkspaceEdit();
    if (document === undefined) edit.createFile(uri, { contents: new TextEncoder().encode(text) });
    else edit.replace(uri, new Range(document.positionAt(0), document.positionAt(before.length)), text);
    await editor.applyEdit(edit);
    await window.showTextDocument(uri, { preview: true });
    return picked;
  }

  #find(given: unknown): Found | undefined {
    const active = window.activeTextEditor?.document.uri;
    if (typeof given === 'string') return this.workspace.findNode(given);
    return active === undefined ? undefined : this.workspace.findByUri(active);
  }

  /** Runs the tests of one node, as the tree and the graph ask for. */
  async #runNode(given: unknown): Promise<readonly CheckResult[] | undefined> {
    await this.workspace.ready();
    this.#tree.refresh();
    const found = this.#find(given);
    if (found === undefined) return undefined;
    const { outline, node } = found;
    const ids = outline.nodes.filter((one) => one.enabled && (one.id === node.id || one.tested === node.id)).map((one) => one.id);
    const items = ids.flatMap((id) => this.#tree.itemOf(outline.key, id) ?? []);
    const run = this.#controller.createTestRun(new TestRunRequest(items), node.name);
    try {
      const answer = await this.#ask(outline, run, { kind: 'tests', nodes: ids }, run.token);
      return answer?.results;
    } finally {
      run.end();
    }
  }
}

/** Tests with everything that they read. */
function withUpstream(outline: Outline, ids: readonly NodeId[]): readonly NodeId[] {
  const parents = new Map<NodeId, NodeId[]>();
  for (const { from, to } of outline.edges) parents.set(to, [...(parents.get(to) ?? []), from]);
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

/** The tests that stand in a file or below a node of it. */
function affectedBy(outline: Outline, path: string): ReadonlySet<NodeId> {
  const children = new Map<NodeId, NodeId[]>();
  for (const { from, to } of outline.edges) children.set(from, [...(children.get(from) ?? []), to]);
  const open = outline.nodes.filter((node) => node.path === path).map((node) => node.id);
  const found = new Set(open);
  for (let at = open.pop(); at !== undefined; at = open.pop())
    for (const child of children.get(at) ?? [])
      if (!found.has(child)) {
        found.add(child);
        open.push(child);
      }
  return found;
}

/** Opens a text in an untitled editor. */
async function showText(content: string, language: string): Promise<void> {
  const document = await editor.openTextDocument({ content, language });
  await window.showTextDocument(document, { preview: true, preserveFocus: true });
}

/** Every node that ran, with its time and rows. */
function toSummary(results: readonly CheckResult[]): string {
  const cells = results.map((result) => [
    result.status,
    result.kind,
    result.name,
    result.rows === undefined ? '' : String(result.rows),
    result.ms.toFixed(1),
    result.message.split('\n')[0] ?? '',
  ]);
  const table = [['status', 'kind', 'name', 'rows', 'ms', ''], ...cells];
  const widths = [0, 1, 2, 3, 4].map((i) => Math.max(...table.map((row) => (row[i] ?? '').length)));
  const lines = table.map((row) =>
    row
      .map((cell, i) => (i === 3 || i === 4 ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  return `${formatSummary(summarize(results))}\n\n${lines.join('\n')}\n`;
}
