import type { Dirent } from 'node:fs';
import { lstatSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FileStat, FileSystem } from '../core/text/files.ts';
import { findInside, readInside, readRegularFile } from './confined.ts';

const neverListed = new Set(['.git', 'node_modules', '.venv', 'venv', '__pycache__', '.tox', '.mypy_cache']);

const mostFiles = 200_000;
const mostDepth = 400;
const mostBytes = 2 ** 31 - 1;

/**
 * The files below a folder of the disk; links are followed only where they stay inside it. It reads synchronously, which for thousands of small
 * files costs a fifth of what promises do: those who use it have a thread of their own.
 */
export class Disk implements FileSystem {
  readonly #inside = new Map<string, boolean>();

  constructor(readonly root: string) {}

  list(): Promise<readonly FileStat[]> {
    const found: FileStat[] = [];
    this.#walk('', found, 0);
    return Promise.resolve(found.sort((a, b) => (a.path < b.path ? -1 : 1)));
  }

  async read(path: string): Promise<Uint8Array> {
    const file = join(this.root, path);
    const bytes = this.#isInside(dirname(file)) ? (readRegularFile(file, mostBytes) ?? readInside(this.root, file, mostBytes)) : 'outside';
    if (typeof bytes !== 'string') return bytes;
    throw new Error(bytes === 'outside' ? `${path} leads outside the project` : `${path} cannot be read`);
  }

  /** Whether a folder is in the root when all links on the way to it are followed. */
  #isInside(folder: string): boolean {
    const known = this.#inside.get(folder);
    if (known !== undefined) return known;
    const isInside = findInside(this.root, folder) !== undefined;
    this.#inside.set(folder, isInside);
    return isInside;
  }

  async stat(path: string): Promise<FileStat | undefined> {
    return this.#stat(path);
  }

  #stat(path: string): FileStat | undefined {
    const file = join(this.root, path);
    try {
      const own = lstatSync(file);
      // A link that stays inside is the file that it leads to.
      const inside = own.isSymbolicLink() ? findInside(this.root, file) : file;
      const stat = own.isSymbolicLink() && inside !== undefined ? statSync(inside) : own;
      const { size, mtimeMs: modified } = stat;
      if (inside === undefined || (own.isSymbolicLink() && stat.isDirectory())) return { path, size: 0, modified, unread: 'link' };
      if (stat.isDirectory()) return undefined;
      return stat.isFile() ? { path, size, modified } : { path, size: 0, modified, unread: 'special' };
    } catch {
      return undefined;
    }
  }

  #walk(folder: string, found: FileStat[], depth: number): void {
    let entries: readonly Dirent[];
    try {
      entries = readdirSync(join(this.root, folder), { withFileTypes: true });
    } catch {
      found.push({ path: folder, size: 0, modified: 0, unread: 'unreadable' });
      return;
    }
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (found.length >= mostFiles || depth > mostDepth) {
        found.push({ path: folder, size: 0, modified: 0, unread: 'too-many' });
        return;
      }
      if (entry.isDirectory()) {
        if (!neverListed.has(entry.name)) this.#walk(path, found, depth + 1);
      } else found.push(this.#stat(path) ?? { path, size: 0, modified: 0, unread: entry.name.includes('\ufffd') ? 'name' : 'unreadable' });
    }
  }
}
