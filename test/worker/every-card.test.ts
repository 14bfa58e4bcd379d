import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { buildPicture } from '../../src/core/layout/build.ts';
import { unpackPicture } from '../../src/core/layout/pack.ts';
import type { GraphView } from '../../src/core/layout/picture.ts';
import { toFocusView, toProjectView } from '../../src/core/layout/picture.ts';
import { GraphIndex } from '../../src/core/layout/project-graph.ts';
import { EveryCard, isEveryCard } from '../../src/worker/every-card.ts';
import { toLargeGraph } from '../webview/support/sample-graph.ts';

const large = toLargeGraph(1200);
const columns = ['id', 'amount', 'at'].map((name) => ({ name, type: 'integer' }));
const graph = { ...large, nodes: large.nodes.map((node) => (node.kind === 'model' ? { ...node, columns } : node)) };
const every: GraphView = { ...toProjectView(), scope: { kind: 'all' } };
const model = graph.nodes.find(({ kind }) => kind === 'model')!.id;

test('the picture is the one that would be built anew, whatever was shown before', () => {
  const index = new GraphIndex(graph);
  const kept = new EveryCard(index, {});
  kept.warm();
  for (const view of [every, { ...every, expanded: [model] }, { ...every, sort: 'name' as const }, every])
    expect(isDeepStrictEqual(unpackPicture(kept.picture(view)), buildPicture(index, view))).toBe(true);
});

test('the same view of the same state is built once', () => {
  const kept = new EveryCard(new GraphIndex(graph), {});
  expect(kept.picture(every)).toBe(kept.picture({ ...every }));
});

test('what ran meanwhile is shown', () => {
  const index = new GraphIndex(graph);
  const kept = new EveryCard(index, {});
  kept.picture(every);
  index.results = new Map([[model, 'fail']]);
  expect(unpackPicture(kept.picture(every)).cards.find(({ id }) => id === model)?.last).toBe('fail');
});

test('only all of a large project is kept', () => {
  expect(isEveryCard(new GraphIndex(graph), every)).toBe(true);
  expect(isEveryCard(new GraphIndex(graph), toFocusView(model))).toBe(false);
  expect(isEveryCard(new GraphIndex(toLargeGraph(500)), every)).toBe(false);
});
