import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { isAbsolute, relative, sep } from 'node:path';

/** Whether a path is a folder or lies below it, by its spelling alone: `..shop` lies below, another drive does not. */
export function isBelowFolder(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** Where a path leads when every link on the way is followed; undefined where that is outside the folder, or where nothing is there. */
export function findInside(folder: string, path: string): string | undefined {
  if (isNetworkPath(path)) return undefined;
  try {
    const real = realpathSync(path);
    return isBelowFolder(realpathSync(folder), real) ? real : undefined;
  } catch {
    return undefined;
  }
}

/** Whether opening a path would ask another computer or a device of Windows: `\\server\share`, `//server/share`, `\\?\…`. */
export function isNetworkPath(path: string): boolean {
  return /^[\\/]{2}/.test(path);
}

export type Unread = 'outside' | 'missing' | 'not-a-file' | 'too-large';

/**
 * The bytes of a regular file inside a folder, or why there are none. A pipe or a device is never waited for, and a link is followed only
 * where it stays inside.
 */
export function readInside(folder: string, path: string, most: number): Uint8Array | Unread {
  const real = findInside(folder, path);
  if (real === undefined) return isBelowFolder(folder, path) && !exists(path) ? 'missing' : 'outside';
  return readRegularFile(real, most) ?? 'missing';
}

/** The bytes of a regular file; undefined where the path is a link, or nothing that can be opened. */
export function readRegularFile(path: string, most: number): Uint8Array | 'not-a-file' | 'too-large' | undefined {
  let descriptor: number;
  try {
    // Windows has neither of the two: links are told by their real path there.
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0));
  } catch {
    return undefined;
  }
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) return 'not-a-file';
    if (stat.size > most) return 'too-large';
    return readAt(descriptor, 0, stat.size);
  } catch {
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}

/** The bytes at a place of an open file; fewer where the file ends before. */
export function readAt(descriptor: number, position: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const read = readSync(descriptor, bytes, filled, length - filled, position + filled);
    if (read === 0) break;
    filled += read;
  }
  return filled === length ? bytes : bytes.subarray(0, filled);
}

function exists(path: string): boolean {
  try {
    realpathSync(path);
    return true;
  } catch {
    return false;
  }
}
