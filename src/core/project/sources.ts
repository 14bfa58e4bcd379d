import { isDataFile, isJsonOfPrograms, packingOf } from '../data/formats.ts';
import { type Unpacked, unpack } from '../data/unpack.ts';
import type { FileStat, FileSystem, Unread } from '../text/files.ts';
import { toHash } from '../text/hash.ts';

/** One file as it was read; its text is decoded when first asked for. */
export interface SourceFile {
  readonly path: string;
  readonly size: number;
  readonly modified: number;
  /** Tells two contents apart; equal for equal bytes. */
  readonly hash: string;
  /** What it holds, unpacked where it is compressed. */
  readonly bytes: Uint8Array;
  /** Why a compressed file cannot be unpacked, which then has no bytes. */
  readonly damage: string | undefined;
  /** The text, or undefined when the bytes are not UTF-8 text. A byte order mark is dropped. */
  readonly text: string | undefined;
}

/** The files of a project by path; immutable, so that two Snapshots can be compared by what they were made of. */
export class Sources {
  readonly #files: ReadonlyMap<string, SourceFile>;
  #sorted: readonly string[] | undefined;

  private constructor(
    files: ReadonlyMap<string, SourceFile>,
    /** The files and folders that are there and were not read. */
    readonly skipped: ReadonlyMap<string, Unread> = new Map(),
  ) {
    this.#files = files;
  }

  static readonly none = new Sources(new Map());

  /** Reads what a project is made of; files that did not change since `previous` are not read again. */
  static async read(files: FileSystem, previous: Sources = Sources.none, signal?: AbortSignal): Promise<Sources> {
    const found = new Map<string, SourceFile>();
    const missing: FileStat[] = [];
    const skipped = new Map<string, Unread>();
    let size = 0;
    for (const stat of await files.list()) {
      const why = isWanted(stat.path) ? (stat.unread ?? unreadBySize(stat, size)) : folderUnread(stat);
      if (why !== undefined) skipped.set(stat.path, why);
      if (why !== undefined || !isWanted(stat.path)) continue;
      size += stat.size;
      const known = previous.#files.get(stat.path);
      if (known && known.size === stat.size && known.modified === stat.modified) found.set(stat.path, known);
      else missing.push(stat);
    }
    for (let at = 0; at < missing.length; at += 64) {
      signal?.throwIfAborted();
      const batch = missing.slice(at, at + 64);
      const read = await Promise.all(batch.map((stat) => files.read(stat.path).catch(() => undefined)));
      for (const [i, bytes] of read.entries()) {
        const stat = batch[i];
        if (stat && bytes) found.set(stat.path, new LazyFile(stat, bytes));
        else if (stat) skipped.set(stat.path, 'unreadable');
      }
    }
    return new Sources(found, skipped);
  }

