import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';

it('every input that a fuzzer found is answered: nothing thrown, no hang, no more memory than allowed', { timeout: 120_000 }, () => {
  const inputs = readdirSync('test/fuzz/corpus', { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const said = execFileSync('node', ['test/fuzz/run.mjs', 'corpus', '--minutes', '1'], { encoding: 'utf8' });
  expect(said).toContain(`corpus: ${inputs.length} inputs`);
  expect(said).toContain('0 thrown, 0 over 5 s, 0 died');
});
