import { describe, expect, it } from 'vitest';
import type { LineageInput, LineageNode, ProjectLineage } from '../../../src/core/lineage/project.ts';
import { resolveProject } from '../../../src/core/lineage/project.ts';
import type { NodeId } from '../../../src/core/text/ids.ts';

const id = (name: string): NodeId => `model.shop.${name}` as NodeId;

const texts: Readonly<Record<string, string>> = {
  raw: '',
  stg: 'select * from raw',
  orders: 'select id, amount from stg where state = 1',
  items: 'select id as item_id from stg',
  mart: 'select o.id, sum(o.amount) as total from orders o join items i on i.item_id = o.id group by 1',
};

function toNode(name: string, sql: string): LineageNode {
  return { id: id(name), sql: sql === '' ? [] : [sql], declared: [], isComplete: false };
}

function toInput(nodes: readonly LineageNode[]): LineageInput {
  const known = new Set(nodes.map((node) => node.id));
  const findNode = (parts: readonly string[]): NodeId | undefined => {
    const found = id(parts[parts.length - 1] ?? '');
    return known.has(found) ? found : undefined;
  };
  return { dialect: 'postgres', nodes, findNode };
}

const first = toInput(Object.entries(texts).map(([name, sql]) => toNode(name, sql)));

/** The input after edits; nodes that were not edited are the same objects, and names mean what they meant. */
function edit(input: LineageInput, edits: Readonly<Record<string, string>>): LineageInput {
  const nodes = input.nodes.map((node) => {
    const sql = edits[node.id.split('.').pop() ?? ''];
    return sql === undefined ? node : { ...node, sql: [sql] };
  });
  return { ...input, nodes };
}

function resolvedAnew(before: ProjectLineage, after: ProjectLineage): string[] {
  return [...after.reuse].flatMap(([at, resolved]) => (before.reuse.get(at) === resolved ? [] : [at.split('.').pop() ?? ''])).sort();
}

/** What the answers are, without how they came about. */
function answers(lineage: ProjectLineage): unknown {
  return [...lineage.nodes.values()].map(({ id: at, columns, edges, uses, reads, isOpen }) => ({
    at,
    columns: columns.map(({ name, typeText, origin }) => `${name} ${typeText} ${origin}`).sort(),
    edges: edges.map((edge) => `${edge.from}.${edge.fromColumn} ${edge.toColumn} ${edge.kind} ${edge.confidence}`).sort(),
    uses: uses.map((use) => `${use.from}.${use.fromColumn} ${use.kind}`).sort(),
    reads,
    isOpen,
  }));
}

describe('a second resolution', () => {
  const before = resolveProject(first);

  it('of the same project resolves nothing and gives the same nodes', () => {
    const after = resolveProject({ ...first }, before);
    expect(resolvedAnew(before, after)).toEqual([]);
    for (const [at, node] of after.nodes) expect(node).toBe(before.nodes.get(at));
  });

  it('resolves the edited node alone where its columns stay', () => {
    const after = resolveProject(edit(first, { orders: 'select id, amount from stg where state > 1' }), before);
    expect(resolvedAnew(before, after)).toEqual(['orders']);
    expect(after.nodes.get(id('mart'))).toBe(before.nodes.get(id('mart')));
    expect(after.nodes.get(id('stg'))).toBe(before.nodes.get(id('stg')));
  });

  it('resolves those that read the edited node where its columns change', () => {
    const after = resolveProject(edit(first, { orders: 'select id, amount, 1 as n from stg where state = 1' }), before);
    expect(resolvedAnew(before, after)).toEqual(['mart', 'orders']);
  });

  it('resolves a node whose text is equal but another object only by comparing it', () => {
    const copies = { ...first, nodes: first.nodes.map((node) => ({ ...node })) };
    expect(resolvedAnew(before, resolveProject(copies, before))).toEqual([]);
  });

  it('asks a source for a column that is read for the first time', () => {
    const after = resolveProject(edit(first, { items: 'select id as item_id, weight from stg' }), before);
    expect(after.nodes.get(id('raw'))?.columns.map((column) => column.name)).toContain('weight');
    expect(after.nodes.get(id('mart'))).toBeDefined();
  });

  it('takes a name for a new node that was a table outside', () => {
    const outside = toInput([toNode('a', 'select x from later')]);
    const lineage = resolveProject(outside);
    expect(lineage.nodes.get(id('a'))?.edges).toEqual([]);
    const added = toInput([...outside.nodes, toNode('later', 'select 1 as x')]);
    expect(resolveProject(added, lineage).nodes.get(id('a'))?.edges).toHaveLength(1);
  });

  it('is not misled by an edit that turns the order around', () => {
    const chain = toInput([toNode('a', 'select 1 as x'), toNode('b', 'select 2 as y, x from a'), toNode('c', 'select y from b')]);
    const old = resolveProject(chain);
    const turned = edit(chain, { a: 'select z as x from c', b: "select 'text' as y", c: 'select y as z from b' });
    expect(answers(resolveProject(turned, old))).toEqual(answers(resolveProject(turned)));
  });

  it('answers what a first one answers, after each of many edits', () => {
    const edits: Readonly<Record<string, string>>[] = [
      { stg: 'select id, amount, state from raw' },
      { stg: 'select * from raw where id > 0' },
      { orders: 'select * from stg' },
      { items: 'select id as item_id, code from orders' },
      { mart: 'select * from items' },
      { orders: 'select id, coalesce(amount, 0) as amount from stg' },
      { orders: 'select id, from', items: 'select' },
      { orders: 'select id, amount from stg', items: 'select id as item_id from mart', mart: 'select id from items' },
      { mart: 'select o.id from orders o', items: 'select id as item_id from stg' },
    ];
    let input = first;
    let lineage = before;
    for (const change of edits) {
      input = edit(input, change);
      lineage = resolveProject(input, lineage);
      expect(answers(lineage)).toEqual(answers(resolveProject(input)));
    }
  });
});
