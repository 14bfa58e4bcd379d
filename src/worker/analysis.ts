import { affectedTests } from '../core/checks/affected.ts';
import { completeAt } from '../core/docs/completion.ts';
import { findDefinitions } from '../core/docs/definition.ts';
import { describeNode } from '../core/docs/describe-node.ts';
import { findHighlights } from '../core/docs/highlights.ts';
import { hoverAt } from '../core/docs/hover.ts';
import { findReferences } from '../core/docs/references.ts';
import { planRename } from '../core/docs/rename.ts';
import { signatureAt } from '../core/docs/signature.ts';
import { findSymbols } from '../core/docs/symbols.ts';
import { grainWordsOf } from '../core/keys/grain-words.ts';
import { locateColumn, locateMacro } from '../core/layout/locate-column.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { findModelQuery, parseSql } from '../core/sql/parse.ts';
import type { Position } from '../core/text/span.ts';
import type { AnalysisCalls, FilePosition, FileText, OutlineUpdate, ProjectKey, WorkerHostCalls } from '../protocol.ts';
import type { Handlers, Wire } from '../wire.ts';
import { connect } from '../wire.ts';
import { editorHandlers } from './editor-answers.ts';
import { Outlines, toColumnOutlines } from './outline.ts';
import { Pictures } from './pictures.ts';
import type { WorkerPlatform } from './platform.ts';
import { ProjectStore, type StoredProject } from './project-store.ts';
import type { Pulse } from './pulse.ts';

/** From so many nodes on, trees are shown before columns are traced and problems found. */
const manyNodes = 1000;

/** How long a question may have to wait for what nobody asked for. */
const momentMs = 15;

/** Whether the outline of a project goes out before its columns are known: where nothing is known that they could be followed from. */
function isEarly({ analyzer, isKept, snapshot }: StoredProject): boolean {
  return !isKept && !analyzer.hasTraced && snapshot.advance !== undefined && snapshot.nodes.size >= manyNodes;
}

/** How long nothing must have changed before caches are written. */
const restMs = 4000;

