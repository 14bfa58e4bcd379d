/** Why a file that is there is not read. */
export type Unread = 'link' | 'unreadable' | 'name' | 'special' | 'too-large' | 'too-many';

/** What is known of a file without reading it. */
export interface FileStat {
  /** Relative to the project's root, with forward slashes. */
  readonly path: string;
  readonly size: number;
  /** Milliseconds since the epoch; with size it tells whether a file must be read again. */
  readonly modified: number;
  /** Says that it cannot be read, and why; it may be a folder then. */
  readonly unread?: Unread;
}

/** The only way the core reaches files: implemented by the disk, by an editor's file system and by memory in tests. */
export interface FileSystem {
  /** Every file below the root except those in folders that are never part of a project (`.git`, `node_modules`, virtualenvs). */
  list(): Promise<readonly FileStat[]>;
  read(path: string): Promise<Uint8Array>;
  stat(path: string): Promise<FileStat | undefined>;
}

/** Where bytes are kept from one start to the next; what was written may be gone or damaged when it is read. */
export interface CacheStore {
  read(name: string): Promise<Uint8Array | undefined>;
  write(name: string, bytes: Uint8Array): Promise<void>;
}
