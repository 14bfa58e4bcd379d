import { GitError } from './git-error.ts';

/** What a repository keeps under a hash. */
export interface GitObject {
  readonly kind: 'commit' | 'tree' | 'blob' | 'tag';
  readonly bytes: Uint8Array;
}

const mostOfOne = 64 << 20;
const mostOfAll = 4 * 2 ** 30;

/** How much may be unpacked: a repository is project content like any other, and a small one can unpack to terabytes. */
export class ReadBudget {
  #spent = 0;

  spend(bytes: number): void {
    if (bytes > mostOfOne) throw new GitError(`an object of the repository is larger than ${mostOfOne >> 20} MB`);
    this.#spent += bytes + 64;
    if (this.#spent > mostOfAll) throw new GitError('the repository unpacks to more than 4 GB');
  }
}
