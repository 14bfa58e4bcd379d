// The graph in a headless Chromium with the real workers behind it: time from the command to the first complete picture and until it
// answers to a gesture, and frames while panning and zooming; beside it the same graph in the usual stack (React Flow with dagre or elkjs).
// node scripts/build.mjs && node bench/graph-browser.mjs [--sizes 100,1000,5000,10000] [--project DIR]... [--usual-up-to 5000]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { chromium as browserProgram } from '../scripts/requirements.mjs';
import { openPicture, openProject } from '../test/e2e/picture-stage.mjs';
import { installUsualStack } from './usual-stack.mjs';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '100,1000,5000,10000' },
    project: { type: 'string', multiple: true, default: [] },
    'usual-up-to': { type: 'string', default: '5000' },
    'elk-up-to': { type: 'string', default: '1000' },
  },
});
const size = { width: 1280, height: 800 };
const stack = installUsualStack();
const unpackPicture = await loadUnpack();
const browser = await chromium.launch({
  executablePath: browserProgram,
  args: ['--no-sandbox', '--disable-gpu', '--force-prefers-reduced-motion'],
});
const rows = [];
const folders = [];
for (const models of values.sizes.split(',').filter(Boolean)) {
  const folder = mkdtempSync(path.join(tmpdir(), 'headwater-bench-'));
  folders.push(folder);
  execFileSync('node', [path.join(import.meta.dirname, 'generate.mjs'), '--models', models, '--out', folder], { stdio: 'pipe' });
  await measureProject(folder, `${models} generated`);
}
for (const project of values.project) await measureProject(path.resolve(project), path.basename(path.resolve(project)));
console.table(rows);
await browser.close();
for (const folder of folders) rmSync(folder, { recursive: true });

async function measureProject(folder, name) {
  const opened = await openProject(folder);
  // The worker prepares pictures a moment after it has read a project.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const models = opened.outline.nodes.filter((node) => node.kind === 'model');
  const node = models[Math.floor(models.length / 2)].id;
  const base = { expanded: [], grown: [], tests: false, sort: 'sql' };
  const all = { scope: { kind: 'all' }, ...base };
  const views = [
    ['a focused view', undefined],
    ['the overview', { scope: { kind: 'project', opened: [] }, ...base }],
    ['every card', all],
  ];
  for (const [what, view] of views) {
    const state = view && { history: { back: [], now: view, forward: [] }, locked: false, side: false };
    const { page, close } = await openPicture(browser, opened, { node, size, state, before: watchOurs });
    await addRow(page, name, `headwater, ${what}`, '.hw-canvas');
    await close();
  }
  const answer = await opened.analysis.ask('graphPicture', { project: opened.project, node, view: all, standing: [], results: [] });
  const picture = answer.picture instanceof Uint8Array ? unpackPicture(answer.picture) : answer.picture;
  await opened.close();
  const cards = picture.cards.map(({ id, name: text, detail, width, height }) => ({ id, name: text, detail, width, height }));
  const links = picture.links.map(({ from, to }) => ({ from, to }));
  for (const layout of ['dagre', 'elkjs']) {
    const most = Number(layout === 'elkjs' ? values['elk-up-to'] : values['usual-up-to']);
    const what = `React Flow + ${layout}, every card`;
    if (stack === undefined || cards.length > most * 1.1) {
      rows.push({ project: name, cards: cards.length, what, 'picture ms': stack === undefined ? 'not installed' : 'left out: too long' });
      continue;
    }
    const served = await serveUsual({ cards, links, layout });
    const page = await browser.newPage({ viewport: size });
    await page.goto(served.base);
    await addRow(page, name, what, '.react-flow__renderer');
    await page.close();
    await served.close();
  }
}

