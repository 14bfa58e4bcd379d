// The same extension in the browser's extension host: a copy whose manifest has no `main`, so that the workbench has no other choice.
// The host is a web worker without a disk; what is asked here is what a person would see.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { makeTemporary, openBrowser, palette, startServer, webviewFrame, workbenchUrl } from '../e2e/host.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const copy = makeTemporary('headwater-web-');
for (const name of ['package.json', 'package.nls.json', 'l10n', 'media', 'dist', 'LICENSE', 'README.md', '.vscodeignore', 'CHANGELOG.md'])
  cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
const manifest = JSON.parse(readFileSync(path.join(copy, 'package.json'), 'utf8'));
delete manifest.main;
manifest.extensionKind = ['ui'];
writeFileSync(path.join(copy, 'package.json'), JSON.stringify(manifest));
writeFileSync(path.join(copy, 'dist/duckdb-eh.wasm.gz'), gzipSync(readFileSync(path.join(root, 'dist/duckdb-eh.wasm')), { level: 1 }));
const vsix = path.join(copy, 'web.vsix');
const packed = spawnSync(path.join(root, 'node_modules/.bin/vsce'), ['package', '--no-dependencies', '--out', vsix], {
  cwd: copy,
  encoding: 'utf8',
});
if (packed.status !== 0) throw new Error(`packing failed: ${packed.stdout}${packed.stderr}`);

const folder = path.join(makeTemporary('headwater-web-folder-'), 'shop');
cpSync(path.join(root, 'test/fixtures/shop'), folder, { recursive: true });
const server = await startServer({ vsix: [vsix] });
const browser = await openBrowser({ base: server.base });
const { page } = browser;
let passed = 0;
try {
  await page.goto(workbenchUrl(server.base, folder));
  await page.locator('.activitybar .action-item a[aria-label*="Headwater"]').click({ timeout: 60_000 });
  await page.locator('.pane-body .monaco-list-row', { hasText: 'stg_orders' }).first().waitFor({ timeout: 30_000 });
  passed++;
  await page.locator('.pane-body .monaco-list-row', { hasText: 'raw_customers' }).first().click();
  await page.locator('.editor-instance .view-line').first().waitFor({ timeout: 30_000 });
  await page.locator('.editor-instance').first().click();
  await palette(page, 'Headwater: Preview Model');
  const frame = await webviewFrame(page, '.grid');
  await frame.locator('.cell', { hasText: 'Finn & Sons, Wholesale' }).waitFor({ timeout: 30_000 });
  passed++;
  // DuckDB comes out of the package, unpacked by the browser, and answers the same question.
  mkdirSync(path.join(folder, '.vscode'), { recursive: true });
  writeFileSync(path.join(folder, '.vscode/settings.json'), JSON.stringify({ 'headwater.engine': 'duckdb' }));
  await page.goto(workbenchUrl(server.base, folder));
  await page.locator('.activitybar .action-item a[aria-label*="Headwater"]').first().waitFor({ timeout: 60_000 });
  const row = page.locator('.pane-body .monaco-list-row', { hasText: 'stg_orders' }).first();
  const line = page.locator('.editor-instance .view-line', { hasText: 'raw_orders' }).first();
  // The workbench restores its side bar, and the tree is drawn anew once the project is read: a press may come between.
  for (let i = 0; i < 12 && !(await line.isVisible()); i++) {
    const isShown = await row.waitFor({ timeout: 8_000 }).then(
      () => true,
      () => false,
    );
    if (!isShown) await page.locator('.activitybar .action-item a[aria-label*="Headwater"]').first().click();
    else await row.click({ timeout: 5_000 }).catch(() => undefined);
    await line.waitFor({ timeout: 4_000 }).catch(() => undefined);
  }
  await line.waitFor({ timeout: 5_000 });
  await page.locator('.editor-instance').first().click();
  await palette(page, 'Headwater: Preview Model');
  const again = await webviewFrame(page, '.grid');
  await again.getByText('DuckDB').first().waitFor({ timeout: 60_000 });
  await again.locator('.cell').first().waitFor({ timeout: 30_000 });
  passed++;
  console.log(`web host: ${passed} passed, 0 failed`);
} catch (error) {
  await page.screenshot({ path: path.join(root, 'test/e2e/shots/failed-web.png') });
  console.error(error);
  console.log(`web host: ${passed} passed, 1 failed`);
  process.exitCode = 1;
} finally {
  await browser.close();
  await server.stop();
}
