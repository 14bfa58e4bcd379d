import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PageCode } from '../core/docs/page-html.ts';

/** The scripts and styles of a surface, read from beside the command line's own bundle. */
export function readPageCode(surface: 'graph' | 'erd'): PageCode {
  const read = (name: string): string => readFileSync(join(__dirname, 'webview', name), 'utf8');
  return { host: read('standalone.js'), surface: read(`${surface}.js`), style: read(`${surface}.css`), theme: read('standalone.css') };
}

/** The script and styles of the documentation site. */
export function readSiteCode(): { readonly script: string; readonly style: string } {
  const read = (name: string): string => readFileSync(join(__dirname, 'webview', name), 'utf8');
  return { script: read('docs.js'), style: read('docs.css') };
}