  /** The same files with some looked at again: those of the paths that were written, came or went. */
  async refresh(files: FileSystem, paths: Iterable<string>): Promise<Sources> {
    const next = new Map(this.#files);
    const skipped = new Map(this.skipped);
    let isSameList = true;
    let size = 0;
    for (const file of next.values()) size += file.size;
    for (const path of paths) {
      const known = next.get(path);
      const there = isWanted(path) ? await files.stat(path) : undefined;
      const why = there && (there.unread ?? unreadBySize(there, size - (known?.size ?? 0)));
      const stat = why === undefined ? there : undefined;
      skipped.delete(path);
      if (why !== undefined) skipped.set(path, why);
      if (known !== undefined && known.size === stat?.size && known.modified === stat.modified) continue;
      const bytes = stat === undefined ? undefined : await files.read(path).catch(() => undefined);
      if (stat !== undefined && bytes !== undefined) next.set(path, new LazyFile(stat, bytes));
      else {
        next.delete(path);
        if (stat !== undefined) skipped.set(path, 'unreadable');
      }
      isSameList &&= (known === undefined) === !next.has(path);
    }
    const sources = new Sources(next, skipped);
    if (isSameList) sources.#sorted = this.#sorted;
    return sources;
  }

  /** Sources of texts and bytes held in memory, for tests and for the command line's standard input. */
  static of(contents: Readonly<Record<string, string | Uint8Array>>): Sources {
    const encoder = new TextEncoder();
    return new Sources(
      new Map(
        Object.entries(contents).map(([path, content]) => {
          const bytes = typeof content === 'string' ? encoder.encode(content) : content;
          return [path, new LazyFile({ path, size: bytes.length, modified: 0 }, bytes)];
        }),
      ),
    );
  }

  /** The same files with some replaced, added, or (undefined) taken away. */
  edit(changes: Readonly<Record<string, string | Uint8Array | undefined>>): Sources {
    const files = new Map(this.#files);
    for (const path of Object.keys(changes)) files.delete(path);
    const added = Sources.of(
      Object.fromEntries(Object.entries(changes).filter((entry): entry is [string, string | Uint8Array] => entry[1] !== undefined)),
    );
    for (const [path, file] of added.#files) files.set(path, file);
    return new Sources(files, this.skipped);
  }

  /** The paths whose files were added, taken away or replaced since an earlier state. */
  changedSince(previous: Sources): readonly string[] {
    const changed: string[] = [];
    for (const [path, file] of this.#files) if (previous.#files.get(path) !== file) changed.push(path);
    if (previous.#files.size + changed.length !== this.#files.size || changed.some((path) => previous.#files.has(path)))
      for (const path of previous.#files.keys()) if (!this.#files.has(path)) changed.push(path);
    return changed;
  }

  /** How many bytes there are of everything that is read as text, data apart. */
  get textSize(): number {
    let size = 0;
    for (const [path, file] of this.#files) if (!isData(path)) size += file.size;
    return size;
  }

  find(path: string): SourceFile | undefined {
    return this.#files.get(path);
  }

  /** All paths in code point order. */
  get paths(): readonly string[] {
    this.#sorted ??= [...this.#files.keys()].sort();
    return this.#sorted;
  }

  /** The paths below a folder (`''` is everything) whose name ends in one of the endings, given with their dots. */
  below(folder: string, ...endings: readonly string[]): readonly string[] {
    const prefix = folder === '' ? '' : `${folder}/`;
    return this.paths.filter(
      (path) => path.startsWith(prefix) && (endings.length === 0 || endings.some((ending) => path.toLowerCase().endsWith(ending))),
    );
  }
}

/** DuckDB's own files are counted as data, which nothing reads yet. */
const isData = (path: string): boolean => isDataFile(path) || /\.duckdb$/i.test(path);
const text = /\.(sql|yml|yaml|md|py|ts|js|mjs)$/i;
// Worlds of rows are kept below .headwater: they are data only where one of them is chosen.
const unwanted = /(^|\/)(node_modules|\.git|\.headwater|site-packages|\.?venv|__pycache__|dbt_internal_packages)\//;
/** What dbt writes lies beside its resource folders; a folder `models/logs` holds models. */
const written = /^(?:(?!(?:models|macros|seeds|data|snapshots|tests|analys[ei]s|docs)\/)[^/]+\/)*(?:target|logs)\//;

/** Whether a path lies in a folder that dbt writes to. */
export function isWrittenByDbt(path: string): boolean {
  return written.test(path);
}

function isWanted(path: string): boolean {
  return (text.test(path) || (isData(path) && !isJsonOfPrograms(path))) && !unwanted.test(path) && !isWrittenByDbt(path);
}

/** Texts are read whole and held, and so is data until an engine has it: all of it together must leave room for the work. */
const mostOfText = 16 << 20;
const mostOfData = 512 << 20;
const mostOfAll = 640 << 20;

function unreadBySize({ path, size }: FileStat, others: number): Unread | undefined {
  return size > (isData(path) ? mostOfData : mostOfText) || size + others > mostOfAll ? 'too-large' : undefined;
}

/** A folder has no ending to tell it by: one that could not be read may have held anything. */
function folderUnread({ path, unread }: FileStat): Unread | undefined {
  return unread !== undefined && !/\.\w+$/.test(path) && !unwanted.test(`${path}/`) && !isWrittenByDbt(`${path}/`) ? unread : undefined;
}

class LazyFile implements SourceFile {
  readonly path: string;
  readonly size: number;
  readonly modified: number;
  #hash: string | undefined;
  #text: string | undefined | null = null;
  #unpacked: Unpacked | undefined;

  constructor(
    stat: FileStat,
    private readonly raw: Uint8Array,
  ) {
    this.path = stat.path;
    this.size = stat.size;
    this.modified = stat.modified;
  }

  get hash(): string {
    this.#hash ??= toHash(this.raw);
    return this.#hash;
  }

  get bytes(): Uint8Array {
    const unpacked = this.#unpack();
    return unpacked === undefined ? this.raw : 'bytes' in unpacked ? unpacked.bytes : nothing;
  }

  get damage(): string | undefined {
    const unpacked = this.#unpack();
    return unpacked !== undefined && 'damage' in unpacked ? unpacked.damage : undefined;
  }

  #unpack(): Unpacked | undefined {
    const packing = packingOf(this.path);
    if (packing !== undefined) this.#unpacked ??= unpack(this.raw, packing);
    return this.#unpacked;
  }

  get text(): string | undefined {
    if (this.#text === null) this.#text = decode(this.bytes);
    return this.#text;
  }
}

const nothing = new Uint8Array();

function decode(bytes: Uint8Array): string | undefined {
  if (bytes.subarray(0, 8192).includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
