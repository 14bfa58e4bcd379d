/**
 * Where a path that a project writes leads, seen from a folder: both below one root, with forward slashes, `''` for the root itself. Undefined
 * where it leads out of the root, or is no path below it at all: an absolute one, a drive, a share of another computer, an address, a home folder.
 */
export function resolveWritten(from: string, written: string): string | undefined {
  if (/^[\\/~]|^[A-Za-z][\w+.-]*:|\0/.test(written)) return undefined;
  const parts = from === '' ? [] : from.split('/');
  for (const part of written.split(/[\\/]/)) {
    if (part === '..' && parts.pop() === undefined) return undefined;
    if (part !== '..' && part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

/** Whether a path that a project writes leads out of the folder it is written in. */
export function leadsOutside(written: string): boolean {
  return resolveWritten('', written) === undefined;
}

/** A name of the project as the name of one file in a folder of ours, never as a way out of it. */
export function toFileName(name: string): string {
  return (
    name
      .replace(/[^\p{L}\p{N}_.-]/gu, '_')
      .replace(/^\.+/, '_')
      .slice(0, 150) || '_'
  );
}
