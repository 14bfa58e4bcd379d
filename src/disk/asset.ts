import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

const unpack = promisify(gunzip);

/** The bytes of a binary file that lies beside a bundle (`folder` is its `__dirname`); the packaged extension carries large ones as `.gz`. */
export async function readAsset(folder: string, name: string): Promise<Uint8Array> {
  try {
    return await readFile(join(folder, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return unpack(await readFile(join(folder, `${name}.gz`)));
  }
}
