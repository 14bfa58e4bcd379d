import { expect, test } from 'vitest';
import { toBadgeParts, toBadgeWords, toLastWords } from '../../../src/core/layout/badge.ts';
import { buildPicture } from '../../../src/core/layout/build.ts';
import { toProjectGraph } from '../../../src/core/layout/from-snapshot.ts';
import { locateMacro } from '../../../src/core/layout/locate-column.ts';
import { toMacroGraph } from '../../../src/core/layout/macros-of-snapshot.ts';
import type { Card } from '../../../src/core/layout/picture.ts';
import { toFocusView } from '../../../src/core/layout/picture.ts';
import type { TestStatus } from '../../../src/core/layout/project-graph.ts';
import { GraphIndex } from '../../../src/core/layout/project-graph.ts';
import { readShop } from '../../support/project.ts';

const snapshot = readShop({
  'macros/cents.sql': '{% macro cents(x) %}{{ x }} * 100{% endmacro %}\n{% macro unused() %}1{% endmacro %}',
  'models/orders.sql': 'select 1 as id, {{ cents("2") }} as amount',
  'models/later.sql': "select * from {{ ref('orders') }}",
  'models/schema.yml': `models:
  - name: orders
    columns:
      - name: id
        data_tests: [unique, not_null]
      - name: amount
        data_tests: [not_null]
`,
});
const index = new GraphIndex(toProjectGraph(snapshot), toMacroGraph(snapshot));
const orders = 'model.shop.orders';
const tests = snapshot.graph.children(orders as never).filter((id) => id.startsWith('test.'));
const view = toFocusView(orders);
const cardOf = (results: readonly (readonly [string, TestStatus])[]): Card => {
  index.results = new Map(results);
  return buildPicture(index, view).cards.find((card) => card.id === orders)!;
};

test('a card counts its tests, and says how they ended once they ran', () => {
  expect(tests.length).toBe(3);
  expect(cardOf([]).tests).toEqual({ count: 3 });
  expect(cardOf([[tests[0]!, 'pass']]).tests).toMatchObject({ count: 3, status: 'pass', passed: 1 });
  const all = cardOf(tests.map((id, i) => [id, (['pass', 'fail', 'warn'] as const)[i]!] as const)).tests;
  expect(all).toEqual({ count: 3, status: 'fail', passed: 1, warned: 1, failed: 1 });
  expect(toBadgeWords(all)).toBe('3 tests, last time 1 passed, 1 warned, 1 failed');
});

test('a badge does not say that all passed where some have not run', () => {
  expect(toBadgeParts({ count: 3, status: 'pass', passed: 2, warned: 0, failed: 0 })).toEqual([{ sign: 'pass', text: '2 of 3' }]);
  expect(toBadgeParts({ count: 2, status: 'pass', passed: 2, warned: 0, failed: 0 })).toEqual([{ sign: 'pass', text: '2' }]);
});

test('failures stand first, and what has not run is counted without a sign', () => {
  expect(toBadgeParts({ count: 5, status: 'fail', passed: 3, warned: 0, failed: 2 }).map(({ sign, text }) => `${sign} ${text}`)).toEqual([
    'fail 2',
    'pass 3',
  ]);
  expect(toBadgeParts({ count: 4 })).toEqual([{ sign: 'none', text: '4 tests' }]);
  expect(toBadgeParts({ count: 0 })).toEqual([]);
});

test("a card's own last run is told: a build, a test, a source's freshness", () => {
  expect(cardOf([[orders, 'error']]).last).toBe('error');
  expect(toLastWords('source', 'pass')).toBe('fresh');
  expect(toLastWords('source', 'warn')).toBe('not fresh (warn)');
  expect(toLastWords('test', 'fail')).toBe('last result fail');
  expect(toLastWords('model', undefined)).toBe('');
});

test('the card of a source says how fresh it should be', () => {
  const sources = readShop({
    'models/sources.yml':
      'sources:\n  - name: raw\n    loaded_at_field: at\n    freshness: {warn_after: {count: 2, period: day}}\n    tables: [{name: orders}]\n',
  });
  const own = new GraphIndex(toProjectGraph(sources));
  own.results = new Map([['source.shop.raw.orders', 'warn']]);
  const [card] = buildPicture(own, { ...view, scope: { kind: 'all' } }).cards;
  expect(card).toMatchObject({ name: 'raw.orders', freshness: 'fresh within 2 days', last: 'warn' });
});

test('macros are nodes only when they are asked for, and only those that a template called', () => {
  const names = (macros: boolean): string[] => buildPicture(index, { ...view, macros }).cards.map((card) => card.name);
  expect(names(false)).toEqual(['orders', 'later']);
  expect(names(true)).toContain('cents');
  expect(names(true)).not.toContain('unused');
});

test('a macro that is hidden is not counted among the hidden parents', () => {
  expect(cardOf([]).hiddenUp).toBe(0);
});

test('a macro is found in its file', () => {
  expect(locateMacro(snapshot, 'macro.shop.cents')).toMatchObject({ path: 'macros/cents.sql', start: { line: 1, column: 1 } });
  expect(locateMacro(snapshot, 'macro.shop.nothing')).toBeUndefined();
});

test('what leaves the graph as a file holds no macros', () => {
  expect(index.data.nodes.some((node) => node.kind === 'macro')).toBe(false);
});
