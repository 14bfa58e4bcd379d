// The results grid alone in a plain page with a fake host: a million rows, the keyboard, filters, copying, every theme, and axe.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { chromium as browserProgram } from '../../scripts/requirements.mjs';
import { servePage } from './webview-page.mjs';

const shots = path.join(import.meta.dirname, 'shots');
mkdirSync(shots, { recursive: true });
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const host = readFileSync(path.join(import.meta.dirname, 'results-host.js'), 'utf8');

const browser = await chromium.launch({
  executablePath: browserProgram,
  args: ['--no-sandbox', '--disable-gpu'],
});
let passed = 0;
let failed = 0;
for (const theme of ['dark', 'light', 'contrast']) {
  const served = await servePage('results', theme, host);
  const page = await browser.newPage({ viewport: { width: 1100, height: 380 } });
  await page.goto(served.base);
  const check = async (name, run) => {
    try {
      await run();
      passed++;
    } catch (error) {
      failed++;
      console.error(`${theme}: ${name}: ${error.message}`);
    }
  };
  const accessible = async () => {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run(document, { rules: { 'page-has-heading-one': { enabled: false } } }));
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    assert.deepEqual(
      serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`),
      [],
    );
  };
  await check('the rows are drawn, and only those in sight', async () => {
    await page.locator('.cell', { hasText: 'Adah' }).first().waitFor();
    assert.ok((await page.locator('.row').count()) < 40);
    assert.equal(await page.locator('.grid').getAttribute('aria-rowcount'), '1000001');
  });
  await check('NULL, the empty string and text look different', async () => {
    assert.equal(await page.locator('.cell.null').first().innerText(), 'NULL');
    assert.equal(await page.locator('.cell.blank').first().innerText(), 'empty');
    assert.equal(
      await page
        .locator('.row')
        .first()
        .locator('.cell')
        .nth(0)
        .evaluate((cell) => getComputedStyle(cell).textAlign),
      'right',
    );
  });
  await check('the keyboard reaches the last cell of a million rows and copies it', async () => {
    await page.locator('.row').first().locator('.cell').first().click();
    await page.keyboard.press('Control+End');
    await page.locator('.row[aria-rowindex="1000001"]').waitFor();
    await page.keyboard.press('Shift+ArrowUp');
    await page.keyboard.press('Control+c');
    await page.waitForFunction(() => window.copied);
    const { range } = await page.evaluate(() => window.copied);
    assert.deepEqual(range, { rows: [999_998, 1_000_000], columns: [7], header: false });
    await page.keyboard.press('Control+Home');
    await page.locator('.row[aria-rowindex="2"]').waitFor();
  });
  await check('a filter and a sort ask the host for another view', async () => {
    await page.locator('[aria-label="Filter columns"]').click();
    await page.locator('input[aria-label="Filter customer"]').fill('ad');
    await page.locator('.status', { hasText: '1,234 of 1,000,000 rows' }).waitFor();
    await page.locator('.column', { hasText: 'amount' }).click();
    await page.locator('.column[aria-sort="ascending"]', { hasText: 'amount' }).waitFor();
    await page.waitForFunction(() => window.lastView.sort);
    const view = await page.evaluate(() => window.lastView);
    assert.deepEqual(view, { sort: { column: 2, descending: false }, filters: [{ column: 1, operator: 'contains', values: ['ad'] }] });
  });
  await check('a right click selects the cell it is on, and Copy copies that cell', async () => {
    await page.evaluate(() => delete window.copied);
    await page.locator('.row').nth(4).locator('.cell').nth(1).click({ button: 'right' });
    await page.locator('.hw-menu button', { hasText: 'Tab-separated' }).click();
    await page.waitForFunction(() => window.copied);
    assert.deepEqual((await page.evaluate(() => window.copied)).range, { rows: [4, 5], columns: [1], header: false });
  });
  await check('a right click inside a selection keeps it', async () => {
    await page.evaluate(() => delete window.copied);
    await page.locator('.row').nth(2).locator('.cell').nth(0).click();
    await page
      .locator('.row')
      .nth(4)
      .locator('.cell')
      .nth(1)
      .click({ modifiers: ['Shift'] });
    await page.locator('.row').nth(3).locator('.cell').nth(0).click({ button: 'right' });
    await page.locator('.hw-menu button', { hasText: 'Tab-separated' }).click();
    await page.waitForFunction(() => window.copied);
    assert.deepEqual((await page.evaluate(() => window.copied)).range, { rows: [2, 5], columns: [0, 1], header: false });
    await page.locator('.totals', { hasText: 'Sum 1,234.5' }).waitFor();
  });
  await check('a filter that cannot be understood says why and changes nothing', async () => {
    await page.locator('input[aria-label="Filter amount"]').fill('abc');
    await page.locator('.status .problem', { hasText: "'abc' is not a number" }).waitFor();
    await page.locator('input[aria-label="Filter amount"][aria-invalid="true"]').waitFor();
    await page.locator('input[aria-label="Filter amount"]').fill('>=2');
    await page.locator('.status .filters', { hasText: 'amount ≥ 2' }).waitFor();
    assert.equal(await page.locator('.status .problem').count(), 0);
    await page.locator('input[aria-label="Filter amount"]').fill('');
  });
  await check('the menu of a column filters by a value, hides, freezes and shows its lineage', async () => {
    const menu = async (name, item) => {
      await page.locator('.column', { hasText: name }).click({ button: 'right' });
      await page.locator('.hw-menu button', { hasText: item }).click();
    };
    await menu('customer', 'Filter by Value');
    await page.locator('.hw-menu button', { hasText: '166,667' }).click();
    await page.locator('.status .filters', { hasText: 'customer is Adah' }).waitFor();
    await menu('customer', 'Clear Filter');
    await menu('customer', 'Hide Column');
    await page.locator('.status', { hasText: '8 columns, 1 hidden' }).waitFor();
    assert.equal(await page.locator('.column', { hasText: 'customer' }).count(), 0);
    await page.evaluate(() => delete window.copied);
    await page.locator('.row').nth(1).locator('.cell').nth(1).click();
    await page.keyboard.press('Control+c');
    await page.waitForFunction(() => window.copied);
    assert.deepEqual((await page.evaluate(() => window.copied)).range.columns, [2]);
    await menu('amount', 'Freeze up to Here');
    await page.locator('.grid').evaluate((grid) => grid.scrollTo({ left: 2000 }));
    await page.locator('.cell.frozen').first().waitFor();
    const box = await page.locator('.column', { hasText: 'order_id' }).boundingBox();
    assert.ok(box !== null && box.x >= 0 && box.x < 80, JSON.stringify(box));
    await page.screenshot({ path: path.join(shots, `results-frozen-${theme}.png`) });
    await menu('amount', 'Show Lineage');
    await page.waitForFunction(() => window.traced);
    assert.deepEqual(await page.evaluate(() => window.traced), { tab: 1, column: 2 });
    await menu('amount', 'Unfreeze');
    await menu('order_id', 'Show All Columns');
    await page.locator('.grid').evaluate((grid) => grid.scrollTo({ left: 0 }));
  });
  await check('statistics stand under every column', async () => {
    await page.locator('[aria-label="Statistics of each column"]').click();
    await page.locator('.statistic', { hasText: '900 distinct' }).waitFor();
    await page.screenshot({ path: path.join(shots, `results-${theme}.png`) });
  });
  await check('a press on a distribution filters its column', async () => {
    await page.locator('.statistic .shares button', { hasText: 'web' }).first().click();
    await page.locator('.status .filters', { hasText: 'channel is web' }).waitFor();
    await page.locator('input[aria-label="Filter channel"]').fill('');
    await page.locator('.status .filters', { hasText: 'channel' }).waitFor({ state: 'detached' });
  });
  await check('a profile counts column by column, says what stands out, stops when told, and leads to the rows', async () => {
    await page.evaluate(() => {
      window.profilesWait = new Promise((resolve) => {
        window.goOn = resolve;
      });
    });
    await page.locator('.views button', { hasText: 'Profile' }).click();
    await page.locator('.profile .summary', { hasText: 'column 1 of 8' }).waitFor();
    await page.locator('.profile .summary vscode-button').click();
    await page.locator('.profile .summary', { hasText: 'Stopped after 0 of 8' }).waitFor();
    await page.evaluate(() => window.goOn());
    await page.locator('.views button', { hasText: 'Rows' }).click();
    await page.locator('.views button', { hasText: 'Profile' }).click();
    await page.locator('.profile .summary', { hasText: '3 things stand out' }).waitFor();
    await page.screenshot({ path: path.join(shots, `results-profile-${theme}.png`) });
    await accessible();
    await page.locator('.profile .shares button', { hasText: 'store' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('.status .filters', { hasText: 'channel is store' }).waitFor();
    await page.locator('input[aria-label="Filter channel"]').fill('');
  });
  await check('a chart fits the columns, is chosen anew, and is copied as SVG', async () => {
    await page.locator('.views button', { hasText: 'Chart' }).click();
    await page.locator('.chart-place svg[aria-label^="sum of amount by ordered_at"]').waitFor();
    await page.locator('.chart-caption', { hasText: '3 rows without a moment are left out.' }).waitFor();
    await accessible();
    await page.screenshot({ path: path.join(shots, `results-chart-line-${theme}.png`) });
    for (const kind of ['scatter', 'histogram', 'bars']) {
      await page.locator('.chart-tools select').first().selectOption(kind);
      await page.waitForTimeout(120);
      await page.screenshot({ path: path.join(shots, `results-chart-${kind}-${theme}.png`) });
    }
    await page.locator('.chart-tools select').nth(1).selectOption({ label: 'channel' });
    await page.locator('.chart-place svg[aria-label*="by channel"]').waitFor();
    assert.deepEqual(await page.evaluate(() => [window.charted.x, window.charted.step]), [6, 'value']);
    await page.locator('vscode-button', { hasText: 'Copy SVG' }).click();
    await page.waitForFunction(() => window.copiedText);
    assert.match(await page.evaluate(() => window.copiedText), /^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    await page.locator('.views button', { hasText: 'Rows' }).click();
  });
  await check('a search goes to the next row with the text, back again, and says where there is none', async () => {
    await page.locator('[aria-label="Statistics of each column"]').click();
    await page.locator('[aria-label="Filter columns"]').click();
    await page.locator('.row').first().locator('.cell').first().click();
    await page.keyboard.press('Control+f');
    await page.keyboard.type('cleo');
    await page.locator('.search .said', { hasText: 'row 1 of 166,667' }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.search .said', { hasText: 'row 2 of 166,667' }).waitFor();
    assert.equal(await page.locator('.cell.current.found').innerText(), 'Cleo');
    await page.keyboard.press('Shift+Enter');
    await page.locator('.search .said', { hasText: 'row 1 of 166,667' }).waitFor();
    await page.locator('.search .field').fill('nobody');
    await page.locator('.search.missing .said', { hasText: 'nowhere' }).waitFor();
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.search').isVisible(), false);
    assert.equal(await page.evaluate(() => document.activeElement?.className.includes('grid')), true);
  });
  await check('selected rows are handed over for a unit test', async () => {
    await page.locator('.row').first().locator('.cell').first().click();
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+F10');
    await page.locator('.hw-menu button', { hasText: 'unit test' }).click();
    await page.waitForFunction(() => window.tested);
    assert.deepEqual((await page.evaluate(() => window.tested)).picked.rows, [0, 2]);
  });
  await check('blanks at the ends are seen, and a long value opens in full with the keyboard alone', async () => {
    await page.locator('.tab').nth(3).click();
    const cell = page.locator('.cell', { hasText: 'three blanks' });
    await cell.waitFor();
    assert.match(await cell.innerText(), /^···three blanks/);
    await page.locator('.row').nth(2).locator('.cell').nth(3).click();
    await page.keyboard.press('Space');
    await page.locator('.cell-detail', { hasText: 'characters' }).waitFor();
    // Laid out, and every value as it is written: no number is read and written again.
    assert.equal(
      await page.locator('.cell-detail pre').innerText(),
      '[\n  12345678901234567890,\n  1.10,\n  {\n    "deep": [\n      true,\n      {}\n    ],\n    "x": "a, {b}"\n  }\n]',
    );
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.cell-detail').count(), 0);
    await page.keyboard.press('ArrowDown');
    await page.locator('.cell.current', { hasText: /^\{\}$/ }).waitFor();
    await page.locator('.tab').nth(0).click();
  });
  await check('sixty columns are walked to their end, only those in sight drawn', async () => {
    await page.locator('.tab').nth(2).click();
    await page.locator('.column', { hasText: 'measure_2' }).first().waitFor();
    await page.locator('.row').first().locator('.cell').first().click();
    assert.ok((await page.locator('.row').first().locator('.cell').count()) < 12);
    await page.keyboard.press('End');
    await page.locator('.cell.current[aria-colindex="61"]').waitFor();
    await page.locator('.tab').nth(0).click();
  });
  await check('what follows the cursor keeps its rows until newer ones are here, and says what is wrong beside them', async () => {
    const live = (change) =>
      page.evaluate((state) => {
        window.liveTab = { ...window.liveTab, ...state };
        answers.activate({ tab: 6 });
      }, change);
    const first = page.locator('.row').first();
    await live({ version: 1, live: { isRunning: false } });
    await first.locator('.cell', { hasText: 'v1' }).waitFor();
    await first.locator('.cell').nth(1).click();
    await page.evaluate(() => {
      window.livePage = new Promise((resolve) => {
        window.sendPage = resolve;
      });
    });
    await live({ version: 2, live: { isRunning: false } });
    await page.waitForTimeout(100);
    assert.equal(await first.locator('.cell').nth(1).innerText(), 'v1');
    await page.evaluate(() => window.sendPage());
    await first.locator('.cell.current', { hasText: 'v2' }).waitFor();
    const location = { path: 'models/fct_orders.sql', start: { line: 7, column: 3 }, end: { line: 7, column: 9 } };
    const counts = [
      { cte: 'orders', rows: 1200 },
      { cte: 'paid', rows: 935 },
      { cte: 'fct_orders', rows: 1870 },
    ];
    const problem = { severity: 'error', message: "There is no column 'amuont' in orders.", location };
    await live({ live: { isRunning: false, cte: 'paid', counts, problem } });
    await page.locator('.live .note', { hasText: 'amuont' }).waitFor();
    assert.equal(await first.locator('.cell').nth(1).innerText(), 'v2');
    assert.equal(
      await page
        .locator('.step[aria-current="step"]')
        .innerText()
        .then((text) => text.replace(/\s+/g, ' ')),
      'paid 935 −265',
    );
    await accessible();
    await page.screenshot({ path: path.join(shots, `results-live-${theme}.png`) });
    await page.locator('.step', { hasText: 'orders' }).first().focus();
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => window.wentTo);
    assert.deepEqual(await page.evaluate(() => window.wentTo), { tab: 6, cte: 'orders' });
    await page.locator('[aria-label^="Follow the cursor"]').click();
    await page.waitForFunction(() => window.followed);
    assert.deepEqual(await page.evaluate(() => window.followed), { isOn: true });
    await page.evaluate(() => {
      window.following = true;
      answers.ready();
    });
    await page.locator('[aria-label="Stop following the cursor"][aria-pressed="true"]').waitFor();
    await page.evaluate(() => {
      window.liveTab = undefined;
      answers.activate({ tab: 1 });
    });
  });
  await check('a failure names its place', async () => {
    await page.locator('.tab').nth(1).click();
    await page.locator('.outcome', { hasText: 'Did you mean' }).waitFor();
    assert.equal(await page.locator('.outcome .link').innerText(), 'models/staging/stg_customers.sql:7');
    await page.locator('.tab').nth(0).click();
  });
  await check('axe finds nothing serious', accessible);
  await check('nothing failed and no policy was broken', async () => assert.deepEqual(await page.evaluate(() => window.failures), []));
  await page.close();
  await served.close();
}
await browser.close();
console.log(`pages: ${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