/** Answers everything about the projects of the open folders; each change makes new Snapshots of what it touches. */
export function serveAnalysis(
  platform: WorkerPlatform,
  pulse: Pulse,
): { readonly store: ProjectStore; readonly host: Wire<WorkerHostCalls> } {
  const store = new ProjectStore(
    (folder, disk) => platform.openFolder(host, folder, disk),
    platform.cache(() => host),
    pulse,
  );
  const pictures = new Pictures(
    async (name) => new TextDecoder().decode(await platform.readAsset(host, name)),
    (project, path) => store.modified(project, path),
  );
  /** What the host was told last of every project, by folder and root. */
  const told = new Map<string, ReadonlyMap<string, Outlines>>();
  const getSnapshot = (key: ProjectKey): Snapshot => store.snapshot(key);

  let pause: ReturnType<typeof setTimeout> | undefined;

  const handlers: Handlers<AnalysisCalls> = {
    open: async (ask, signal) => {
      await store.open(ask);
      const projects = await store.projects(ask.folder, signal);
      // Once whoever waits for the outlines has them.
      setTimeout(() => {
        for (const project of projects) if (!isEarly(project)) pictures.warm(project.snapshot, project.key);
      }, 150);
      return wholeOutlines(ask.folder, projects);
    },
    outlines: async ({ folder }, signal) => wholeOutlines(folder, await store.projects(folder, signal)),
    change: async (ask, signal) => {
      await store.change(ask);
      return outlineUpdates(ask.folder, signal);
    },
    edit: async (ask, signal) => {
      await store.edit(ask);
      return outlineUpdates(ask.folder, signal);
    },
    close: ({ folder }) => {
      told.delete(folder);
      store.close(folder);
    },
    columns: ({ project, node }) => toColumnOutlines(getSnapshot(project), node),
    hover: ({ project, path, position }) => hoverAt(getSnapshot(project), path, position),
    columnPlace: ({ project, node, column }) =>
      column === undefined ? locateMacro(getSnapshot(project), node) : locateColumn(getSnapshot(project), node, column),
    complete: (question, signal) => typed(question, signal, completeAt),
    signature: (question, signal) => typed(question, signal, signatureAt),
    references: ({ project, path, position }) => findReferences(getSnapshot(project), path, position),
    highlights: ({ project, path, position }) => findHighlights(getSnapshot(project), path, position),
    rename: ({ project, path, position, name }) => planRename(getSnapshot(project), path, position, name),
    symbols: ({ project, path }) => findSymbols(getSnapshot(project), path),
    definition: ({ project, path, position }) => findDefinitions(getSnapshot(project), path, position),
    compiled: ({ project, node }) => {
      const rendering = getSnapshot(project).texts.get(node)?.rendering;
      return { sql: rendering?.sql ?? '', complete: rendering?.status !== 'needs-data' };
    },
    ctes: ({ project, node }) => {
      const snapshot = getSnapshot(project);
      const query = findModelQuery(parseSql(snapshot.texts.get(node)?.rendering.sql ?? '', snapshot.project.dialect));
      return query?.ctes.map((cte) => cte.name.text) ?? [];
    },
    affectedTests: ({ project, paths }) => affectedTests(getSnapshot(project), paths),
    grain: ({ project, node }) => grainWordsOf(getSnapshot(project), node),
    docs: ({ project, node }) => describeNode(getSnapshot(project), node),
    ...editorHandlers(getSnapshot, (question, signal) => newest(question, signal)),
    ...pictures.handlers(getSnapshot),
  };
  const host: Wire<WorkerHostCalls> = connect<WorkerHostCalls, AnalysisCalls>(platform.port, handlers);
  return { store, host };

  /** Answers about text that may be newer than what the worker was told of. */
  async function typed<Answer>(
    question: FilePosition & { readonly text: string },
    signal: AbortSignal,
    answer: (snapshot: Snapshot, path: string, position: Position) => Answer,
  ): Promise<Answer> {
    return answer(await newest(question, signal), question.path, question.position);
  }

  async function newest({ project, path, text }: FileText, signal: AbortSignal): Promise<Snapshot> {
    const inFolder = project.root === '' ? path : `${project.root}/${path}`;
    if (getSnapshot(project).sources.find(path)?.text !== text) await store.edit({ folder: project.folder, path: inFolder, text });
    const snapshot = await store.newest(project, signal);
    // Somebody typed on meanwhile: an answer about the text of before would stand in the wrong place.
    if ((store.unsaved(project.folder, inFolder) ?? text) !== text)
      throw Object.assign(new Error('newer text came'), { name: 'AbortError' });
    return snapshot;
  }

  async function outlineUpdates(folder: string, signal: AbortSignal): Promise<readonly OutlineUpdate[]> {
    clearTimeout(pause);
    pause = setTimeout(
      () => void store.settle().catch((error: unknown) => host.ask('log', { level: 'warn', message: String(error) })),
      restMs,
    );
    const projects = await store.projects(folder, signal);
    const known = told.get(folder);
    const now = projects.map((project) => ({ project, outlines: known?.get(project.key.root) ?? new Outlines(project.key) }));
    told.set(folder, new Map(now.map(({ project, outlines }) => [project.key.root, outlines])));
    completeLater(folder, projects);
    return now.map(({ project, outlines }) => outlines.update(project.snapshot, project.took, isEarly(project)));
  }

  function wholeOutlines(folder: string, projects: readonly StoredProject[]): readonly OutlineUpdate[] {
    told.delete(folder);
    const now = projects.map((project) => ({ project, outlines: new Outlines(project.key) }));
    told.set(folder, new Map(now.map(({ project, outlines }) => [project.key.root, outlines])));
    completeLater(folder, projects);
    return now.map(({ project, outlines }) => ({
      kind: 'whole',
      outline: outlines.whole(project.snapshot, project.took, isEarly(project)),
    }));
  }

  /** Works out what early outlines are without, a moment at a time so that questions are answered meanwhile, and says when it is there. */
  function completeLater(folder: string, projects: readonly StoredProject[]): void {
    const early = projects.filter(isEarly);
    if (early.length === 0) return;
    const isNewest = (): boolean => early.every(({ key, snapshot }) => store.findSnapshot(key) === snapshot);
    const work = (): void => {
      const until = performance.now() + momentMs;
      const isLeft = early.some(({ key, snapshot }) => {
        pulse.at(key);
        while (performance.now() < until) if (snapshot.advance?.() !== true) return false;
        return true;
      });
      // What changed meanwhile has its own turn.
      if (!isNewest()) return;
      if (isLeft) {
        setTimeout(work, 0);
        return;
      }
      void host.ask('completed', { folder }).catch(() => undefined);
      for (const { snapshot, key } of early) pictures.warm(snapshot, key);
      platform.giveBack?.();
    };
    setTimeout(work, 0);
  }
}
