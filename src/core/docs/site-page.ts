import { escapeXml } from './picture-svg.ts';

/** What a site's page is made of: its program, and what is packed (gzip, as base64). */
export interface SiteParts {
  readonly title: string;
  readonly script: string;
  readonly style: string;
  readonly index: string;
  /** What pages unpack when they need it, by name. */
  readonly packed: readonly (readonly [name: string, packed: string])[];
}

/** One HTML file that holds the documentation of a project; it opens from a disk and fetches nothing. */
export function toSitePage({ title, script, style, index, packed }: SiteParts): string {
  const policy =
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'";
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeXml(title)}</title>`,
    `<style>${toInline(style)}</style></head>`,
    '<body><noscript>This page needs JavaScript to unpack its data.</noscript>',
    toPacked('index', index),
    // The first page is drawn while the rest is still read.
    `<script>${toInline(script)}</script>`,
    ...packed.map(([name, text]) => toPacked(name, text)),
    '</body></html>',
    '',
  ].join('\n');
}

/** Base64 cannot end the element it stands in. */
function toPacked(id: string, packed: string): string {
  return `<script type="text/plain" id="packed-${id}">${packed}</script>`;
}

function toInline(code: string): string {
  return code.replace(/<\/(script|style)/gi, '<\\/$1').replace(/<!--/g, '<\\!--');
}
