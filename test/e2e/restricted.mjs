// A folder that is not trusted: VS Code's restricted mode, in which the extension reads, previews, tests and draws as ever, because it runs
// nothing of the folder but SQL in its own engine.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { log, makeTemporary, openBrowser, openFromTree, palette, startServer, webviewFrame, workbenchUrl } from './host.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const vsix = process.env.VSIX ?? path.join(root, `headwater-${version}.vsix`);
const shots = path.join(import.meta.dirname, 'shots');
mkdirSync(shots, { recursive: true });

const folder = path.join(makeTemporary('headwater-restricted-'), 'shop');
cpSync(path.join(root, 'test/fixtures/shop'), folder, { recursive: true });
const server = await startServer({ vsix: [vsix], keepTrust: true, logFile: path.join(shots, 'server-restricted.log') });
const browser = await openBrowser({ base: server.base });
const { page } = browser;
let passed = 0;
const step = async (name, run) => {
  await run();
  passed++;
  log(`restricted: ${name}`);
  await page.screenshot({ path: path.join(shots, `restricted-${passed}-${name}.png`) });
};
try {
  await page.goto(workbenchUrl(server.base, folder));
  await step('mode', async () => {
    await page.locator('.monaco-dialog-box button, .monaco-dialog-box a', { hasText: "don't trust" }).first().click({ timeout: 60_000 });
    await page.locator('.statusbar-item, .monaco-workbench .banner', { hasText: 'Restricted Mode' }).first().waitFor();
  });
  await step('tree', async () => {
    await page.locator('.activitybar .action-item a[aria-label*="Headwater"]').click({ timeout: 60_000 });
    await page.locator('.pane-body .monaco-list-row', { hasText: 'stg_orders' }).first().waitFor({ timeout: 30_000 });
  });
  await step('preview', async () => {
    await openFromTree(page, 'stg_customers', 'select');
    await page.locator('.view-lines').first().click();
    await page.keyboard.press('Control+Enter');
    const frame = await webviewFrame(page, '.grid');
    await frame.locator('.cell', { hasText: 'Finn & Sons, Wholesale' }).waitFor({ timeout: 30_000 });
  });
  await step('tests', async () => {
    await palette(page, 'Testing: Focus on Test Explorer View');
    await page.locator('.test-explorer .monaco-list-row', { hasText: 'shop' }).first().waitFor({ timeout: 30_000 });
    // The explorer's own button asks for trust whatever a controller runs; what we run is no code, and our commands run it as it is.
    await page.locator('.view-lines').first().click();
    await palette(page, 'Headwater: Run Tests of Model');
    await page.locator('.test-explorer .codicon-testing-passed-icon').first().waitFor({ timeout: 30_000 });
    assert.equal(await page.locator('.test-explorer .codicon-testing-failed-icon').count(), 0);
  });
  await step('graph', async () => {
    await palette(page, 'Headwater: Show Lineage Graph');
    const frame = await webviewFrame(page, '.hw-canvas');
    await frame.locator('.hw-tree [aria-label^="customers,"]').first().waitFor({ state: 'attached', timeout: 30_000 });
  });
  console.log(`restricted: ${passed} passed, 0 failed`);
} catch (error) {
  await page.screenshot({ path: path.join(shots, 'failed-restricted.png') });
  console.error(error);
  console.log(`restricted: ${passed} passed, 1 failed`);
  process.exitCode = 1;
} finally {
  await browser.close();
  await server.stop();
}
