// Layout of generated projects: ours next to elkjs (and dagre when it is installed), in time, crossings and edge length.
// node bench/graph-layout.mjs [--elk-up-to 1000]
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const elkUpTo = Number(process.argv[process.argv.indexOf('--elk-up-to') + 1]) || 1000;
const folder = await mkdtemp(join(tmpdir(), 'headwater-bench-'));
await build({
  stdin: {
    contents: `export { layout } from './src/core/layout/layout.ts'; export { toElk, fromElk } from './src/core/layout/elk.ts';
      export { buildPicture } from './src/core/layout/build.ts'; export { GraphIndex } from './src/core/layout/project-graph.ts';
      export { toFocusView, toProjectView } from './src/core/layout/picture.ts'; export { toLargeGraph } from './test/webview/support/sample-graph.ts';`,
    resolveDir: root,
    loader: 'ts',
  },
  bundle: true,
  format: 'esm',
  platform: 'node',
  outfile: join(folder, 'core.mjs'),
});
const core = await import(pathToFileURL(join(folder, 'core.mjs')).href);
const { default: ELK } = await import('elkjs/lib/elk.bundled.js');
const dagre = await import('@dagrejs/dagre').then(
  (module) => module.default,
  () => undefined,
);

/** Crossings of straight lines between the ends of links, the same measure for every layout; sampled pairs above three million. */
function countCrossings(cards, links) {
  const lines = links.map(({ from, to }) => [
    cards[from].x + cards[from].width,
    cards[from].y + cards[from].height / 2,
    cards[to].x,
    cards[to].y + cards[to].height / 2,
  ]);
  const side = (ax, ay, bx, by, cx, cy) => Math.sign((bx - ax) * (cy - ay) - (by - ay) * (cx - ax));
  let count = 0;
  for (let i = 0; i < lines.length; i++)
    for (let j = i + 1; j < lines.length; j++) {
      const [a, b, c, d] = lines[i];
      const [e, f, g, h] = lines[j];
      if (Math.max(a, c) < Math.min(e, g) || Math.max(e, g) < Math.min(a, c)) continue;
      if (side(a, b, c, d, e, f) * side(a, b, c, d, g, h) < 0 && side(e, f, g, h, a, b) * side(e, f, g, h, c, d) < 0) count++;
    }
  return count;
}

const toLength = (cards, links) =>
  Math.round(
    links.reduce(
      (sum, { from, to }) =>
        sum +
        Math.hypot(
          cards[to].x - cards[from].x - cards[from].width,
          cards[to].y + cards[to].height / 2 - cards[from].y - cards[from].height / 2,
        ),
      0,
    ) / links.length,
  );

async function time(run, rounds) {
  const times = [];
  let result;
  for (let i = 0; i < rounds; i++) {
    const from = performance.now();
    result = await run();
    times.push(performance.now() - from);
  }
  return { ms: times.sort((a, b) => a - b)[Math.floor(times.length / 2)], result };
}

const rows = [];
for (const size of [100, 1000, 5000, 10000]) {
  const project = core.toLargeGraph(size);
  const at = new Map(project.nodes.map((node, i) => [node.id, i]));
  const cards = project.nodes.map((node) => ({ id: node.id, width: 180, height: 44 }));
  const links = project.edges.map((edge) => ({ from: at.get(edge.from), to: at.get(edge.to) }));
  const graph = { cards, links };
  const add = (name, ms, made) =>
    rows.push({
      nodes: size,
      edges: links.length,
      layout: name,
      ms: Math.round(ms),
      crossings: size > 5000 ? '' : countCrossings(made, links),
      'mean edge': toLength(made, links),
    });
  core.layout(graph);
  const ours = await time(() => core.layout(graph), 3);
  add('headwater', ours.ms, ours.result.cards);
  if (size <= elkUpTo) {
    const elk = new ELK();
    await elk.layout(core.toElk({ cards: cards.slice(0, 20), links: [] }));
    const theirs = await time(async () => core.fromElk(graph, await elk.layout(core.toElk(graph))), 1);
    add('elkjs', theirs.ms, theirs.result.cards);
    if (dagre) {
      const other = await time(() => {
        const g = new dagre.graphlib.Graph().setGraph({ rankdir: 'LR', nodesep: 16, ranksep: 72 }).setDefaultEdgeLabel(() => ({}));
        for (const card of cards) g.setNode(card.id, { width: card.width, height: card.height });
        for (const link of links) g.setEdge(cards[link.from].id, cards[link.to].id);
        dagre.layout(g);
        return cards.map((card) => ({ ...card, x: g.node(card.id).x - card.width / 2, y: g.node(card.id).y - card.height / 2 }));
      }, 1);
      add('dagre', other.ms, other.result);
    }
  }
}
console.table(rows);

const index = new core.GraphIndex(core.toLargeGraph(5000));
const ids = [...index.nodes.keys()].filter((_, i) => i % 25 === 0);
const times = ids.map((id) => {
  const from = performance.now();
  core.buildPicture(index, core.toFocusView(id));
  return performance.now() - from;
});
times.sort((a, b) => a - b);
console.log(
  `focused picture in a project of 5,000: p50 ${times[Math.floor(times.length / 2)].toFixed(1)} ms, p95 ${times[Math.floor(times.length * 0.95)].toFixed(1)} ms, worst ${times.at(-1).toFixed(1)} ms`,
);
const bands = await time(() => core.buildPicture(index, core.toProjectView()), 5);
console.log(`overview of 5,000: ${bands.ms.toFixed(1)} ms`);
await rm(folder, { recursive: true });
