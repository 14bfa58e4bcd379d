import { describe, expect, it } from 'vitest';
import type { NodeId } from '../../src/core/text/ids.ts';
import type { ColumnsItem, LineageItem, NodeItem } from '../../src/extension/views/lineage-items.ts';
import { countTests, findItem, toColumnItems, toLineageItems, toNodeChildren } from '../../src/extension/views/lineage-items.ts';
import type { ProjectRow } from '../../src/extension/views/project-items.ts';
import { toProjectRows } from '../../src/extension/views/project-items.ts';
import type { LastResults } from '../../src/protocol.ts';
import { toColumnOutlines, toOutline } from '../../src/worker/outline.ts';
import { readShop } from '../support/project.ts';

const snapshot = readShop({
  'seeds/raw.csv': 'id,amount\n1,2\n',
  'models/orders.sql': "{{ config(tags=['daily']) }} select id, amount from {{ ref('raw') }}",
  'models/totals.sql': "select sum(amount) as total from {{ ref('orders') }}",
  'models/schema.yml':
    'models:\n  - name: orders\n    columns:\n      - {name: id, data_tests: [unique, not_null]}\nexposures:\n  - {name: board, type: dashboard, owner: {name: Ann}, depends_on: [ref("totals")]}\n',
  'macros/cents.sql': '{% macro cents(column, digits=2) %}{{ column }}{% endmacro %}',
  'tests/no_debts.sql': "select 1 from {{ ref('orders') }} join {{ ref('totals') }} on true where amount < 0",
});
const outline = toOutline({ folder: 'file:///shop', root: '' }, snapshot, 1);
const idOf = (name: string): string => outline.nodes.find((node) => node.name === name)?.id ?? '';
const results: LastResults = [
  [idOf('unique_orders_id'), 'fail'],
  [idOf('not_null_orders_id'), 'pass'],
];

function itemOf(id: string): NodeItem {
  const item = findItem(toLineageItems([outline]), id as NodeId, 'file:///shop', '');
  if (item === undefined) throw new Error(`the tree has no ${id}`);
  return item;
}

function label(item: LineageItem): string {
  return item.kind === 'node' ? `${item.relation} ${item.node.name}` : item.kind;
}

describe('a node in the lineage tree', () => {
  it('opens to its columns, its parents and its children', () => {
    expect(toNodeChildren(itemOf('model.shop.orders')).map(label)).toEqual(['columns', 'parent raw', 'child totals']);
  });

  it('shows its columns in their order, with what is tested of them', () => {
    const [columns] = toNodeChildren(itemOf('model.shop.orders'));
    const items = toColumnItems(columns as ColumnsItem, toColumnOutlines(snapshot, 'model.shop.orders' as NodeId));
    expect(items.map(({ column }) => `${column.name}: ${column.facts.join(', ')}`)).toEqual(['id: unique, not null', 'amount: ']);
    expect(new Set(items.map((item) => item.id)).size).toBe(2);
  });

  it('knows how its tests ended', () => {
    expect(countTests(outline, results)).toEqual(new Map([['model.shop.orders', { ran: 2, failed: 1 }]]));
    expect(countTests(outline, [])).toEqual(new Map());
  });
});

describe('the project tree', () => {
  const show = (rows: readonly ProjectRow[]): unknown[] =>
    rows.map((row) =>
      row.kind === 'group'
        ? [`${row.label} ${row.detail}`, ...show(row.children)]
        : row.kind === 'macro'
          ? `${row.macro.name}(${row.macro.arguments.join(', ')}) ${row.macro.path}:${row.macro.line}`
          : `${row.node.name.slice(0, 20)} ${row.status ?? ''}`.trim(),
    );

  it('gathers tests by what they test, exposures, macros and tags; tests that found something come first', () => {
    expect(show(toProjectRows([outline], () => results))).toEqual([
      ['Tests 3', 'no_debts', ['orders ✗ 1 of 2', 'unique_orders_id fail', 'not_null_orders_id pass']],
      ['Exposures 1', 'board'],
      ['Macros 1', 'cents(column, digits) macros/cents.sql:1'],
      ['Tags 1', ['daily 1', 'orders']],
    ]);
  });

  it('sets several projects apart', () => {
    const other = { ...outline, key: { folder: 'file:///shop', root: 'other' }, name: 'other' };
    expect(toProjectRows([outline, other], () => []).map((row) => row.kind === 'group' && row.label)).toEqual(['shop', 'other']);
  });
});
