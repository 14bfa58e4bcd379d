import { MarkdownString } from 'vscode';
import { disarm } from '../core/docs/markdown.ts';

/** The only way text reaches the editor as Markdown: nothing is loaded, no HTML counts, and no link runs a command. */
export function toMarkdownString(markdown: string): MarkdownString {
  const text = new MarkdownString(disarm(markdown));
  text.isTrusted = false;
  text.supportHtml = false;
  return text;
}

/** A text that is shown as it is written: nothing of it counts as Markdown. */
export function toPlainText(text: string): MarkdownString {
  return toMarkdownString('').appendText(text);
}

/** A sentence for a notification, where the editor would read `[words](command:…)` as a button that runs the command. */
export function toNotification(text: string): string {
  return text.replaceAll('](', '] (');
}
