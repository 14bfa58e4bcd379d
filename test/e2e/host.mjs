// Starts the VS Code server and a headless Chromium with its workbench, and runs test modules inside the real extension host.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'node:util';
import { chromium } from 'playwright-core';
import { chromium as browserProgram } from '../../scripts/requirements.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const version = process.env.CODE_SERVER_VERSION ?? '4.100.3';
const serverFolder = path.join(process.env.HEADWATER_HOST ?? path.join(root, '.host'), `code-server-${version}`);
const node = path.join(serverFolder, 'node-bin');
const main = path.join(serverFolder, 'package/lib/vscode/out/server-main.js');

const started = Date.now();
export const log = (...words) => console.log(`[${((Date.now() - started) / 1000).toFixed(1)}s]`, ...words);
export const makeTemporary = (prefix) => mkdtempSync(path.join(tmpdir(), prefix));
export const hasServer = () => existsSync(main);

const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.quickOpen.closeOnFocusLost': false,
  'workbench.tips.enabled': false,
  // Without it, hovers are captured half-faded.
  'workbench.reduceMotion': 'on',
  'workbench.enableExperiments': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.ignoreRecommendations': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'git.enabled': false,
  'chat.commandCenter.enabled': false,
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'files.simpleDialog.enable': true,
  // A workbench in a browser saves by itself otherwise, and nothing unsaved could be looked at.
  'files.autoSave': 'off',
};

/**
 * Starts a server of its own on a free port. `automation` lets the page take extensionTestsPath in newer workbenches, but hides
 * notifications: only for runs inside the host.
 */
