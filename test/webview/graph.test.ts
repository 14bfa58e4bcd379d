import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toShopGraph } from './support/sample-graph.ts';
import type { Stage } from './support/stage.ts';
import { axeSource, openBrowser, openStage } from './support/stage.ts';
import type { ThemeName } from './support/themes.ts';
import { themes } from './support/themes.ts';

const shop = { ...toShopGraph(), focus: 'model.shop.fct_orders' };

describe('the graph in a page of its own', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(async () => browser.close());

  /** The spoken name of what the keyboard is on. */
  const spoken = (stage: Stage): Promise<string> =>
    stage.page.evaluate(() => {
      const id = document.querySelector('[role=tree]')?.getAttribute('aria-activedescendant') ?? '';
      const item = document.getElementById(id);
      return item?.getAttribute('aria-label') ?? item?.textContent ?? '';
    });
  const press = async (stage: Stage, ...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await stage.page.keyboard.press(key);
    await stage.page.waitForTimeout(60);
  };
  const last = async (stage: Stage, type: string): Promise<unknown> => (await stage.asked()).findLast((call) => call.type === type)?.ask;

  test('opens on the node of the editor', async () => {
    const stage = await openStage(browser, 'graph', shop);
    expect(await stage.page.textContent('h1')).toBe('fct_orders');
    expect(await spoken(stage)).toBe('fct_orders, incremental · marts, Marts, 4 parents, 15 children, 6 tests, last result pass');
    await stage.page.close();
  });

  test('is travelled, opened, traced and left by keyboard alone', async () => {
    const stage = await openStage(browser, 'graph', shop);
    // The keyboard is on the graph from the start; Tab leads to the controls before it and back.
    const role = (): Promise<unknown> => stage.page.evaluate(() => document.activeElement?.getAttribute('role'));
    expect(await role()).toBe('tree');
    await press(stage, 'Shift+Tab');
    expect(await stage.page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Keys (?)');
    await press(stage, 'Tab');
    expect(await role()).toBe('tree');
    await press(stage, 'ArrowRight');
    expect(await spoken(stage)).toContain('Marts, 1 parent');
    await press(stage, 'ArrowLeft');
    expect(await spoken(stage)).toContain('fct_orders');
    await press(stage, 'Enter');
    expect(await last(stage, 'open')).toEqual({ node: 'model.shop.fct_orders' });
    await press(stage, 'Space', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown');
    expect(await spoken(stage)).toContain('amount, decimal(18,2)');
    await press(stage, 'Enter');
    expect(await last(stage, 'open')).toEqual({ node: 'model.shop.fct_orders', column: 'amount' });
    await press(stage, 'Space');
    expect(await last(stage, 'picture')).toMatchObject({ view: { column: { node: 'model.shop.fct_orders', column: 'amount' } } });
    expect(await stage.page.textContent('.hw-side')).toContain('2 columns in 3 nodes');
    await press(stage, 'Escape');
    expect(await last(stage, 'picture')).not.toHaveProperty('view.column');
    await press(stage, 'Alt+ArrowLeft');
    expect(await last(stage, 'picture')).toHaveProperty('view.column');
    await stage.page.close();
  });

  test('finds by name, selects by pattern and says how many', async () => {
    const stage = await openStage(browser, 'graph', shop);
    await stage.page.focus('[role=tree]');
    await press(stage, '/');
    await stage.page.keyboard.type('stg_');
    await stage.page.waitForFunction(() => document.querySelector('.hw-find output')?.textContent === '6');
    await press(stage, 'Enter');
    expect(await last(stage, 'picture')).toMatchObject({ view: { scope: { kind: 'select', selector: 'stg_' } } });
    await stage.page.close();
  });

  test('shows its keys and gives the focus back', async () => {
    const stage = await openStage(browser, 'graph', shop);
    await stage.page.focus('[role=tree]');
    await press(stage, '?');
    expect(await stage.page.textContent('dialog')).toContain('along the edges');
    await press(stage, 'Escape');
    expect(await stage.page.$('dialog')).toBeNull();
    expect(await stage.page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('tree');
    await stage.page.close();
  });

  test('shows again after a reload what was shown before', async () => {
    const stage = await openStage(browser, 'graph', shop);
    await stage.page.focus('[role=tree]');
    await press(stage, 'w');
    await stage.page.waitForTimeout(300);
    await stage.page.reload();
    await stage.page.waitForFunction(() => document.querySelector('h1')?.textContent === 'shop');
    expect(await last(stage, 'picture')).toMatchObject({ view: { scope: { kind: 'project' } } });
    await stage.page.close();
  });

  test('a press on a handle shows the hidden neighbours', async () => {
    const stage = await openStage(browser, 'graph', shop);
    await stage.page.focus('[role=tree]');
    await press(stage, 'Home', 'ArrowLeft', 'ArrowLeft');
    const name = await spoken(stage);
    await press(stage, 'ArrowLeft', 'ArrowLeft');
    expect(
      (await stage.asked()).some((call) => JSON.stringify(call.ask).includes('"side":"up"')),
      name,
    ).toBe(true);
    await stage.page.close();
  });

  test.each(Object.keys(themes) as ThemeName[])('has no accessibility violations in %s', async (theme) => {
    const stage = await openStage(browser, 'graph', shop, theme);
    await stage.page.focus('[role=tree]');
    await press(stage, 'Home', 'Space');
    const check = async (): Promise<unknown> => {
      await stage.page.evaluate(axeSource());
      return stage.page.evaluate(async () => {
        const { axe } = window as unknown as {
          axe: { run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> };
        };
        const { violations } = await axe.run();
        return violations.map(
          ({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html.slice(0, 160)} ${node.failureSummary}`).join(' | ')}`,
        );
      });
    };
    expect(await check()).toEqual([]);
    await press(stage, '/');
    await stage.page.keyboard.type('orders');
    await stage.page.waitForSelector('[role=option]');
    expect(await check()).toEqual([]);
    await stage.page.close();
  });
});
