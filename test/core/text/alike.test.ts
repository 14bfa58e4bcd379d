import { expect, test } from 'vitest';
import { areAlike } from '../../../src/core/text/alike.ts';

test.each([
  ['equal numbers', 1, 1, true],
  ['texts and numbers', '1', 1, false],
  ['objects whatever the order of their keys', { a: 1, b: [2, { c: 3n }] }, { b: [2, { c: 3n }], a: 1 }, true],
  ['objects of which one says more', { a: 1 }, { a: 1, b: undefined }, false],
  ['a key that is absent and another that is undefined', { a: undefined }, { b: undefined }, false],
  ['lists of other lengths', [1], [1, 2], false],
  ['a list and an object', [1], { 0: 1 }, false],
  ['nothing and nothing', null, null, true],
  ['nothing and an object', null, {}, false],
  ['two dates, whatever they say', new Date(0), new Date(0), false],
])('%s', (_, a, b, expected) => {
  expect(areAlike(a, b)).toBe(expected);
  expect(areAlike(b, a)).toBe(expected);
});
