import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import type { CacheStore } from '../core/text/files.ts';

/** Caches as files of a folder; a write that fails is forgotten, as everything can be worked out anew. */
export class DiskCache implements CacheStore {
  constructor(readonly folder: string) {}

  read(name: string): Promise<Uint8Array | undefined> {
    return readFile(join(this.folder, name)).catch(() => undefined);
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    const file = join(this.folder, name);
    const written = `${file}.${process.pid}.${threadId}`;
    try {
      await mkdir(this.folder, { recursive: true });
      await writeFile(written, bytes);
      await rename(written, file);
    } catch {
      // A folder that cannot be written to means no cache, and nothing else.
    }
  }
}
