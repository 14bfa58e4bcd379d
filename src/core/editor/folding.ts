/** Lines that fold into the first of them; both count from 1. */
export interface Folding {
  readonly start: number;
  readonly end: number;
  readonly kind: 'region' | 'comment';
}

interface Opening {
  readonly mark: string;
  readonly line: number;
}

// What must not be looked into comes first; a Jinja comment and a raw block may hold anything.
const pieces =
  /\{#[\s\S]*?(?:#\}|$)|\{%[-+]?\s*raw\s*[-+]?%\}[\s\S]*?(?:\{%[-+]?\s*endraw\s*[-+]?%\}|$)|\{%[-+]?\s*(?<word>\w+)[\s\S]*?(?:%\}|$)|\{\{[\s\S]*?(?:\}\}|$)|\/\*[\s\S]*?(?:\*\/|$)|--[^\n]*|'(?:[^'\\\n]|\\.|'')*'|"[^"\n]*"|`[^`\n]*`|(?<bracket>[()[\]])|(?<case>\b(?:case|end)\b)|\n/gi;

const blocks = new Set(['if', 'for', 'macro', 'call', 'filter', 'set', 'test', 'snapshot', 'materialization', 'docs']);
const middles = new Set(['else', 'elif']);
const closing: Readonly<Record<string, string>> = { ')': '(', ']': '[' };

/** What may be folded in a SQL file with Jinja: brackets (and so CTEs), CASE, blocks of Jinja, long tags and comments. */
export function findFoldings(text: string): readonly Folding[] {
  const found: Folding[] = [];
  const open: Opening[] = [];
  let line = 1;
  let comments: { start: number; end: number } | undefined;
  const add = (start: number, end: number, kind: Folding['kind'] = 'region'): void => {
    if (end > start) found.push({ start, end, kind });
  };
  const endComments = (): void => {
    if (comments !== undefined) add(comments.start, comments.end, 'comment');
    comments = undefined;
  };
  /** Ends the innermost opening of a kind; what was left open inside it is dropped. */
  const close = (mark: string, shown: number): void => {
    const at = open.findLastIndex((one) => one.mark === mark);
    const found = open[at];
    // A bracket inside a Jinja block does not end one outside of it: a branch may hold half of a pair.
    if (found === undefined || (!mark.startsWith('%') && open.slice(at + 1).some((one) => one.mark.startsWith('%')))) return;
    add(found.line, shown);
    open.length = at;
  };
  for (const match of text.matchAll(pieces)) {
    const [piece] = match;
    if (piece === '\n') {
      line++;
      continue;
    }
    const { word, bracket, case: fork } = match.groups ?? {};
    const last = line + piece.split('\n').length - 1;
    const isLineComment = piece.startsWith('--');
    if (!isLineComment || !/(?:^|\n)[ \t]*$/.test(text.slice(Math.max(0, match.index - 200), match.index))) endComments();
    else if (comments !== undefined && comments.end === line - 1) comments = { start: comments.start, end: line };
    else {
      endComments();
      comments = { start: line, end: line };
    }
    if (bracket !== undefined) {
      const mark = closing[bracket];
      if (mark === undefined) open.push({ mark: bracket, line });
      else close(mark, line - 1);
    } else if (fork !== undefined) {
      if (fork.toLowerCase() === 'case') open.push({ mark: 'case', line });
      else close('case', line - 1);
    } else if (word !== undefined) {
      const name = word.toLowerCase();
      if (name.startsWith('end')) close(`%${name.slice(3)}`, line - 1);
      else if (middles.has(name)) {
        const at = open.findLastIndex((one) => one.mark === '%if' || one.mark === '%for');
        const before = open[at];
        if (before !== undefined) {
          add(before.line, line - 1);
          open.length = at;
          open.push({ mark: before.mark, line });
        }
      } else if (blocks.has(name) && !(name === 'set' && /^\{%[-+]?\s*set\s+[^%]*?=/.test(piece))) open.push({ mark: `%${name}`, line });
      else if (last > line) add(line, last);
    } else if (/^(\{#|\/\*)/.test(piece)) add(line, last, 'comment');
    else if (last > line) add(line, last);
    line = last;
  }
  endComments();
  return withoutDoubles(found);
}

/** An editor folds a line once: of several that begin on it the longest is kept. */
function withoutDoubles(foldings: readonly Folding[]): readonly Folding[] {
  const byStart = new Map<number, Folding>();
  for (const folding of foldings) {
    const known = byStart.get(folding.start);
    if (known === undefined || known.end < folding.end) byStart.set(folding.start, folding);
  }
  return [...byStart.values()].sort((a, b) => a.start - b.start);
}
