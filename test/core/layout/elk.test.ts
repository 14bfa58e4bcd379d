import ELK from 'elkjs/lib/elk.bundled.js';
import { expect, test } from 'vitest';
import type { ElkNode } from '../../../src/core/layout/elk.ts';
import { fromElk, toElk } from '../../../src/core/layout/elk.ts';
import type { LayoutGraph } from '../../../src/core/layout/layout.ts';
import { layoutClosely } from '../../../src/worker/elk-layout.ts';

const graph: LayoutGraph = {
  cards: ['a', 'b', 'c', 'd'].map((id) => ({ id, width: 160, height: 100 })),
  links: [
    { from: 0, to: 1, fromPort: 60, toPort: 80 },
    { from: 1, to: 2 },
    { from: 0, to: 2 },
    { from: 2, to: 3 },
  ],
};

test('elkjs places the cards in columns, and routes meet the rows they name', async () => {
  const made = fromElk(graph, (await new ELK().layout(toElk(graph) as never)) as unknown as ElkNode);
  const [a, b, c, d] = made.cards;
  expect([a, b, c, d].map((card) => card!.layer)).toEqual([0, 1, 2, 3]);
  expect(made.routes[0]!.slice(0, 2)).toEqual([a!.x + 160, a!.y + 60]);
  expect(made.routes[0]!.slice(-2)).toEqual([b!.x, b!.y + 80]);
});

test('when elkjs fails or takes too long the picture is ours', async () => {
  const failing = { layout: () => Promise.reject(new Error('no')) };
  const slow = { layout: () => new Promise(() => undefined) };
  const ours = await layoutClosely(failing, graph);
  expect(ours.cards.map((card) => card.layer)).toEqual([0, 1, 2, 3]);
  expect(await layoutClosely(slow, graph, 5)).toEqual(ours);
});
