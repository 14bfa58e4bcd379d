import type { AnalysisSettings } from '../core/analyze.ts';
import { Analyzer } from '../core/analyze.ts';
import { templateEngine } from '../core/dbt/template-engine.ts';
import { toPlainRecord } from '../core/project/dbt-plain.ts';
import { FilteredFiles, findOutsidePackages, isPackageFile, type Mount, MountedFiles } from '../core/project/mounted-files.ts';
import { Sources } from '../core/project/sources.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { CacheStore, FileSystem } from '../core/text/files.ts';
import { toHash } from '../core/text/hash.ts';
import { resolveWritten } from '../core/text/paths.ts';
import type { FolderCalls, ProjectKey, ProjectSetAside, ProjectSettings } from '../protocol.ts';
import { findProjectRoots } from './find-projects.ts';
import { FolderFiles } from './folder-files.ts';
import type { Pulse } from './pulse.ts';
import { toSetAside } from './set-aside.ts';

/** A project with its newest Snapshot. */
export interface StoredProject {
  readonly key: ProjectKey;
  /** Remembers what it worked out for the last Snapshot. */
  readonly analyzer: Analyzer;
  readonly snapshot: Snapshot;
  /** How long the last analysis took, in milliseconds. */
  readonly took: number;
  /** Folders beside the project that hold packages of it. */
  readonly packages: readonly string[];
  /** Whether the Snapshot is one that was kept, or is kept by now. */
  readonly isKept: boolean;
  /** Whether the analyzer knows how the Snapshot came about, so that it can follow a change. */
  readonly isFollowed: boolean;
}

interface OpenFolder {
  readonly files: FolderFiles;
  readonly settings: ProjectSettings;
  /** Fixed for as long as the folder is open, so that nothing is rendered anew because a clock went on. */
  readonly startedAt: string;
  readonly invocationId: string;
  /** Paths that changed since the projects were last analyzed; every project when undefined. */
  touched: Set<string> | undefined;
  /** The roots of its projects, as long as no file comes or goes. */
  roots: { readonly listing: number; readonly found: readonly string[] } | undefined;
  projects: readonly StoredProject[];
  readonly setAside: readonly ProjectSetAside[];
}

