/** What one answer may hold, by a count that is never below that of the usual tokenizers. */
const mostTokens = 1700;
const longestItem = 1500;

/** A list in an answer: what stands above it, its items, and where to go on. */
export interface AnswerList {
  readonly head: readonly string[];
  readonly items: readonly string[];
  /** What the items are, in the plural: `columns`. */
  readonly of: string;
  readonly foot?: readonly string[];
}

/** An upper estimate of the tokens of a text: a token for six letters, three digits or a sign. */
export function countTokens(text: string): number {
  let tokens = 0;
  for (const [run] of text.matchAll(/[A-Za-z]+|\d+|[^\sA-Za-z\d]|\s{2,}|\n/g))
    tokens += /[A-Za-z]/.test(run)
      ? Math.ceil(run.length / 6)
      : /\d/.test(run)
        ? Math.ceil(run.length / 3)
        : /[^\0-\x7f]/.test(run)
          ? 2
          : 1;
  return tokens;
}

/** The part of an answer that begins at an item, as much as fits; the last line says what is left and how to ask for it. */
export function toPage({ head, items, of, foot = [] }: AnswerList, offset = 0): string {
  const from = Math.max(0, Math.min(offset, items.length));
  const lines = head.map(shorten);
  const end = foot.map(shorten);
  let tokens = countTokens([...lines, ...end].join('\n'));
  let next = from;
  for (; next < items.length; next++) {
    const item = shorten(items[next] ?? '');
    tokens += countTokens(item) + 1;
    if (tokens > mostTokens && next > from) break;
    lines.push(item);
  }
  lines.push(...end);
  if (items.length > 0 && (next < items.length || from > 0))
    lines.push(`${of} ${from + 1}–${next} of ${items.length}${next < items.length ? `; ask with offset ${next} for more` : ''}`);
  return lines.join('\n');
}

/** Texts of the project (descriptions, SQL, values) stand between marks, so that nothing they say passes for a word of ours. */
export function asData(text: string, longest = 400): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return `<data>${cut.replace(/<(?=\s*\/?\s*data)/gi, '‹')}</data>`;
}

/** The same for a text of many lines that is paged line by line. */
export function asDataLines(text: string): readonly string[] {
  return text
    .replace(/<(?=\s*\/?\s*data)/gi, '‹')
    .trim()
    .split('\n')
    .map((line) => line.trimEnd());
}

/** A name as it is, where it can be nothing else; else as data. */
export function asName(name: string): string {
  return /^[\w.$/\\:@*+()-]{1,200}$/.test(name) ? name : asData(name, 200);
}

function shorten(item: string): string {
  if (item.length <= longestItem) return item;
  const cut = item.slice(0, longestItem);
  const isOpen = cut.lastIndexOf('<data>') > cut.lastIndexOf('</data>');
  return `${cut}…${isOpen ? '</data>' : ''} (cut)`;
}
