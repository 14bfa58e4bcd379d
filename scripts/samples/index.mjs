// Writes the data of the sample projects. `--scale 100` makes large copies of the whole projects for benchmarks, `--only NAME` one of them,
// `--check` compares with what is on disk instead of writing.
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const samples = ['lightdash-saas', 'b2b-saas', 'crm-warehouse', 'ravenstack', 'saas-activity'];
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

const { values: options } = parseArgs({
  options: {
    scale: { type: 'string', default: '1' },
    only: { type: 'string' },
    out: { type: 'string' },
    check: { type: 'boolean', default: false },
  },
});
const scale = Number(options.scale);
if (!(scale > 0)) throw new Error(`--scale takes a number above 0, not "${options.scale}"`);
if (options.only !== undefined && !samples.includes(options.only))
  throw new Error(`there is no sample "${options.only}"; there are ${samples.join(', ')}`);
// Only the committed size goes into the repository's own folder.
const out = options.out ?? (scale === 1 ? join(root, 'samples') : join(root, '.bench', `samples-x${options.scale}`));

const stale = [];
for (const sample of samples) {
  if (options.only !== undefined && options.only !== sample) continue;
  const { generate } = await import(`./${sample}.mjs`);
  if (out !== join(root, 'samples')) await cp(join(root, 'samples', sample), join(out, sample), { recursive: true });
  let bytes = 0;
  for (const [path, content] of Object.entries(await generate(scale))) {
    const file = join(out, sample, path);
    const fresh = Buffer.from(content);
    bytes += fresh.length;
    if (options.check) {
      const old = await readFile(file).catch(() => Buffer.alloc(0));
      if (!old.equals(fresh)) stale.push(`${sample}/${path}`);
      continue;
    }
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, fresh);
  }
  process.stderr.write(`${sample}: ${(bytes / 1e6).toFixed(2)} MB\n`);
}
if (stale.length > 0) {
  process.stderr.write(`not what the generator makes: ${stale.join(', ')}\nrun npm run samples\n`);
  process.exitCode = 1;
}