/** The projects of the open folders. Changes are noted at once and analyzed when somebody asks, so that a worker nobody asks stays idle. */
export class ProjectStore {
  readonly #folders = new Map<string, OpenFolder>();
  /** The folders that are read for the first time or anew. */
  readonly #opening = new Set<string>();
  // One at a time and in order.
  #queue: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly openFolder: (folder: string, disk: string | undefined) => FileSystem,
    private readonly cache?: CacheStore,
    /** Hears which project is worked on. */
    private readonly pulse?: Pick<Pulse, 'at' | 'step'>,
  ) {}

  /** Starts with a folder, or anew. */
  open({ folder, disk, settings, unsaved, setAside }: FolderCalls['open']['ask']): Promise<void> {
    this.#opening.add(folder);
    return this.#inOrder(async () => {
      const files = new FolderFiles(this.openFolder(folder, disk));
      await files.list();
      for (const { path, text } of unsaved) files.edit(path, text);
      const startedAt = new Date().toISOString();
      const open: OpenFolder = {
        files,
        settings,
        startedAt,
        invocationId: crypto.randomUUID(),
        touched: undefined,
        roots: undefined,
        projects: [],
        setAside,
      };
      this.#folders.set(folder, open);
      this.#opening.delete(folder);
    });
  }

  change({ folder, paths }: FolderCalls['change']['ask']): Promise<void> {
    return this.#inOrder(async () => {
      const open = this.#get(folder);
      for (const path of await open.files.refresh(paths)) open.touched?.add(path);
    });
  }

  /** Noted at once, so that what is analyzed next is the newest text; an edit must not overtake the reading of its folder. */
  async edit({ folder, path, text }: FolderCalls['edit']['ask']): Promise<void> {
    if (this.#opening.has(folder)) await this.#queue;
    const open = this.#get(folder);
    if (open.files.edit(path, text)) open.touched?.add(path);
  }

  /** The text of a file that was not saved yet. */
  unsaved(folder: string, path: string): string | undefined {
    return this.#get(folder).files.unsaved(path);
  }

  /** When a file of a project was written last, in milliseconds. */
  modified({ folder, root }: ProjectKey, path: string): number | undefined {
    return this.#folders.get(folder)?.files.modified(root === '' ? path : `${root}/${path}`);
  }

  close(folder: string): void {
    this.#folders.delete(folder);
  }

  /** The projects of a folder, analyzed where something changed. */
  projects(folder: string, signal: AbortSignal): Promise<readonly StoredProject[]> {
    return this.#inOrder(async () => {
      const open = this.#get(folder);
      if (open.touched?.size !== 0) await pause();
      signal.throwIfAborted();
      const { touched } = open;
      open.touched = new Set();
      try {
        open.projects = await this.#analyze(open, folder, touched, signal);
      } catch (error) {
        open.touched = touched === undefined ? undefined : new Set([...touched, ...open.touched]);
        throw error;
      }
      return open.projects;
    });
  }

  async #analyze(
    open: OpenFolder,
    folder: string,
    touched: ReadonlySet<string> | undefined,
    signal: AbortSignal,
  ): Promise<readonly StoredProject[]> {
    const before = new Map(open.projects.map((project) => [project.key.root, project]));
    const projects: StoredProject[] = [];
    if (open.roots?.listing !== open.files.listing) open.roots = { listing: open.files.listing, found: findProjectRoots(open.files.paths) };
    for (const root of open.roots.found) {
      const known = before.get(root);
      if (known !== undefined && touched !== undefined && !isTouched(touched, [root, ...known.packages])) {
        projects.push(known);
        continue;
      }
      const started = performance.now();
      const settings = settingsOf(open, { folder, root });
      const aside = open.setAside.find((one) => one.root === root);
      if (aside !== undefined) {
        const paths = (await open.files.below(root).list()).map(({ path }) => path);
        const snapshot = toSetAside(settings, paths, aside.because);
        const analyzer = new Analyzer(templateEngine);
        projects.push({ key: { folder, root }, analyzer, snapshot, took: 0, packages: [], isKept: true, isFollowed: true });
        continue;
      }
      this.pulse?.at({ folder, root });
      const analyzer = known?.analyzer ?? new Analyzer(templateEngine, () => this.pulse?.step());
      const { sources, packages } = await readSources(open.files, root, known, touched, signal);
      const kept = known === undefined ? await this.#revive(analyzer, sources, settings, { folder, root }) : undefined;
      const snapshot = kept ?? analyzer.analyze(sources, settings, signal);
      const isKept = kept !== undefined;
      projects.push({
        key: { folder, root },
        analyzer,
        snapshot,
        took: performance.now() - started,
        packages,
        isKept,
        isFollowed: !isKept,
      });
    }
    return projects;
  }

  /** Uses a pause: keeps Snapshots for the next start, and gets ready to follow changes of those that were kept from the last. */
  settle(): Promise<void> {
    return this.#inOrder(async () => {
      for (const open of this.#folders.values()) {
        if (open.touched === undefined || open.touched.size > 0) continue;
        const settled: StoredProject[] = [];
        for (const project of open.projects) {
          this.pulse?.at(project.key);
          const settings = settingsOf(open, project.key);
          const snapshot = project.isFollowed ? project.snapshot : project.analyzer.analyze(project.snapshot.sources, settings);
          if (!project.isKept) {
            const bytes = project.analyzer.pack(snapshot, settings);
            if (bytes !== undefined) await this.cache?.write(cacheName(project.key), bytes);
          }
          settled.push({ ...project, snapshot, isKept: true, isFollowed: true });
        }
        open.projects = settled;
      }
    });
  }

  async #revive(analyzer: Analyzer, sources: Sources, settings: AnalysisSettings, key: ProjectKey): Promise<Snapshot | undefined> {
    const bytes = await this.cache?.read(cacheName(key));
    return bytes && analyzer.revive(bytes, sources, settings);
  }

  /** The newest Snapshot that was made of a project. */
  snapshot(key: ProjectKey): Snapshot {
    return this.#find(key).snapshot;
  }

  /** The newest Snapshot of a project that may have been closed. */
  findSnapshot(key: ProjectKey): Snapshot | undefined {
    return this.#folders.get(key.folder)?.projects.find((candidate) => candidate.key.root === key.root)?.snapshot;
  }

  /** The Snapshot of a project with everything that was noted. */
  async newest(key: ProjectKey, signal: AbortSignal): Promise<Snapshot> {
    await this.projects(key.folder, signal);
    return this.#find(key).snapshot;
  }

  #find(key: ProjectKey): StoredProject {
    const project = this.#get(key.folder).projects.find((candidate) => candidate.key.root === key.root);
    if (project === undefined) throw new Error(`there is no project at ${key.root || 'the root'} of ${key.folder}`);
    this.pulse?.at(project.key);
    return project;
  }

  #get(folder: string): OpenFolder {
    const open = this.#folders.get(folder);
    if (open === undefined) throw new Error(`the folder ${folder} is not open`);
    return open;
  }

  #inOrder<Answer>(run: () => Promise<Answer>): Promise<Answer> {
    const next = this.#queue.then(run, run);
    this.#queue = next.catch(() => undefined);
    return next;
  }
}

