import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MountedFiles } from '../core/project/mounted-files.ts';
import { worldFolder } from '../core/project/world.ts';
import type { FileSystem } from '../core/text/files.ts';
import { withNearest } from '../core/text/nearest.ts';
import { Disk } from '../disk/disk.ts';
import { type Invocation, type OptionSpec, UsageError } from './command.ts';

/** Whose rows the sources have. */
export const worldOption: OptionSpec = {
  name: 'world',
  value: 'NAME',
  summary: "the rows of a world in .headwater/worlds instead of the files' (default: files)",
};

/** The name of the world that the rows come from. */
export function worldOf(invocation: Pick<Invocation, 'option'>): string {
  return invocation.option('world') ?? 'files';
}

/** The project's files with those of the world that was chosen; a world that is not there is an error of usage. */
export function withWorld(invocation: Pick<Invocation, 'option'>, root: string, files: FileSystem): FileSystem {
  const name = worldOf(invocation);
  if (name === 'files') return files;
  if (/[\\/]/.test(name)) {
    if (!existsSync(join(name, 'world.yml'))) throw new UsageError(`There is no world in '${name}': it has no world.yml.`);
    return new MountedFiles(files, [{ at: worldFolder, files: new Disk(resolve(name)) }]);
  }
  const folder = join(root, '.headwater/worlds');
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  if (!names.includes(name) || !existsSync(join(folder, name, 'world.yml')))
    throw new UsageError(
      withNearest(`There is no world '${name}' in .headwater/worlds; 'files' stands for the project's own files.`, name, names),
    );
  return new MountedFiles(files, [{ at: worldFolder, files: new Disk(join(folder, name)) }]);
}

/** The folder of a world: of a name below the project, else where the path says. */
export function folderOfWorld(root: string, name: string): string {
  return /[\\/]/.test(name) ? resolve(name) : join(root, '.headwater/worlds', name);
}
