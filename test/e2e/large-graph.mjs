// The graph of a large project in a real workbench: every card of it, which crosses from the worker to its page as bytes. Leaves a picture,
// and prints how long it took from the press to the picture.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { log, makeTemporary, openBrowser, palette, startServer, webviewFrame, workbenchUrl } from './host.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const { version } = JSON.parse(execFileSync('node', ['-p', 'JSON.stringify(require("./package.json"))'], { cwd: root, encoding: 'utf8' }));
const shots = path.join(import.meta.dirname, 'shots');
const models = process.argv[2] ?? '1500';
mkdirSync(shots, { recursive: true });

const folder = path.join(makeTemporary('headwater-large-'), 'large');
execFileSync('node', [path.join(root, 'bench/generate.mjs'), '--models', models, '--out', folder], { stdio: 'pipe' });
const server = await startServer({
  vsix: [process.env.VSIX ?? path.join(root, `headwater-${version}.vsix`)],
  settings: {},
  logFile: path.join(shots, 'server-large.log'),
});
const browser = await openBrowser({ base: server.base });
const { page } = browser;
try {
  await page.goto(workbenchUrl(server.base, folder));
  await page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
  await page.locator('.activitybar .action-item a[aria-label*="Headwater"]').click({ timeout: 60_000 });
  await page.mouse.move(900, 450);
  await page.locator('.pane-body .monaco-list-row .label-name', { hasText: 'Models' }).first().waitFor({ timeout: 60_000 });
  await palette(page, 'Headwater: Show Lineage Graph');
  // No editor is open, so the command asks which model.
  await page.locator('.quick-input-widget .monaco-list-row').first().waitFor();
  await page.keyboard.press('Enter');
  const frame = await webviewFrame(page, '.hw-canvas');
  await frame.locator('button[aria-label="What is shown"]').click({ timeout: 30_000 });
  const pressed = Date.now();
  await frame.locator('[role^=menuitem]', { hasText: 'Every node of the project' }).click();
  // Hundreds of cards in the tree, and the canvas says that all in sight is drawn.
  await frame.locator('[role=treeitem]').nth(399).waitFor({ state: 'attached', timeout: 30_000 });
  await frame.locator('.hw-diagram[data-drawn=true]').waitFor();
  log(`every card of ${models} models: ${Date.now() - pressed} ms from the press, as the browser's driver sees it`);
  assert.equal(await frame.locator('.hw-notes').innerText(), '');
  await page.screenshot({ path: path.join(shots, 'large-graph.png') });
  console.log('large graph: 1 passed, 0 failed');
} catch (error) {
  await page.screenshot({ path: path.join(shots, 'failed-large.png') });
  throw error;
} finally {
  await browser.close();
  await server.stop();
}
