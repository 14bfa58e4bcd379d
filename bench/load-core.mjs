import { createRequire } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');

/** What these export statements give, bundled for Node as the workers are; `name` is that of the benchmarks. */
export async function loadCore(name, contents) {
  const outfile = path.join(root, `out/bench/${name}.cjs`);
  await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile,
    logLevel: 'error',
  });
  return createRequire(import.meta.url)(outfile);
}
