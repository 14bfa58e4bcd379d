import { expect, test } from 'vitest';
import type { LayoutGraph } from '../../../src/core/layout/layout.ts';
import { layout } from '../../../src/core/layout/layout.ts';

/** `a>b b>c` as a graph of equal cards, in the order in which they are named. */
function toGraph(text: string): LayoutGraph {
  const names: string[] = [];
  const index = (name: string): number => {
    if (!names.includes(name)) names.push(name);
    return names.indexOf(name);
  };
  const links = text.split(/\s+/).flatMap((word) => {
    const [from = '', to] = word.split('>');
    const at = index(from);
    return to === undefined ? [] : [{ from: at, to: index(to) }];
  });
  return { cards: names.map((id) => ({ id, width: 100, height: 40 })), links };
}

function columns(text: string): Record<string, number> {
  return Object.fromEntries(layout(toGraph(text)).cards.map((card) => [card.id, card.layer]));
}

test('a node stands right of everything it is made of', () => {
  expect(columns('a>b b>c a>c')).toEqual({ a: 0, b: 1, c: 2 });
});

test('a source that is used late stands near its use', () => {
  expect(columns('a>b b>c c>d late>d')).toMatchObject({ late: 2, d: 3 });
});

test('a cycle is drawn with one link turned back, and no card is lost', () => {
  const made = layout(toGraph('a>b b>c c>a'));
  expect(made.cards.map((card) => card.layer)).toEqual([0, 1, 2]);
  const back = made.routes[2]!;
  expect(back[0]).toBeGreaterThan(back.at(-2)!);
});

test('a node that refers to itself keeps its place and gets a loop', () => {
  const made = layout(toGraph('a>a a>b'));
  expect(made.cards.map((card) => card.layer)).toEqual([0, 1]);
  expect(made.routes[0]!.length).toBeGreaterThan(4);
});

test('cards never overlap', () => {
  const made = layout(toGraph('a>d a>e b>d b>f c>e c>f d>g e>g f>g f>h a>h c>h lone other x>y'));
  for (const one of made.cards)
    for (const two of made.cards) {
      if (one === two) continue;
      const apart = one.x + one.width <= two.x || two.x + two.width <= one.x || one.y + one.height <= two.y || two.y + two.height <= one.y;
      expect(apart, `${one.id} and ${two.id}`).toBe(true);
    }
});

test('cards without links stand below the rest', () => {
  const made = layout(toGraph('a>b lone'));
  const [a, , lone] = made.cards;
  expect(lone!.y).toBeGreaterThan(a!.y + a!.height);
});

test('a crossing that can be avoided is avoided', () => {
  const made = layout(toGraph('a>y b>x a>y'));
  const y = Object.fromEntries(made.cards.map((card) => [card.id, card.y]));
  expect(Math.sign(y.a! - y.b!)).toBe(Math.sign(y.y! - y.x!));
});

test('the same input gives the same picture', () => {
  const graph = toGraph('a>d a>e b>d b>f c>e c>f d>g e>g f>g f>h a>h c>h');
  expect(layout(graph)).toEqual(layout(graph));
});

test('a route begins at the right edge of its card and ends at the left edge of the other', () => {
  const made = layout(toGraph('a>b b>c a>c'));
  const [a, , c] = made.cards;
  const route = made.routes[2]!;
  expect(route.slice(0, 2)).toEqual([a!.x + a!.width, a!.y + a!.height / 2]);
  expect(route.slice(-2)).toEqual([c!.x, c!.y + c!.height / 2]);
});

test('a route meets the rows it names', () => {
  const graph = toGraph('a>b');
  const made = layout({ ...graph, links: [{ from: 0, to: 1, fromPort: 5, toPort: 30 }] });
  const [a, b] = made.cards;
  expect(made.routes[0]).toEqual([a!.x + a!.width, a!.y + 5, b!.x, b!.y + 30]);
});

test('a card that joins keeps the order of those that were there, and the anchor does not move', () => {
  const before = layout(toGraph('r>a r>b r>c'));
  const standing = new Map(before.cards.map((card) => [card.id, { x: card.x, y: card.y }]));
  const after = layout(toGraph('r>a r>b r>c new>b'), { previous: standing, anchor: 'r' });
  const order = (made: typeof before): string[] =>
    made.cards
      .filter((card) => 'abc'.includes(card.id))
      .sort((one, two) => one.y - two.y)
      .map((card) => card.id);
  expect(order(after)).toEqual(order(before));
  expect(after.cards[0]).toMatchObject(standing.get('r')!);
});

test('nothing gives an empty picture', () => {
  expect(layout({ cards: [], links: [] })).toEqual({ cards: [], routes: [], left: 0, top: 0, right: 0, bottom: 0 });
});

test('parts that are not linked stand right below one another, without holes and without overlap', () => {
  // A fan of thirty into one whose column settles far from where it was first laid, then two small chains.
  const fan = Array.from({ length: 30 }, (_, i) => ({ from: i, to: 30 }));
  const names = Array.from({ length: 35 }, (_, i) => ({ id: `n${i}`, width: 100, height: 44 }));
  const { cards } = layout({ cards: names, links: [...fan, { from: 31, to: 32 }, { from: 33, to: 34 }] });
  const span = (ids: readonly number[]) => ({
    top: Math.min(...ids.map((i) => cards[i]!.y)),
    bottom: Math.max(...ids.map((i) => cards[i]!.y + cards[i]!.height)),
  });
  const parts = [span([...Array(31).keys()]), span([31, 32]), span([33, 34])].sort((a, b) => a.top - b.top);
  for (let i = 1; i < parts.length; i++) {
    const gap = parts[i]!.top - parts[i - 1]!.bottom;
    expect(gap).toBeGreaterThan(16);
    expect(gap).toBeLessThan(80);
  }
});
