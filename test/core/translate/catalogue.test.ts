import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { functionCatalogue } from '../../../src/core/translate/functions/catalogue.ts';

it('docs/dialects.md is what the tables of functions say (node scripts/dialects.mjs writes it)', () => {
  expect(readFileSync('docs/dialects.md', 'utf8')).toBe(functionCatalogue());
});
