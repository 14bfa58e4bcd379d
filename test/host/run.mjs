// node test/host/run.mjs [NAME…]: runs the in-host tests, or those of the files with these names: in a downloaded VS Code where DESKTOP=1
// says that there is one to be had, else in the VS Code server.
import { cpSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { makeTemporary } from '../e2e/host.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const wanted = process.argv.slice(2);
const sources = readdirSync(import.meta.dirname).filter(
  (name) => name.endsWith('.ts') && (wanted.length === 0 || name === 'index.ts' || wanted.some((part) => name.startsWith(part))),
);
rmSync(path.join(root, 'out/host'), { recursive: true, force: true });
await build({
  entryPoints: sources.map((name) => path.join(import.meta.dirname, name)),
  outdir: path.join(root, 'out/host'),
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['vscode', 'mocha'],
  logLevel: 'warning',
});
const folder = path.join(makeTemporary('headwater-host-'), 'shop');
cpSync(path.join(root, 'test/fixtures/shop'), folder, { recursive: true });
const where = process.env.DESKTOP === '1' ? {} : { vscodeExecutablePath: path.join(root, 'test/e2e/vscode-shim.mjs') };
const code = await runTests({
  ...where,
  extensionDevelopmentPath: root,
  extensionTestsPath: path.join(root, 'out/host/index.js'),
  launchArgs: [folder],
});
process.exit(code);
