/** A tag of Jinja by its first word, such as `if`, `endif` or `set`; empty for an expression. */
interface Tag {
  readonly word: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const tags = /\{#[\s\S]*?#\}|\{%[-+]?\s*(\w+)[\s\S]*?%\}|\{\{[\s\S]*?\}\}/g;

function tagsIn(text: string): readonly Tag[] {
  return [...text.matchAll(tags)]
    .filter(([piece]) => !piece.startsWith('{#'))
    .map((match) => ({ word: match[1] ?? '', text: match[0], start: match.index, end: match.index + match[0].length }));
}

const blocks = new Set(['if', 'for', 'macro', 'call', 'filter', 'raw', 'snapshot', 'test']);

/** Whether every block of Jinja that begins in a text ends in it, so that it can be moved as a whole. */
export function isWholeJinja(text: string): boolean {
  const open: string[] = [];
  for (const { word, text: tag } of tagsIn(text)) {
    if (blocks.has(word) || (word === 'set' && !tag.includes('='))) open.push(word);
    else if (word.startsWith('end') && open.pop() !== word.slice(3)) return false;
    else if ((word === 'else' || word === 'elif') && open.length === 0) return false;
  }
  return open.length === 0;
}

/** The names that a text gives with `set`. */
export function namesSet(text: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { word, text: tag } of tagsIn(text)) {
    const names = word === 'set' ? /^\{%[-+]?\s*set\s+([\w\s,]+?)\s*(?:=|[-+]?%\})/.exec(tag)?.[1] : undefined;
    for (const name of names?.split(',') ?? []) found.add(name.trim());
  }
  return found;
}

/** Which of some names the tags of a text speak of. */
export function namesUsed(text: string, names: ReadonlySet<string>): readonly string[] {
  const inside = tagsIn(text)
    .map((tag) => tag.text.replace(/'[^']*'|"[^"]*"/g, "''"))
    .join('\n');
  return [...names].filter((name) => new RegExp(`(?<![\\w.])${name}(?!\\w)`).test(inside));
}

/** A text without its calls of `config`, and with no empty lines where they stood. */
export function withoutConfig(text: string): string {
  return text.replace(/\{\{[-+]?\s*config\s*\([\s\S]*?\)\s*[-+]?\}\}[ \t]*\n*/g, '');
}
