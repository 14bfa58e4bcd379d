import type { Provenance } from '../project/node.ts';

/** Stands between two signs that would be Markdown or HTML together; it is not seen. */
const apart = '\u2060';

/**
 * Markdown from which nothing is ever loaded: an image becomes a link behind an exclamation mark, a tag of HTML becomes text. It holds
 * wherever the signs stand, in code as well, so that no way of ending a block or a code span gets around it.
 */
export function disarm(markdown: string): string {
  return markdown.replace(/!(?=\[)/g, `!${apart}`).replace(/<(?=[A-Za-z/!?])/g, `<${apart}`);
}

/** Text that a person wrote, as Markdown that loads nothing and links to no file of the project in our name. */
export function toProse(text: string): string {
  return disarm(text.replace(/\]\(\s*<?\s*headwater:/gi, '](#')).trim();
}

/** A name as plain text: nothing in it is a link, an image, HTML, code, a cell or an emphasis. */
export function toName(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*[\]!|<>~&]/g, '\\$&');
}

/** A text as code on one line, cut where it is long. */
export function toCode(text: string, most = 90): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const cut = line.length > most ? `${line.slice(0, most - 1)}…` : line;
  if (cut === '') return '';
  // A backtick of somebody's prose in the same paragraph can pair with ours: what stands between them is disarmed as well.
  const marks = longerThanAny(cut, '`');
  return disarm(`${marks}${cut.startsWith('`') || cut.endsWith('`') ? ` ${cut} ` : cut}${marks}`);
}

/** A text as a block of code, whatever marks it holds itself. */
export function toCodeBlock(language: string, text: string): string {
  const marks = longerThanAny(text, '``');
  const fence = marks.length < 3 ? '```' : marks;
  return `${fence}${language}\n${text}\n${fence}`;
}

/** Marks that no run of backticks in the text is as long as. */
function longerThanAny(text: string, least: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).slice(0, 10_000).map((run) => run.length));
  return '`'.repeat(Math.max(least.length, longest + 1));
}

/** Text for a cell of a Markdown table. */
export function toCell(text: string, most = 90): string {
  const line = toProse(text).replace(/\s+/g, ' ').replaceAll('|', '\\|');
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}

/** A link to a line of a file of the project; the editor puts the project's folder in front. */
export function toLink(label: string, path: string, line?: number): string {
  return `[${toName(label)}](headwater:${toUriPath(path)}${line === undefined ? '' : `#L${line}`})`;
}

/** A path as it may stand in a link; half a pair of surrogates, which no link can hold, becomes the sign for what is unreadable. */
function toUriPath(path: string): string {
  return encodeURI(toWellFormed(path)).replace(/[()[\]#?]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
}

/** A text without halves of surrogate pairs, which neither UTF-8 nor a link can hold. */
export function toWellFormed(text: string): string {
  return text.replace(/[\ud800-\udfff]/gu, '\ufffd');
}

/** A link to where something was written. */
export function toPlace(from: Provenance): string {
  const name = from.path.split('/').pop() ?? from.path;
  return toLink(`${name}:${from.line}`, from.path, from.line);
}

/** What stands below the first lines of a hover, under its title: the editor's hovers drop the titles of what folds. */
export function below(title: string, body: string): string {
  return `**${title}**\n\n${body}`;
}

/** `1 column`, `2 columns`. */
export function count(many: number, what: string): string {
  return `${many.toLocaleString('en')} ${what}${many === 1 ? '' : 's'}`;
}
