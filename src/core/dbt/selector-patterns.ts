const patterns = new Map<string, RegExp>();

/** Whether a name fits a shell pattern (`*`, `?`, `[a-z]`, `[!a-z]`), as Python's fnmatch tells it: `*` also spans slashes. */
export function matches(name: string, pattern: string): boolean {
  if (!isPattern(pattern)) return name === pattern;
  let regex = patterns.get(pattern);
  if (regex === undefined) {
    regex = new RegExp(`^${translate(pattern, '.*', '.')}$`, 's');
    remember(pattern, regex);
  }
  return regex.test(name);
}

/** Whether a path fits a glob of pathlib: `*` stays within a folder, `**` spans any number of them. */
export function toPathMatcher(glob: string): (path: string) => boolean {
  const clean = glob
    .replaceAll('\\', '/')
    .replace(/^(\.\/)+/, '')
    .replace(/\/+$/, '');
  if (!isPattern(clean)) return (path) => path === clean;
  const regex = new RegExp(
    `^${clean
      .split('/')
      .map((segment, i, all) =>
        segment === '**'
          ? i === all.length - 1
            ? '.*'
            : '(?:[^/]+/)*'
          : `${translate(segment, '[^/]*', '[^/]')}${i === all.length - 1 ? '' : '/'}`,
      )
      .join('')}$`,
  );
  return (path) => regex.test(path);
}

export function isPattern(text: string): boolean {
  return /[*?[\]]/.test(text);
}

function translate(pattern: string, many: string, one: string): string {
  return pattern.replace(/\[(!?)(\]?[^\]]*)\]|[\s\S]/g, (piece, not: string | undefined, set: string | undefined) => {
    if (piece === '*') return many;
    if (piece === '?') return one;
    if (piece.length > 1 && set !== undefined && isOrdered(set)) return `[${not === '!' ? '^' : ''}${set.replace(/[\\[\]^]/g, '\\$&')}]`;
    return piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
}

/** A range that runs backwards is no regular expression; it matches nothing but itself. */
function isOrdered(set: string): boolean {
  return set !== '' && [...set.matchAll(/(.)-(.)/g)].every(([, low = '', high = '']) => low <= high);
}

function remember(pattern: string, regex: RegExp): void {
  if (patterns.size > 500) patterns.clear();
  patterns.set(pattern, regex);
}
