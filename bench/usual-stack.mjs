// What graphs are usually drawn with, installed from its own pinned list into out/, never among our own packages.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const from = path.join(import.meta.dirname, 'usual-stack');
const to = path.join(import.meta.dirname, '../out/usual-stack');

/** The folder with the usual stack installed; undefined, with a line that says so, where it cannot be had. */
export function installUsualStack() {
  const wanted = readFileSync(path.join(from, 'package.json'), 'utf8');
  const installed = path.join(to, 'package.json');
  const isThere = existsSync(path.join(to, 'node_modules')) && existsSync(installed) && readFileSync(installed, 'utf8') === wanted;
  mkdirSync(to, { recursive: true });
  cpSync(from, to, { recursive: true });
  if (isThere) return to;
  try {
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock'], { cwd: to, stdio: 'pipe' });
    return to;
  } catch (error) {
    console.log(`The usual stack is left out: it could not be installed (${String(error.message).split('\n')[0]}).`);
    return undefined;
  }
}
