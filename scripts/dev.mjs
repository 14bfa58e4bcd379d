// npm run dev: builds on every change and keeps a workbench open on a sample; reload the page (or run "Reload Window") to see it.
import { spawn } from 'node:child_process';
import { cpSync } from 'node:fs';
import path from 'node:path';
import { makeTemporary, startServer, workbenchUrl } from '../test/e2e/host.mjs';

const root = path.resolve(import.meta.dirname, '..');
const folder = path.join(makeTemporary('headwater-dev-'), 'shop');
cpSync(path.join(root, 'test/fixtures/shop'), folder, { recursive: true });
const builder = spawn('node', ['scripts/build.mjs', '--watch'], { stdio: 'inherit' });
const server = await startServer({});
const authority = new URL(server.base).host;
const payload = [['extensionDevelopmentPath', `vscode-remote://${authority}${encodeURI(root)}`]];
console.log(
  `\nHeadwater under development:  ${workbenchUrl(server.base, folder, payload)}\n\nEdit, save, reload the page. Ctrl+C ends it.`,
);
const stop = async () => {
  builder.kill();
  await server.stop();
  process.exit(0);
};
process.on('SIGINT', () => void stop());
process.on('SIGTERM', () => void stop());
