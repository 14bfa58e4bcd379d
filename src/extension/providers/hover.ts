import type { Disposable, MarkdownString } from 'vscode';
import { Hover, languages } from 'vscode';
import type { ProjectKey } from '../../protocol.ts';
import { toMarkdownString } from '../markdown.ts';
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

/** Markdown whose links lead to files of a project; a link that is no path of one leads nowhere. */
function toMarkdown(workspace: Workspace, project: ProjectKey, markdown: string): MarkdownString {
  const linked = markdown.replace(/\]\(headwater:([^)#]*)(#L\d+)?\)/g, (_, written: string, line: string | undefined) => {
    const path = toPath(written);
    return path === undefined
      ? '](#)'
      : `](${workspace
          .uriOf(project, path)
          .with({ fragment: line?.slice(1) ?? '' })
          .toString()})`;
  });
  return toMarkdownString(linked);
}

/** The path that a link of the analysis holds; undefined where it is none, or leads out of the project. */
function toPath(written: string): string | undefined {
  try {
    const path = decodeURIComponent(written);
    return path.startsWith('/') || path.split(/[\\/]/).includes('..') ? undefined : path;
  } catch {
    return undefined;
  }
}
