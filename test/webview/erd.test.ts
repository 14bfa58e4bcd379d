import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildErd } from '../../src/core/erd/build.ts';
import type { Erd } from '../../src/core/erd/erd.ts';
import { axeSource, openBrowser, openStage } from './support/stage.ts';
import type { ThemeName } from './support/themes.ts';
import { themes } from './support/themes.ts';

const column = (name: string) => ({ name, type: 'integer', description: '', notNull: false });
const entity = (name: string, ...columns: readonly string[]) => ({
  id: `model.shop.${name}`,
  kind: 'model',
  name,
  path: `models/${name}.sql`,
  description: '',
  folders: [name === 'lonely' ? 'other' : 'marts'],
  columns: columns.map(column),
});
const end = (name: string, at: string) => ({ entity: `model.shop.${name}`, columns: [at] });
const because = { kind: 'test', text: 'relationships test', path: 'models/schema.yml', line: 7 } as const;
const erd: Erd = buildErd({
  entities: [entity('customers', 'customer_id', 'name'), entity('orders', 'order_id', 'customer_id', 'amount'), entity('lonely', 'x')],
  facts: [
    { kind: 'primary-key', of: end('customers', 'customer_id'), because },
    { kind: 'reference', from: end('orders', 'customer_id'), to: end('customers', 'customer_id'), because },
  ],
});

describe('the entity diagram in a page of its own', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(async () => browser.close());

  test('is travelled along relations and through columns, and opens what the keyboard is on', async () => {
    const { page, asked } = await openStage(browser, 'erd', { erd });
    await page.focus('[role=tree]');
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
    await page.waitForTimeout(60);
    expect((await asked()).findLast((call) => call.type === 'open')?.ask).toEqual({ node: 'model.shop.orders', column: 'customer_id' });
    await page.close();
  });

  test('finds a table and says how many there are', async () => {
    const { page } = await openStage(browser, 'erd', { erd });
    await page.focus('[role=tree]');
    await page.keyboard.press('/');
    await page.keyboard.type('customer');
    await page.waitForFunction(() => document.querySelector('.hw-find output')?.textContent === '1 of 2');
    await page.close();
  });

  test('focuses one table and returns to all', async () => {
    const { page, asked } = await openStage(browser, 'erd', { erd });
    await page.focus('[role=tree]');
    for (const key of ['ArrowRight', 'f']) await page.keyboard.press(key);
    await page.waitForTimeout(60);
    expect((await asked()).findLast((call) => call.type === 'picture')?.ask).toMatchObject({ view: { focus: 'model.shop.customers' } });
    await page.keyboard.press('a');
    await page.waitForTimeout(60);
    expect((await asked()).findLast((call) => call.type === 'picture')?.ask).not.toHaveProperty('view.focus');
    await page.close();
  });

  test('tells what speaks for a relation by keyboard, and takes it away again', async () => {
    const { page } = await openStage(browser, 'erd', { erd });
    await page.focus('[role=tree]');
    for (const key of ['ArrowRight', 'r', 'Enter']) await page.keyboard.press(key);
    await page.waitForFunction(() => document.querySelector('.hw-evidence')?.textContent !== '');
    const told = await page.textContent('.hw-evidence');
    expect(told).toContain('orders.customer_id → customers.customer_id, many to one, declared');
    expect(told).toContain('relationships test in models/schema.yml:7');
    await page.keyboard.press('Escape');
    expect(await page.textContent('.hw-evidence')).toBe('');
    await page.close();
  });

  test('a table that is dragged stays where it was put, and a layer comes by its chip', async () => {
    const { page, asked } = await openStage(browser, 'erd', { erd });
    await page.focus('[role=tree]');
    await page.keyboard.press('ArrowRight');
    const last = async (type: string) =>
      (await asked()).findLast((call) => call.type === type)?.ask as { places: { id: string; x: number; y: number }[] };
    const canvas = await page.locator('canvas.hw-canvas').boundingBox();
    // One of the two tables stands left of the middle, at the height of the middle.
    const grip = { x: (canvas?.x ?? 0) + (canvas?.width ?? 0) * 0.4, y: (canvas?.y ?? 0) + (canvas?.height ?? 0) / 2 };
    await page.mouse.move(grip.x, grip.y);
    await page.mouse.down();
    await page.mouse.move(grip.x + 10, grip.y + 10);
    await page.mouse.move(grip.x - 60, grip.y + 90);
    await page.mouse.up();
    const { places } = await last('place');
    const [customers, orders] = ['model.shop.customers', 'model.shop.orders'].map((id) => places.find((place) => place.id === id));
    expect((customers?.y ?? 0) - (orders?.y ?? 0)).toBeGreaterThan(40);
    await page.click('.hw-chip >> text=Models');
    await page.waitForTimeout(60);
    expect((await asked()).findLast((call) => call.type === 'picture')?.ask).toHaveProperty('view.layers');
    await page.close();
  });

  test.each(Object.keys(themes) as ThemeName[])('has no accessibility violations in %s', async (theme) => {
    const { page } = await openStage(browser, 'erd', { erd }, theme);
    const check = async (): Promise<unknown> => {
      await page.evaluate(axeSource());
      return page.evaluate(async () => {
        const { axe } = window as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } };
        return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
      });
    };
    expect(await check()).toEqual([]);
    await page.focus('[role=tree]');
    for (const key of ['ArrowRight', 'm']) await page.keyboard.press(key);
    await page.waitForSelector('[role=menu]');
    expect(await check(), "with a table's menu open").toEqual([]);
    for (const key of ['Escape', '?']) await page.keyboard.press(key);
    await page.waitForSelector('dialog');
    expect(await check(), 'with the keys shown').toEqual([]);
    await page.close();
  });
});
