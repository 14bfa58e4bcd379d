import type { Erd } from '../erd/erd.ts';
import type { ModelParts } from '../layout/choose.ts';
import type { GraphView } from '../layout/picture.ts';
import type { ColumnFlow, ProjectGraph } from '../layout/project-graph.ts';
import { escapeXml } from './picture-svg.ts';

/** The bundled scripts and styles of a surface, and of the host that a page brings along. */
export interface PageCode {
  readonly host: string;
  readonly surface: string;
  readonly style: string;
  readonly theme: string;
}

/** What the page shows: a graph or an entity diagram. */
export interface PageData {
  readonly graph?: ProjectGraph;
  readonly flow?: ColumnFlow;
  readonly parts?: Readonly<Record<string, ModelParts>>;
  readonly erd?: Erd;
  readonly focus?: string;
  /** The view it opens with; without one, the focus or the whole project. */
  readonly view?: GraphView;
  /** There is no editor around the page: what would need one is not offered. */
  readonly alone?: boolean;
}

/** One HTML file that holds the project and everything needed to explore it: it opens anywhere and fetches nothing. */
export function toPage(title: string, data: PageData, code: PageCode): string {
  const policy = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:";
  // On the root as well, where the surfaces' own properties are worked out from the theme's.
  const choose =
    "document.body.className=document.documentElement.className=matchMedia('(prefers-color-scheme: light)').matches?'vscode-light':'vscode-dark';" +
    "matchMedia('(prefers-color-scheme: light)').addEventListener('change',e=>{document.body.className=document.documentElement.className=e.matches?'vscode-light':'vscode-dark'})";
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeXml(title)}</title>`,
    `<style>${toInline(code.theme)}\n${toInline(code.style)}</style>`,
    '</head>',
    `<body class="vscode-dark"${data.alone ? ' data-alone="yes"' : ''}>`,
    `<script>${choose}</script>`,
    `<script type="application/json" id="headwater-data">${toInlineJson(data)}</script>`,
    `<script>${toInline(code.host)}</script>`,
    `<script>${toInline(code.surface)}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** JSON that cannot end the script element it stands in. */
function toInlineJson(value: unknown): string {
  return JSON.stringify(value)
    .replace(/</g, '\\u003c')
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029');
}

function toInline(code: string): string {
  return code.replace(/<\/(script|style)/gi, '<\\/$1').replace(/<!--/g, '<\\!--');
}
