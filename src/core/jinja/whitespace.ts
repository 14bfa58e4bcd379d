/** Python's idea of white space: JavaScript's without the byte order mark, with the four separators and the next-line character. */
export const spaces = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

const one = new RegExp(`[${spaces}]`);
const leading = new RegExp(`^[${spaces}]+`);
const anySpaces = new RegExp(`[${spaces}]+`);

export function isSpace(character: string): boolean {
  return one.test(character);
}

export function stripStart(text: string): string {
  return text.replace(leading, '');
}

export function stripEnd(text: string): string {
  let end = text.length;
  while (end > 0 && one.test(text[end - 1] as string)) end--;
  return text.slice(0, end);
}

export function strip(text: string): string {
  return stripStart(stripEnd(text));
}

/** Python's `text.split()`. */
export function splitWords(text: string): string[] {
  return text.split(anySpaces).filter((word) => word !== '');
}

/** The offset of the first character at or after `from` that is no white space. */
export function skipSpaces(text: string, from: number, end = text.length): number {
  let at = from;
  while (at < end && one.test(text[at] as string)) at++;
  return at;
}

const separators = `\u001c-\u001e\u0085\u2028\u2029`;
const lineEnds = new RegExp(`\r\n|[\n-\r${separators}]`, 'g');

/** Python's `text.splitlines(keepends)`. */
export function splitLines(text: string, keepEnds = false): string[] {
  const lines: string[] = [];
  let from = 0;
  for (const match of text.matchAll(lineEnds)) {
    const end = match.index + match[0].length;
    lines.push(text.slice(from, keepEnds ? end : match.index));
    from = end;
  }
  if (from < text.length) lines.push(text.slice(from));
  return lines;
}
