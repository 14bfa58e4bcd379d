// What the editor knows of a model, clicked through in a real workbench on two samples: columns in the tree, tests and macros of the
// project, documentation, compiled SQL beside its model, what a preview runs, lenses and hints, a quick fix. Leaves a picture of every step.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { log, makeTemporary, openBrowser, palette, startServer, webviewFrame, workbenchUrl } from './host.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const vsix = process.env.VSIX ?? path.join(root, `headwater-${version}.vsix`);
const shots = path.join(import.meta.dirname, 'shots');
mkdirSync(shots, { recursive: true });

/** In each sample: a model, its first column, and the theme that it is seen in. */
const samples = {
  'b2b-saas': { model: 'fct_invoices', column: 'invoice_id', theme: 'Default Dark Modern' },
  'lightdash-saas': { model: 'win_rates', column: 'industry', theme: 'Default Light Modern' },
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
console.log(`editor: ${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

async function drive(name, { model, column, theme }) {
  const folder = path.join(makeTemporary('headwater-editor-'), name);
  cpSync(path.join(root, 'samples', name), folder, { recursive: true });
  const server = await startServer({
    vsix: [vsix],
    settings: { 'workbench.colorTheme': theme },
    logFile: path.join(shots, `server-editor-${name}.log`),
  });
  const browser = await openBrowser({ base: server.base });
  const { page } = browser;
  let steps = 0;
  const step = async (what, run) => {
    try {
      await run();
    } catch (error) {
      await page.screenshot({ path: path.join(shots, `failed-editor-${name}.png`) });
      throw new Error(`${name}, ${what}: ${error.message}`, { cause: error });
    }
    steps++;
    log(`${name}: ${what}`);
    await page.waitForTimeout(600);
    await page.screenshot({ path: path.join(shots, `editor-${name}-${steps}-${what}.png`) });
  };
  const pane = (title) => page.locator('.pane', { has: page.locator('.pane-header', { hasText: title }) });
  const rowOf = (text) =>
    page.locator('.pane-body .monaco-list-row').filter({ has: page.locator('.label-name', { hasText: new RegExp(`^${text}$`) }) });
  try {
    await page.goto(workbenchUrl(server.base, folder));
    await page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
    await page.locator('.activitybar .action-item a[aria-label*="Headwater"]').click({ timeout: 60_000 });
    await page.locator('.pane-body .monaco-list-row').filter({ hasText: 'Models' }).first().waitFor({ timeout: 30_000 });

    await step('lenses', async () => {
      await palette(page, 'Headwater: Go to Model…');
      await page.locator('.quick-input-widget input.input').fill(model);
      await page.locator('.quick-input-list .monaco-list-row', { hasText: model }).first().click();
      await page.locator('.tab', { hasText: `${model}.sql` }).waitFor();
      await page.locator('.codelens-decoration').first().waitFor({ timeout: 20_000 });
    });

    await step('columns', async () => {
      await rowOf(model).first().locator('.monaco-tl-twistie').click();
      await rowOf('Columns').first().locator('.monaco-tl-twistie').click();
      await rowOf(column).first().waitFor({ timeout: 15_000 });
    });

    await step('documentation', async () => {
      await pane('Documentation').locator('.pane-header').click();
      // The editor's own renderer of Markdown wakes up first.
      const frame = await webviewFrame(page, 'body > p strong', 60_000);
      await frame.getByText(column).first().waitFor();
    });

    await step('project', async () => {
      await pane('Documentation').locator('.pane-header').click();
      await pane('Project').locator('.pane-header').click();
      await rowOf('Tests').first().locator('.monaco-tl-twistie').click();
      await pane('Project').locator('.codicon-circle-outline, .codicon-symbol-file').first().waitFor();
    });

    await step('compiled', async () => {
      await pane('Project').locator('.pane-header').click();
      await page.locator('.view-lines').first().click();
      await palette(page, 'Headwater: Show Compiled SQL');
      await page.locator('.tab', { hasText: '(compiled)' }).waitFor();
      await page.locator('.view-lines').first().click();
      await page.keyboard.press('Control+End');
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('Home');
      await page.keyboard.press('Shift+End');
      await page.waitForTimeout(1200);
    });

    await step('translated', async () => {
      await palette(page, 'Headwater: Show What the Preview Runs');
      await page.locator('.tab', { hasText: "in the engine's SQL" }).waitFor();
      await page.waitForTimeout(2000);
    });

    await step('fix', async () => {
      await page
        .locator('.tab', { hasText: `${model}.sql` })
        .first()
        .click();
      await page.locator('.view-lines').first().click();
      await page.keyboard.press('Control+Home');
      await page.keyboard.type("select * from {{ ref('fct_invoice') }} -- ");
      await page.locator('.squiggly-error').first().waitFor({ timeout: 15_000 });
      await page.keyboard.press('Control+Home');
      for (let i = 0; i < 24; i++) await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Control+.');
      await page.locator('.action-widget').waitFor({ timeout: 10_000 });
    });
    assert.ok(steps > 0);
    return steps;
  } finally {
    await browser.close();
    await server.stop();
  }
}
