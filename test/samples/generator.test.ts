import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { samplesFolder } from './support/rows.ts';

const samples = ['b2b-saas', 'crm-warehouse', 'lightdash-saas', 'ravenstack', 'saas-activity'];

test('the committed data is what npm run samples makes, byte for byte', () => {
  const script = join(samplesFolder, '..', 'scripts', 'samples', 'index.mjs');
  expect(() => execFileSync('node', [script, '--check'], { stdio: 'pipe' })).not.toThrow();
});

test('there are five samples, each with a README and at most 1.5 MB of data', async () => {
  expect((await readdir(samplesFolder)).sort()).toEqual(samples);
  for (const sample of samples) {
    const files = await readdir(join(samplesFolder, sample), { recursive: true });
    expect(files).toContain('README.md');
    const data = files.filter((file) => /\.(csv|sqlite)$/.test(file)).map((file) => statSync(join(samplesFolder, sample, file)).size);
    expect(data.reduce((sum, size) => sum + size, 0)).toBeLessThan(1_500_000);
  }
});
