#!/usr/bin/env node
// Stands in for the VS Code executable that @vscode/test-electron starts (vscodeExecutablePath): the same command line, but the
// workbench is the VS Code server's, in headless Chromium.
import path from 'node:path';
import { runInHost } from './host.mjs';

const options = {};
const extensions = [];
const rest = [];
for (const argument of process.argv.slice(2)) {
  const found = /^--([\w-]+)(?:=(.*))?$/s.exec(argument);
  if (!found) rest.push(argument);
  else if (found[1] === 'extensionDevelopmentPath') extensions.push(toPath(found[2]));
  else options[found[1]] = found[2] ?? true;
}
if (!options.extensionTestsPath) {
  console.error(`vscode-shim runs tests only: ${process.argv.slice(2).join(' ')}`);
  process.exit(2);
}
const folder = rest[0] ? path.resolve(rest[0]) : undefined;
process.exit(await runInHost({ extensions, tests: toPath(options.extensionTestsPath), folder, logFile: process.env.SERVER_LOG }));

function toPath(text) {
  return text.replace(/^file:\/\//, '');
}
