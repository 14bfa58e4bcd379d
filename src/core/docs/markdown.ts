import type { Provenance } from '../project/node.ts';

/** Text that a person wrote, safe to stand in Markdown: no HTML of theirs is shown as HTML. */
export function toProse(text: string): string {
  return text.replaceAll('<', '&lt;').trim();
}

/** A text as code on one line, cut where it is long. */
export function toCode(text: string, most = 90): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const cut = line.length > most ? `${line.slice(0, most - 1)}…` : line;
  const marks = cut.includes('`') ? '``' : '`';
  return `${marks}${cut.startsWith('`') || cut.endsWith('`') ? ` ${cut} ` : cut}${marks}`;
}

/** Text for a cell of a Markdown table. */
export function toCell(text: string, most = 90): string {
  const line = toProse(text).replace(/\s+/g, ' ').replaceAll('|', '\\|');
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}

/** A link to a line of a file of the project; the editor puts the project's folder in front. */
export function toLink(label: string, path: string, line?: number): string {
  return `[${label.replaceAll(']', '\\]')}](headwater:${encodeURI(path).replaceAll('(', '%28').replaceAll(')', '%29')}${line === undefined ? '' : `#L${line}`})`;
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
