import type { FileStat, FileSystem } from '../core/text/files.ts';

interface Unsaved {
  readonly text: string;
  readonly bytes: Uint8Array;
  /** Stands in for the time of writing, so that what is keyed by it notices every keystroke. */
  readonly modified: number;
}

/** The files of one folder as the editor sees them: listed once, kept up with changes, unsaved text in front of the disk. */
export class FolderFiles {
  #files = new Map<string, FileStat>();
  readonly #unsaved = new Map<string, Unsaved>();
  #keystrokes = 0;
  #listing = 0;

  constructor(private readonly base: FileSystem) {}

  get paths(): Iterable<string> {
    return this.#files.keys();
  }

  /** Tells two states apart between which files came or went. */
  get listing(): number {
    return this.#listing;
  }

  /** Lists the folder anew. */
  async list(): Promise<void> {
    this.#listing++;
    this.#files = new Map((await this.base.list()).map((stat) => [stat.path, stat]));
  }

  /** Looks at files that were written, created or deleted; a folder that went takes its files along. Answers those that differ. */
  async refresh(paths: readonly string[]): Promise<readonly string[]> {
    const changed: string[] = [];
    for (const path of paths) {
      const stat = await this.base.stat(path);
      const before = this.#files.get(path);
      if (stat !== undefined) {
        if (before?.modified === stat.modified && before.size === stat.size) continue;
        if (before === undefined) this.#listing++;
        this.#files.set(path, stat);
        changed.push(path);
        continue;
      }
      for (const known of [...this.#files.keys()])
        if (known === path || known.startsWith(`${path}/`)) {
          this.#files.delete(known);
          this.#listing++;
          changed.push(known);
        }
    }
    return changed;
  }

  /** Puts unsaved text in front of a file, or takes it away; false where that is how it was. */
  edit(path: string, text: string | undefined): boolean {
    if (this.#unsaved.get(path)?.text === text) return false;
    if (text === undefined) this.#unsaved.delete(path);
    else this.#unsaved.set(path, { text, bytes: new TextEncoder().encode(text), modified: ++this.#keystrokes });
    return true;
  }

  /** The unsaved text in front of a file. */
  unsaved(path: string): string | undefined {
    return this.#unsaved.get(path)?.text;
  }

  /** When a file was written last, in milliseconds. */
  modified(path: string): number | undefined {
    return this.#files.get(path)?.modified;
  }

  /** The files below a project's root, with paths relative to it. */
  below(root: string): FileSystem {
    const prefix = root === '' ? '' : `${root}/`;
    const toStat = (stat: FileStat): FileStat => {
      const unsaved = this.#unsaved.get(stat.path);
      const path = stat.path.slice(prefix.length);
      // A negative time can belong to no file on disk, so that saving the same text is noticed as well.
      return unsaved === undefined ? { ...stat, path } : { path, size: unsaved.bytes.length, modified: -unsaved.modified };
    };
    return {
      list: async () => [...this.#files.values()].filter((stat) => stat.path.startsWith(prefix)).map(toStat),
      read: (path) => {
        const unsaved = this.#unsaved.get(prefix + path);
        return unsaved === undefined ? this.base.read(prefix + path) : Promise.resolve(unsaved.bytes);
      },
      stat: async (path) => {
        const stat = this.#files.get(prefix + path);
        return stat === undefined ? undefined : toStat(stat);
      },
    };
  }
}
