import { describe, expect, it } from 'vitest';
import type { Card, Picture } from '../../src/core/layout/picture.ts';
import { emptyCard } from '../../src/core/layout/scene.ts';
import type { Palette } from '../../webview/canvas/palette.ts';
import { type ColourBy, toColouring } from '../../webview/graph/colouring.ts';

const palette = {
  error: 'red',
  warning: 'yellow',
  pass: 'green',
  layers: new Proxy({}, { get: (_, name) => String(name) }),
} as unknown as Palette;
const card = (change: Partial<Card>): Card => ({ ...emptyCard, x: 0, y: 0, width: 1, height: 1, ...change });
const now = 400 * 86_400_000;

function colour(by: ColourBy, ...cards: readonly Partial<Card>[]) {
  const drawn = cards.map(card);
  const { entries, of } = toColouring(by, { cards: drawn } as unknown as Picture, palette, now);
  return { names: entries.map(({ name }) => name), colours: drawn.map(of) };
}

describe('cards are coloured', () => {
  it('by name, the most frequent first; what is not known, and what is too many, is grey', () => {
    expect(colour('owner', { owner: 'a' }, { owner: 'b' }, { owner: 'b' }, {})).toEqual({
      names: ['b', 'a', 'not known'],
      colours: ['mart', 'staging', 'staging', 'model'],
    });
    const many = Array.from({ length: 10 }, (_, i) => ({ owner: `o${i}` }));
    expect(colour('owner', ...many).names).toHaveLength(9);
    expect(colour('owner', ...many).names.at(-1)).toBe('others');
  });

  it('by how tests ended, the worst first', () => {
    const { names, colours } = colour(
      'tests',
      { tests: { count: 2, status: 'pass' } },
      { tests: { count: 2 } },
      { last: 'error' },
      { tests: { count: 1, status: 'warn' }, last: 'pass' },
      {},
    );
    expect(names).toEqual(['failed', 'warned', 'passed', 'tests that have not run', 'no tests']);
    expect(colours).toEqual(['green', 'staging', 'red', 'yellow', 'model']);
  });

  it('by age, and only with ages that there are', () => {
    const day = 86_400_000;
    const { names } = colour('age', { modified: now - day / 2 }, { modified: now - 20 * day }, { modified: 0 }, {});
    expect(names).toEqual(['written today', 'this month', 'older', 'not known']);
  });

  it('by layer or not, folders and folded neighbours keep theirs', () => {
    expect(colour('layer', { layer: 'mart' }).colours).toEqual([undefined]);
    expect(colour('materialization', { kind: 'group', materialized: 'x' }, { kind: 'more' }, { materialized: 'table' })).toEqual({
      names: ['table'],
      colours: [undefined, undefined, 'staging'],
    });
  });
});
