// The results panel in a real workbench, in three themes: a wide model, sorting, filters, statistics, search, copying, an export, an error with
// its place, a query that is cancelled, tabs that stay, and a unit test made of rows. Leaves a picture of every step; `results.mjs THEME` takes one.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { log, makeTemporary, openBrowser, palette, startServer, webviewFrame, workbenchUrl } from './host.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const vsix = process.env.VSIX ?? path.join(root, `headwater-${version}.vsix`);
const shots = path.join(import.meta.dirname, 'shots');
const themes = { dark: 'Default Dark Modern', light: 'Default Light Modern', contrast: 'Default High Contrast' };
const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(themes);
mkdirSync(shots, { recursive: true });

let passed = 0;
let failed = 0;
for (const theme of wanted) {
  try {
    passed += await drive(theme);
  } catch (error) {
    failed++;
    console.error(error.message);
  }
}
console.log(`results: ${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

function makeProject() {
  const folder = path.join(makeTemporary('headwater-results-'), 'shop');
  cpSync(path.join(root, 'test/fixtures/shop'), folder, { recursive: true });
  const write = (name, sql) => writeFileSync(path.join(folder, 'models/marts', `${name}.sql`), sql);
  const measures = Array.from({ length: 56 }, (_, i) => `amount * ${i + 1} as measure_${i + 1}`);
  write(
    'wide',
    `select order_id, status, nullif(status, 'placed') as label, '' as note,\n${measures.join(',\n')}\nfrom {{ ref('stg_orders') }}\n`,
  );
  const orders = "{{ ref('stg_orders') }}";
  write('slow', `select count(*) as n from ${orders} as a${[...'bcdefgh'].map((name) => ` cross join ${orders} as ${name}`).join('')}\n`);
  write('broken', `select\n    order_id,\n    amuont\nfrom ${orders}\n`);
  return folder;
}

async function drive(theme) {
  const folder = makeProject();
  const server = await startServer({
    vsix: [vsix],
    settings: { 'workbench.colorTheme': themes[theme] },
    logFile: path.join(shots, `server-results-${theme}.log`),
  });
  const browser = await openBrowser({ base: server.base });
  const { page } = browser;
  let steps = 0;
  const step = async (name, run) => {
    try {
      await run();
    } catch (error) {
      await page.screenshot({ path: path.join(shots, `failed-results-${theme}.png`) });
      throw new Error(`${theme}, ${name}: ${error.message}`, { cause: error });
    }
    await page.waitForTimeout(250);
    steps++;
    await page.screenshot({ path: path.join(shots, `results-${theme}-${steps}-${name}.png`) });
  };
  const preview = async (model) => {
    await palette(page, 'Headwater: Go to Model…');
    await page.locator('.quick-input-widget input.input').fill(model);
    await page.locator('.quick-input-list .monaco-list-row', { hasText: model }).first().click();
    await page.locator('.tab.active', { hasText: `${model}.sql` }).waitFor();
    await palette(page, 'Headwater: Preview Model');
    return webviewFrame(page, '.strip');
  };
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  try {
    await page.goto(workbenchUrl(server.base, folder));
    await page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
    await page.locator('.activitybar .action-item a[aria-label*="Headwater"]').click({ timeout: 60_000 });
    await page.locator('.pane-body .monaco-list-row', { hasText: 'stg_orders' }).first().waitFor({ timeout: 30_000 });
    let frame;

    await step('wide', async () => {
      frame = await preview('wide');
      await frame.locator('.status', { hasText: '60 columns' }).waitFor({ timeout: 30_000 });
      assert.ok((await frame.locator('.row').first().locator('.cell').count()) < 20, 'only the columns in sight are drawn');
    });
    await step('statistics', async () => {
      await frame.locator('[aria-label="Statistics of each column"]').click();
      await frame.locator('.statistic', { hasText: 'distinct' }).nth(3).waitFor();
      await frame.locator('.column', { hasText: 'status' }).click();
      await frame.locator('.column[aria-sort="ascending"]').waitFor();
    });
    await step('filter', async () => {
      await frame.locator('[aria-label="Filter columns"]').click();
      await frame.locator('input[aria-label="Filter label"]').fill('null');
      await frame.locator('.status', { hasText: / of \d+ rows/ }).waitFor();
      await frame.locator('.cell.null').first().waitFor();
      await frame.locator('.cell.blank').first().waitFor();
      await frame.locator('[aria-label="Filter columns"]').click();
      await frame.locator('[aria-label="Statistics of each column"]').click();
    });
    await step('search', async () => {
      await frame.locator('.row').first().locator('.cell').first().click();
      await page.keyboard.press('Control+f');
      await frame.locator('.search .field').fill('shipped');
      await frame.locator('.search .said', { hasText: /row 1 of \d+/ }).waitFor();
      assert.equal(await frame.locator('.cell.current.found').innerText(), 'shipped');
      assert.equal(await page.locator('.find-widget.visible').count(), 0, 'the workbench searches nothing beside it');
      await page.keyboard.press('Escape');
    });
    await step('copy', async () => {
      await frame.locator('.row').first().locator('.cell').first().click();
      await page.keyboard.press('Shift+ArrowRight');
      await page.keyboard.press('Shift+ArrowDown');
      const copied = {};
      for (const format of ['Tab-separated', 'CSV', 'Markdown', 'JSON']) {
        const before = await clipboard().catch(() => '');
        await frame.locator('.bar [aria-label="Copy"]').click();
        await frame.locator('.hw-menu').getByText(`Copy as ${format}`, { exact: true }).click();
        for (let i = 0; i < 40 && (await clipboard()) === before; i++) await page.waitForTimeout(50);
        copied[format] = await clipboard();
      }
      assert.match(copied['Tab-separated'], /^\d+\t\w+\n\d+\t\w+\n$/);
      assert.match(copied.CSV, /^order_id,status\n\d+,\w+\n\d+,\w+\n$/);
      assert.match(copied.Markdown, /^\| order_id \| status \|\n\| --: \| --- \|\n/);
      assert.deepEqual(Object.keys(JSON.parse(copied.JSON)[1]), ['order_id', 'status']);
    });
    await step('export', async () => {
      await frame.locator('.bar [aria-label="Export to a file"]').click();
      await frame.locator('.hw-menu button', { hasText: 'CSV' }).click();
      const input = page.locator('.quick-input-widget input.input');
      const file = path.join(folder, 'exported.csv');
      // The dialog writes its own proposal first, and takes an Enter only once it has looked at the path.
      const said = async (value) => {
        for (let i = 0; i < 100 && !(await input.inputValue()).endsWith(value); i++) await page.waitForTimeout(50);
      };
      await input.waitFor();
      await said('wide.csv');
      await page.waitForTimeout(400);
      await input.fill(file);
      await said('exported.csv');
      for (let i = 0; i < 20 && !existsSync(file); i++) {
        await page.waitForTimeout(600);
        if (await input.isVisible()) await input.press('Enter');
      }
      const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
      assert.equal(lines[0].split(',').length, 60);
      assert.match(lines[1], /,"",/, 'the empty text is no NULL');
    });
    await step('unit-test', async () => {
      await frame.locator('.row').first().locator('.cell').first().click({ button: 'left' });
      await page.keyboard.press('Shift+F10');
      await frame.locator('.hw-menu button', { hasText: 'unit test' }).click();
      await page.locator('.view-lines', { hasText: 'wide_gives_picked_rows' }).waitFor({ timeout: 30_000 });
      await palette(page, 'File: Revert File');
    });
    await step('error', async () => {
      frame = await preview('broken');
      await frame.locator('.outcome.failed', { hasText: 'amuont' }).waitFor({ timeout: 30_000 });
      const link = frame.locator('.outcome .link').first();
      assert.match(await link.innerText(), /models\/marts\/broken\.sql:3/);
      await link.click();
      await page.locator('.statusbar-item', { hasText: 'Ln 3' }).waitFor();
    });
    await step('cancel', async () => {
      frame = await preview('slow');
      await frame.locator('.hw-progress.running').waitFor();
      await frame.locator('.bar .doing', { hasText: 'slow' }).waitFor({ timeout: 30_000 });
      await page.waitForTimeout(700);
      // By the clock of the page itself: from the click to the words.
      const took = await frame.evaluate(
        () =>
          new Promise((resolve) => {
            const started = performance.now();
            const look = () =>
              document.querySelector('.outcome') === null ? requestAnimationFrame(look) : resolve(performance.now() - started);
            document.querySelector('[aria-label="Cancel"]').click();
            look();
          }),
      );
      log(`${theme}: a query of hours was cancelled in ${Math.round(took)} ms`);
      await frame.locator('.outcome', { hasText: 'was not finished' }).waitFor();
    });
    await step('pinned', async () => {
      frame = await preview('orders');
      await frame.locator('.status', { hasText: /[1-9]\d* rows/ }).waitFor({ timeout: 30_000 });
      await frame.locator('.tab.active [aria-label^="Pin"]').click();
      frame = await preview('customers');
      await frame.locator('.tab', { hasText: 'orders' }).first().waitFor();
      await frame.locator('.tab.active', { hasText: 'customers' }).waitFor();
    });
    return steps;
  } finally {
    await browser.close();
    await server.stop();
  }
}
