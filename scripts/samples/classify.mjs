// `npm run samples:classify`: bundles the ticket classifier of the ravenstack sample and runs it.
import { mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const sample = join(root, 'samples', 'ravenstack');
// Beside node_modules, so that the bundle finds the packages it leaves out.
const folder = await mkdtemp(join(root, '.classify-'));
try {
  const outfile = join(folder, 'classify-tickets.mjs');
  await build({
    entryPoints: [join(sample, 'scripts', 'classify-tickets.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
  const { main } = await import(pathToFileURL(outfile).href);
  process.exitCode = await main(process.argv.slice(2), sample, (line) => process.stdout.write(`${line}\n`));
} finally {
  await rm(folder, { recursive: true });
}
