import { expect, test } from 'vitest';
import { buildPicture } from '../../../src/core/layout/build.ts';
import { packPicture, unpackPicture } from '../../../src/core/layout/pack.ts';
import type { GraphView } from '../../../src/core/layout/picture.ts';
import { toProjectView } from '../../../src/core/layout/picture.ts';
import { GraphIndex } from '../../../src/core/layout/project-graph.ts';
import { toLargeGraph, toShopGraph } from '../../webview/support/sample-graph.ts';

const { graph, flow } = toShopGraph();
const index = new GraphIndex(graph);
const every: GraphView = { ...toProjectView(), scope: { kind: 'all' } };
const orders = 'model.shop.fct_orders';

const views: Record<string, GraphView> = {
  'every card': every,
  'an open card': { ...every, expanded: [orders] },
  'a lit column': { ...every, expanded: [orders], column: { node: orders, column: 'amount' } },
  'tests as nodes': { ...every, tests: true },
  'the overview': toProjectView(),
};

for (const [name, view] of Object.entries(views))
  test(`${name}: unpacked, a picture is what it was`, () => {
    const picture = buildPicture(index, view, { flow });
    expect(unpackPicture(packPicture(picture))).toEqual(picture);
  });

test('packed, a picture takes less than half of its text', () => {
  const picture = buildPicture(new GraphIndex(toLargeGraph(1000)), every);
  expect(packPicture(picture).length * 2).toBeLessThan(JSON.stringify(picture).length);
});
