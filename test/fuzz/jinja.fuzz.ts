import { expect, it } from 'vitest';
import { findDifferences } from '../support/jinja-difference.ts';
import { generateTemplate, seeded } from '../support/jinja-templates.ts';

const count = Number(process.env.FUZZ_TEMPLATES ?? 20_000);
const seed = Number(process.env.FUZZ_SEED ?? 1);

it(`renders ${count} generated templates from seed ${seed} as the real Jinja2 does`, { timeout: 600_000 }, () => {
  const next = seeded(seed);
  const differences = findDifferences(Array.from({ length: count }, () => generateTemplate(next)));
  for (const { template, expected, actual } of differences.slice(0, 60)) console.log(JSON.stringify({ template, expected, actual }));
  expect(differences.length).toBe(0);
});
