// The graph in a headless Chromium: time to the first complete picture, and CPU of a frame while panning and zooming.
// node bench/graph-frames.mjs [SIZE...]
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
// Inside the project, so that the bundle finds its packages.
const folder = await mkdtemp(join(root, 'out', 'bench-'));
await build({
  stdin: {
    contents:
      "export { openBrowser, openStage } from './test/webview/support/stage.ts'; export { toLargeGraph } from './test/webview/support/sample-graph.ts';",
    resolveDir: root,
    loader: 'ts',
  },
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
  define: { 'import.meta.dirname': JSON.stringify(join(root, 'test', 'webview', 'support')) },
  outfile: join(folder, 'stage.mjs'),
});
const { openBrowser, openStage, toLargeGraph } = await import(pathToFileURL(join(folder, 'stage.mjs')).href);

/** Times every animation frame of the page and notes when the first one with a picture ended. */
function watchFrames() {
  window.frames_ = [];
  const ask = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (run) =>
    ask((now) => {
      const from = performance.now();
      run(now);
      // Reading a pixel waits until the canvas has really been drawn.
      const canvas = document.querySelector('.hw-canvas');
      canvas?.getContext('2d').getImageData(0, 0, 1, 1);
      window.frames_.push(performance.now() - from);
      if (window.headwaterAsked?.length > 0) window.first_ ??= performance.now();
    });
}

const quantile = (values, q) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))] ?? 0;
const browser = await openBrowser();
const rows = [];
const views = [
  ['overview', { scope: { kind: 'project', opened: [] }, expanded: [], grown: [], tests: false, sort: 'sql' }],
  ['every card', { scope: { kind: 'all' }, expanded: [], grown: [], tests: false, sort: 'sql' }],
];
const sizes = process.argv.slice(2).map(Number);
for (const size of sizes.length > 0 ? sizes : [100, 1000, 5000, 10000])
  for (const [name, view] of views) {
    const { page } = await openStage(
      browser,
      'graph',
      { graph: toLargeGraph(size), view },
      'dark',
      { width: 1280, height: 800 },
      watchFrames,
    );
    await page.waitForFunction('window.first_ !== undefined');
    const first = await page.evaluate('window.first_');
    const measure = async (zoomOut) => {
      await page.focus('.hw-tree');
      await page.keyboard.press('0');
      if (!zoomOut) for (let i = 0; i < 30; i++) await page.keyboard.press('+');
      if (!zoomOut) for (let i = 0; i < 5; i++) await page.keyboard.press('-');
      await page.waitForTimeout(200);
      await page.evaluate('window.frames_.length = 0');
      await page.mouse.move(600, 400);
      for (let i = 0; i < 60; i++) await page.mouse.wheel(i % 20 < 10 ? 23 : -23, i % 14 < 7 ? 17 : -17);
      return page.evaluate('window.frames_');
    };
    const near = await measure(false);
    const far = await measure(true);
    rows.push({
      nodes: size,
      view: name,
      'first picture ms': Math.round(first),
      'near p50': quantile(near, 0.5).toFixed(1),
      'near p95': quantile(near, 0.95).toFixed(1),
      'whole p50': quantile(far, 0.5).toFixed(1),
      'whole p95': quantile(far, 0.95).toFixed(1),
    });
    await page.close();
  }
console.table(rows);
await browser.close();
await rm(folder, { recursive: true });
