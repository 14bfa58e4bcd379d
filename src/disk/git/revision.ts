import { join } from 'node:path';
import { readInside } from '../confined.ts';
import { GitError } from './git-error.ts';
import type { GitObject } from './object.ts';
import type { Repository } from './repository.ts';

const heads = new Set(['HEAD', 'FETCH_HEAD', 'ORIG_HEAD', 'MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD']);
const mostSteps = 100_000;

/** The hash of the tree that a revision names: a branch, tag or commit, with `~N` and `^N` behind it. */
export function resolveTree(repository: Repository, revision: string): string {
  const match = /^([^~^:]+)((?:[~^]\d*|\^\{(?:commit|tree|)\})*)$/.exec(revision);
  const [, written, suffixes = ''] = match ?? [];
  const name = written === '@' ? 'HEAD' : written;
  if (name === undefined || name.includes('@{') || name.includes('..'))
    throw new GitError('only a branch, a tag or a commit can be compared with, with ~N or ^N behind it');
  let hash = findName(repository, name);
  let steps = 0;
  for (const [, mark, digits, braces] of suffixes.matchAll(/([~^])(\d*)(\{\w*\})?/g)) {
    if (braces !== undefined) continue;
    const count = digits === '' ? 1 : Number(digits);
    if (mark === '~') {
      for (let i = 0; i < count; i++) {
        if (++steps > mostSteps) throw new GitError(`'${revision}' goes back too far`);
        hash = parentOf(repository, hash, 1);
      }
    } else if (count > 0) hash = parentOf(repository, hash, count);
  }
  const { kind, bytes, at } = peel(repository, hash);
  if (kind === 'tree') return at;
  return readHeader(bytes, 'tree')[0] ?? fail(`the commit ${at} has no tree`);
}

function parentOf(repository: Repository, hash: string, which: number): string {
  const { kind, bytes, at } = peel(repository, hash);
  const parents = kind === 'commit' ? readHeader(bytes, 'parent') : [];
  return parents[which - 1] ?? fail(`the commit ${at.slice(0, 12)} has no ${which === 1 ? 'parent' : `parent ${which}`}`);
}

/** The commit or tree behind an object, through tags. */
function peel(repository: Repository, hash: string): GitObject & { readonly at: string } {
  let at = hash;
  for (let depth = 0; depth < 16; depth++) {
    const found = repository.objects.find(at);
    if (found === undefined)
      throw new GitError(`the object ${at} is not in this clone, and nothing is fetched: fetch it with git, then try again`);
    if (found.kind === 'commit' || found.kind === 'tree') return { ...found, at };
    if (found.kind === 'blob') throw new GitError('it names a file, not a commit');
    at = readHeader(found.bytes, 'object')[0] ?? fail('a tag names no object');
  }
  return fail('a tag names only other tags');
}

/** The hashes of a header's lines of one name. */
function readHeader(bytes: Uint8Array, name: string): readonly string[] {
  const found: string[] = [];
  const text = Buffer.from(bytes.subarray(0, 1 << 16)).toString('latin1');
  for (const line of text.split('\n')) {
    if (line === '') break;
    const match = /^(\w+) ([0-9a-f]{40,64})$/.exec(line);
    if (match?.[1] === name && match[2] !== undefined) found.push(match[2]);
  }
  return found;
}

function findName(repository: Repository, name: string): string {
  const { objects } = repository;
  if (name.length === objects.hashLength && /^[0-9a-f]+$/.test(name)) return name;
  const packed = readPackedRefs(repository);
  const candidates = [
    ...(heads.has(name) || name.startsWith('refs/') ? [name] : []),
    `refs/${name}`,
    `refs/tags/${name}`,
    `refs/heads/${name}`,
    `refs/remotes/${name}`,
    `refs/remotes/${name}/HEAD`,
  ];
  for (const candidate of candidates) {
    const hash = readRef(repository, candidate, packed);
    if (hash !== undefined) return hash;
  }
  if (/^[0-9a-f]{4,}$/.test(name)) {
    const found = objects.startingWith(name);
    if (found.length > 1) throw new GitError(`several objects begin with '${name}'`);
    if (found[0] !== undefined) return found[0];
  }
  return fail(`there is no branch, tag or commit '${name}'`);
}

function readRef(repository: Repository, start: string, packed: ReadonlyMap<string, string>): string | undefined {
  let name = start;
  for (let depth = 0; depth < 6; depth++) {
    if (!isRefName(name)) return undefined;
    const folder = heads.has(name) || name.startsWith('refs/worktree/') ? repository.folder : repository.commonFolder;
    const bytes = readInside(folder, join(folder, name), 1 << 20);
    if (typeof bytes === 'string') return packed.get(name);
    const text = Buffer.from(bytes).toString('utf8');
    const next = /^ref:\s*(refs\/\S+)/.exec(text)?.[1];
    if (next === undefined) return /^([0-9a-f]{64}|[0-9a-f]{40})(?=\s|$)/.exec(text)?.[1];
    name = next;
  }
  return undefined;
}

function isRefName(name: string): boolean {
  return heads.has(name) || (/^refs\/[^\p{Cc}\\:?*[~^ ]+$/u.test(name) && !name.includes('..') && !name.includes('//'));
}

function readPackedRefs({ commonFolder }: Repository): ReadonlyMap<string, string> {
  const bytes = readInside(commonFolder, join(commonFolder, 'packed-refs'), 64 << 20);
  const text = typeof bytes === 'string' ? '' : Buffer.from(bytes).toString('utf8');
  return new Map([...text.matchAll(/^([0-9a-f]{40,64}) (refs\/\S+)$/gm)].map(([, hash = '', name = '']) => [name, hash]));
}

function fail(message: string): never {
  throw new GitError(message);
}
