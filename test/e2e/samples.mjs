// Opens every sample project that ships and clicks through it as a person would: tree, model, preview, lineage graph, ERD, save.
// Leaves a picture of every step; `samples.mjs NAME` takes one sample.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { log, makeTemporary, openBrowser, palette, startServer, webviewFrame, workbenchUrl } from './host.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const vsix = process.env.VSIX ?? path.join(root, `headwater-${version}.vsix`);
const shots = path.join(import.meta.dirname, 'shots');
mkdirSync(shots, { recursive: true });

/** In each sample: a model and the theme that it is seen in. */
const samples = {
  'lightdash-saas': { model: 'win_rates', theme: 'Default Dark Modern' },
  'b2b-saas': { model: 'fct_account_mrr', theme: 'Default Light Modern' },
  'crm-warehouse': { model: 'fact_deal_stage_history', theme: 'Default High Contrast' },
  ravenstack: { model: 'satisfaction_trends', theme: 'Default Dark Modern' },
  'saas-activity': { model: 'engagement_by_month', theme: 'Default Light Modern' },
};
const chosen = process.argv.slice(2).length > 0 ? process.argv.slice(2) : Object.keys(samples);

let passed = 0;
let failed = 0;
for (const name of chosen) {
  try {
    passed += await drive(name, samples[name]);
  } catch (error) {
    failed++;
    console.error(error.message);
  }
}
console.log(`samples: ${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

async function drive(name, { model, theme }) {
  const folder = path.join(makeTemporary('headwater-samples-'), name);
  cpSync(path.join(root, 'samples', name), folder, { recursive: true });
  const server = await startServer({
    vsix: [vsix],
    settings: { 'workbench.colorTheme': theme },
    logFile: path.join(shots, `server-${name}.log`),
  });
  const browser = await openBrowser({ base: server.base });
  const { page } = browser;
  let steps = 0;
  const step = async (what, run) => {
    const started = Date.now();
    try {
      await run();
    } catch (error) {
      await page.screenshot({ path: path.join(shots, `failed-${name}.png`) });
      throw new Error(`${name}, ${what}: ${error.message}`, { cause: error });
    }
    steps++;
    log(`${name}: ${what} ${Date.now() - started} ms`);
    await page.waitForTimeout(500);
    await page.screenshot({ path: path.join(shots, `${name}-${steps}-${what}.png`) });
  };
  try {
    await page.goto(workbenchUrl(server.base, folder));
    await page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });

    await step('tree', async () => {
      await page.locator('.activitybar .action-item a[aria-label*="Headwater"]').click({ timeout: 60_000 });
      await page.locator('.pane-body .monaco-list-row').filter({ hasText: 'Models' }).first().waitFor({ timeout: 30_000 });
    });

    await step('open', async () => {
      await palette(page, 'Headwater: Go to Model…');
      await page.locator('.quick-input-widget input.input').fill(model);
      await page.locator('.quick-input-list .monaco-list-row', { hasText: model }).first().click();
      await page.locator('.tab', { hasText: `${model}.sql` }).waitFor();
    });

    await step('preview', async () => {
      await page.locator('.view-lines').first().click();
      await page.keyboard.press('Control+Enter');
      const frame = await webviewFrame(page, '.results, .tabs, .grid, .outcome', 30_000);
      await frame.locator('.grid .row, .outcome').first().waitFor({ timeout: 30_000 });
      assert.equal(await frame.locator('.outcome').count(), 0, await frame.locator('body').innerText());
      assert.match(await frame.locator('.status').innerText(), /[1-9][\d,]* rows?/);
    });

    await step('graph', async () => {
      await palette(page, 'Headwater: Show Lineage Graph');
      const frame = await webviewFrame(page, '.hw-canvas');
      await frame.locator(`.hw-tree [aria-label^="${model},"]`).first().waitFor({ state: 'attached', timeout: 20_000 });
      await page.waitForTimeout(800);
    });

    await step('erd', async () => {
      await palette(page, 'Headwater: Show ERD');
      await page.locator('.tab', { hasText: 'ERD' }).waitFor();
      await page.waitForTimeout(1500);
    });

    await step('save', async () => {
      await page.locator('.tab', { hasText: `${model}.sql` }).click();
      await page.locator('.view-lines').first().click();
      await page.keyboard.press('Control+Home');
      await page.keyboard.type('-- looked at\n');
      await page.keyboard.press('Control+s');
      await page.keyboard.press('Control+Enter');
      const frame = await webviewFrame(page, '.grid');
      await frame.locator('.status', { hasText: / ms| s/ }).waitFor({ timeout: 20_000 });
    });
    return steps;
  } finally {
    await browser.close();
    await server.stop();
  }
}
