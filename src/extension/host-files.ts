import { FileType, Uri, workspace } from 'vscode';
import type { FileStat } from '../core/text/files.ts';
import type { WorkerHostCalls } from '../protocol.ts';
import type { Handlers } from '../wire.ts';
import type { Platform } from './platform.ts';

const neverListed = new Set(['.git', 'node_modules', '.venv', 'venv', '__pycache__', '.tox', '.mypy_cache']);

/** Answers workers that cannot read a folder themselves, in the browser and where folders are virtual; keeps their caches in a storage. */
export function hostFiles(
  platform: Platform,
  storage: Uri | undefined,
): Pick<Handlers<WorkerHostCalls>, 'list' | 'read' | 'stat' | 'asset' | 'cacheFolder' | 'readCache' | 'writeCache'> {
  return {
    list: async ({ folder }) => {
      const found: FileStat[] = [];
      await walk(Uri.parse(folder), '', found);
      return found.sort((a, b) => (a.path < b.path ? -1 : 1));
    },
    read: ({ folder, path }) => Promise.resolve(workspace.fs.readFile(Uri.joinPath(Uri.parse(folder), path))),
    stat: async ({ folder, path }) => {
      try {
        const stat = await workspace.fs.stat(Uri.joinPath(Uri.parse(folder), path));
        return (stat.type & FileType.File) !== 0 ? { path, size: stat.size, modified: stat.mtime } : undefined;
      } catch {
        return undefined;
      }
    },
    asset: ({ name }) => platform.readAsset(name),
    cacheFolder: () => (storage === undefined ? undefined : platform.diskPath(storage)),
    readCache: async ({ name }) => {
      if (storage === undefined) return undefined;
      try {
        return await workspace.fs.readFile(Uri.joinPath(storage, name));
      } catch {
        return undefined;
      }
    },
    writeCache: async ({ name, bytes }) => {
      if (storage === undefined) return;
      await workspace.fs.createDirectory(storage);
      await workspace.fs.writeFile(Uri.joinPath(storage, name), bytes);
    },
  };
}

async function walk(root: Uri, folder: string, found: FileStat[]): Promise<void> {
  const entries = await workspace.fs.readDirectory(folder === '' ? root : Uri.joinPath(root, folder));
  await Promise.all(
    entries.map(async ([name, type]) => {
      const path = folder === '' ? name : `${folder}/${name}`;
      if ((type & FileType.Directory) !== 0) {
        if (!neverListed.has(name) && (type & FileType.SymbolicLink) === 0) await walk(root, path, found);
      } else if ((type & FileType.File) !== 0) {
        const stat = await workspace.fs.stat(Uri.joinPath(root, path));
        found.push({ path, size: stat.size, modified: stat.mtime });
      }
    }),
  );
}
