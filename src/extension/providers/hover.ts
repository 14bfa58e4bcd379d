import type { Disposable } from 'vscode';
import { Hover, languages, MarkdownString } from 'vscode';
import type { ProjectKey } from '../../protocol.ts';
import { toRange } from '../range.ts';
import { isOn } from '../settings.ts';
import type { Workspace } from '../workspace.ts';
import type { Asking } from './asking.ts';
import { placeOf, projectFiles, provide } from './asking.ts';

/** Documentation of what is under the pointer. */
export function registerHover(asking: Asking): Disposable {
  return languages.registerHoverProvider(projectFiles, {
    provideHover: (document, position, token) =>
      provide(asking, 'hover', token, async (signal) => {
        if (!isOn('hover', document.uri)) return undefined;
        const place = await placeOf(asking, document, position);
        const answer = place === undefined ? undefined : await asking.analysis.ask('hover', place, signal);
        if (place === undefined || answer === undefined) return undefined;
        return new Hover(toMarkdown(asking.workspace, place.project, answer.markdown), toRange(answer));
      }),
  });
}

/** Markdown whose links lead to files of a project, with its details folded. */
export function toMarkdown(workspace: Workspace, project: ProjectKey, markdown: string): MarkdownString {
  const linked = markdown.replace(/\]\(headwater:([^)#]*)(#L\d+)?\)/g, (_, path: string, line: string | undefined) => {
    const uri = workspace.uriOf(project, decodeURI(path));
    return `](${uri.with({ fragment: line?.slice(1) ?? '' }).toString()})`;
  });
  const text = new MarkdownString(linked, true);
  // `details` and `summary` are all the HTML that the analysis writes; what people wrote is escaped there.
  text.supportHtml = true;
  return text;
}
