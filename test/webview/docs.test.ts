import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toSiteData } from '../../src/core/docs/site-data.ts';
import { toSitePage } from '../../src/core/docs/site-page.ts';
import { readShop } from '../support/project.ts';
import { openBrowser } from './support/stage.ts';

const root = join(import.meta.dirname, '../..');
const evil =
  '<img src=x onerror="window.hit=1"> <script>window.hit=1</script> [a](javascript:window.hit=1) ![p](https://example.com/p.png)';

let browser: Browser;
let page: Page;
const asked: string[] = [];

async function bundle(entry: string): Promise<{ script: string; style: string }> {
  const { outputFiles } = await build({
    entryPoints: [join(root, entry)],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    outdir: 'out',
    logLevel: 'error',
  });
  const read = (end: string): string => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? '';
  return { script: read('.js'), style: read('.css') };
}

const pack = (value: unknown): string => gzipSync(JSON.stringify(value)).toString('base64');

beforeAll(async () => {
  const { index, columns, relations, chunks } = toSiteData(
    readShop({
      'models/raw.sql': "select 1 as id, 5 as cents, 'x' as mark",
      'models/orders.sql': "select id, cents / 100.0 as amount from {{ ref('raw') }} -- shipped",
      'models/late.sql': "select id, amount from {{ ref('orders') }}",
      'models/p.yml': `models:\n  - name: orders\n    description: ${JSON.stringify(`Sold **things**.\n\n${evil}`)}\n    columns:\n      - {name: amount, description: In euros., tests: [not_null]}\n`,
    }),
  );
  const [docs, host, graph] = await Promise.all(
    ['webview/docs/main.ts', 'webview/standalone/main.ts', 'webview/graph/main.ts'].map(bundle),
  );
  const code = { host: host?.script ?? '', surface: graph?.script ?? '', style: graph?.style ?? '', theme: host?.style ?? '' };
  const html = toSitePage({
    title: 'shop',
    script: docs?.script ?? '',
    style: docs?.style ?? '',
    index: pack(index),
    packed: [
      ['columns', pack(columns)],
      ['relations', pack(relations)],
      ['graph-code', pack({ graph: code })],
      ...chunks.map((chunk, i) => [`chunk-${i}`, pack(chunk)] as const),
    ],
  });
  const file = join(mkdtempSync(join(tmpdir(), 'headwater-docs-')), 'index.html');
  writeFileSync(file, html);
  browser = await openBrowser();
  page = await browser.newPage();
  page.on('request', (request) => void asked.push(request.url()));
  page.on('pageerror', (error) => void asked.push(`error ${error.message}`));
  await page.goto(`file://${file}`);
  await page.waitForSelector('body[data-ready]');
});
afterAll(() => browser.close());

async function open(hash: string): Promise<string> {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
  await page.waitForTimeout(150);
  return page.locator('main').innerText();
}

describe('the documentation site', () => {
  it('begins with counts and health', async () => {
    const text = await page.locator('main').innerText();
    expect(text).toMatch(/3\s*Models/);
    expect(text).toMatch(/models with a description\s*1 of 3/);
  });

  it('shows a model with its columns, where each comes from, its tests and its SQL', async () => {
    const text = await open('#/model.shop.orders');
    expect(text).toContain('raw.cents');
    expect(text).toContain('In euros.');
    expect(text).toContain('not null');
    expect(text).toContain("select id, cents / 100.0 as amount from {{ ref('raw') }}");
    expect(await page.locator('main .prose strong').first().innerText()).toBe('things');
    expect(await page.locator('main pre a').getAttribute('href')).toBe('#/model.shop.raw');
  });

  it('follows a column both ways', async () => {
    const text = await open('#/model.shop.orders/amount');
    expect(text).toMatch(/Comes from\s+raw\.cents/);
    expect(text).toMatch(/Goes into\s+late\.amount/);
  });

  it('finds names, columns and SQL by the keyboard', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('amount');
    await page.waitForSelector('.results a');
    expect(await page.locator('.results').innerText()).toContain('orders.amount');
    await page.fill('nav input', 'shipped');
    await page.waitForSelector('.results b');
    expect(await page.locator('.results').innerText()).toMatch(/In SQL\s+orders/);
    await page.fill('nav input', 'late');
    await page.waitForSelector('.results a >> text=late');
    await page.keyboard.press('Enter');
    await page.waitForTimeout(150);
    expect(await page.evaluate(() => location.hash)).toBe('#/model.shop.late');
  });

  it('draws the graph around a model', async () => {
    await open('#/model.shop.orders');
    await page.click('details.graph > summary');
    const frame = page.frameLocator('iframe');
    await frame.locator('canvas').first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });

  it('runs nothing that a project says and fetches nothing', async () => {
    await open('#/model.shop.orders');
    expect(await page.evaluate(() => (window as { hit?: number }).hit)).toBeUndefined();
    expect(await page.locator('main .prose img, main .prose script, main .prose a').count()).toBe(0);
    expect(asked.filter((url) => !/^(file|about|data|blob):/.test(url))).toEqual([]);
  });

  it('fits a narrow screen', async () => {
    await page.setViewportSize({ width: 400, height: 800 });
    await open('#/model.shop.late');
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });
});
