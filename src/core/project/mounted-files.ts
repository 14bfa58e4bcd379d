import type { FileStat, FileSystem } from '../text/files.ts';
import { loadYaml } from '../text/load-yaml.ts';
import { leadsOutside } from '../text/paths.ts';
import { isWrittenByDbt } from './sources.ts';
import { isMap, toMaps, toText } from './yaml.ts';

/** A folder outside a project whose files appear below a folder of it. */
export interface Mount {
  /** Relative to the project, without a slash at the end. */
  readonly at: string;
  readonly files: FileSystem;
}

/** The files of a project together with those of folders outside it, as `dbt deps` links local packages into a project. */
export class MountedFiles implements FileSystem {
  constructor(
    private readonly base: FileSystem,
    private readonly mounts: readonly Mount[],
  ) {}

  async list(): Promise<readonly FileStat[]> {
    const own = await this.base.list();
    const mounted = await Promise.all(
      this.mounts.map(async ({ at, files }) => (await files.list()).map((stat) => ({ ...stat, path: `${at}/${stat.path}` }))),
    );
    return [...own, ...mounted.flat()];
  }

  read(path: string): Promise<Uint8Array> {
    const mount = this.#mountOf(path);
    return mount === undefined ? this.base.read(path) : mount.files.read(path.slice(mount.at.length + 1));
  }

  async stat(path: string): Promise<FileStat | undefined> {
    const mount = this.#mountOf(path);
    if (mount === undefined) return this.base.stat(path);
    const stat = await mount.files.stat(path.slice(mount.at.length + 1));
    return stat === undefined ? undefined : { ...stat, path };
  }

  #mountOf(path: string): Mount | undefined {
    return this.mounts.find((mount) => path.startsWith(`${mount.at}/`));
  }
}

/** Some of another file system's files: those that `keep` holds for. */
export class FilteredFiles implements FileSystem {
  constructor(
    private readonly base: FileSystem,
    private readonly keep: (path: string) => boolean,
  ) {}

  async list(): Promise<readonly FileStat[]> {
    return (await this.base.list()).filter((stat) => this.keep(stat.path));
  }

  read(path: string): Promise<Uint8Array> {
    return this.base.read(path);
  }

  stat(path: string): Promise<FileStat | undefined> {
    return this.keep(path) ? this.base.stat(path) : Promise.resolve(undefined);
  }
}

/** The folders outside the project that its packages.yml names as local packages, such as `../`. */
export async function findOutsidePackages(files: FileSystem): Promise<readonly string[]> {
  const found: string[] = [];
  for (const path of ['packages.yml', 'dependencies.yml']) {
    if ((await files.stat(path)) === undefined) continue;
    try {
      const value = loadYaml(new TextDecoder().decode(await files.read(path)));
      for (const map of toMaps(isMap(value) ? value.packages : undefined)) {
        const local = toText(map.local);
        if (local !== undefined && leadsOutside(local)) found.push(local.replace(/\/+$/, ''));
      }
    } catch {
      // What is wrong with the file is said when the project is read.
    }
  }
  return found;
}

/** The package itself without the project that mounts it, its other installed packages and its own tests. */
export function isPackageFile(path: string, without: string): boolean {
  return (
    !(without !== '' && (path === without || path.startsWith(`${without}/`))) &&
    !/(^|\/)(dbt_packages|docs)\//.test(path) &&
    !isWrittenByDbt(path)
  );
}
