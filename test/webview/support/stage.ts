import { readFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { chromium as browserProgram } from '../../../scripts/requirements.mjs';
import type { PageData } from '../../../src/core/docs/page-html.ts';
import { toPage } from '../../../src/core/docs/page-html.ts';
import type { ThemeName } from './themes.ts';
import { themes } from './themes.ts';

const root = join(import.meta.dirname, '..', '..', '..');

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: browserProgram, args: ['--no-sandbox', '--disable-gpu', '--force-prefers-reduced-motion'] });
}

/** A bundled surface in a page of its own, with a host that answers from data; `asked` tells what it asked. */
export interface Stage {
  readonly page: Page;
  asked(): Promise<readonly { readonly type: string; readonly ask: unknown }[]>;
}

const bundles = new Map<string, Promise<{ readonly script: string; readonly style: string }>>();

function bundle(entry: string): Promise<{ readonly script: string; readonly style: string }> {
  const known = bundles.get(entry);
  if (known) return known;
  const made = build({
    entryPoints: [join(root, entry)],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    outdir: 'out',
    minify: true,
    logLevel: 'error',
  }).then(({ outputFiles }) => ({
    script: outputFiles.find((file) => file.path.endsWith('.js'))?.text ?? '',
    style: outputFiles.find((file) => file.path.endsWith('.css'))?.text ?? '',
  }));
  bundles.set(entry, made);
  return made;
}

/** Opens a surface over data in a theme; answers once the first picture is drawn. */
export async function openStage(
  browser: Browser,
  surface: 'graph' | 'erd',
  data: PageData,
  theme: ThemeName = 'dark',
  size = { width: 1280, height: 800 },
  /** Runs in the page before anything else of it does. */
  before?: () => void,
): Promise<Stage> {
  const [host, shown] = [await bundle('webview/standalone/main.ts'), await bundle(`webview/${surface}/main.ts`)];
  const { body, tokens } = themes[theme];
  const rules = Object.entries(tokens).map(([name, value]) => `--vscode-${name}:${value}`);
  let html = toPage('Headwater', data, {
    host: host.script,
    surface: shown.script,
    style: shown.style,
    theme: `:root{${rules.join(';')}}`,
  });
  // The page's own choice of light and dark gives way to the theme under test.
  html = html
    .replace(/<script>document\.body\.className=[\s\S]*?<\/script>/, '')
    .replace('<body class="vscode-dark">', `<body class="${body}">`);
  const folder = await mkdtemp(join(tmpdir(), 'headwater-stage-'));
  const file = join(folder, 'page.html');
  await writeFile(file, html);
  const page = await browser.newPage({ viewport: size });
  if (before) await page.addInitScript(before);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(`file://${file}`);
  await page.waitForFunction('window.headwaterAsked?.length > 0 && document.querySelector(".hw-title")?.textContent');
  await page.waitForTimeout(60);
  if (errors.length > 0) throw new Error(`the page failed: ${errors.join('; ')}`);
  return { page, asked: () => page.evaluate('window.headwaterAsked') };
}

export const axeSource = (): string => readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');
