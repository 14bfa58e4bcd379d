import type { Query, Statement } from '../sql/ir.ts';
import type { Comment } from '../sql/tokens.ts';
import type { LineMap, Span } from '../text/span.ts';

/** What comments in SQL say: of the statement as a whole, and of its columns (lower case) with the line of each. */
export interface CommentDictionary {
  readonly description: string;
  readonly line?: number;
  readonly columns: ReadonlyMap<string, { readonly text: string; readonly line: number }>;
}

/** Reads what the comments before and within a statement say of it: `-- column: text` anywhere, a text behind a column on its line. */
export function readSqlComments(
  statement: Statement,
  text: string,
  comments: readonly Comment[],
  lines: LineMap,
  after: number,
): CommentDictionary {
  const columns = new Map<string, { text: string; line: number }>();
  const names = namesOf(statement);
  const known = new Set(names.map(({ name }) => name.toLowerCase()));
  const description: string[] = [];
  let line: number | undefined;
  let end = statement.span.start;
  const before = comments.filter((comment) => comment.span.start >= after && comment.span.end <= statement.span.start);
  for (const comment of before.toReversed()) {
    // A blank line parts a statement from remarks about something else.
    if (/\n\s*\n/.test(text.slice(comment.span.end, end).replaceAll('\r', ''))) break;
    end = comment.span.start;
    const said = readNamed(comment, known, lines);
    if (said.length > 0) for (const each of said) columns.set(each.name, each);
    else if (!isRule(comment.text)) {
      description.unshift(comment.text);
      line = lines.position(comment.span.start).line;
    }
  }
  for (const comment of comments) {
    if (comment.span.start < statement.span.start || comment.span.start > lineEnd(text, statement.span.end)) continue;
    for (const each of readNamed(comment, known, lines)) columns.set(each.name, each);
    const at = lines.position(comment.span.start).line;
    const onLine = names.filter(({ span }) => lines.position(span.end).line === at && span.end <= comment.span.start);
    const name = onLine.at(-1)?.name.toLowerCase();
    if (onLine.length === 1 && name !== undefined && !columns.has(name) && comment.text !== '' && !isRule(comment.text))
      columns.set(name, { text: comment.text, line: at });
  }
  return { description: description.join('\n').trim(), columns, ...(line !== undefined && { line }) };
}

function readNamed(comment: Comment, known: ReadonlySet<string>, lines: LineMap): { name: string; text: string; line: number }[] {
  const first = lines.position(comment.span.start).line;
  return comment.text.split('\n').flatMap((text, i) => {
    const match = /^[\s*-]*`?(\w+)`?\s*(?::|—|–|\s-)\s+(\S.*?)\s*$/.exec(text);
    const name = match?.[1]?.toLowerCase() ?? '';
    return match && known.has(name) ? [{ name, text: match[2] ?? '', line: first + i }] : [];
  });
}

/** The columns that a statement makes, each with its place. */
function namesOf(statement: Statement): readonly { readonly name: string; readonly span: Span }[] {
  const defined = statement.definitions.map(({ name }) => ({ name: name.text, span: name.span }));
  return [...defined, ...(statement.query ? itemsOf(statement.query) : [])];
}

function itemsOf(query: Query): readonly { readonly name: string; readonly span: Span }[] {
  const { body } = query;
  if (body.kind === 'nested') return itemsOf(body.query);
  if (body.kind === 'set') return itemsOf(body.left);
  if (body.kind !== 'select') return [];
  return body.items.flatMap((item) => {
    if (item.kind !== 'item') return [];
    const name = item.alias?.text ?? (item.expression.kind === 'column' ? item.expression.parts.at(-1)?.text : undefined);
    return name === undefined ? [] : [{ name, span: item.span }];
  });
}

/** A line of dashes or stars, which says nothing. */
function isRule(text: string): boolean {
  return !/[\p{L}\p{N}]/u.test(text);
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}
