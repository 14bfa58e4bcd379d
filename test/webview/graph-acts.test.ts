import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toShopGraph } from './support/sample-graph.ts';
import type { Stage } from './support/stage.ts';
import { openBrowser, openStage } from './support/stage.ts';

const orders = 'model.shop.fct_orders';
const shop = { ...toShopGraph(), focus: orders };

describe('what is done with the graph', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(async () => browser.close());

  const press = async (stage: Stage, ...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await stage.page.keyboard.press(key);
    await stage.page.waitForTimeout(80);
  };
  const all = async (stage: Stage, type: string): Promise<readonly unknown[]> =>
    (await stage.asked()).filter((call) => call.type === type).map((call) => call.ask);
  const last = async (stage: Stage, type: string): Promise<unknown> => (await all(stage, type)).at(-1);
  const choose = async (stage: Stage, label: string): Promise<void> => {
    await stage.page.locator('[role^=menuitem]', { hasText: label }).first().click();
    await stage.page.waitForTimeout(80);
  };
  /** What the editor tells the page. */
  const tell = async (stage: Stage, type: string, ask: unknown): Promise<void> => {
    await stage.page.evaluate((message) => void window.dispatchEvent(new MessageEvent('message', { data: message })), {
      kind: 'ask',
      id: 9000,
      type,
      ask,
    } as unknown);
    await stage.page.waitForTimeout(80);
  };

  test('steppers show one step more or less on each side', async () => {
    const stage = await openStage(browser, 'graph', shop);
    await stage.page.click('[aria-label="Upstream: one step more"]');
    expect(await last(stage, 'picture')).toMatchObject({ view: { scope: { kind: 'focus', node: orders, up: 3, down: 2 } } });
    await stage.page.waitForSelector('[aria-label="Upstream: 3 steps"]');
    for (let i = 0; i < 2; i++) await stage.page.click('[aria-label="Downstream: one step less"]');
    expect(await last(stage, 'picture')).toMatchObject({ view: { scope: { up: 3, down: 0 } } });
    expect(await stage.page.isDisabled('[aria-label="Downstream: one step less"]')).toBe(true);
    await stage.page.close();
  });

  test('the way back and forward leads through what was shown', async () => {
    const stage = await openStage(browser, 'graph', shop);
    expect(await stage.page.isDisabled('[aria-label^="Back"]')).toBe(true);
    await press(stage, 'w');
    expect(await stage.page.textContent('h1')).toBe('shop');
    await stage.page.click('[aria-label^="Back"]');
    await stage.page.waitForFunction(() => document.querySelector('h1')?.textContent === 'fct_orders');
    await stage.page.click('[aria-label^="Forward"]');
    await stage.page.waitForFunction(() => document.querySelector('h1')?.textContent === 'shop');
    await stage.page.close();
  });

  test('follows the editor to a node and a column until it is locked', async () => {
    const stage = await openStage(browser, 'graph', shop);
    await tell(stage, 'focus', { node: 'model.shop.stg_orders' });
    expect(await stage.page.textContent('h1')).toBe('stg_orders');
    await tell(stage, 'focus', { node: orders, column: 'amount' });
    expect(await last(stage, 'picture')).toMatchObject({ view: { column: { node: orders, column: 'amount' } } });
    await stage.page.click('[aria-label^="Lock"]');
    const before = (await all(stage, 'picture')).length;
    await tell(stage, 'focus', { node: 'model.shop.dim_customers' });
    expect((await all(stage, 'picture')).length).toBe(before);
    await stage.page.click('[aria-label^="Follow the editor"]');
    await tell(stage, 'focus', { node: 'model.shop.dim_customers' });
    expect((await all(stage, 'picture')).length).toBeGreaterThan(before);
    await stage.page.close();
  });

  test('draws again when the project changed, where it was', async () => {
    const stage = await openStage(browser, 'graph', shop);
    await press(stage, 'd');
    const shown = await last(stage, 'picture');
    await tell(stage, 'changed', { revision: 2 });
    expect(await last(stage, 'picture')).toMatchObject({ view: (shown as { view: unknown }).view });
    await stage.page.close();
  });

  test('every action of a card has its key', async () => {
    const stage = await openStage(browser, 'graph', shop);
    await press(stage, 'Enter', 'p', 't', 'h', 'k', 'r', 'y');
    const on = { node: orders };
    for (const type of ['open', 'preview', 'test', 'docs', 'compile', 'tree']) expect(await all(stage, type), type).toEqual([on]);
    expect(await last(stage, 'copy')).toEqual({ text: 'fct_orders' });
    await stage.page.close();
  });

  test('every action of a card is a button beside it and an item of its menu', async () => {
    const stage = await openStage(browser, 'graph', shop);
    const labels = ['Open file', 'Focus', 'Preview', 'Run tests', 'Compile', 'Docs', 'Copy name', 'Reveal in tree'];
    expect(await stage.page.locator('.hw-actions button').allTextContents()).toEqual(labels);
    await press(stage, 'm');
    const items = await stage.page.locator('[role=menuitem]').allTextContents();
    for (const label of [...labels, 'Only upstream', 'Only downstream', 'Show the CTEs inside', 'Show columns'])
      expect(
        items.some((item) => item.startsWith(label)),
        label,
      ).toBe(true);
    await stage.page.close();
  });

  test('shows only what is upstream or downstream, and the paths between two nodes', async () => {
    const stage = await openStage(browser, 'graph', shop);
    await press(stage, 'u');
    const up = await last(stage, 'picture');
    expect(up).toMatchObject({ view: { scope: { kind: 'focus', node: orders, down: 0 } } });
    await press(stage, 'Alt+ArrowLeft', 'd');
    expect(await last(stage, 'picture')).toMatchObject({ view: { scope: { kind: 'focus', node: orders, up: 0 } } });
    await press(stage, 'Alt+ArrowLeft', 'ArrowLeft', 'm');
    await choose(stage, 'Only the paths from here');
    expect(await last(stage, 'picture')).toMatchObject({ view: { scope: { kind: 'path', from: orders } } });
    expect(await stage.page.textContent('h1')).toContain('fct_orders → ');
    await stage.page.close();
  });

  test('columns are searched, sorted by name and opened for every card', async () => {
    const stage = await openStage(browser, 'graph', {
      ...shop,
      graph: {
        ...shop.graph,
        nodes: shop.graph.nodes.map((node) =>
          node.id === orders
            ? { ...node, columns: [...node.columns, ...['z1', 'z2', 'z3', 'a1', 'a2', 'a3'].map((name) => ({ name, type: 'text' }))] }
            : node,
        ),
      },
    });
    await stage.page.fill('[aria-label="Search columns"]', 'amou');
    expect(await stage.page.locator('.hw-columns li').count()).toBe(1);
    await stage.page.click('[aria-label="What is shown"]');
    await choose(stage, 'Columns by name');
    await stage.page.click('[aria-label="What is shown"]');
    await choose(stage, 'Columns of every card');
    const rows = await stage.page.evaluate(
      () =>
        [...document.querySelectorAll('[role=treeitem][aria-level="1"]')]
          .find((item) => item.getAttribute('aria-label')?.startsWith('fct_orders,'))
          ?.querySelectorAll('[role=treeitem]')[0]?.textContent,
    );
    expect(rows).toBe('a1, text');
    await stage.page.close();
  });

  test('a lit column tells what its change reaches, and its link what it is made by', async () => {
    const stage = await openStage(browser, 'graph', shop);
    await stage.page.locator('.hw-columns button', { hasText: 'amount' }).first().click();
    await stage.page.waitForFunction(() => document.querySelector('.hw-side')?.textContent?.includes('If amount changes'));
    expect(await stage.page.textContent('[aria-label=Reach]')).toMatch(/\d+ columns? in \d+ nodes?, \d+ tests?, \d+ exposures?/);
    // At its own size, where links are thin beside cards.
    await stage.page.locator('[aria-label^="Zoom in"]').click();
    await stage.page.locator('[aria-label^="Zoom in"]').click();
    // Links are where the pointer meets something thin; the lit one quotes its expression, and pressing it opens the file there.
    const thin = await stage.page.evaluate(() => {
      const canvas = document.querySelector<HTMLElement>('.hw-canvas')!;
      const box = canvas.getBoundingClientRect();
      const meets = (x: number, y: number): boolean => {
        canvas.dispatchEvent(new PointerEvent('pointermove', { clientX: x, clientY: y, bubbles: true }));
        return canvas.style.cursor === 'pointer';
      };
      const found: { readonly x: number; readonly y: number }[] = [];
      for (let x = box.left + 40; x < box.right - 20; x += 26)
        for (let y = box.top + 40; y < box.bottom - 40; y += 4)
          if (meets(x, y) && !meets(x, y - 16) && !meets(x, y + 16)) found.push({ x, y });
      return found;
    });
    let told = '';
    for (const { x, y } of thin) {
      await stage.page.mouse.move(x, y);
      await stage.page.waitForTimeout(400);
      told = await stage.page.evaluate(() => document.querySelector('.hw-tip')?.textContent ?? '');
      if (!told.includes('amount: ')) continue;
      await stage.page.mouse.click(x, y);
      break;
    }
    expect(told).toMatch(/amount: \w+/);
    expect(await last(stage, 'open')).toHaveProperty('column');
    await stage.page.close();
  });

  test('the view and the project are exported in every format', async () => {
    const stage = await openStage(browser, 'graph', shop);
    for (const [label, format, whole] of [
      ['SVG of this view', 'svg', false],
      ['Mermaid of this view', 'mermaid', false],
      ['DOT of this view', 'dot', false],
      ['JSON of this view', 'json', false],
      ['Interactive HTML', 'html', true],
      ['SVG of the project', 'svg', true],
    ] as const) {
      await stage.page.click('[aria-label="Export"]');
      await choose(stage, label);
      const ask = (await last(stage, 'export')) as { readonly format: string; readonly view?: unknown };
      expect([ask.format, ask.view === undefined], label).toEqual([format, whole]);
    }
    await stage.page.close();
  });

  test('a PNG has twice the size of the picture', async () => {
    const stage = await openStage(browser, 'graph', shop, 'dark', { width: 900, height: 600 });
    const saved = stage.page.waitForEvent('download');
    await stage.page.click('[aria-label="Export"]');
    await choose(stage, 'PNG of what is on the screen');
    const bytes = await readFile((await (await saved).path())!);
    expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    const box = (await stage.page.locator('.hw-canvas').boundingBox())!;
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([Math.round(box.width * 2), Math.round(box.height * 2)]);
    await stage.page.close();
  });

  test('on paper the picture stands alone and on white', async () => {
    const stage = await openStage(browser, 'graph', shop);
    await stage.page.emulateMedia({ media: 'print' });
    const corner = await stage.page.evaluate(() => {
      dispatchEvent(new Event('beforeprint'));
      return [...document.querySelector<HTMLCanvasElement>('.hw-canvas')!.getContext('2d')!.getImageData(2, 2, 1, 1).data];
    });
    expect(corner).toEqual([255, 255, 255, 255]);
    for (const hidden of ['.hw-toolbar', '.hw-side', '.hw-zoom', '.hw-legend'])
      expect(await stage.page.isVisible(hidden), hidden).toBe(false);
    await stage.page.close();
  });

  test('a page of its own asks nothing of any network', async () => {
    const stage = await openStage(browser, 'graph', { graph: shop.graph, flow: shop.flow, alone: true });
    const asked: string[] = [];
    stage.page.on('request', (request) => asked.push(request.url()));
    await stage.page.context().setOffline(true);
    await stage.page.reload();
    await stage.page.waitForSelector('.hw-canvas');
    await press(stage, '/');
    await stage.page.keyboard.type('fct_orders+');
    await stage.page.waitForFunction(() => Number(document.querySelector('.hw-find output')?.textContent) > 3);
    expect(asked.filter((url) => !url.startsWith('file:') && !url.startsWith('data:') && !url.startsWith('blob:'))).toEqual([]);
    await stage.page.close();
  });

  test.each([
    [300, 200],
    [300, 700],
    [1000, 200],
  ])('in %i × %i pixels the controls take two rows at most and hide nothing of the card in focus', async (width, height) => {
    const stage = await openStage(browser, 'graph', shop, 'dark', { width, height });
    const boxes = await stage.page.evaluate(() =>
      ['.hw-toolbar', '.hw-zoom', '.hw-legend', '.hw-canvas'].map((name) => document.querySelector(name)!.getBoundingClientRect().toJSON()),
    );
    const [toolbar, zoom, legend, canvas] = boxes as DOMRect[];
    expect(toolbar!.height).toBeLessThanOrEqual(64);
    // The card stands in the middle, 44 units high at most.
    const middle = canvas!.top + canvas!.height / 2;
    expect(zoom!.top).toBeGreaterThan(middle + 22);
    expect(legend!.bottom).toBeLessThan(middle - 22);
    await stage.page.close();
  });
});
