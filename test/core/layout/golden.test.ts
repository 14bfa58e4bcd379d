import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildPicture } from '../../../src/core/layout/build.ts';
import type { GraphView, Picture } from '../../../src/core/layout/picture.ts';
import { toFocusView, toProjectView } from '../../../src/core/layout/picture.ts';
import { GraphIndex } from '../../../src/core/layout/project-graph.ts';
import { toLargeGraph, toShopGraph } from '../../webview/support/sample-graph.ts';

const folder = join(import.meta.dirname, '..', '..', 'golden', 'graph');
const { graph, flow } = toShopGraph();
const orders = toFocusView('model.shop.fct_orders');
const column = { node: 'model.shop.fct_orders', column: 'amount' };
const cases: readonly (readonly [string, GraphView, GraphIndex])[] = [
  ['focus', orders, new GraphIndex(graph)],
  ['column', { ...orders, expanded: ['model.shop.fct_orders'], column }, new GraphIndex(graph)],
  ['project', toProjectView(), new GraphIndex(graph)],
  ['every-card-of-200', { ...orders, scope: { kind: 'all' } }, new GraphIndex(toLargeGraph(200))],
];

/** A picture as text that a person can review: cards by column from top to bottom, then links with their routes. */
function toText(picture: Picture): string {
  const cards = [...picture.cards].sort((a, b) => a.x - b.x || a.y - b.y);
  const lines = cards.map(
    (card) => `${card.x} ${card.y} ${card.width}x${card.height} ${card.kind} ${card.name} (${card.detail}) ${card.emphasis}`,
  );
  const links = picture.links.map(
    (link) =>
      `${picture.cards[link.from]?.name} > ${picture.cards[link.to]?.name} ${link.kind} ${link.emphasis} ${link.label} ${link.route.join(' ')}`,
  );
  return `${[picture.title, ...picture.notes, '', ...lines, '', ...links].join('\n')}\n`;
}

test.each(cases)('the picture %s is the one that was reviewed', (name, view, index) => {
  const file = join(folder, `${name}.golden.txt`);
  const text = toText(buildPicture(index, view, { flow }));
  if (process.env.UPDATE === '1' && process.env.CI === undefined) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, text);
  }
  expect(existsSync(file), `${file} is missing: UPDATE=1 writes it`).toBe(true);
  expect(text).toBe(readFileSync(file, 'utf8'));
});
