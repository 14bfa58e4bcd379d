import { expect, test } from 'vitest';
import { changeView, focusView, growView, onlyView, toggleCard, traceView } from '../../../src/core/layout/change-view.ts';
import { toFocusView, toProjectView } from '../../../src/core/layout/picture.ts';

const orders = toFocusView('model.shop.orders');

test('another kind of view forgets what was grown, and keeps what is shown of cards', () => {
  const grown = { ...growView(orders, 'model.shop.orders', 'up'), expanded: ['model.shop.orders'] };
  expect(changeView(grown, { scope: { kind: 'all' } })).toEqual({ ...orders, scope: { kind: 'all' }, expanded: ['model.shop.orders'] });
  expect(changeView(grown, { tests: true }).grown).toEqual([{ node: 'model.shop.orders', side: 'up' }]);
});

test('a card is opened and closed by the same press, a folder of the overview as well', () => {
  const open = toggleCard(orders, 'model.shop.orders');
  expect(open.expanded).toEqual(['model.shop.orders']);
  expect(toggleCard(open, 'model.shop.orders')).toEqual(orders);
  expect(toggleCard(toProjectView(), 'group staging x').scope).toEqual({ kind: 'project', opened: ['group staging x'] });
});

test('a column is lit, and no longer when it is pressed again', () => {
  const lit = traceView(orders, 'model.shop.orders', 'amount');
  expect(lit.column).toEqual({ node: 'model.shop.orders', column: 'amount' });
  expect(traceView(lit, 'model.shop.orders', 'amount')).toEqual(orders);
  expect(changeView(lit, { tests: true }).column).toEqual(lit.column);
});

test('a new focus keeps the steps of the old one, and begins with two from elsewhere', () => {
  const wide = { ...orders, scope: { kind: 'focus' as const, node: 'model.shop.orders', up: 3, down: 1 } };
  expect(focusView(wide, 'model.shop.items').scope).toEqual({ kind: 'focus', node: 'model.shop.items', up: 3, down: 1 });
  expect(focusView(toProjectView(), 'model.shop.items').scope).toEqual({ kind: 'focus', node: 'model.shop.items', up: 2, down: 2 });
});

test('only one side shows everything there and nothing on the other', () => {
  expect(onlyView(orders, 'model.shop.orders', 'down').scope).toMatchObject({ up: 0, down: 99 });
});