async function loadUnpack() {
  const file = path.join(import.meta.dirname, '../src/core/layout/pack.ts');
  const { outputFiles } = await build({ entryPoints: [file], bundle: true, write: false, format: 'esm' });
  return (await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`)).unpackPicture;
}

async function addRow(page, project, what, target) {
  await page.waitForFunction(() => window.benchFirst !== undefined, undefined, { timeout: 180_000 });
  const first = await page.evaluate(() => window.benchFirst);
  // Of the first picture: until the page's script ran, until the worker's answer was there.
  const [loaded, answeredAt] = await page.evaluate(() => [
    Math.round(performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd),
    Math.round(window.benchAnswered ?? 0) || undefined,
  ]);
  const answered = await page.evaluate(untilAnswered, target);
  await page.waitForTimeout(500);
  const cards = await page.evaluate(() => window.benchGraph?.cards.length ?? window.benchCards?.());
  const pan = await page.evaluate(driveFrames, { target, zooms: false });
  const zoom = await page.evaluate(driveFrames, { target, zooms: true });
  rows.push({
    project,
    cards,
    what,
    'page ms': loaded,
    'answer ms': answeredAt,
    'picture ms': Math.round(first),
    'interactive ms': Math.round(Math.max(first, answered)),
    'pan p95': quantile(pan, 0.95).toFixed(1),
    'zoom p95': quantile(zoom, 0.95).toFixed(1),
    'zoom p50': quantile(zoom, 0.5).toFixed(1),
  });
  console.log(JSON.stringify(rows.at(-1)));
}

function quantile(list, q) {
  return [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * q))] ?? 0;
}

/** Notes when the first frame with cards on it was drawn: the canvas is read, which waits until it really has been. */
function watchOurs() {
  window.addEventListener('message', ({ data }) => {
    if (data?.answer?.picture !== undefined) window.benchAnswered ??= performance.now();
  });
  const ask = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (run) =>
    ask((now) => {
      run(now);
      const canvas = document.querySelector('.hw-canvas');
      if (window.benchFirst !== undefined || canvas === null || document.querySelector('.hw-diagram').dataset.drawn !== 'true') return;
      canvas.getContext('2d').getImageData(0, 0, 1, 1);
      window.benchFirst = performance.now();
    });
}

/** When the page first answers to a turn of the wheel with a new frame. */
function untilAnswered(target) {
  return new Promise((resolve) => {
    const element = document.querySelector(target);
    element.dispatchEvent(new WheelEvent('wheel', { deltaX: 3, deltaY: 2, bubbles: true, cancelable: true, clientX: 600, clientY: 400 }));
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now()), 0));
  });
}

/** Turns the wheel once a frame; answers how long each frame took beyond waiting for its turn. */
function driveFrames({ target, zooms }) {
  return new Promise((resolve) => {
    const element = document.querySelector(target);
    const canvas = document.querySelector('canvas.hw-canvas');
    const times = [];
    let at = 0;
    const step = () => {
      const turn = zooms
        ? { ctrlKey: true, deltaY: at % 40 < 20 ? 12 : -12 }
        : { deltaX: at % 20 < 10 ? 23 : -23, deltaY: at % 14 < 7 ? 17 : -17 };
      const from = performance.now();
      element.dispatchEvent(new WheelEvent('wheel', { ...turn, bubbles: true, cancelable: true, clientX: 500, clientY: 400 }));
      const handled = performance.now() - from;
      requestAnimationFrame((began) => {
        // What a frame costs: the scripts it runs, the page's own layout and, of a canvas, its pixels.
        if (canvas) canvas.getContext('2d').getImageData(0, 0, 1, 1);
        else document.body.getBoundingClientRect();
        setTimeout(() => {
          if (at > 4) times.push(handled + performance.now() - began);
          if (++at < 90) step();
          else resolve(times);
        }, 0);
      });
    };
    step();
  });
}

async function serveUsual(graph) {
  const folder = stack;
  const bundled = await build({
    entryPoints: [path.join(folder, 'page.jsx')],
    bundle: true,
    minify: true,
    write: false,
    outdir: path.join(folder, 'dist'),
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    nodePaths: [path.join(import.meta.dirname, '../node_modules')],
    logLevel: 'error',
  });
  const text = (end) => bundled.outputFiles.find((file) => file.path.endsWith(end))?.text ?? '';
  const style = `${text('.css')} html,body,#root{height:100%;margin:0;background:#1f1f1f;color:#ccc;font:12px sans-serif}
    .card{box-sizing:border-box;padding:6px 12px;border:1px solid #444;border-radius:6px;background:#282828;display:flex;flex-direction:column}`;
  const html = `<!doctype html><meta charset="utf-8"><style>${style}</style><div id="root"></div><script src="graph.js"></script><script src="page.js"></script>`;
  const files = { '/': html, '/graph.js': `window.benchGraph = ${JSON.stringify(graph)};`, '/page.js': text('.js') };
  const server = createServer((request, response) => {
    const body = files[request.url];
    response.statusCode = body === undefined ? 404 : 200;
    response.setHeader('content-type', request.url === '/' ? 'text/html' : 'text/javascript');
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { base: `http://127.0.0.1:${server.address().port}/`, close: () => new Promise((resolve) => server.close(resolve)) };
}
