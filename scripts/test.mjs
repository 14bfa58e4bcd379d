// npm test: types, lint, unit tests, tests inside the extension host, the surfaces alone, drives through the workbench, the results panel,
// a folder in restricted mode and every sample. Every part runs even when one before it failed; the last line sums up. `npm test -- unit host` runs the
// parts named.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { hasServer } from '../test/e2e/host.mjs';
import { packageExtension } from './package-extension.mjs';

const needsServer = "the VS Code server is missing: run 'npm run setup'";
const parts = [
  { name: 'types', command: ['npx', 'tsc', '-b'] },
  { name: 'lint', command: ['npx', 'biome', 'check', '.', '--diagnostic-level=error'] },
  { name: 'build', run: () => packageExtension({ quiet: true }) },
  { name: 'unit', command: ['npx', 'vitest', 'run'], count: /Tests\s+(?:(\d+) failed \| )?(\d+) passed/ },
  {
    name: 'host',
    command: ['node', 'test/host/run.mjs'],
    count: /in-host: (\d+) passed, (\d+) failed/g,
    swap: true,
    missing: () => !hasServer() && needsServer,
  },
  {
    name: 'web',
    command: ['node', 'test/host/run-web.mjs'],
    count: /web host: (\d+) passed, (\d+) failed/,
    swap: true,
    missing: () => !hasServer() && needsServer,
  },
  { name: 'pages', command: ['node', 'test/e2e/pages.mjs'], count: /pages: (\d+) passed, (\d+) failed/, swap: true },
  {
    name: 'drive',
    command: ['node', 'test/e2e/drive.mjs'],
    count: /drive: (\d+) passed, (\d+) failed/,
    swap: true,
    missing: () => !hasServer() && needsServer,
  },
  {
    name: 'results',
    command: ['node', 'test/e2e/results.mjs', 'light'],
    count: /results: (\d+) passed, (\d+) failed/,
    swap: true,
    missing: () => !hasServer() && needsServer,
  },
  {
    name: 'restricted',
    command: ['node', 'test/e2e/restricted.mjs'],
    count: /restricted: (\d+) passed, (\d+) failed/,
    swap: true,
    missing: () => !hasServer() && needsServer,
  },
  {
    name: 'samples',
    command: ['node', 'test/e2e/samples.mjs'],
    count: /samples: (\d+) passed, (\d+) failed/,
    swap: true,
    missing: () => !hasServer() && needsServer,
  },
];

const named = process.argv.slice(2);
const unknown = named.filter((name) => !parts.some((part) => part.name === name));
if (unknown.length > 0) throw new Error(`there is no part '${unknown[0]}'; the parts are ${parts.map((part) => part.name).join(', ')}`);
const chosen = parts.filter((part) => named.length === 0 || named.includes(part.name));

let passed = 0;
let failed = 0;
const red = [];
for (const part of chosen) {
  const started = Date.now();
  console.log(`\n── ${part.name}`);
  const { ok, output } = await runPart(part);
  // A part that counts several times is the sum of them.
  const counts = part.count === undefined ? [] : [...stripColours(output).matchAll(new RegExp(part.count, 'g'))];
  const sum = (group) => counts.reduce((before, counted) => before + Number(counted[group] ?? 0), 0);
  const [good, bad] = counts.length > 0 ? (part.swap ? [sum(1), sum(2)] : [sum(2), sum(1)]) : [ok ? 1 : 0, ok ? 0 : 1];
  passed += Number(good ?? 0);
  // A part that ended badly without a failed test still counts as one.
  failed += ok ? Number(bad ?? 0) : Math.max(1, Number(bad ?? 0));
  if (!ok) red.push(part.name);
  console.log(`── ${part.name}: ${ok ? 'fine' : 'FAILED'}, ${((Date.now() - started) / 1000).toFixed(1)} s`);
}
if (red.length > 0) console.log(`\nfailed: ${red.join(', ')}`);
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(red.length > 0 || failed > 0 ? 1 : 0);

async function runPart(part) {
  const missing = part.missing?.();
  if (missing) {
    console.error(missing);
    return { ok: false, output: '' };
  }
  if (part.run) {
    try {
      await part.run();
      return { ok: true, output: '' };
    } catch (error) {
      console.error(error.message);
      return { ok: false, output: '' };
    }
  }
  const [command, ...args] = part.command;
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_PATH: existsSync('node_modules') ? 'node_modules' : '' },
  });
  let output = '';
  const take = (stream) => (chunk) => {
    output += chunk;
    stream.write(chunk);
  };
  child.stdout.on('data', take(process.stdout));
  child.stderr.on('data', take(process.stderr));
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { ok: code === 0, output };
}

function stripColours(text) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with an escape
  return text.replace(/\u001b\[[0-9;]*m/g, '');
}
