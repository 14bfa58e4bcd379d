// How hard layouts of whole projects are to follow: ours next to dagre, elkjs and Graphviz, in crossings and edge length, as part of
// `npm run bench`; alone, and for other projects: node scripts/build.mjs --only cli && node bench/graph-layout.bench.mjs [PROJECT...]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { installUsualStack } from './usual-stack.mjs';

const root = path.resolve(import.meta.dirname, '..');
const samples = ['b2b-saas', 'crm-warehouse', 'lightdash-saas'].map((name) => path.join(root, 'samples', name));
/** Above so many edges elkjs and dagre take minutes. */
const mostEdges = 8000;

async function loadCore() {
  const outfile = path.join(mkdtempSync(path.join(tmpdir(), 'headwater-bench-')), 'core.mjs');
  const contents = `export { buildPicture } from './src/core/layout/build.ts'; export { GraphIndex } from './src/core/layout/project-graph.ts';
    export { layout } from './src/core/layout/layout.ts'; export { measureEffort } from './src/core/layout/closely.ts';
    export { toFocusView, toProjectView } from './src/core/layout/picture.ts';
    export { toLargeGraph } from './test/webview/support/sample-graph.ts';`;
  await build({ stdin: { contents, resolveDir: root, loader: 'ts' }, bundle: true, format: 'esm', platform: 'node', outfile });
  const core = await import(pathToFileURL(outfile).href);
  rmSync(path.dirname(outfile), { recursive: true });
  return core;
}

const all = { scope: { kind: 'all' }, expanded: [], grown: [], tests: false, sort: 'sql' };