/** Lets messages in that wait already, such as newer text or the end of a question, before work begins that nothing can interrupt. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** The files of a project: where it is known which of them changed, only those are looked at. */
async function readSources(
  all: FolderFiles,
  root: string,
  known: StoredProject | undefined,
  touched: ReadonlySet<string> | undefined,
  signal: AbortSignal,
): Promise<{ readonly sources: Sources; readonly packages: readonly string[] }> {
  const own = [...(touched ?? [])].filter((path) => isBelow(path, root)).map((path) => path.slice(root === '' ? 0 : root.length + 1));
  const isListed = own.some((path) => path === 'packages.yml' || path === 'dependencies.yml');
  if (known !== undefined && touched !== undefined && known.packages.length === 0 && !isListed)
    return { sources: await known.snapshot.sources.refresh(all.below(root), own), packages: [] };
  const { files, packages } = await withPackages(all, root);
  return { sources: await Sources.read(files, known?.snapshot.sources, signal), packages };
}

/** Local packages that lie beside the project in the folder are read where they are, as `dbt deps` would link them. */
async function withPackages(all: FolderFiles, root: string): Promise<{ readonly files: FileSystem; readonly packages: readonly string[] }> {
  const own = all.below(root);
  const mounts: Mount[] = [];
  const packages: string[] = [];
  for (const local of await findOutsidePackages(own)) {
    const place = resolveWritten(root, local);
    if (place === undefined) continue;
    const files = all.below(place);
    const at = `dbt_packages/${place.split('/').at(-1) || 'package'}`;
    if ((await files.stat('dbt_project.yml')) === undefined || (await own.stat(`${at}/dbt_project.yml`)) !== undefined) continue;
    const without = isBelow(root, place) ? root.slice(place === '' ? 0 : place.length + 1) : '';
    mounts.push({ at, files: new FilteredFiles(files, (path) => isPackageFile(path, without)) });
    packages.push(place);
  }
  return { files: mounts.length === 0 ? own : new MountedFiles(own, mounts), packages };
}

function isTouched(touched: ReadonlySet<string>, roots: readonly string[]): boolean {
  return [...touched].some((path) => roots.some((root) => isBelow(path, root)));
}

function isBelow(path: string, root: string): boolean {
  return root === '' || path.startsWith(`${root}/`);
}

/** What a project without a name of its own is called: its folder. */
function nameOf(folder: string, root: string): string {
  if (root !== '') return root.split('/').at(-1) ?? 'project';
  const name = folder.replace(/\/+$/, '').split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(name) || 'project';
  } catch {
    return name;
  }
}

function cacheName({ folder, root }: ProjectKey): string {
  return `${toHash(`${folder}\n${root}`)}.cache`;
}

function settingsOf(open: OpenFolder, { folder, root }: ProjectKey): AnalysisSettings {
  return { ...toAnalysisSettings(open), folderName: nameOf(folder, root) };
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
