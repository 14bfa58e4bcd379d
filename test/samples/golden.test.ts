import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toErdText, toLineageText } from './support/golden-text.ts';
import { openSample } from './support/headwater.ts';

const samples = ['lightdash-saas', 'b2b-saas', 'crm-warehouse', 'ravenstack', 'saas-activity'];
const folder = join(import.meta.dirname, 'golden');

test.each(samples)('the lineage of %s is as reviewed', async (sample) => {
  checkGolden(`${sample}.lineage.txt`, toLineageText(await openSample(sample)));
});

test.each(samples)('the entities of %s are as reviewed', async (sample) => {
  checkGolden(`${sample}.erd.txt`, toErdText(await openSample(sample)));
});

function checkGolden(name: string, text: string): void {
  const file = join(folder, name);
  if (process.env.UPDATE === '1' && process.env.CI === undefined) writeFileSync(file, text);
  expect(existsSync(file), `${file} is missing: UPDATE=1 writes it`).toBe(true);
  expect(text).toBe(readFileSync(file, 'utf8'));
}
