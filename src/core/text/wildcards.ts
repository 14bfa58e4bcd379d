/** One sign of a pattern such as those of LIKE and of file names: any number of characters, or one that fits. */
export type Wildcard = 'many' | ((character: string) => boolean);

/** Whether a text is what a pattern says, whole. It takes at most as many steps as text and pattern are long, multiplied. */
export function fitsWildcards(characters: string | readonly string[], pattern: readonly Wildcard[]): boolean {
  let at = 0;
  let part = 0;
  let star = -1;
  let resume = 0;
  while (at < characters.length) {
    const wanted = pattern[part];
    if (wanted === 'many') {
      star = part++;
      resume = at;
    } else if (wanted?.(characters[at] ?? '')) {
      at++;
      part++;
    } else if (star === -1) return false;
    else {
      // The last star takes one character more; stars before it need never be looked at again.
      part = star + 1;
      at = ++resume;
    }
  }
  while (pattern[part] === 'many') part++;
  return part === pattern.length;
}

/** Any one character. */
export const anyOne: Wildcard = () => true;

/** That character. */
export function only(character: string): Wildcard {
  return (other) => other === character;
}

/** A pattern in which `*` stands for many characters and everything else for itself. */
export function toWildcards(pattern: string): readonly Wildcard[] {
  return [...pattern].map((sign) => (sign === '*' ? 'many' : only(sign)));
}

/** Whether folders fit patterns one by one, where `**` stands for any number of them. */
export function fitsFolders(
  folders: readonly string[],
  patterns: readonly string[],
  fits: (folder: string, pattern: string) => boolean,
): boolean {
  // Which beginnings of the folders fit the patterns so far.
  let reached = folders.map(() => false);
  let none = true;
  for (const pattern of patterns) {
    const next = folders.map(() => false);
    if (pattern === '**') {
      let open = none;
      for (const [i] of folders.entries()) next[i] = open ||= reached[i] ?? false;
      for (const [i] of folders.entries()) next[i] = (next[i] ?? false) || none;
    } else {
      for (const [i, folder] of folders.entries()) next[i] = (i === 0 ? none : (reached[i - 1] ?? false)) && fits(folder, pattern);
      none = false;
    }
    reached = next;
  }
  return folders.length === 0 ? none : (reached.at(-1) ?? false);
}
