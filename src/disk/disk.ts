import { lstat, readdir, readFile, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { FileStat, FileSystem } from '../core/text/files.ts';

const neverListed = new Set(['.git', 'node_modules', '.venv', 'venv', '__pycache__', '.tox', '.mypy_cache']);

/** The files below a folder of the disk; links are followed only where they stay inside it. */
export class Disk implements FileSystem {
  constructor(readonly root: string) {}

  async list(): Promise<readonly FileStat[]> {
    const found: FileStat[] = [];
    await this.#walk(this.root, found);
    return found.sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  async read(path: string): Promise<Uint8Array> {
    const file = await realpath(join(this.root, path));
    if (relative(await realpath(this.root), file).startsWith('..')) throw new Error(`${path} leads outside the project`);
    return readFile(file);
  }

  async stat(path: string): Promise<FileStat | undefined> {
    try {
      const stat = await lstat(join(this.root, path));
      return stat.isFile() ? { path, size: stat.size, modified: stat.mtimeMs } : undefined;
    } catch {
      return undefined;
    }
  }

  async #walk(folder: string, found: FileStat[]): Promise<void> {
    const entries = await readdir(folder, { withFileTypes: true });
    await Promise.all(
      entries.map(async (entry) => {
        const full = join(folder, entry.name);
        if (entry.isDirectory()) {
          if (!neverListed.has(entry.name)) await this.#walk(full, found);
        } else if (entry.isFile()) {
          const stat = await lstat(full);
          found.push({ path: relative(this.root, full).split(sep).join('/'), size: stat.size, modified: stat.mtimeMs });
        }
      }),
    );
  }
}
