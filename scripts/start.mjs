// npm start: opens the workbench on a sample with this extension. VS Code desktop when `code` is on the PATH, else downloaded where
// there is internet, else the workbench in a browser, printing its address. `npm start -- FOLDER` opens another folder.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import path from 'node:path';
import { hasServer, makeTemporary, startServer, workbenchUrl } from '../test/e2e/host.mjs';
import { packageExtension } from './package-extension.mjs';

const root = path.resolve(import.meta.dirname, '..');
const inBrowser = process.argv.includes('--browser');
const given = process.argv.slice(2).find((argument) => !argument.startsWith('--'));
const folder = given ? path.resolve(given) : copySample();
if (!existsSync(folder)) throw new Error(`there is no folder ${folder}`);

const code = inBrowser ? undefined : findCode();
if (code !== undefined) {
  console.log(`opening ${folder} in ${code}`);
  spawnSync(code, [`--extensionDevelopmentPath=${root}`, folder], { stdio: 'inherit' });
} else if (!inBrowser && process.env.DISPLAY && (await hasInternet())) {
  const { downloadAndUnzipVSCode } = await import('@vscode/test-electron');
  const executable = await downloadAndUnzipVSCode();
  console.log(`opening ${folder} in the downloaded VS Code`);
  spawn(executable, [`--extensionDevelopmentPath=${root}`, folder], { stdio: 'inherit' });
} else {
  if (!hasServer()) throw new Error("no workbench here: run 'npm run setup' first");
  const vsix = await packageExtension({ quiet: true });
  const server = await startServer({ vsix: [vsix] });
  console.log(`\nHeadwater runs at  ${workbenchUrl(server.base, folder)}\n\nCtrl+C ends it.`);
  process.on('SIGINT', () => void server.stop().then(() => process.exit(0)));
  process.on('SIGTERM', () => void server.stop().then(() => process.exit(0)));
  await server.exited;
}

/** A copy, so that trying things out changes nothing in the repository. */
function copySample() {
  const copy = path.join(makeTemporary('headwater-sample-'), 'lightdash-saas');
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
