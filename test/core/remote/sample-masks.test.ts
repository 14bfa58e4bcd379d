import { describe, expect, it } from 'vitest';
import type { SourceNode } from '../../../src/core/project/node.ts';
import { findMasks, masked } from '../../../src/core/remote/sample-masks.ts';
import { readShop } from '../../support/project.ts';

const yaml = `version: 2
sources:
  - name: raw
    tables:
      - name: users
        columns:
          - {name: email, tags: [pii]}
          - {name: phone, meta: {contains_pii: true}}
          - {name: notes, meta: {mask: 'null'}}
          - {name: city, tags: [pii], meta: {mask: keep}}
          - {name: plan}
      - name: orders
        columns: [{name: user_email}]
`;

describe('columns are masked', () => {
  const snapshot = readShop({ 'models/s.yml': yaml });
  const sources = [...snapshot.nodes.values()].filter((node): node is SourceNode => node.kind === 'source');
  const id = (name: string) => sources.find((node) => node.name === name)!.id;

  it('that are marked as personal, or named so, and those that join them', () => {
    const joins = [{ child: id('orders'), childColumn: 'user_email', parent: id('users'), parentColumn: 'email', because: '' }];
    const masks = findMasks(sources, joins, /^first/i, () => ['first_name']);
    expect(Object.fromEntries([...masks].filter(([key]) => key.includes('users')))).toEqual({
      [`${id('users')} email`]: 'hash',
      [`${id('users')} phone`]: 'hash',
      [`${id('users')} notes`]: 'null',
      [`${id('users')} first_name`]: 'hash',
    });
    expect(masks.get(`${id('orders')} user_email`)).toBe('hash');
  });
});

describe('a masked value', () => {
  it('is the same for the same value under one salt, and another under another', () => {
    expect(masked('ann@example.com', 'hash', 'a')).toBe(masked('ann@example.com', 'hash', 'a'));
    expect(masked('ann@example.com', 'hash', 'a')).not.toBe(masked('ann@example.com', 'hash', 'b'));
  });
  it.each([
    ['a number', 7, 'number'],
    ['a long number', 7n, 'number'],
    ['a text', 'ann', 'string'],
  ] as const)('of %s stays what it was', (_, value, type) => {
    expect(typeof masked(value, 'hash', 's')).toBe(type);
  });
  it('keeps the form of a uuid, and nothing of a date', () => {
    expect(masked('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'hash', 's')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-/);
    expect(masked('2026-01-01', 'hash', 's')).toBeNull();
    expect(masked(null, 'hash', 's')).toBeNull();
    expect(masked('kept', undefined, 's')).toBe('kept');
  });
});
