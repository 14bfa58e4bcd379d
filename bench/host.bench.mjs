// How long the extension host is held while somebody works in a project of 5,000 models and 10,000 tests: the longest time in which no
// provider, tree or message could be served, measured inside a real workbench. `node bench/host.bench.mjs` prints it alone;
// HEADWATER_PROFILES=DIR leaves a CPU profile of each step there, HEADWATER_MODELS=N takes another size.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { hasServer, runInHost } from '../test/e2e/host.mjs';

const root = path.resolve(import.meta.dirname, '..');
const models = Number(process.env.HEADWATER_MODELS ?? 5000);

export const benchmarks = [];

/** Prints the longest block of each step; where nothing is done, it is what the workbench itself costs. */
export async function report() {
  if (!hasServer()) {
    console.log("host: needs the VS Code server, which 'npm run setup' brings");
    return;
  }
  execFileSync('node', [path.join(root, 'scripts/build.mjs')], { cwd: root, stdio: 'inherit' });
  const folder = mkdtempSync(path.join(tmpdir(), 'headwater-bench-'));
  const asked = { models, columns: 12, dialect: 'snowflake', seed: 7, out: folder };
  execFileSync('node', [
    path.join(import.meta.dirname, 'generate.mjs'),
    ...Object.entries(asked).flatMap(([name, value]) => [`--${name}`, String(value)]),
  ]);
  const tests = path.join(root, 'out/bench/host-blocks.js');
  await build({
    entryPoints: [path.join(import.meta.dirname, 'host-blocks.ts')],
    outfile: tests,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['vscode'],
    logLevel: 'error',
  });
  console.log(`host: ${models} models, the longest block of the extension host in ms: worked, by the clock (and how long the step took)`);
  const log = console.log;
  console.log = (text, ...more) => {
    const [, name, worked, block, took] = /^host block: (.*) \| (.*) \| (.*) \| (.*)$/.exec(String(text)) ?? [];
    if (name === undefined) log(text, ...more);
    else log(`  ${name.padEnd(28)} ${worked.padStart(8)} ${block.padStart(8)}   (${took})`);
  };
  try {
    const code = await runInHost({ extensions: [root], tests, folder, limit: 300_000 });
    if (code !== 0) log(`host: failed with ${code}`);
  } finally {
    console.log = log;
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === import.meta.filename) await report();
