import { describe, expect, it } from 'vitest';
import { columnsOf, consumersOf, findConsumers } from '../../../src/core/lineage/consumers.ts';
import type { LineageNode } from '../../../src/core/lineage/project.ts';
import { resolveProject } from '../../../src/core/lineage/project.ts';
import { LineageQuestions } from '../../../src/core/lineage/questions.ts';
import { Graph } from '../../../src/core/project/graph.ts';
import type { ProjectNode } from '../../../src/core/project/node.ts';
import type { NodeId } from '../../../src/core/text/ids.ts';

const toId = (text: string): NodeId => text as NodeId;
const raw = toId('model.shop.raw');
const orders = toId('model.shop.orders');
const sales = toId('semantic_model.shop.sales');
const revenue = toId('metric.shop.revenue');
const board = toId('exposure.shop.board');
const unique = toId('test.shop.unique_orders_id');
const positive = toId('test.shop.positive_orders_amount');

/** Only the fields of a node that consumers are found by. */
function toNode(id: NodeId, fields: Readonly<Record<string, unknown>>): [NodeId, ProjectNode] {
  return [id, { id, enabled: true, columns: [], ...fields } as unknown as ProjectNode];
}

const nodes = new Map([
  toNode(raw, { kind: 'model' }),
  toNode(orders, { kind: 'model' }),
  toNode(unique, { kind: 'test', attached: orders, generic: { macro: 'unique', column: 'id', arguments: {} } }),
  toNode(positive, { kind: 'test', attached: orders, generic: { macro: 'positive', column: 'amount', arguments: {} } }),
  toNode(toId('test.shop.off'), {
    kind: 'test',
    enabled: false,
    attached: orders,
    generic: { macro: 'unique', column: 'amount', arguments: {} },
  }),
  toNode(sales, {
    kind: 'semantic_model',
    definition: {
      entities: [{ name: 'order', expr: 'id' }],
      dimensions: [{ name: 'ordered_at', expr: "date_trunc('day', placed_at)" }, { name: 'state' }],
      measures: [
        { name: 'net', expr: 'amount - coalesce(tax, 0)' },
        { name: 'rows', expr: 1 },
      ],
    },
  }),
  toNode(revenue, { kind: 'metric' }),
  toNode(board, { kind: 'exposure' }),
]);

const graph = new Graph([
  { from: orders, to: sales, via: 'ref' },
  { from: sales, to: revenue, via: 'metric' },
  { from: revenue, to: board, via: 'exposure' },
]);

const found = findConsumers(nodes, graph, 'postgres');

function reach(column: string): string[] {
  const relations: LineageNode[] = [
    { id: raw, sql: [], declared: [], isComplete: false },
    {
      id: orders,
      sql: ['select id, gross as amount, tax, placed_at, state from raw where deleted is null'],
      declared: [],
      isComplete: false,
    },
  ];
  const lineage = resolveProject({
    dialect: 'postgres',
    nodes: relations,
    findNode: (parts) => (parts[parts.length - 1] === 'raw' ? raw : undefined),
  });
  const start = { node: raw, column };
  const impact = new LineageQuestions(lineage).impact(start);
  return consumersOf(start, impact, found)
    .map(({ id, as }) => `${id.split('.').pop()}: ${as}`)
    .sort();
}

describe('what reads columns beside relations', () => {
  it('are tests by the column that they hold, unless they are disabled', () => {
    expect(found.get(orders)?.filter(({ as }) => as.startsWith('test'))).toEqual([
      { id: unique, node: orders, column: 'id', as: 'test unique' },
      { id: positive, node: orders, column: 'amount', as: 'test positive' },
    ]);
  });

  it('are the entities, dimensions and measures of semantic models by the columns of their expressions', () => {
    const read = found.get(orders)?.filter(({ id }) => id === sales);
    expect(read?.map(({ as, column }) => `${as} <- ${column}`)).toEqual([
      'entity order <- id',
      'dimension ordered_at <- placed_at',
      'dimension state <- state',
      'measure net <- amount',
      'measure net <- tax',
    ]);
  });

  it('are metrics and exposures by what they depend on', () => {
    expect(found.get(sales)).toEqual([{ id: revenue, node: sales, as: 'depends on' }]);
    expect(found.get(revenue)).toEqual([{ id: board, node: revenue, as: 'depends on' }]);
  });

  it('are reached through renamings, down to the exposure', () => {
    expect(reach('gross')).toEqual([
      'board: depends on',
      'positive_orders_amount: test positive',
      'revenue: depends on',
      'sales: measure net',
    ]);
  });

  it('are not reached where they read other columns', () => {
    expect(reach('id')).toEqual(['board: depends on', 'revenue: depends on', 'sales: entity order', 'unique_orders_id: test unique']);
  });

  it('name the last part of a qualified column, and nothing in a constant', () => {
    expect(columnsOf('sum(t.amount) filter (where t.ok)', 'postgres')).toEqual(['amount', 'ok']);
    expect(columnsOf('1', 'postgres')).toEqual([]);
    expect(columnsOf('amount *', 'postgres')).toEqual(['amount']);
  });
});
