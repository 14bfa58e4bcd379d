import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { inflateSync } from 'node:zlib';
import { findInside, readInside } from '../confined.ts';
import { GitError } from './git-error.ts';
import { type GitObject, ReadBudget } from './object.ts';
import { Pack } from './pack.ts';

const mostLoose = 64 << 20;
const mostIndex = 256 << 20;
const mostPacks = 5000;

/** The objects of a repository: loose ones, packs, and the alternates that lie inside the repository itself. */
export class GitObjects {
  readonly #budget = new ReadBudget();
  readonly #folders: readonly string[];
  #packs: readonly Pack[] | undefined;

  constructor(
    private readonly commonFolder: string,
    private readonly hashName: 'sha1' | 'sha256',
  ) {
    const own = findInside(commonFolder, join(commonFolder, 'objects'));
    this.#folders = own === undefined ? [] : [own, ...readAlternates(commonFolder, own)];
  }

  close(): void {
    for (const pack of this.#packs ?? []) pack.close();
    this.#packs = undefined;
  }

  /** The object of a full hash; undefined where the repository does not hold it. Bytes that belong to another hash are refused. */
  find(hash: string, depth = 0): GitObject | undefined {
    if (depth > 50) throw new GitError('a chain of deltas in the repository has no end');
    const found = this.#findLoose(hash) ?? this.#findPacked(hash, depth);
    if (found !== undefined && depth === 0 && this.#toHash(found) !== hash)
      throw new GitError(`the object ${hash} of the repository is damaged`);
    return found;
  }

  /** The hashes that begin with some hexadecimal digits. */
  startingWith(prefix: string): readonly string[] {
    const found = new Set<string>();
    for (const folder of this.#folders) {
      const inside = findInside(this.commonFolder, join(folder, prefix.slice(0, 2)));
      for (const name of inside === undefined ? [] : readNames(inside)) {
        const hash = prefix.slice(0, 2) + name;
        if (hash.startsWith(prefix) && hash.length === this.hashLength) found.add(hash);
      }
    }
    for (const pack of this.#openPacks()) for (const hash of pack.startingWith(prefix)) found.add(hash);
    return [...found];
  }

  get hashLength(): number {
    return this.hashName === 'sha1' ? 40 : 64;
  }

  #findLoose(hash: string): GitObject | undefined {
    for (const folder of this.#folders) {
      const packed = readInside(this.commonFolder, join(folder, hash.slice(0, 2), hash.slice(2)), mostLoose);
      if (packed === 'too-large') throw new GitError(`the object ${hash} of the repository is larger than ${mostLoose >> 20} MB`);
      if (typeof packed !== 'string') return this.#readLoose(packed, hash);
    }
    return undefined;
  }

  #readLoose(packed: Uint8Array, hash: string): GitObject {
    let bytes: Uint8Array;
    try {
      bytes = inflateSync(packed, { maxOutputLength: mostLoose });
    } catch {
      throw new GitError(`the object ${hash} of the repository is damaged, or larger than ${mostLoose >> 20} MB`);
    }
    this.#budget.spend(bytes.length);
    const end = bytes.subarray(0, 64).indexOf(0);
    const match = /^(commit|tree|blob|tag) (\d+)$/.exec(Buffer.from(bytes.subarray(0, Math.max(end, 0))).toString('latin1'));
    if (match === null || Number(match[2]) !== bytes.length - end - 1)
      throw new GitError(`the object ${hash} of the repository is damaged`);
    return { kind: match[1] as GitObject['kind'], bytes: bytes.subarray(end + 1) };
  }

  #findPacked(hash: string, depth: number): GitObject | undefined {
    for (const pack of this.#openPacks()) {
      const found = pack.find(hash, (other) => this.find(other, depth + 1));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #openPacks(): readonly Pack[] {
    this.#packs ??= this.#folders.flatMap((folder) => {
      const inside = findInside(this.commonFolder, join(folder, 'pack'));
      const names = inside === undefined ? [] : readNames(inside).filter((name) => name.endsWith('.idx'));
      if (names.length > mostPacks) throw new GitError(`the repository has more than ${mostPacks} packs: run \`git gc\``);
      return names.flatMap((name) => this.#openPack(join(inside ?? '', name)));
    });
    return this.#packs;
  }

  #openPack(indexPath: string): Pack | readonly [] {
    const index = readInside(this.commonFolder, indexPath, mostIndex);
    const path = findInside(this.commonFolder, indexPath.replace(/idx$/, 'pack'));
    if (index === 'too-large') throw new GitError(`a pack index of the repository is larger than ${mostIndex >> 20} MB`);
    if (typeof index === 'string' || path === undefined) return [];
    return new Pack(path, index, this.hashLength / 2, this.#budget);
  }

  #toHash({ kind, bytes }: GitObject): string {
    return createHash(this.hashName).update(`${kind} ${bytes.length}\0`).update(bytes).digest('hex');
  }
}

/** Other folders of objects that the repository names: only those inside it, whatever the file says. */
function readAlternates(commonFolder: string, objects: string): readonly string[] {
  const bytes = readInside(commonFolder, join(objects, 'info', 'alternates'), 1 << 16);
  if (typeof bytes === 'string') return [];
  return Buffer.from(bytes)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#') && !line.includes('\0'))
    .slice(0, 32)
    .flatMap((line) => findInside(commonFolder, isAbsolute(line) ? line : resolve(objects, line)) ?? []);
}

function readNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
