import type { AnalysisSettings } from '../core/analyze.ts';
import { Analyzer } from '../core/analyze.ts';
import { templateEngine } from '../core/dbt/template-engine.ts';
import { findDefinitions } from '../core/docs/definition.ts';
import { describeNode } from '../core/docs/describe-node.ts';
import { hoverAt } from '../core/docs/hover.ts';
import { planPreview } from '../core/engine/plan.ts';
import { toPlainRecord } from '../core/project/dbt-plain.ts';
import { Sources } from '../core/project/sources.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { AnalysisCalls, Outline, ProjectKey, ProjectSettings, WorkerHostCalls } from '../protocol.ts';
import type { Handlers, Wire } from '../wire.ts';
import { connect } from '../wire.ts';
import { findProjectRoots } from './find-projects.ts';
import { FolderFiles } from './folder-files.ts';
import { toColumnOutlines, toOutline } from './outline.ts';
import { Pictures } from './pictures.ts';
import type { WorkerPlatform } from './platform.ts';

interface OpenProject {
  readonly key: ProjectKey;
  /** Remembers what it worked out for the last Snapshot. */
  readonly analyzer: Analyzer;
  snapshot: Snapshot;
  took: number;
}

interface OpenFolder {
  readonly files: FolderFiles;
  readonly disk: string | undefined;
  readonly settings: ProjectSettings;
  /** Fixed for as long as the folder is open, so that nothing is rendered anew because a clock went on. */
  readonly startedAt: string;
  readonly invocationId: string;
  projects: OpenProject[];
}

/** Answers everything about the projects of the open folders; each change makes new Snapshots of what it touches. */
export function serveAnalysis(platform: WorkerPlatform): void {
  const folders = new Map<string, OpenFolder>();
  const pictures = new Pictures(async (name) => new TextDecoder().decode(await platform.readAsset(host, name)));
  // One at a time and in order: an edit must not overtake the reading of its folder.
  let queue: Promise<unknown> = Promise.resolve();
  const inOrder = <Answer>(run: () => Promise<Answer>): Promise<Answer> => {
    const next = queue.then(run, run);
    queue = next.catch(() => undefined);
    return next;
  };

  const handlers: Handlers<AnalysisCalls> = {
    open: ({ folder, disk, settings }, signal) =>
      inOrder(async () => {
        const files = new FolderFiles(platform.openFolder(host, folder, disk));
        await files.list();
        const open: OpenFolder = {
          files,
          disk,
          settings,
          startedAt: new Date().toISOString(),
          invocationId: crypto.randomUUID(),
          projects: [],
        };
        folders.set(folder, open);
        return update(folder, open, () => true, signal);
      }),
    change: ({ folder, paths }, signal) =>
      inOrder(async () => {
        const open = getFolder(folder);
        const changed = await open.files.refresh(paths);
        return update(folder, open, (root) => changed.some((path) => isBelow(path, root)), signal);
      }),
    edit: ({ folder, path, text }, signal) =>
      inOrder(async () => {
        const open = getFolder(folder);
        open.files.edit(path, text);
        return update(folder, open, (root) => isBelow(path, root), signal);
      }),
    close: ({ folder }) => void folders.delete(folder),
    columns: ({ project, node }) => toColumnOutlines(getSnapshot(project), node),
    hover: ({ project, path, position }) => hoverAt(getSnapshot(project), path, position),
    definition: ({ project, path, position }) => findDefinitions(getSnapshot(project), path, position),
    compiled: ({ project, node }) => getSnapshot(project).texts.get(node)?.rendering.sql ?? '',
    docs: ({ project, node }) => describeNode(getSnapshot(project), node),
    plan: ({ question }) => {
      const { project, node } = question;
      if (node === undefined) throw new Error('a preview without a node came here');
      const now = new Date().toISOString().slice(0, 19).replace('T', ' ');
      return { project, disk: getFolder(project.folder).disk, plan: planPreview(getSnapshot(project), node, now) };
    },
    ...pictures.handlers(getSnapshot),
  };
  const host: Wire<WorkerHostCalls> = connect<WorkerHostCalls, AnalysisCalls>(platform.port, handlers);

  async function update(
    folder: string,
    open: OpenFolder,
    isTouched: (root: string) => boolean,
    signal: AbortSignal,
  ): Promise<readonly Outline[]> {
    const before = new Map(open.projects.map((project) => [project.key.root, project]));
    const projects: OpenProject[] = [];
    for (const root of findProjectRoots(open.files.paths)) {
      const known = before.get(root);
      if (known !== undefined && !isTouched(root)) {
        projects.push(known);
        continue;
      }
      const started = performance.now();
      const analyzer = known?.analyzer ?? new Analyzer(templateEngine);
      const sources = await Sources.read(open.files.below(root), known?.snapshot.sources, signal);
      const snapshot = analyzer.analyze(sources, { ...toAnalysisSettings(open), folderName: nameOf(folder, root) }, signal);
      projects.push({ key: { folder, root }, analyzer, snapshot, took: performance.now() - started });
    }
    open.projects = projects;
    return projects.map(({ key, snapshot, took }) => toOutline(key, snapshot, took));
  }

  function getFolder(folder: string): OpenFolder {
    const open = folders.get(folder);
    if (open === undefined) throw new Error(`the folder ${folder} is not open`);
    return open;
  }

  function getSnapshot(key: ProjectKey): Snapshot {
    const project = getFolder(key.folder).projects.find((candidate) => candidate.key.root === key.root);
    if (project === undefined) throw new Error(`there is no project at ${key.root || 'the root'} of ${key.folder}`);
    return project.snapshot;
  }
}

function isBelow(path: string, root: string): boolean {
  return root === '' || path.startsWith(`${root}/`);
}

/** What a project without a name of its own is called: its folder. */
function nameOf(folder: string, root: string): string {
  return decodeURIComponent((root === '' ? folder : root).replace(/\/+$/, '').split('/').at(-1) ?? '') || 'project';
}

/** The editor's environment is never read: what `env_var` answers is set by the user. */
function toAnalysisSettings({ settings, startedAt, invocationId }: OpenFolder): AnalysisSettings {
  return {
    ...(settings.dialect === 'auto' ? {} : { dialect: settings.dialect }),
    ...(settings.target === '' ? {} : { target: settings.target }),
    vars: toPlainRecord(settings.vars),
    env: settings.envVars,
    runStartedAt: startedAt,
    invocationId,
  };
}
