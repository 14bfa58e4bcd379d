import { lstatSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { findInside, isBelowFolder, isNetworkPath, readInside } from '../confined.ts';
import { GitError } from './git-error.ts';
import { GitObjects } from './objects.ts';

/** A repository as its files lie on the disk. Nothing of its configuration counts but the format, and git itself is never started. */
export interface Repository {
  /** Where `HEAD` lies: a folder of its own for each work tree. */
  readonly folder: string;
  /** Where refs and objects lie. */
  readonly commonFolder: string;
  /** The way from the work tree's top to the folder that was asked for, with forward slashes; `''` at the top. */
  readonly prefix: string;
  readonly objects: GitObjects;
}

/** Opens the repository that a folder lies in. Only a `.git` above it counts, never a folder that merely looks like a bare repository. */
export function openRepository(folder: string): Repository {
  const start = realpathSync(folder);
  for (let top = start; ; top = dirname(top)) {
    const found = findGitFolder(top);
    if (found !== undefined) {
      const commonFolder = findCommonFolder(found);
      return {
        folder: found.folder,
        commonFolder,
        prefix: relative(top, start).split(sep).join('/'),
        objects: new GitObjects(commonFolder, readHashName(commonFolder)),
      };
    }
    if (dirname(top) === top) throw new GitError('the folder lies in no git repository');
  }
}

/** The folder that `HEAD` lies in, and the folder that nothing of the repository may lead out of. */
interface GitFolder {
  readonly folder: string;
  readonly boundary: string;
}

function findGitFolder(top: string): GitFolder | undefined {
  const path = join(top, '.git');
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  if (stat.isDirectory()) return isGitFolder(path) ? { folder: path, boundary: path } : undefined;
  if (stat.isSymbolicLink()) {
    const inside = findInside(top, path);
    if (inside === undefined) throw new GitError(`'${path}' is a link that leads outside: it is not followed`);
    return isGitFolder(inside) ? { folder: inside, boundary: top } : undefined;
  }
  const bytes = readInside(top, path, 1 << 14);
  const written = typeof bytes === 'string' ? undefined : /^gitdir: ([^\n\r\0]+)/.exec(Buffer.from(bytes).toString('utf8'))?.[1];
  return written === undefined ? undefined : followGitFile(top, path, written);
}

function isGitFolder(folder: string): boolean {
  return typeof readInside(folder, join(folder, 'HEAD'), 1 << 14) !== 'string';
}

/**
 * A `.git` file names another folder. It is followed into the same work tree, into the `.git` of a work tree around it (a submodule), and
 * to a repository that names this very file as one of its work trees, which only the repository's owner can have written.
 */
function followGitFile(top: string, file: string, written: string): GitFolder {
  const refused = new GitError(`'${file}' names a repository outside the folder: it is not followed`);
  if (isNetworkPath(written)) throw refused;
  const target = resolve(top, written);
  for (let around = top; ; around = dirname(around)) {
    const allowed = around === top ? top : join(around, '.git');
    if (isBelowFolder(allowed, target) && lstatSync(allowed, { throwIfNoEntry: false })?.isDirectory()) {
      const inside = findInside(allowed, target);
      if (inside !== undefined) return { folder: inside, boundary: allowed };
    }
    if (dirname(around) === around) break;
  }
  if (/[\\/](\.git|[^\\/]+\.git)[\\/]worktrees[\\/][^\\/]+$/.test(target)) {
    const back = readInside(target, join(target, 'gitdir'), 1 << 14);
    if (typeof back !== 'string') {
      const named = resolve(target, Buffer.from(back).toString('utf8').trim());
      if (!isNetworkPath(named) && findInside(top, named) === findInside(top, file)) {
        const real = realpathSync(target);
        return { folder: real, boundary: dirname(dirname(real)) };
      }
    }
  }
  throw refused;
}

/** A further work tree's folder says where refs and objects lie: it must be the repository whose `worktrees` it lies in. */
function findCommonFolder({ folder, boundary }: GitFolder): string {
  const bytes = readInside(folder, join(folder, 'commondir'), 1 << 14);
  if (typeof bytes === 'string') return folder;
  const own = dirname(dirname(folder));
  const written = Buffer.from(bytes).toString('utf8').trim();
  if (basename(dirname(folder)) !== 'worktrees' || !isBelowFolder(boundary, own) || resolve(folder, written) !== own)
    throw new GitError(`'${join(folder, 'commondir')}' leads outside the repository`);
  return own;
}

function readHashName(commonFolder: string): 'sha1' | 'sha256' {
  const bytes = readInside(commonFolder, join(commonFolder, 'config'), 1 << 20);
  const text = typeof bytes === 'string' ? '' : Buffer.from(bytes).toString('utf8');
  if (/^\s*refstorage\s*=\s*reftable\s*$/im.test(text)) throw new GitError('refs in the format reftable are not read');
  return /^\s*objectformat\s*=\s*sha256\s*$/im.test(text) ? 'sha256' : 'sha1';
}
