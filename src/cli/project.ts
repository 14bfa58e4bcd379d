import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { type AnalysisSettings, Analyzer } from '../core/analyze.ts';
import { templateEngine } from '../core/dbt/template-engine.ts';
import { toPlainRecord } from '../core/project/dbt-plain.ts';
import { FilteredFiles, findOutsidePackages, isPackageFile, MountedFiles } from '../core/project/mounted-files.ts';
import { Sources } from '../core/project/sources.ts';
import { readWorld } from '../core/project/world.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { FileSystem } from '../core/text/files.ts';
import { loadYaml } from '../core/text/load-yaml.ts';
import { findInside, isBelowFolder, isNetworkPath } from '../disk/confined.ts';
import { Disk } from '../disk/disk.ts';
import { DiskCache } from '../disk/disk-cache.ts';
import { secondsOfProject } from './allowance.ts';
import { type Invocation, UsageError } from './command.ts';
import { readTimeout } from './engine.ts';
import { readEnvironment } from './environment.ts';
import { FilesWithProfile, findProfiles } from './profiles.ts';
import { allow } from './supervised.ts';
import { withWorld } from './worlds.ts';

/** Whether the command runs where the data is. */
export function isRemote(invocation: Pick<Invocation, 'option'>): boolean {
  return (invocation.option('on') ?? 'local') !== 'local';
}

/** A project opened from the command line. */
export interface OpenedProject {
  readonly root: string;
  readonly files: FileSystem;
  readonly analyzer: Analyzer;
  readonly settings: AnalysisSettings;
  readonly snapshot: Snapshot;
  /** Seconds that one query may take. */
  readonly timeout: number;
}

/** Reads the project that `--project` names. */
export async function openProject(invocation: Invocation, flags: AnalysisSettings['flags'] = {}): Promise<OpenedProject> {
  const root = resolve(invocation.option('project') ?? '.');
  if (!existsSync(root)) throw new UsageError(`There is no folder '${root}'.`);
  if (!statSync(root).isDirectory()) throw new UsageError(`'${root}' is a file: --project needs the folder it lies in.`);
  const timeout = readTimeout(invocation);
  const disk = new Disk(root);
  const near = withWorld(invocation, root, await withOutsidePackages(root, disk, invocation.flag('allow-outside')));
  // Who asks for a target means the profile that dbt would take, wherever it lies.
  const profiles = isRemote(invocation) ? findProfiles(invocation, root) : undefined;
  const files = profiles === undefined ? near : new FilesWithProfile(near, profiles.value);
  const { kept } = invocation;
  const sources = await Sources.read(files, kept?.sources);
  const at = readWorld(sources)?.at;
  const now: AnalysisSettings = {
    ...readSettings(invocation),
    env: readEnvironment(invocation, sources),
    flags,
    ...(at === undefined ? {} : { runStartedAt: at }),
  };
  if (kept !== undefined) {
    const settings = kept.settle({ ...now, folderName: basename(root) });
    const snapshot = kept.analyze(allowed(invocation, sources), settings);
    return { root, files, analyzer: kept.analyzer, settings, snapshot, timeout };
  }
  const settings = now;
  const analyzer = new Analyzer(templateEngine);
  const snapshot = await analyzeKept(
    analyzer,
    allowed(invocation, sources),
    { ...settings, folderName: basename(root) },
    isRemote(invocation) ? undefined : invocation.option('cache'),
  );
  return { root, files, analyzer, settings, snapshot, timeout };
}

/** The same files, after what may be spent on them is known. */
function allowed(invocation: Invocation, sources: Sources): Sources {
  const written = invocation.option('work');
  const seconds = written === undefined ? secondsOfProject(sources.paths.length, sources.textSize) : Number(written);
  if (!(seconds > 0)) throw new UsageError(`'--work' needs a number of seconds, not '${written}'.`);
  allow(seconds, 'Reading the project');
  return sources;
}

/** The Snapshot from the folder that `--cache` names, where nothing changed since it was kept; else a new one, which is kept there. */
async function analyzeKept(
  analyzer: Analyzer,
  sources: Sources,
  settings: AnalysisSettings,
  folder: string | undefined,
): Promise<Snapshot> {
  if (folder === undefined) return analyzer.analyze(sources, settings);
  const cache = new DiskCache(resolve(folder));
  const name = `${settings.folderName ?? 'project'}.cache`;
  const kept = await cache.read(name);
  const revived = kept && analyzer.revive(kept, sources, settings);
  if (revived !== undefined) return revived;
  const snapshot = analyzer.analyze(sources, settings);
  const bytes = analyzer.pack(snapshot, settings);
  if (bytes !== undefined) await cache.write(name, bytes);
  return snapshot;
}

/**
 * Local packages that lie beside the project are read where they are, as `dbt deps` would link them: inside the repository around it, or where the
 * folder around it is the package itself, as of integration tests. Others are read when the user says so.
 */
async function withOutsidePackages(root: string, disk: Disk, isAllowed: boolean): Promise<FileSystem> {
  const around = findWorkspace(root);
  const mounts = (await findOutsidePackages(disk)).flatMap((local) => {
    const folder = resolve(root, local);
    if (isNetworkPath(local) || (!isAllowed && findInside(around, folder) === undefined)) return [];
    if (!existsSync(join(folder, 'dbt_project.yml'))) return [];
    const without = isBelowFolder(folder, root) ? relative(folder, root).split(sep).join('/') : '';
    const at = `dbt_packages/${basename(folder)}`;
    return existsSync(join(root, at)) ? [] : [{ at, files: new FilteredFiles(new Disk(folder), (path) => isPackageFile(path, without)) }];
  });
  return mounts.length === 0 ? disk : new MountedFiles(disk, mounts);
}

/** The folder whose files belong together with a project: that of its repository, else a dbt package around it, else its own. */
function findWorkspace(root: string): string {
  for (let folder = root; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (dirname(folder) === folder) break;
  }
  return existsSync(join(dirname(root), 'dbt_project.yml')) ? dirname(root) : root;
}

function readSettings(invocation: Invocation): Omit<AnalysisSettings, 'env'> {
  const on = invocation.option('on') ?? 'local';
  const target = on === 'local' || on === 'target' ? invocation.option('target') : on;
  return {
    ...(target === undefined ? {} : { target }),
    vars: readVars(invocation.option('vars')),
    runStartedAt: new Date().toISOString(),
    invocationId: crypto.randomUUID(),
  };
}

function readVars(text: string | undefined): AnalysisSettings['vars'] {
  if (text === undefined) return {};
  let value: unknown;
  try {
    value = loadYaml(text);
  } catch (error) {
    throw new UsageError(`--vars is not YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UsageError(`--vars needs a mapping: --vars '{name: value}'.`);
  return toPlainRecord(value);
}
