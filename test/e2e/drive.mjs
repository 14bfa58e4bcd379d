// Clicks through the product as a person would, in a real workbench, and leaves pictures of it: tree, preview, graph, ERD, hover,
// and a saved file that everything follows. Once in each theme; `--theme dark` takes one.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { log, makeTemporary, openBrowser, palette, startServer, webviewFrame, workbenchUrl } from './host.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const vsix = process.env.VSIX ?? path.join(root, `headwater-${version}.vsix`);
const shots = path.join(import.meta.dirname, 'shots');
const themes = { dark: 'Default Dark Modern', light: 'Default Light Modern', contrast: 'Default High Contrast' };
const wanted = process.argv.includes('--theme') ? [process.argv[process.argv.indexOf('--theme') + 1]] : Object.keys(themes);
mkdirSync(shots, { recursive: true });

let passed = 0;
for (const theme of wanted) {
  const steps = await drive(theme);
  passed += steps;
  log(`${theme}: ${steps} steps`);
}
console.log(`drive: ${passed} passed, 0 failed`);

async function drive(theme) {
  const folder = path.join(makeTemporary('headwater-drive-'), 'shop');
  cpSync(path.join(root, 'test/fixtures/shop'), folder, { recursive: true });
  const server = await startServer({
    vsix: [vsix],
    settings: { 'workbench.colorTheme': themes[theme] },
    logFile: path.join(shots, `server-${theme}.log`),
  });
  const browser = await openBrowser({ base: server.base });
  const { page } = browser;
  let steps = 0;
  const step = async (name, run) => {
    try {
      await run();
    } catch (error) {
      await page.screenshot({ path: path.join(shots, `failed-${theme}.png`) });
      throw new Error(`${theme}, ${name}: ${error.message}`, { cause: error });
    }
    await page.waitForTimeout(250);
    steps++;
    await page.screenshot({ path: path.join(shots, `${theme}-${steps}-${name}.png`) });
  };
  const row = (text) =>
    page.locator('.pane-body .monaco-list-row').filter({ has: page.locator('.label-name', { hasText: new RegExp(`^${text}$`) }) });

  try {
    await page.goto(workbenchUrl(server.base, folder));
    await page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });

    await step('tree', async () => {
      await page.locator('.activitybar .action-item a[aria-label*="Headwater"]').click({ timeout: 60_000 });
      // A tooltip of the activity bar would lie over the tree.
      await page.mouse.move(900, 450);
      await row('stg_orders').first().waitFor({ timeout: 30_000 });
      for (const name of ['Seeds', 'raw_customers', 'Models', 'staging', 'marts', 'customers']) await row(name).first().waitFor();
      await row('stg_orders').first().locator('.monaco-tl-twistie').click();
      await row('raw_orders').nth(1).waitFor();
    });

    await step('preview', async () => {
      await row('customers').first().click();
      await page.locator('.view-lines', { hasText: 'order_count' }).waitFor();
      await page.locator('.view-lines').first().click();
      await page.keyboard.press('Control+Enter');
      const frame = await webviewFrame(page, '.grid');
      await frame.locator('.cell', { hasText: 'Finn & Sons, Wholesale' }).waitFor();
      assert.equal(await frame.locator('.row').count(), 6);
      assert.match(await frame.locator('.status').innerText(), /6 rows/);
    });

    await step('statistics', async () => {
      const frame = await webviewFrame(page, '.grid');
      await frame.locator('[aria-label="Statistics of each column"]').click();
      await frame.locator('.statistic', { hasText: '6 distinct' }).first().waitFor();
      await frame.locator('.column', { hasText: 'revenue' }).click();
      await frame.locator('.column[aria-sort="ascending"]').waitFor();
    });

    await step('follows', async () => {
      const file = path.join(folder, 'models/marts/customers.sql');
      writeFileSync(file, readFileSync(file, 'utf8').replace('as revenue\nfrom', "as revenue,\n    'checked' as mark\nfrom"));
      await page.locator('.view-lines', { hasText: 'mark' }).waitFor({ timeout: 15_000 });
      await page.waitForTimeout(600);
      await palette(page, 'Headwater: Preview Model');
      const frame = await webviewFrame(page, '.grid');
      await frame.locator('.column', { hasText: 'mark' }).waitFor({ timeout: 15_000 });
    });

    await step('hover', async () => {
      await page.locator('.view-line span', { hasText: 'country' }).last().hover();
      await page.locator('.monaco-hover', { hasText: 'ISO code' }).first().waitFor({ timeout: 15_000 });
    });

    await step('graph', async () => {
      await page.keyboard.press('Escape');
      await palette(page, 'Headwater: Show Lineage Graph');
      const frame = await webviewFrame(page, '.hw-canvas');
      await frame.locator('.hw-toolbar button[aria-label^="Details"]').waitFor();
      // Beside an editor there is no room for details until they are asked for.
      if (!(await frame.locator('.hw-side').isVisible())) await frame.locator('button[aria-label^="Details"]').click();
      await frame.getByText('One row for each customer with what they bought.').first().waitFor({ timeout: 20_000 });
    });

    await step('erd', async () => {
      await palette(page, 'Headwater: Show ERD');
      await page.locator('.tab', { hasText: 'ERD' }).waitFor();
      await page.waitForTimeout(1500);
    });

    const outside = browser.refused.filter((url) => !url.includes('vscode-cdn') && !url.includes('vscode-unpkg'));
    assert.deepEqual(outside, [], 'the extension reached outside');
    return steps;
  } finally {
    await browser.close();
    await server.stop();
  }
}