/** The cards and links of a whole project. */
function readProject(core, folder) {
  const text = execFileSync('node', [path.join(root, 'dist', 'cli.js'), 'graph', '--project', folder, '--format', 'json'], {
    maxBuffer: 1 << 30,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const { cards, links } = core.buildPicture(new core.GraphIndex(JSON.parse(text)), all);
  return { cards: cards.map(({ id, width, height }) => ({ id, width, height })), links: links.map(({ from, to }) => ({ from, to })) };
}

/** Every layout answers the route of each link as points x, y, x, y… */
function toLayouts(core, stack) {
  const layouts = { headwater: ({ cards, links }) => core.layout({ cards, links }).routes };
  const ELK = createRequire(import.meta.url)('elkjs/lib/elk.bundled.js');
  layouts.elkjs = async ({ cards, links }) => {
    const made = await new ELK().layout({
      id: 'root',
      layoutOptions: { 'elk.algorithm': 'layered', 'elk.direction': 'RIGHT', 'elk.edgeRouting': 'POLYLINE' },
      children: cards.map(({ width, height }, i) => ({ id: String(i), width, height })),
      edges: links.map(({ from, to }, i) => ({ id: `e${i}`, sources: [String(from)], targets: [String(to)] })),
    });
    const edges = new Map(made.edges.map((edge) => [edge.id, edge.sections?.[0]]));
    return links.map((_, i) => {
      const section = edges.get(`e${i}`);
      return section === undefined
        ? []
        : [section.startPoint, ...(section.bendPoints ?? []), section.endPoint].flatMap(({ x, y }) => [x, y]);
    });
  };
  if (stack !== undefined) {
    const dagre = createRequire(path.join(stack, 'package.json'))('@dagrejs/dagre');
    layouts.dagre = ({ cards, links }) => {
      const graph = new dagre.graphlib.Graph().setGraph({ rankdir: 'LR', nodesep: 16, ranksep: 60 }).setDefaultEdgeLabel(() => ({}));
      cards.forEach(({ width, height }, i) => void graph.setNode(String(i), { width, height }));
      for (const { from, to } of links) graph.setEdge(String(from), String(to));
      dagre.layout(graph);
      return links.map(({ from, to }) => graph.edge(String(from), String(to)).points.flatMap(({ x, y }) => [x, y]));
    };
  }
  if (hasGraphviz()) layouts.graphviz = layByGraphviz;
  return layouts;
}

function hasGraphviz() {
  try {
    execFileSync('dot', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function layByGraphviz({ cards, links }) {
  const lines = ['digraph { rankdir=LR; splines=polyline; nodesep=0.22; ranksep=0.83; node [shape=box, fixedsize=true, label=""];'];
  cards.forEach(({ width, height }, i) => void lines.push(`${i} [width=${width / 72}, height=${height / 72}];`));
  links.forEach(({ from, to }, i) => void lines.push(`${from} -> ${to} [id=${i}];`));
  const text = execFileSync('dot', ['-Tjson'], { input: `${lines.join('\n')}}`, maxBuffer: 1 << 30, stdio: ['pipe', 'pipe', 'ignore'] });
  const routes = links.map(() => []);
  for (const edge of JSON.parse(text).edges ?? []) {
    // `e,x,y` is the arrow's tip; a polyline's corners stand three times each.
    const points = edge.pos.split(' ').map((point) =>
      point
        .replace(/^[se],/, '')
        .split(',')
        .map(Number),
    );
    const [tip] = edge.pos.startsWith('e,') ? points.splice(0, 1) : [];
    const corners = [...points, ...(tip ? [tip] : [])].filter(([x, y], i, list) => i === 0 || x !== list[i - 1][0] || y !== list[i - 1][1]);
    routes[Number(edge.id)] = corners.flat();
  }
  return routes;
}

/** Prints the comparison; a layout that cannot be had, or would take minutes, is said to be left out. */
export async function report(projects = samples) {
  const core = await loadCore();
  const layouts = toLayouts(core, installUsualStack());
  if (layouts.graphviz === undefined) console.log('Graphviz is left out: there is no `dot` on this machine.');
  const rows = [];
  for (const folder of projects) {
    const graph = readProject(core, folder);
    for (const [name, lay] of Object.entries(layouts)) {
      const about = { project: path.basename(folder), cards: graph.cards.length, edges: graph.links.length, layout: name };
      if (name !== 'headwater' && graph.links.length > mostEdges) {
        rows.push({ ...about, ms: 'left out' });
        continue;
      }
      const from = process.cpuUsage();
      const started = performance.now();
      const routes = await lay(graph);
      const { user, system } = process.cpuUsage(from);
      // Graphviz runs in a process of its own, of which only the time on the clock is known.
      const ms = Math.round(name === 'graphviz' ? performance.now() - started : (user + system) / 1000);
      const { crossings, length } = core.measureEffort(routes.map((route) => ({ route })));
      rows.push({ ...about, ms, crossings, 'mean edge': Math.round(length / Math.max(1, graph.links.length)) });
    }
  }
  console.log('Layouts of whole projects: CPU time, crossings and mean length of edges as each draws them');
  console.table(rows);
}

let core;
const open = async () => {
  core ??= await loadCore();
  return core;
};

export const benchmarks = [
  ...[1000, 5000].map((size) => ({
    name: `layout: every card of ${size}`,
    prepare: async () => ({ core: await open(), graph: toCardsAndLinks((await open()).toLargeGraph(size)) }),
    run: (given) => given.core.layout(given.graph),
  })),
  {
    name: 'picture: a focused view in 5000',
    prepare: async () => ({ core: await open(), index: new (await open()).GraphIndex((await open()).toLargeGraph(5000)) }),
    run: (given, i) => given.core.buildPicture(given.index, given.core.toFocusView([...given.index.nodes.keys()][2000 + i])),
  },
  {
    name: 'picture: the overview of 5000',
    prepare: async () => ({ core: await open(), index: new (await open()).GraphIndex((await open()).toLargeGraph(5000)) }),
    run: (given) => given.core.buildPicture(given.index, given.core.toProjectView()),
  },
];

function toCardsAndLinks({ nodes, edges }) {
  const at = new Map(nodes.map((node, i) => [node.id, i]));
  return {
    cards: nodes.map((node) => ({ id: node.id, width: 180, height: 44 })),
    links: edges.map((edge) => ({ from: at.get(edge.from), to: at.get(edge.to) })),
  };
}

if (process.argv[1] === import.meta.filename) await report(process.argv.length > 2 ? process.argv.slice(2) : samples);