export async function startServer({ settings = {}, vsix = [], automation = false, logFile, keepTrust = false } = {}) {
  if (!hasServer()) throw new Error(`no VS Code server at ${serverFolder}; run 'npm run setup'`);
  const data = makeTemporary('headwater-data-');
  const extensions = path.join(data, 'extensions');
  mkdirSync(path.join(data, 'data/User'), { recursive: true });
  mkdirSync(extensions, { recursive: true });
  writeFileSync(path.join(data, 'data/User/settings.json'), JSON.stringify({ ...quietSettings, ...settings }));
  const common = ['--accept-server-license-terms', '--server-data-dir', data, '--extensions-dir', extensions];
  const env = { ...process.env, EXTENSIONS_GALLERY: '{"serviceUrl":""}' };
  for (const name of Object.keys(env)) if (/^(VSCODE_(IPC|NODE|PID|CWD|ESM|HANDLES)|ELECTRON_)/.test(name)) delete env[name];
  for (const file of vsix) {
    const run = spawnSync(node, [main, '--install-extension', file, ...common], { env, encoding: 'utf8' });
    if (run.status !== 0 || !/successfully installed/.test(run.stdout))
      throw new Error(`installing ${file} failed: ${run.stdout}${run.stderr}`);
  }
  const flags = ['--host', '127.0.0.1', '--port', '0', '--without-connection-token', '--telemetry-level', 'off'];
  if (!keepTrust) flags.push('--disable-workspace-trust');
  if (automation) flags.push('--enable-smoke-test-driver');
  // A process group of its own: stop() ends the extension host, watchers and terminals with it.
  const child = spawn(node, [main, ...flags, ...common], { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const signal = (name) => {
    try {
      process.kill(-child.pid, name);
    } catch {
      // It is gone already.
    }
  };
  const last = () => signal('SIGKILL');
  process.on('exit', last);
  let out = '';
  const listeners = new Set();
  const take = (chunk) => {
    out += chunk;
    for (const listener of listeners) listener();
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const exited = new Promise((resolve) => child.once('exit', (code, by) => resolve(code ?? by)));
  const port = await new Promise((resolve, reject) => {
    const look = () => {
      const found = /Extension host agent listening on (\d+)/.exec(out);
      if (found) resolve(Number(found[1]));
    };
    listeners.add(look);
    void exited.then((code) => reject(new Error(`the server ended early (${code}):\n${out}`)));
    setTimeout(() => reject(new Error(`the server did not start:\n${out}`)), 60_000).unref();
  });
  return {
    base: `http://127.0.0.1:${port}`,
    data,
    log: () => out,
    onLog: (listener) => listeners.add(listener),
    exited,
    async stop() {
      signal('SIGTERM');
      const late = setTimeout(() => signal('SIGKILL'), 1500);
      await exited;
      clearTimeout(late);
      signal('SIGKILL');
      process.off('exit', last);
      if (logFile) writeFileSync(logFile, out);
      rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

/** A headless Chromium that reaches nothing but this machine; what it was refused is counted. */
export async function openBrowser({ base, width = 1440, height = 900 }) {
  const profile = makeTemporary('headwater-browser-');
  const refused = [];
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: browserProgram,
    headless: true,
    viewport: { width, height },
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-dev-shm-usage',
    ],
  });
  const { hostname } = new URL(base);
  const outside = (url) => url.protocol.startsWith('http') && url.hostname !== hostname && url.hostname !== 'localhost';
  await context.route(outside, (route) => {
    refused.push(route.request().url());
    return route.abort();
  });
  return {
    page: context.pages()[0] ?? (await context.newPage()),
    refused,
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

/** The address of a workbench on a folder or workspace file. */
export function workbenchUrl(base, folder, payload) {
  const place = folder ? `${folder.endsWith('.code-workspace') ? 'workspace' : 'folder'}=${encodeURIComponent(folder)}` : 'ew=true';
  return `${base}/?${place}${payload ? `&payload=${encodeURIComponent(JSON.stringify(payload))}` : ''}`;
}

/** The frame in which the extension's own page runs: a webview nests it two frames deep. */
export async function webviewFrame(page, selector, timeout = 20_000) {
  const end = Date.now() + timeout;
  while (Date.now() < end) {
    for (const frame of page.frames()) {
      if (frame === page.mainFrame()) continue;
      try {
        if ((await frame.locator(selector).count()) > 0) return frame;
      } catch {
        // The frame went away while it was asked.
      }
    }
    await page.waitForTimeout(100);
  }
  throw new Error(
    `no webview has ${selector}; frames:\n${page
      .frames()
      .map((frame) => frame.url())
      .join('\n')}`,
  );
}

/** Opens a node's file from the tree. The tree is drawn anew once the project is read, and a click may come between: it is made again. */
export async function openFromTree(page, name, text) {
  const editor = page.locator('.view-lines', { hasText: text });
  for (let tries = 0; ; tries++) {
    await page.locator('.pane-body .monaco-list-row', { hasText: name }).first().click();
    try {
      await editor.waitFor({ timeout: 10_000 });
      return;
    } catch (error) {
      if (tries === 3) throw error;
    }
  }
}

/** Runs a command through the palette, which can lose the focus to a webview and close: again, until its row was clicked. */
export async function palette(page, title) {
  const input = page.locator('.quick-input-widget input.input');
  const row = page
    .locator('.quick-input-list .monaco-list-row')
    .filter({ has: page.locator('.label-name', { hasText: title }) })
    .first();
  let last;
  for (let attempt = 0; attempt < 8; attempt++) {
    try {
      await page.keyboard.press('F1');
      await input.waitFor({ state: 'visible', timeout: 3000 });
      await input.fill(`>${title}`, { timeout: 2000 });
      await row.click({ timeout: 3000 });
      return;
    } catch (error) {
      last = error;
      await page.keyboard.press('Escape');
    }
  }
  throw last;
}

const noise =
  /^(Resolv|Ignoring fetching additional builtin|Creating a socket|Updating additional builtin|\[Service Worker\]|ChatSessionStore|\[AgentHost|\[AccountPolicy|\[RemoteAgentHost|\[reconnection-grace|Error while getting the latest version)/;

/**
 * Runs the module `tests` (it exports `run`) in the extension host with `extension` under development; resolves to an exit code.
 * The workbench reports success also when the host process died, so how the process ended is read from the server's log too.
 */
export async function runInHost({ extensions, tests, folder, settings, limit = 180_000, shot, logFile }) {
  const server = await startServer({ settings, automation: true, logFile });
  const browser = await openBrowser({ base: server.base });
  try {
    const authority = new URL(server.base).host;
    const toUri = (file) => `vscode-remote://${authority}${encodeURI(path.resolve(file))}`;
    const done = new Promise((resolve) => void browser.page.exposeFunction('codeAutomationExit', (code) => resolve(code)));
    await browser.page.exposeFunction('codeAutomationLog', (type, words) => {
      const text = format(...words);
      if (!noise.test(text)) (type === 'error' || type === 'warn' ? console.error : console.log)(text);
    });
    const ended = new Promise((resolve) => {
      server.onLog(() => {
        const found = /Extension Host Process exited with code: (\S+), signal: (\S+?)\.\s/.exec(server.log());
        if (found) resolve({ code: found[1], signal: found[2] });
      });
    });
    const after = (delay, value) => new Promise((resolve) => setTimeout(() => resolve(value), delay).unref());
    const payload = [
      ...extensions.map((extension) => ['extensionDevelopmentPath', toUri(extension)]),
      ['extensionTestsPath', toUri(tests)],
    ];
    await browser.page.goto(workbenchUrl(server.base, folder, payload));
    let code = await Promise.race([done, ended.then(() => after(5000, 97)), after(limit, 98)]);
    if (code === 0) {
      const how = await Promise.race([ended, after(5000, undefined)]);
      if (how?.code !== '0' || how.signal !== 'null') {
        console.error('how the extension host ended:', how ?? 'still running');
        code = 97;
      }
    }
    if (code === 97) console.error('the extension host went away before the tests reported');
    if (code === 98) console.error(`no result within ${limit} ms`);
    if (shot) await browser.page.screenshot({ path: shot });
    return code;
  } finally {
    await browser.close();
    await server.stop();
  }
}
