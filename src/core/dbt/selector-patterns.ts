import { anyOne, fitsFolders, fitsWildcards, only, type Wildcard } from '../text/wildcards.ts';

const patterns = new Map<string, readonly Wildcard[]>();

/** Whether a name fits a shell pattern (`*`, `?`, `[a-z]`, `[!a-z]`), as Python's fnmatch tells it: `*` also spans slashes. */
export function matches(name: string, pattern: string): boolean {
  return isPattern(pattern) ? fitsWildcards(name, translate(pattern)) : name === pattern;
}

/** Whether a path fits a glob of pathlib: `*` stays within a folder, `**` spans any number of them. */
export function toPathMatcher(glob: string): (path: string) => boolean {
  const clean = glob
    .replaceAll('\\', '/')
    .replace(/^(\.\/)+/, '')
    .replace(/\/+$/, '');
  if (!isPattern(clean)) return (path) => path === clean;
  const written = clean.split('/');
  const segments = written.at(-1) === '**' ? [...written, '*'] : written;
  return (path) => fitsFolders(path.split('/'), segments, matches);
}

export function isPattern(text: string): boolean {
  return /[*?[\]]/.test(text);
}

function translate(pattern: string): readonly Wildcard[] {
  const known = patterns.get(pattern);
  if (known !== undefined) return known;
  const signs: Wildcard[] = [];
  for (const [piece, not, set] of pattern.matchAll(/\[(!?)(\]?[^\]]*)\]|[\s\S]/g)) {
    if (piece === '*') signs.push('many');
    else if (piece === '?') signs.push(anyOne);
    else if (piece.length > 1 && set !== undefined && isOrdered(set)) {
      const fits = new RegExp(`^[${not === '!' ? '^' : ''}${set.replace(/[\\[\]^]/g, '\\$&')}]$`, 's');
      signs.push((character) => fits.test(character));
    } else signs.push(...Array.from({ length: piece.length }, (_, i) => only(piece.charAt(i))));
  }
  if (patterns.size > 500) patterns.clear();
  patterns.set(pattern, signs);
  return signs;
}

/** A range that runs backwards is no regular expression; it matches nothing but itself. */
function isOrdered(set: string): boolean {
  return set !== '' && [...set.matchAll(/(.)-(.)/g)].every(([, low = '', high = '']) => low <= high);
}
