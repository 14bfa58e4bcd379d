// The share of random changes to the SQL of each sample that the sample's own tests notice; see mutations.ts. Nothing here is timed.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');

export const benchmarks = [];

/** Prints the share by sample, and each change that no test noticed. */
export async function report() {
  const outfile = path.join(root, 'out/bench/mutations.cjs');
  const entryPoints = [path.join(root, 'bench/mutations.ts')];
  await build({ entryPoints, bundle: true, platform: 'node', format: 'cjs', outfile, external: ['@duckdb/*'], logLevel: 'error' });
  spawnSync(process.execPath, [outfile], { cwd: root, stdio: 'inherit' });
}
