import ELK from 'elkjs/lib/elk.bundled.js';
import { expect, test } from 'vitest';
import type { CloseGraph } from '../../../src/core/layout/closely.ts';
import { isEasier, measureEffort, toCloseGraph, withLayout } from '../../../src/core/layout/closely.ts';
import { layout } from '../../../src/core/layout/layout.ts';
import type { Picture } from '../../../src/core/layout/picture.ts';
import { emptyCard } from '../../../src/core/layout/scene.ts';
import { layoutClosely } from '../../../src/worker/elk-layout.ts';

const sizes = ['a', 'b', 'c', 'd', 'loose'].map((id) => ({ id, width: 160, height: 100 }));
const joins = [
  { from: 0, to: 1, fromPort: 60, toPort: 80 },
  { from: 1, to: 2 },
  { from: 0, to: 2 },
  { from: 2, to: 3 },
];

function toPicture(links: typeof joins): Picture {
  const { cards, routes, ...bounds } = layout({ cards: sizes, links });
  return {
    title: '',
    cards: cards.map(({ layer: _, ...card }) => ({ ...emptyCard, ...card })),
    links: links.map(({ from, to }, i) => ({
      from,
      to,
      route: routes[i]!,
      kind: 'flow',
      emphasis: 'plain',
      weight: 1,
      label: '',
      detail: '',
    })),
    frames: [],
    headings: [],
    anchor: 'c',
    notes: [],
    ...bounds,
  };
}

async function refine(picture: Picture): Promise<Picture> {
  const made = await layoutClosely(new ELK(), toCloseGraph(picture, false)!);
  return withLayout(picture, made!);
}

test('elkjs keeps the columns and the place of the anchor, and routes meet the rows they name', async () => {
  const picture = toPicture(joins);
  const closer = await refine(picture);
  const [a, b, c, d, loose] = closer.cards;
  expect(a!.x < b!.x && b!.x < c!.x && c!.x < d!.x).toBe(true);
  expect([c!.x, c!.y]).toEqual([picture.cards[2]!.x, picture.cards[2]!.y]);
  expect(closer.links[0]!.route.slice(0, 2)).toEqual([a!.x + 160, a!.y + 60]);
  expect(closer.links[0]!.route.slice(-2)).toEqual([b!.x, b!.y + 80]);
  expect(loose!.y).toBeGreaterThan(Math.max(a!.y, b!.y, c!.y, d!.y) + 100);
});

test('a link that closes a cycle runs from right to left', async () => {
  const picture = toPicture([...joins, { from: 3, to: 0 }]);
  const closer = await refine(picture);
  const [a, , , d] = closer.cards;
  expect(closer.links[4]!.route.slice(0, 2)).toEqual([d!.x, d!.y + 50]);
  expect(closer.links[4]!.route.slice(-2)).toEqual([a!.x + 160, a!.y + 50]);
});

test('when elkjs fails there is no closer layout', async () => {
  const graph: CloseGraph = toCloseGraph(toPicture(joins), false)!;
  expect(await layoutClosely({ layout: () => Promise.reject(new Error('no')) }, graph)).toBeUndefined();
});

test('fewer crossings are easier to follow, then shorter links', () => {
  const crossed = measureEffort([{ route: [0, 0, 100, 100] }, { route: [0, 100, 100, 0] }]);
  const straight = measureEffort([{ route: [0, 0, 100, 0] }, { route: [0, 100, 100, 100] }]);
  expect(crossed.crossings).toBe(1);
  expect(isEasier(straight, crossed)).toBe(true);
  expect(isEasier(crossed, straight)).toBe(false);
  expect(isEasier({ crossings: 1, length: 90 }, { crossings: 1, length: 100 })).toBe(true);
  expect(isEasier({ crossings: 1, length: 99 }, { crossings: 1, length: 100 })).toBe(false);
});
