import { expect, test } from 'vitest';
import { buildPicture } from '../../../src/core/layout/build.ts';
import type { GraphView } from '../../../src/core/layout/picture.ts';
import { toFocusView, toProjectView } from '../../../src/core/layout/picture.ts';
import { GraphIndex } from '../../../src/core/layout/project-graph.ts';
import { toLargeGraph, toShopGraph } from '../../webview/support/sample-graph.ts';

const { graph, flow } = toShopGraph();
const index = new GraphIndex(graph);
const orders = toFocusView('model.shop.fct_orders');
const names = (view: GraphView): string[] => buildPicture(index, view, { flow }).cards.map((card) => card.name);

test('a focus shows two steps up and two steps down', () => {
  const shown = names(orders);
  expect(shown).toContain('stg_items');
  expect(shown).toContain('revenue_dashboard');
  expect(shown).not.toContain('raw.items');
});

test('a card says how many neighbours it hides', () => {
  const picture = buildPicture(index, orders);
  expect(picture.cards.find((card) => card.name === 'dim_customers')).toMatchObject({ hiddenUp: 2, hiddenDown: 0 });
});

test('hidden neighbours that are asked for are shown', () => {
  expect(names({ ...orders, grown: [{ node: 'model.shop.dim_customers', side: 'up' }] })).toEqual(
    expect.arrayContaining(['countries', 'stg_customers']),
  );
});

test('a hub away from the focus is folded behind a card that counts', () => {
  const picture = buildPicture(index, toFocusView('model.shop.stg_orders'));
  const fold = picture.cards.find((card) => card.kind === 'more')!;
  expect(fold.folds).toEqual({ node: 'model.shop.fct_orders', side: 'down' });
  const shown = picture.cards.filter((card) => index.parents(card.id).includes('model.shop.fct_orders')).length;
  expect(fold.count + shown).toBe(index.children('model.shop.fct_orders').length);
});

test('a focus in a large project stays within a hundred cards and says so', () => {
  const large = new GraphIndex(toLargeGraph(3000));
  const busy = [...large.nodes.keys()].sort((a, b) => large.children(b).length - large.children(a).length)[0]!;
  const picture = buildPicture(large, { ...toFocusView(busy), scope: { kind: 'focus', node: busy, up: 99, down: 99 } });
  expect(picture.cards.filter((card) => card.kind !== 'more').length).toBeLessThanOrEqual(100);
  expect(picture.notes.join()).toContain('Only 100 cards');
});

test('only upstream leaves out what is downstream', () => {
  const shown = names({ ...orders, scope: { kind: 'focus', node: 'model.shop.fct_orders', up: 99, down: 0 } });
  expect(shown).toContain('raw.items');
  expect(shown).not.toContain('dim_customers');
});

test('a path holds what lies between its ends, whichever way it is asked', () => {
  const path = (from: string, to: string): string[] => names({ ...orders, scope: { kind: 'path', from, to } }).sort();
  const expected = ['dim_customers', 'fct_orders', 'int_order_payments', 'stg_payments'];
  expect(path('model.shop.stg_payments', 'model.shop.dim_customers')).toEqual(expected);
  expect(path('model.shop.dim_customers', 'model.shop.stg_payments')).toEqual(expected);
});

test('where no path leads the picture says so', () => {
  const picture = buildPicture(index, { ...orders, scope: { kind: 'path', from: 'seed.shop.countries', to: 'model.shop.stg_items' } });
  expect(picture.notes).toEqual(['No path leads between countries and stg_items.']);
});

test('a selector that selects nothing says so', () => {
  const picture = buildPicture(index, { ...orders, scope: { kind: 'select', selector: 'nonsense' } });
  expect(picture.cards).toEqual([]);
  expect(picture.notes).toEqual(["Nothing in the project matches 'nonsense'."]);
});

test('opening a card moves no card of another column', () => {
  const before = buildPicture(index, orders);
  const after = buildPicture(index, { ...orders, expanded: ['model.shop.fct_orders'] });
  const opened = after.cards.find((card) => card.name === 'fct_orders')!;
  expect(opened.rows.map((row) => row.name)).toEqual(['order_id', 'customer_id', 'ordered_at', 'amount', 'items', 'status']);
  before.cards.forEach((card, i) => {
    if (card.x !== before.cards[0]!.x) expect(after.cards[i]!.y, card.name).toBe(card.y);
  });
});

