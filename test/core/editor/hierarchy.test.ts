import { describe, expect, it } from 'vitest';
import { findCallees, findCallers, findCallNode, findHierarchyColumn, findRelatedColumns } from '../../../src/core/editor/hierarchy.ts';
import { findProjectSymbols } from '../../../src/core/editor/project-symbols.ts';
import { openShop, placeInShop } from '../../support/marked-project.ts';

describe('models as callers and callees', () => {
  it.each([
    ['a ref', 'models/customers.sql', "ref('stg_‸orders')", 'stg_orders'],
    ['any other place of a model', 'models/customers.sql', 'left ‸join', 'customers'],
    ['an entry in a properties file', 'models/schema.yml', '- name: stg_‸orders', 'stg_orders'],
  ])('%s stands for a relation', (_, path, find, name) => {
    const { snapshot, position } = placeInShop(path, find);
    expect(findCallNode(snapshot, path, position)?.name).toBe(name);
  });

  it('children call, parents are called, and the places are the refs', () => {
    const { snapshot, position } = placeInShop('models/stg_orders.sql', 'sel‸ect');
    const node = findCallNode(snapshot, 'models/stg_orders.sql', position);
    const id = node?.id as never;
    expect(
      findCallers(snapshot, id).map(({ name, places }) => [name, places.map(({ path, start }) => `${path}:${start.line}:${start.column}`)]),
    ).toEqual([['customers', ['models/customers.sql:2:25']]]);
    expect(findCallees(snapshot, id).map(({ name, places }) => [name, places.map(({ path, start }) => `${path}:${start.line}`)])).toEqual([
      ['raw.orders', ['models/stg_orders.sql:5']],
    ]);
  });
});

describe('the hierarchy of a column', () => {
  it('leads to what it is made from, hop by hop', () => {
    const { snapshot, position } = placeInShop('models/customers.sql', '0) as to‸tal');
    const total = findHierarchyColumn(snapshot, 'models/customers.sql', position);
    expect(total?.name).toBe('customers.total');
    expect(total?.detail).toContain('= coalesce(sums.total, 0)');
    const above = findRelatedColumns(snapshot, total?.ref as never, true);
    expect(above.map(({ name }) => name)).toEqual(['stg_orders.amount']);
    const [amount] = above;
    expect(findRelatedColumns(snapshot, amount?.ref as never, true).map(({ name }) => name)).toEqual(['raw.orders.cents']);
    expect(findRelatedColumns(snapshot, amount?.ref as never, false).map(({ name }) => name)).toEqual(['customers.total']);
    expect(amount?.location.path).toBe('models/stg_orders.sql');
    expect(amount?.location.start.line).toBe(4);
  });
});

describe('symbols of the project', () => {
  it.each([
    ['stgord', ['stg_orders']],
    ['to_amount', ['to_amount']],
    ['cents', ['orders.cents']],
    ['amount_t', ['amount_text']],
  ])('%s', (query, expected) => {
    const found = findProjectSymbols(openShop(), query).map(({ name, kind, container }) =>
      kind === 'column' ? `${container.split('.').at(-1)}.${name}` : name,
    );
    expect(found).toEqual(expected);
  });

  it('are no columns for one letter', () => {
    expect(findProjectSymbols(openShop(), 'n').some((one) => one.kind === 'column')).toBe(false);
    expect(findProjectSymbols(openShop(), 'nam').some((one) => one.kind === 'column')).toBe(true);
  });
});
