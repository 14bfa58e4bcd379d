import { expect, test } from 'vitest';
import { Graph } from '../../src/core/project/graph.ts';
import { toNodeId } from '../../src/core/text/ids.ts';

const [a, b, c] = ['a', 'b', 'c'].map((name) => toNodeId('model', 'shop', name));

test('ancestors stop after the number of steps asked for', () => {
  const graph = new Graph([
    { from: a!, to: b!, via: 'ref' },
    { from: b!, to: c!, via: 'ref' },
  ]);
  expect([...graph.ancestors(c!, 1)]).toEqual([b]);
  expect([...graph.ancestors(c!)]).toEqual([b, a]);
});

test('a cycle ends', () => {
  const graph = new Graph([
    { from: a!, to: b!, via: 'ref' },
    { from: b!, to: a!, via: 'ref' },
  ]);
  expect([...graph.descendants(a!)]).toEqual([b, a]);
});
