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
    const pictures = async (): Promise<number> => (await stage.asked()).filter(({ type }) => type === 'picture').length;
    const before = await pictures();
    const found = (): Promise<string | null> => stage.page.textContent('.hw-find output');
    // Enter goes from one hit in the picture to the next and leaves the picture as it is.
    await press(stage, 'Enter');
    expect(await found()).toMatch(/^1 of [2-6]$/);
    expect(await spoken(stage)).toContain('stg_');
    const first = await spoken(stage);
    await press(stage, 'Enter');
    expect(await found()).toMatch(/^2 of /);
    expect(await spoken(stage)).not.toBe(first);
    expect(await pictures()).toBe(before);
    await press(stage, 'Shift+Enter');
    expect(await last(stage, 'picture')).toMatchObject({ view: { scope: { kind: 'select', selector: 'stg_' } } });
    await stage.page.close();
  });

  test('is coloured by what the menu says, and the legend names it', async () => {
    const stage = await openStage(browser, 'graph', shop);
    const legend = (): Promise<string[]> => stage.page.locator('.hw-legend span').allTextContents();
    expect(await legend()).toContain('Marts');
    const choose = async (label: string): Promise<void> => {
      await stage.page.click('[aria-label="What is shown"]');
      await stage.page.click(`[role=menuitemcheckbox] >> text=${label}`);
      await stage.page.waitForTimeout(60);
    };
    await choose('Color by materialization');
    expect(await legend()).toContain('incremental');
    await choose('Color by test results');
    expect(await legend()).toContain('passed');
    await choose('Color by owner');
    expect(await legend()).toEqual(['not known']);
    // The legend stands beside the picture and never lies over a card.
    const [bottom, top] = await stage.page.evaluate(() => [
      document.querySelector('.hw-legend')?.getBoundingClientRect().bottom ?? 0,
      document.querySelector('.hw-canvas')?.getBoundingClientRect().top ?? 0,
    ]);
    expect(bottom).toBeLessThanOrEqual(top ?? 0);
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

  test('in an exported page offers what works there, and finds, focuses and opens by keyboard', async () => {
    const stage = await openStage(browser, 'graph', { graph: shop.graph, flow: shop.flow, alone: true });
    await press(stage, '/');
    await stage.page.keyboard.type('fct_orders');
    await stage.page.waitForFunction(() => document.querySelectorAll('[role=option]').length > 1);
    await press(stage, 'ArrowDown', 'Enter');
    expect(await stage.page.textContent('h1')).toBe('fct_orders');
    await press(stage, 'Home', 'Enter');
    expect(await last(stage, 'picture')).toMatchObject({ view: { expanded: ['model.shop.fct_orders'] } });
    expect(await stage.page.textContent('.hw-actions')).toBe('FocusCopy name');
    await stage.page.close();
  });

  test('shows tests and macros when asked, from a menu that says what is shown', async () => {
    const stage = await openStage(browser, 'graph', shop);
    await stage.page.click('[aria-label="What is shown"]');
    expect(await stage.page.getAttribute('[role=menuitemcheckbox] >> nth=0', 'aria-checked')).toBe('false');
    await press(stage, 'Enter');
    expect(await last(stage, 'picture')).toMatchObject({ view: { tests: true } });
    await stage.page.click('[aria-label="What is shown"]');
    expect(await stage.page.getAttribute('[role=menuitemcheckbox] >> nth=0', 'aria-checked')).toBe('true');
    await press(stage, 'ArrowDown', 'Enter');
    expect(await last(stage, 'picture')).toMatchObject({ view: { tests: true, macros: true } });
    await stage.page.close();
  });

  test('counts the rows of CTEs on demand, and says why where they cannot be counted', async () => {
    const parts = [
      { id: 'cte base', name: 'base', kind: 'cte' as const, columns: ['id'], reads: [], line: 3 },
      { id: 'query', name: 'fct_orders', kind: 'query' as const, columns: ['id'], reads: [{ part: 'cte base', how: 'from' }] },
    ];
    const stage = await openStage(browser, 'graph', { ...shop, parts: { 'model.shop.fct_orders': { parts } } });
    await press(stage, 'Home', 'c');
    await stage.page.click('[aria-label^="Count the rows"]');
    await stage.page.waitForFunction(() => document.querySelector('.hw-notes')?.textContent?.includes('carries no rows'));
    expect(await last(stage, 'countRows')).toEqual({ node: 'model.shop.fct_orders' });
    await stage.page.close();
  });

  test('fits a side bar: nothing of the toolbar leaves the page', async () => {
    const stage = await openStage(browser, 'graph', shop, 'dark', { width: 300, height: 600 });
    const outside = await stage.page.evaluate(() =>
      [...document.querySelectorAll('.hw-toolbar button, .hw-toolbar input')]
        .filter((control) => control.getBoundingClientRect().right > innerWidth || control.getBoundingClientRect().width === 0)
        .map((control) => control.getAttribute('aria-label')),
    );
    expect(outside).toEqual([]);
    await stage.page.close();
  });

  test('a tooltip at the edge stays in the page', async () => {
    const stage = await openStage(browser, 'graph', shop, 'dark', { width: 420, height: 500 });
    const canvas = await stage.page.locator('.hw-canvas').boundingBox();
    const middle = (canvas?.y ?? 0) + (canvas?.height ?? 0) / 2;
    await stage.page.mouse.move(210, middle);
    await stage.page.mouse.move(212, middle + 2);
    await stage.page.waitForSelector('.hw-tip');
    const box = await stage.page.evaluate(() => document.querySelector('.hw-tip')!.getBoundingClientRect().toJSON());
    expect(box.left).toBeGreaterThanOrEqual(0);
    expect(box.right).toBeLessThanOrEqual(420);
    expect(box.bottom).toBeLessThanOrEqual(500);
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
    expect(await check(), 'with an open card').toEqual([]);
    await press(stage, '/');
    await stage.page.keyboard.type('orders');
    await stage.page.waitForSelector('[role=option]');
    expect(await check(), 'while finding').toEqual([]);
    await press(stage, 'Escape', 'Escape', 'm');
    await stage.page.waitForSelector('[role=menu]');
    expect(await check(), "with a card's menu open").toEqual([]);
    await press(stage, 'Escape', '?');
    expect(await check(), 'with the keys shown').toEqual([]);
    await press(stage, 'Escape', 'c');
    expect(await check(), 'inside a model').toEqual([]);
    await press(stage, 'w');
    expect(await check(), 'in the overview').toEqual([]);
    await stage.page.close();
  });
});
