import { expect, test } from 'vitest';
import { growCards } from '../../../src/core/layout/grow.ts';
import { layout } from '../../../src/core/layout/layout.ts';

const cards = ['a', 'b', 'c', 'd'].map((id) => ({ id, width: 100, height: 40 }));
const made = layout({ cards, links: [1, 2, 3].map((to) => ({ from: 0, to })) });
const column = made.cards.slice(1).sort((one, two) => one.y - two.y);

test('opening a card pushes down those below it and nothing else', () => {
  const first = column[0]!.id;
  const grown = growCards(made, new Map([[first, { width: 100, height: 140 }]]));
  const y = (id: string): number => grown.cards.find((card) => card.id === id)!.y;
  expect(column.map((card) => y(card.id) - card.y)).toEqual([0, 100, 100]);
  expect(y('a')).toBe(made.cards[0]!.y);
});

test('links stay on their cards', () => {
  const grown = growCards(made, new Map([[column[0]!.id, { width: 160, height: 140 }]]));
  grown.routes.forEach((route, i) => {
    const to = grown.cards[i + 1]!;
    expect(route.slice(-2)).toEqual([to.x, to.y + 20]);
  });
});

test('a wider card moves the columns right of it', () => {
  const grown = growCards(made, new Map([['a', { width: 180, height: 40 }]]));
  expect(grown.cards[1]!.x - made.cards[1]!.x).toBe(80);
  expect(grown.routes[0]![0]).toBe(made.cards[0]!.x + 180);
});
