import { expect, it } from 'vitest';
import { shrink } from '../../../src/core/checks/shrink.ts';

const thousand = Array.from({ length: 1000 }, (_, i) => i);

it('finds the few items that are needed together, in far fewer questions than items', async () => {
  let asked = 0;
  const needed = [3, 500, 998];
  const found = await shrink(thousand, async (items) => {
    asked++;
    return needed.every((item) => items.includes(item));
  });
  expect(found).toEqual(needed);
  expect(asked).toBeLessThan(300);
});

it('finds that nothing is needed, or everything', async () => {
  expect(await shrink(thousand, async () => true)).toEqual([]);
  expect(await shrink([1, 2, 3], async (items) => items.length === 3)).toEqual([1, 2, 3]);
});

it('ends with what it has where nobody answers any more', async () => {
  let asked = 0;
  const found = await shrink(thousand, async (items) => (++asked > 4 ? undefined : items.includes(7)));
  expect(found).toContain(7);
  expect(found.length).toBeLessThan(1000);
});
