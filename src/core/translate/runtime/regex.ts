import { CountedPattern } from '../../jinja/counted-pattern.ts';
import { anyOne, fitsWildcards, only, type Wildcard } from '../../text/wildcards.ts';
import { fail, type RuntimeFunctions, strict } from './function.ts';

const cache = new Map<string, RegExp>();

const classes: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  punct: '!-\\/:-@\\[-`{-~',
  blank: ' \\t',
  xdigit: '0-9A-Fa-f',
  word: '\\w',
  cntrl: '\\x00-\\x1f\\x7f',
  print: '\\x20-\\x7e',
  graph: '\\x21-\\x7e',
};

/** Rewrites what POSIX, RE2 and Java write differently from JavaScript: classes, `\A`, `\Z`, `\m`, inline flags, possessives. */
function toJavaScript(pattern: string): { source: string; flags: string } {
  let source = '';
  let flags = '';
  let inClass = false;
  for (let i = 0; i < pattern.length; i++) {
    const rest = pattern.slice(i, i + 24);
    const posix = inClass ? /^\[:(\^?)(\w+):\]/.exec(rest) : null;
    if (posix) {
      source +=
        posix[1] === '^'
          ? fail(`[[:^${posix[2]}:]] is not available`)
          : (classes[posix[2] ?? ''] ?? fail(`[:${posix[2]}:] is not a class of characters`));
      i += posix[0].length - 1;
      continue;
    }
    const inline = inClass ? null : /^\(\?([ims]+)\)/.exec(rest);
    if (inline) {
      flags += inline[1] ?? '';
      i += inline[0].length - 1;
      continue;
    }
    const group = inClass ? null : /^\(\?P<(\w+)>/.exec(rest);
    if (group) {
      source += `(?<${group[1]}>`;
      i += group[0].length - 1;
      continue;
    }
    const character = pattern[i] ?? '';
    if (character === '\\') {
      const next = pattern[++i] ?? '';
      if (inClass) source += `\\${next}`;
      else if (next === 'A') source += '(?<![\\s\\S])';
      else if (next === 'Z' || next === 'z') source += '(?![\\s\\S])';
      else if (next === 'm' || next === '<') source += '\\b(?=\\w)';
      else if (next === 'M' || next === '>') source += '\\b(?<=\\w)';
      else if (next === 'y') source += '\\b';
      else if (next === 'h') source += '[ \\t]';
      else if (next === 'Q') {
        const end = pattern.indexOf('\\E', i);
        source += pattern.slice(i + 1, end === -1 ? undefined : end).replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
        i = end === -1 ? pattern.length : end + 1;
      } else source += `\\${next}`;
      continue;
    }
    if (character === '[' && !inClass) {
      inClass = true;
      source += '[';
      if (pattern[i + 1] === '^') source += pattern[++i] ?? '';
      if (pattern[i + 1] === ']') {
        source += '\\]';
        i++;
      }
      continue;
    }
    if (character === '[' && inClass) source += '\\[';
    else {
      if (character === ']') inClass = false;
      source += character;
    }
  }
  return { source, flags };
}

/** The compiled pattern; `flags` are those of JavaScript, where `c` of the dialects means case-sensitive. */
export function compile(pattern: string, flags = ''): RegExp {
  const key = `${flags}/${pattern}`;
  let found = cache.get(key);
  if (found === undefined) {
    const converted = toJavaScript(pattern);
    const all = new Set([...flags, ...converted.flags].filter((flag) => 'gimsu'.includes(flag)));
    if (flags.lastIndexOf('c') > flags.lastIndexOf('i')) all.delete('i');
    try {
      found = new CountedPattern(converted.source, [...all, ...(/\\p\{/.test(converted.source) ? ['u'] : [])].join(''));
    } catch {
      return fail(`'${pattern}' is not a regular expression that can be run here`);
    }
    if (cache.size > 500) cache.clear();
    cache.set(key, found);
  }
  found.lastIndex = 0;
  return found;
}

/** The matches of a pattern from a position on, counted from 1 and in characters of the text. */
function matches(text: string, pattern: string, flags: string, position: number): RegExpExecArray[] {
  return [...text.slice(Math.max(position, 1) - 1).matchAll(compile(pattern, `g${flags}`))] as RegExpExecArray[];
}

/** A replacement text with `\1` or `$1` for groups, as a function that is immune to JavaScript's own `$` rules. */
function replacer(replacement: string, sigil: string): (groups: readonly (string | undefined)[]) => string {
  const references = sigil === '$' ? /\$(\d)|\$\{(\d)\}|\\(.)/g : /\\(\d)|\\(&)|\\(\\)/g;
  return (groups) =>
    replacement.replace(references, (_all, digit?: string, second?: string, third?: string) => {
      if (digit !== undefined) return groups[Number(digit)] ?? '';
      if (second === '&') return groups[0] ?? '';
      return second !== undefined ? (groups[Number(second)] ?? '') : (third ?? '');
    });
}

function replace(
  text: string,
  pattern: string,
  replacement: string,
  sigil: string,
  flags: string,
  position: number,
  occurrence: number,
): string {
  const write = replacer(replacement, sigil);
  const head = text.slice(0, Math.max(position, 1) - 1);
  let count = 0;
  const tail = text.slice(head.length).replace(compile(pattern, `g${flags}`), (...found) => {
    const groups = found.slice(
      0,
      found.findIndex((item) => typeof item === 'number'),
    ) as (string | undefined)[];
    count++;
    return occurrence === 0 || occurrence === count ? write(groups) : (groups[0] ?? '');
  });
  return head + tail;
}

const likeCache = new Map<string, readonly Wildcard[]>();

/** A LIKE pattern as its signs. */
function likePattern(pattern: string, escaped: string, ignoreCase: boolean): readonly Wildcard[] {
  const key = `${escaped}${ignoreCase ? 'i' : 'c'}${pattern}`;
  let found = likeCache.get(key);
  if (found === undefined) {
    const characters = [...pattern];
    const signs: Wildcard[] = [];
    for (let i = 0; i < characters.length; i++) {
      const character = characters[i] ?? '';
      if (escaped !== '' && character === escaped && i + 1 < characters.length)
        signs.push(sameCharacter(characters[++i] ?? '', ignoreCase));
      else signs.push(character === '%' ? 'many' : character === '_' ? anyOne : sameCharacter(character, ignoreCase));
    }
    found = signs;
    if (likeCache.size > 500) likeCache.clear();
    likeCache.set(key, found);
  }
  return found;
}

function sameCharacter(character: string, ignoreCase: boolean): Wildcard {
  if (!ignoreCase || character.toLowerCase() === character.toUpperCase()) return only(character);
  const folded = new RegExp(`^${character}$`, 'iu');
  return (other) => other === character || folded.test(other);
}

function like(text: string, pattern: string, escaped: string, ignoreCase: boolean): boolean {
  return fitsWildcards(codePointsOf(text), likePattern(pattern, escaped, ignoreCase));
}

/** A text without surrogate pairs is its own characters. */
function codePointsOf(text: string): string | readonly string[] {
  return /[\ud800-\udfff]/.test(text) ? [...text] : text;
}

/** T-SQL's pattern, where brackets hold a set of characters. */
function bracketPattern(pattern: string): RegExp {
  const source = pattern.replace(/\[(\^?)([^\]]*)\]|%|_|[.*+?^${}()|\\/]/g, (all, not?: string, set?: string) =>
    all === '%' ? '[\\s\\S]*' : all === '_' ? '[\\s\\S]' : set !== undefined ? `[${not}${set.replace(/\\/g, '\\\\')}]` : `\\${all}`,
  );
  return new CountedPattern(`^${source}$`, 'i');
}

/** SQL's SIMILAR TO as a regular expression. */
function similarPattern(pattern: string): string {
  return `^(?:${pattern.replace(/\\.|%|_|\./g, (all) => (all === '%' ? '[\\s\\S]*' : all === '_' ? '[\\s\\S]' : all === '.' ? '\\.' : all))})$`;
}

export const regexFunctions: RuntimeFunctions = strict({
  like: (text: string, pattern: string, escaped: string) => like(text, pattern, escaped, false),
  ilike: (text: string, pattern: string, escaped: string) => like(text, pattern, escaped, true),
  like_brackets: (text: string, pattern: string) => bracketPattern(pattern).test(text),
  patindex: (pattern: string, text: string) => {
    const inner = pattern.replace(/^%/, '').replace(/%$/, '');
    const anchored = !pattern.startsWith('%');
    for (let i = 0; i <= (anchored ? 0 : text.length); i++)
      if (bracketPattern(pattern.endsWith('%') ? `${inner}%` : inner).test(text.slice(i))) return i + 1;
    return 0;
  },
  similar: (text: string, pattern: string) => compile(similarPattern(pattern)).test(text),
  regex_find: (text: string, pattern: string, flags: string) => compile(pattern, flags).test(text),
  regex_full: (text: string, pattern: string, flags: string) => compile(`^(?:${pattern})$`, flags).test(text),
  regex_count: (text: string, pattern: string, position: number, flags: string) => matches(text, pattern, flags, position).length,
  regex_extract: (text: string, pattern: string, position: number, occurrence: number, flags: string, group: number, missing: number) => {
    const match = matches(text, pattern, flags, position)[occurrence - 1];
    if (match === undefined) return missing === 1 ? '' : null;
    const wanted = group === -1 ? (match.length > 1 ? 1 : 0) : group;
    return match[wanted] ?? (missing === 1 ? '' : null);
  },
  regex_extract_all: (text: string, pattern: string, group: number, flags: string) =>
    JSON.stringify(matches(text, pattern, flags, 1).map((match) => match[group === -1 ? (match.length > 1 ? 1 : 0) : group] ?? '')),
  regex_match_groups: (text: string, pattern: string, flags: string) => {
    const match = compile(pattern, flags).exec(text);
    return match === null ? null : JSON.stringify(match.length > 1 ? match.slice(1).map((group) => group ?? null) : [match[0]]);
  },
  /** The groups of every match, or of the first without the flag `g`. */
  regex_all_groups: (text: string, pattern: string, flags: string) => {
    const found = matches(text, pattern, flags.replace('g', ''), 1).map((match) =>
      match.length > 1 ? match.slice(1).map((group) => group ?? null) : [match[0]],
    );
    return JSON.stringify((flags.includes('g') ? found : found.slice(0, 1)).map((groups) => JSON.stringify(groups)));
  },
  regex_replace: replace,
  regex_position: (text: string, pattern: string, position: number, occurrence: number, end: number, flags: string) => {
    const match = matches(text, pattern, flags, position)[occurrence - 1];
    return match === undefined ? 0 : Math.max(position, 1) + match.index + (end === 1 ? match[0].length : 0);
  },
  regex_split: (text: string, pattern: string, flags: string) => JSON.stringify(text.split(compile(pattern, flags))),
});
