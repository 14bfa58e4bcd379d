// The pictures of the README, taken in a real workbench on a sample: node scripts/pictures.mjs
import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { openBrowser, palette, startServer, webviewFrame, workbenchUrl } from '../test/e2e/host.mjs';
import { packageIfChanged } from './package-extension.mjs';

const root = path.resolve(import.meta.dirname, '..');
const images = path.join(root, 'docs/images');
mkdirSync(images, { recursive: true });
const vsix = await packageIfChanged();

for (const [name, theme] of [
  ['light', 'Default Light Modern'],
  ['dark', 'Default Dark Modern'],
]) {
  const server = await startServer({ vsix: [vsix], settings: { 'workbench.colorTheme': theme, 'editor.minimap.enabled': false } });
  const folder = path.join(server.data, 'data/User/globalStorage/headwater.headwater/samples/lightdash-saas');
  cpSync(path.join(root, 'samples/lightdash-saas'), folder, { recursive: true });
  const { page, close } = await openBrowser({ base: server.base, width: 1440, height: 900 });
  const take = async (what) => {
    await page.waitForTimeout(1500);
    await page.screenshot({ path: path.join(images, `${what}-${name}.png`) });
  };
  try {
    await page.goto(workbenchUrl(server.base, folder));
    const grid = await webviewFrame(page, '.grid');
    await grid.locator('.cell').first().waitFor({ timeout: 60_000 });
    const graph = await webviewFrame(page, '.hw-canvas');
    await graph.locator('.hw-tree [aria-label^="account_overview,"]').first().waitFor({ state: 'attached', timeout: 30_000 });
    await take('overview');
    await page.locator('.view-line', { hasText: 'accounts.segment' }).locator('span span').last().click();
    await palette(page, 'Show or Focus Hover');
    await page.locator('.monaco-hover:visible', { hasText: 'segment' }).first().waitFor();
    await take('hover');
    await page.keyboard.press('Escape');
    await palette(page, 'View: Toggle Panel');
    await page.locator('.pane-body .monaco-list-row', { hasText: 'accountstable' }).first().click();
    await page.locator('.tab', { hasText: 'accounts.sql' }).waitFor();
    await palette(page, 'View: Close Other Editors in Group');
    await palette(page, 'Headwater: Show ERD');
    await page.waitForTimeout(6000);
    await take('erd');
  } finally {
    await close();
    await server.stop();
  }
}