test('the lineage of a column is lit both ways, and passes through closed cards by name', () => {
  const picture = buildPicture(index, { ...orders, column: { node: 'model.shop.fct_orders', column: 'amount' } }, { flow });
  const lit = picture.cards.filter((card) => card.emphasis === 'lit').map((card) => `${card.name}: ${card.detail}`);
  expect(lit.sort()).toEqual([
    'dim_customers: lifetime_value',
    'fct_orders: amount',
    'int_order_payments: total_amount',
    'rpt_audit_sales: view · reports',
    'rpt_daily_sales: revenue',
    'stg_payments: amount',
  ]);
  const links = picture.links.filter((link) => link.emphasis === 'lit');
  expect(links.filter((link) => link.kind === 'data').length).toBe(4);
  expect(links.filter((link) => link.kind === 'use').map((link) => link.label)).toEqual(['filter']);
});

test('the reach of a column counts what a change would touch', () => {
  const picture = buildPicture(index, { ...orders, column: { node: 'model.shop.fct_orders', column: 'amount' } }, { flow });
  expect(picture.reach).toMatchObject({ columns: 2, nodes: 3, exposures: 1, layers: [{ layer: 'mart', nodes: 3 }] });
});

test('a column without known lineage is said to have none', () => {
  const picture = buildPicture(index, { ...orders, column: { node: 'model.shop.fct_orders', column: 'status' } }, { flow });
  expect(picture.notes).toEqual(['No lineage is known for the column status of fct_orders.']);
});

test('a link meets the row of its column when the card is open', () => {
  const picture = buildPicture(
    index,
    { ...orders, expanded: ['model.shop.fct_orders'], column: { node: 'model.shop.fct_orders', column: 'amount' } },
    { flow },
  );
  const card = picture.cards.find((at) => at.name === 'fct_orders')!;
  const row = card.rows.find((at) => at.name === 'amount')!;
  const link = picture.links.find((at) => at.toColumn === 'amount' && picture.cards[at.to] === card)!;
  expect(link.route.at(-1)).toBe(card.y + row.y);
});

test('the project opens as bands: a column per layer, a row per folder, taller where there is more', () => {
  const picture = buildPicture(index, toProjectView());
  expect(picture.headings.map((heading) => heading.name)).toEqual([
    'Sources · 6',
    'Seeds · 1',
    'Staging · 6',
    'Intermediate · 2',
    'Marts · 16',
    'Snapshots · 1',
    'Exposures and metrics · 1',
  ]);
  const height = (name: string): number => picture.cards.find((card) => card.name === name)!.height;
  expect(height('reports')).toBeGreaterThan(height('intermediate'));
});

test('an opened band shows its nodes in a frame', () => {
  const closed = buildPicture(index, toProjectView());
  const staging = closed.cards.find((card) => card.name === 'staging')!;
  const picture = buildPicture(index, { ...toProjectView(), scope: { kind: 'project', opened: [staging.id] } });
  const frame = picture.frames[0]!;
  const inside = picture.cards.filter((card) => card.name.startsWith('stg_'));
  expect(inside.length).toBe(6);
  for (const card of inside) {
    expect(card.x).toBeGreaterThan(frame.x);
    expect(card.y + card.height).toBeLessThan(frame.y + frame.height);
  }
});

test('every link of every view ends on the cards it joins', () => {
  for (const view of [
    orders,
    { ...orders, scope: { kind: 'all' } } as GraphView,
    { ...orders, expanded: ['model.shop.fct_orders', 'model.shop.stg_orders'] },
  ]) {
    const { cards, links } = buildPicture(index, view);
    for (const link of links) {
      const [a, b] = [cards[link.from]!, cards[link.to]!];
      expect(link.route[0], `${a.name} > ${b.name}`).toBe(a.x + a.width);
      expect(link.route.at(-2), `${a.name} > ${b.name}`).toBe(b.x);
      expect(link.route.at(-1)! - b.y).toBeGreaterThan(0);
      expect(link.route.at(-1)! - b.y).toBeLessThan(b.height);
    }
  }
});
