import { GitError } from './git-error.ts';
import type { ReadBudget } from './object.ts';

/** The bytes that a delta makes of its base. */
export function applyDelta(base: Uint8Array, delta: Uint8Array, budget: ReadBudget): Uint8Array {
  let at = 0;
  const next = (): number => {
    const byte = delta[at++];
    if (byte === undefined) throw new GitError('a delta of the repository is cut off');
    return byte;
  };
  const readSize = (): number => {
    let size = 0;
    let scale = 1;
    for (let byte = 0x80; byte & 0x80; scale *= 128) {
      byte = next();
      size += (byte & 0x7f) * scale;
    }
    return size;
  };
  if (readSize() !== base.length) throw new GitError('a delta of the repository belongs to another base');
  const size = readSize();
  budget.spend(size);
  const made = new Uint8Array(size);
  let filled = 0;
  const put = (bytes: Uint8Array, wanted: number): void => {
    if (bytes.length !== wanted || filled + wanted > size) throw new GitError('a delta of the repository is damaged');
    made.set(bytes, filled);
    filled += wanted;
  };
  while (at < delta.length) {
    const code = next();
    if (code === 0) throw new GitError('a delta of the repository is damaged');
    if (code < 0x80) {
      put(delta.subarray(at, at + code), code);
      at += code;
      continue;
    }
    let offset = 0;
    let length = 0;
    for (let i = 0; i < 4; i++) if (code & (1 << i)) offset += next() * 256 ** i;
    for (let i = 0; i < 3; i++) if (code & (16 << i)) length += next() * 256 ** i;
    const copied = length === 0 ? 0x10000 : length;
    put(base.subarray(offset, offset + copied), copied);
  }
  if (filled !== size) throw new GitError('a delta of the repository is damaged');
  return made;
}
