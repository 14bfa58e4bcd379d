import { raise } from './errors.ts';

const space = '[\\t\\n\\v\\f\\r ]';
const other = '[^\\t\\n\\v\\f\\r ]';
const word = '[\\p{L}\\p{N}_]';
const punctuated = `[\\p{L}\\p{N}_!"'&.,?]`;
const letter = '[\\p{L}_]';
const pieces = new RegExp(
  `(${space}+|(?<=${punctuated})-{2,}(?=${word})|${other}+?(?:-(?:(?<=${letter}{2}-)|(?<=${letter}-${punctuated}-))(?=${letter}-?${letter})|(?=${space}|$)|(?<=${punctuated})(?=-{2,}${word})))`,
  'u',
);
const simplePieces = new RegExp(`(${space}+)`, 'u');

/** Python's `textwrap.wrap` of one line, which keeps its white space as it is. */
export function wrapLine(line: string, width: number, breakLongWords: boolean, breakOnHyphens: boolean): string[] {
  if (width <= 0) raise('ValueError', `invalid width ${width} (must be > 0)`);
  const chunks = line
    .split(breakOnHyphens ? pieces : simplePieces)
    .filter((chunk) => chunk !== '' && chunk !== undefined)
    .reverse();
  const lines: string[] = [];
  const isBlank = (chunk: string | undefined): boolean => chunk !== undefined && chunk.trim() === '';
  while (chunks.length > 0) {
    const current: string[] = [];
    let length = 0;
    if (isBlank(chunks.at(-1)) && lines.length > 0) chunks.pop();
    while (chunks.length > 0 && length + (chunks.at(-1) as string).length <= width) {
      const chunk = chunks.pop() as string;
      current.push(chunk);
      length += chunk.length;
    }
    const next = chunks.at(-1);
    if (next !== undefined && next.length > width) {
      const left = width - length;
      if (breakLongWords) {
        const end = breakOnHyphens ? hyphenBefore(next, left) : left;
        current.push(next.slice(0, end));
        chunks[chunks.length - 1] = next.slice(end);
      } else if (current.length === 0) current.push(chunks.pop() as string);
    }
    if (isBlank(current.at(-1))) current.pop();
    if (current.length > 0) lines.push(current.join(''));
  }
  return lines;
}

function hyphenBefore(chunk: string, left: number): number {
  if (chunk.length <= left || left <= 0) return left;
  const hyphen = chunk.lastIndexOf('-', left - 1);
  return hyphen > 0 && /[^-]/.test(chunk.slice(0, hyphen)) ? hyphen + 1 : left;
}
