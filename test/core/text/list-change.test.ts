import { describe, expect, test } from 'vitest';
import { applyListChange, findListChange } from '../../../src/core/text/list-change.ts';

const [a, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name })) as [object, object, object, object, object];

describe('what leads from one list to another', () => {
  test.each([
    ['nothing, where they hold the same', [a, b], [a, b], undefined],
    ['one item that was replaced', [a, b, c], [a, d, c], [{ from: 0, to: 1 }, { items: [d] }, { from: 2, to: 3 }]],
    ['items that came', [a], [a, b, c], [{ from: 0, to: 1 }, { items: [b, c] }]],
    [
      'items that went',
      [a, b, c],
      [a, c],
      [
        { from: 0, to: 1 },
        { from: 2, to: 3 },
      ],
    ],
    ['items far apart', [a, b, c], [d, b, e], [{ items: [d] }, { from: 1, to: 2 }, { items: [e] }]],
    [
      'items that changed places',
      [a, b, c],
      [c, a, b],
      [
        { from: 2, to: 3 },
        { from: 0, to: 2 },
      ],
    ],
    ['everything gone', [a, b], [], []],
    ['a beginning', [], [a], [{ items: [a] }]],
    ['an item said twice', [a, b], [a, a, b], [{ from: 0, to: 1 }, { items: [a] }, { from: 1, to: 2 }]],
  ])('%s', (_, before, now, change) => {
    expect(findListChange<object>(before, now)).toEqual(change);
    expect(applyListChange(before, findListChange<object>(before, now))).toEqual(now);
  });

  test('a list that did not change is the list it was', () => {
    const before = [a, b];
    expect(applyListChange(before, findListChange(before, [a, b]))).toBe(before);
  });
});
