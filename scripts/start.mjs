// npm start: opens the workbench on a sample with this extension. VS Code desktop when `code` is on the PATH, else downloaded where
// there is internet, else the workbench in a browser, printing its address. `npm start -- FOLDER` opens another folder.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import path from 'node:path';
import { hasServer, makeTemporary, startServer, workbenchUrl } from '../test/e2e/host.mjs';
import { packageIfChanged } from './package-extension.mjs';

const root = path.resolve(import.meta.dirname, '..');
const started = Date.now();
const say = (text) => console.log(`start: [${((Date.now() - started) / 1000).toFixed(1)} s] ${text}`);
const inBrowser = process.argv.includes('--browser');
const given = process.argv.slice(2).find((argument) => !argument.startsWith('--'));
const chosen = given === undefined ? undefined : path.resolve(given);
if (chosen !== undefined && !existsSync(chosen)) throw new Error(`there is no folder ${chosen}`);

const code = inBrowser ? undefined : findCode();
if (code !== undefined) {
  const { folder, options } = forDesktop();
  say(`opening ${folder} in ${code}`);
  spawnSync(code, [`--extensionDevelopmentPath=${root}`, ...options, folder], { stdio: 'inherit' });
} else if (!inBrowser && process.env.DISPLAY && (await hasInternet())) {
  say('downloading VS Code, unless it is here already');
  const { downloadAndUnzipVSCode } = await import('@vscode/test-electron');
  const executable = await downloadAndUnzipVSCode();
  const { folder, options } = forDesktop();
  say(`opening ${folder} in the downloaded VS Code`);
  spawn(executable, [`--extensionDevelopmentPath=${root}`, ...options, folder], { stdio: 'inherit' });
} else {
  if (!hasServer()) throw new Error("no workbench here: run 'npm run setup' first");
  say('packaging the extension, unless nothing has changed');
  const vsix = await packageIfChanged();
  say('starting the VS Code server with the extension');
  const server = await startServer({ vsix: [vsix] });
  const folder = chosen ?? copySample(path.join(server.data, 'data/User'));
  say('ready');
  console.log(`\nHeadwater runs at  ${workbenchUrl(server.base, folder)}\n\nCtrl+C ends it.`);
  process.on('SIGINT', () => void server.stop().then(() => process.exit(0)));
  process.on('SIGTERM', () => void server.stop().then(() => process.exit(0)));
  await server.exited;
}

/** A folder, and for a sample a profile of its own, since the extension shows a sample that lies in its storage around. */
function forDesktop() {
  if (chosen !== undefined) return { folder: chosen, options: [] };
  const profile = makeTemporary('headwater-profile-');
  return { folder: copySample(path.join(profile, 'User')), options: [`--user-data-dir=${profile}`] };
}

/** A copy in the extension's storage, where *Open Sample Project* puts it too, so that trying things out changes nothing in the repository. */
function copySample(user) {
  const copy = path.join(user, 'globalStorage/headwater.headwater/samples/lightdash-saas');
  cpSync(path.join(root, 'samples/lightdash-saas'), copy, { recursive: true });
  return copy;
}

function findCode() {
  const names = ['code', 'code-insiders', 'codium'];
  return names.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);
}

async function hasInternet() {
  try {
    return (await fetch('https://update.code.visualstudio.com/api/releases/stable', { signal: AbortSignal.timeout(3000) })).ok;
  } catch {
    return false;
  }
}
