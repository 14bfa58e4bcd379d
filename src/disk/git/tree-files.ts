import { GitError } from './git-error.ts';
import type { Repository } from './repository.ts';
import { resolveTree } from './revision.ts';

const mostFiles = 200_000;
const mostFolders = 200_000;
const mostDepth = 100;
const mostBytes = 512 << 20;

/** The files of a revision below the folder that the repository was opened for, those that `wanted` holds for. Links and submodules are left out. */
export function readTreeFiles(
  repository: Repository,
  revision: string,
  wanted: (path: string) => boolean,
): ReadonlyMap<string, Uint8Array> {
  const top = findFolder(repository, resolveTree(repository, revision));
  const found = new Map<string, Uint8Array>();
  if (top === undefined) return found;
  const blobs = new Map<string, Uint8Array>();
  // A folder that stands in many places is read once.
  const trees = new Map<string, readonly TreeEntry[]>();
  let folders = 0;
  let size = 0;
  const visit = (hash: string, prefix: string, depth: number): void => {
    if (++folders > mostFolders || depth > mostDepth) throw new GitError('the revision holds too many folders, or too deep ones');
    const entries = trees.get(hash) ?? readTree(repository, hash);
    if (trees.size < 10_000) trees.set(hash, entries);
    for (const entry of entries) {
      const path = prefix + entry.name;
      if (entry.kind === 'folder') visit(entry.hash, `${path}/`, depth + 1);
      else if (entry.kind === 'file' && wanted(path)) {
        const bytes = blobs.get(entry.hash) ?? readBlob(repository, entry.hash, path);
        if (!blobs.has(entry.hash)) size += bytes.length;
        blobs.set(entry.hash, bytes);
        found.set(path, bytes);
        if (found.size > mostFiles) throw new GitError(`the revision holds more than ${mostFiles.toLocaleString('en')} files`);
        if (size > mostBytes) throw new GitError(`the revision's files hold more than ${mostBytes >> 20} MB`);
      }
    }
  };
  visit(top, '', 0);
  return found;
}

function findFolder(repository: Repository, tree: string): string | undefined {
  let at: string | undefined = tree;
  for (const name of repository.prefix.split('/').filter((part) => part !== '')) {
    if (at === undefined) return undefined;
    at = readTree(repository, at).find((entry) => entry.kind === 'folder' && entry.name === name)?.hash;
  }
  return at;
}

function readBlob(repository: Repository, hash: string, path: string): Uint8Array {
  const found = repository.objects.find(hash);
  if (found?.kind !== 'blob')
    throw new GitError(`'${path}' (${hash}) is not in this clone, and nothing is fetched: fetch it with git, then try again`);
  return found.bytes;
}

interface TreeEntry {
  readonly kind: 'file' | 'folder' | 'other';
  readonly name: string;
  readonly hash: string;
}

function readTree(repository: Repository, hash: string): readonly TreeEntry[] {
  const found = repository.objects.find(hash);
  if (found?.kind !== 'tree')
    throw new GitError(`the folder ${hash} is not in this clone, and nothing is fetched: fetch it with git, then try again`);
  const { bytes } = found;
  const entries: TreeEntry[] = [];
  const hashSize = repository.objects.hashLength / 2;
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const end = space === -1 ? -1 : bytes.indexOf(0, space);
    if (end === -1 || end + 1 + hashSize > bytes.length) throw new GitError(`the folder ${hash} of the repository is damaged`);
    const mode = Buffer.from(bytes.subarray(at, space)).toString('latin1');
    const name = Buffer.from(bytes.subarray(space + 1, end)).toString('utf8');
    const kind = /^0?40000$/.test(mode) ? 'folder' : /^100\d{3}$/.test(mode) ? 'file' : 'other';
    at = end + 1 + hashSize;
    // No file system has such names; what stands in a tree is not checked by anyone.
    if (name === '' || name === '.' || name === '..' || name.includes('/')) continue;
    entries.push({ kind, name, hash: Buffer.from(bytes.subarray(end + 1, at)).toString('hex') });
  }
  return entries;
}
