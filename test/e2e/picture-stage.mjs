// A graph or ERD page in Chromium with the real workers behind it, as in the editor but without the editor: what the page asks goes to the
// built analysis and layout workers. Built bundles only: `node scripts/build.mjs` first.
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { servePage } from './webview-page.mjs';

const dist = path.resolve(import.meta.dirname, '../../dist');

/** A worker of `dist/` that is asked by name; `channel` is one of the services of the project worker. */
export function startWorker(
  name,
  channel,
  worker = new Worker(path.join(dist, name === 'layout' ? 'layout.js' : 'worker.js'), { workerData: { name } }),
) {
  const waiting = new Map();
  let next = 0;
  const post = (message) => worker.postMessage(channel === undefined ? message : { channel, message });
  worker.on('message', (envelope) => {
    if (envelope.channel !== channel) return;
    const message = channel === undefined ? envelope : envelope.message;
    // What a worker asks its host is answered with nothing: there is no cache, and nobody reads its log.
    if (message.kind === 'ask') {
      post({ kind: 'answer', id: message.id, answer: undefined });
      return;
    }
    const call = waiting.get(message.id);
    if (message.kind === 'answer') call?.resolve(message.answer);
    else if (message.kind === 'failed') call?.reject(new Error(message.message));
    waiting.delete(message.id);
  });
  return {
    ask: (type, ask) =>
      new Promise((resolve, reject) => {
        waiting.set(++next, { resolve, reject });
        post({ kind: 'ask', id: next, type, ask });
      }),
    /** Another service of the same worker. */
    open: (other) => startWorker(name, other, worker),
    end: () => worker.terminate(),
  };
}

/** The project in a folder, read by the workers. */
export async function openProject(folder) {
  const analysis = startWorker('project', 'analysis');
  const layout = startWorker('layout');
  const preview = analysis.open('preview');
  const settings = { dialect: 'auto', target: '', vars: {}, envVars: {} };
  const opening = { folder: `file://${folder}`, disk: folder, settings, unsaved: [], setAside: [] };
  const outlines = (await analysis.ask('open', opening)).map((news) => news.outline);
  const outline = outlines.find((one) => one.key.root === '') ?? outlines[0];
  if (outline === undefined) throw new Error(`${folder} holds no project`);
  await layout.ask('layout', { cards: [], at: [], links: [], keepOrder: false });
  const project = outline.key;
  const askPreview = (type, ask) => preview.ask(type, { project, ...ask });
  /** What the host answers to each call of a page; everything else is noted only. `results` are those of tests that ran. */
  const answers = (surface, node, results = []) => ({
    picture: ({ measured, stays, ...ask }) =>
      surface === 'graph'
        ? analysis.ask('graphPicture', { project, node, ...ask, results })
        : measured
          ? askPreview('erdPicture', { node, ...ask, places: stays ? ask.standing : [] })
          : analysis.ask('erdPicture', { project, node, ...ask, places: stays ? ask.standing : [] }),
    place: () => undefined,
    savePlaces: () => 'headwater-erd.json',
    countRows: (ask) => askPreview('counts', ask),
    grain: (ask) => analysis.ask('grain', { project, ...ask }),
    columns: (ask) => analysis.ask('columns', { project, ...ask }),
    filter: (ask) => analysis.ask('graphFilter', { project, ...ask }),
    layout: (ask) => layout.ask('layout', ask),
  });
  const close = async () => void (await Promise.all([analysis.end(), layout.end()]));
  return { outline, answers, close, analysis, preview, project };
}

/** A page of a surface about a node of an opened project. */
export async function openPicture(browser, opened, { surface = 'graph', node = '', theme = 'dark', size, state, before, results }) {
  const asked = [];
  const host = `answers = new Proxy({}, { get: (_, type) => (ask) => askHost(type, ask) });
    window.acquireVsCodeApi = ((api) => () => ({ ...api(), getState: () => (${JSON.stringify(state ?? null)} ?? undefined) }))(window.acquireVsCodeApi);`;
  const answers = opened.answers(surface, node, results);
  const served = await servePage(surface, theme, host, (type, ask) => {
    asked.push({ type, ask });
    return answers[type]?.(ask);
  });
  const page = await browser.newPage({ viewport: size ?? { width: 1280, height: 800 } });
  if (before) await page.addInitScript(before);
  await page.goto(served.base);
  await page.waitForFunction(() => document.querySelector('.hw-title')?.textContent);
  const close = async () => {
    await page.close();
    await served.close();
  };
  return { page, asked, close };
}
