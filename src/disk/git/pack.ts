import { closeSync, fstatSync, openSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { readAt } from '../confined.ts';
import { applyDelta } from './delta.ts';
import { GitError } from './git-error.ts';
import type { GitObject, ReadBudget } from './object.ts';

const objectKinds: Readonly<Record<number, GitObject['kind']>> = { 1: 'commit', 2: 'tree', 3: 'blob', 4: 'tag' };
const offsetDelta = 6;
const hashDelta = 7;
/** Git itself makes chains of at most 4,095 deltas. */
const mostDeltas = 4095;

/** One packfile with its index; offsets and counts of the file are checked before they are used. */
export class Pack {
  readonly #descriptor: number;
  readonly #end: number;
  readonly #index: DataView;
  readonly #count: number;
  /** Bases that deltas were applied to; neighbours in a pack share them. */
  readonly #bases = new Map<number, GitObject>();
  #basesSize = 0;

  constructor(
    path: string,
    private readonly indexBytes: Uint8Array,
    private readonly hashSize: number,
    private readonly budget: ReadBudget,
  ) {
    const index = new DataView(indexBytes.buffer, indexBytes.byteOffset, indexBytes.byteLength);
    if (index.byteLength < 1032 || index.getUint32(0) !== 0xff744f63 || index.getUint32(4) !== 2)
      throw new GitError('a pack index of the repository has an unknown format');
    this.#index = index;
    this.#count = index.getUint32(8 + 255 * 4);
    if (index.byteLength < 1032 + this.#count * (hashSize + 8)) throw new GitError('a pack index of the repository is cut off');
    this.#descriptor = openSync(path, 'r');
    this.#end = fstatSync(this.#descriptor).size;
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  /** The hashes that begin with the given hexadecimal digits, two at most: one says which, two say that it is not clear. */
  startingWith(prefix: string): readonly string[] {
    const found: string[] = [];
    for (let at = this.#lowerBound(prefix); at < this.#count && found.length < 2; at++) {
      const hash = this.#hashAt(at);
      if (!hash.startsWith(prefix)) break;
      found.push(hash);
    }
    return found;
  }

  find(hash: string, readElsewhere: (hash: string) => GitObject | undefined): GitObject | undefined {
    const at = this.#lowerBound(hash);
    if (at >= this.#count || this.#hashAt(at) !== hash) return undefined;
    return this.#readAt(this.#offsetAt(at), readElsewhere);
  }

  #readAt(start: number, readElsewhere: (hash: string) => GitObject | undefined): GitObject {
    const deltas: Uint8Array[] = [];
    let offset = start;
    for (;;) {
      const known = this.#bases.get(offset);
      if (known !== undefined) return this.#apply(known, deltas, start);
      const { type, size, body } = this.#header(offset);
      const kind = objectKinds[type];
      if (kind !== undefined) {
        const found = { kind, bytes: this.#inflate(body, size) };
        if (deltas.length > 0) this.#keep(offset, found);
        return this.#apply(found, deltas, start);
      }
      if (deltas.length >= mostDeltas) throw new GitError('a chain of deltas in the repository has no end');
      if (type === offsetDelta) {
        const { back, next } = this.#readBack(body);
        deltas.push(this.#inflate(next, size));
        if (back <= 0 || back > offset) throw new GitError('a delta of the repository has no base');
        offset -= back;
      } else if (type === hashDelta) {
        const hash = toHex(readAt(this.#descriptor, body, this.hashSize));
        deltas.push(this.#inflate(body + this.hashSize, size));
        const at = this.#lowerBound(hash);
        if (at < this.#count && this.#hashAt(at) === hash) offset = this.#offsetAt(at);
        else {
          const base = readElsewhere(hash);
          if (base === undefined) throw new GitError('a delta of the repository has no base');
          return this.#apply(base, deltas, start);
        }
      } else throw new GitError('a pack of the repository holds an object of an unknown kind');
    }
  }

  #apply(base: GitObject, deltas: readonly Uint8Array[], start: number): GitObject {
    let { bytes } = base;
    for (const delta of [...deltas].reverse()) bytes = applyDelta(bytes, delta, this.budget);
    const found = { kind: base.kind, bytes };
    if (deltas.length > 0) this.#keep(start, found);
    return found;
  }

  #keep(offset: number, object: GitObject): void {
    if (object.bytes.length > 1 << 20) return;
    if (this.#basesSize > 32 << 20) {
      this.#bases.clear();
      this.#basesSize = 0;
    }
    this.#bases.set(offset, object);
    this.#basesSize += object.bytes.length;
  }

  #header(offset: number): { readonly type: number; readonly size: number; readonly body: number } {
    const bytes = readAt(this.#descriptor, offset, 16);
    let byte = bytes[0] ?? 0;
    const type = (byte >> 4) & 7;
    let size = byte & 15;
    let scale = 16;
    let at = 1;
    while (byte & 0x80) {
      if (at >= bytes.length || at > 9) throw new GitError('a pack of the repository is cut off');
      byte = bytes[at++] ?? 0;
      size += (byte & 0x7f) * scale;
      scale *= 128;
    }
    return { type, size, body: offset + at };
  }

  /** How far before a delta its base begins, and where the delta itself does. */
  #readBack(body: number): { readonly back: number; readonly next: number } {
    const bytes = readAt(this.#descriptor, body, 10);
    let at = 0;
    let byte = bytes[at++] ?? 0;
    let back = byte & 0x7f;
    while (byte & 0x80) {
      if (at >= bytes.length) throw new GitError('a pack of the repository is cut off');
      byte = bytes[at++] ?? 0;
      back = (back + 1) * 128 + (byte & 0x7f);
    }
    return { back, next: body + at };
  }

  #inflate(position: number, size: number): Uint8Array {
    this.budget.spend(size);
    // How long the packed bytes are stands nowhere: almost always they are no longer than the bytes themselves.
    const most = Math.max(0, this.#end - position);
    for (let length = Math.min(most, size + (size >> 8) + 256); ; length = Math.min(most, length * 4)) {
      try {
        const bytes = inflateSync(readAt(this.#descriptor, position, length), { maxOutputLength: Math.max(size, 1) });
        if (bytes.length === size) return bytes;
      } catch {
        // Cut off in the middle, or damaged: a longer piece shows which.
      }
      if (length >= most || length > 4 * size + (1 << 16)) throw new GitError('an object of the repository is damaged');
    }
  }

  #hashAt(at: number): string {
    const start = 1032 + at * this.hashSize;
    return toHex(this.indexBytes.subarray(start, start + this.hashSize));
  }

  #offsetAt(at: number): number {
    const small = this.#index.getUint32(1032 + this.#count * (this.hashSize + 4) + at * 4);
    if (small < 0x80000000) return small;
    const big = 1032 + this.#count * (this.hashSize + 8) + (small - 0x80000000) * 8;
    if (big + 8 > this.#index.byteLength) throw new GitError('a pack index of the repository is cut off');
    return Number(this.#index.getBigUint64(big));
  }

  #lowerBound(hash: string): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#hashAt(middle) < hash) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
