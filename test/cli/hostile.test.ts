import { describe, expect, it } from 'vitest';
import { attacks } from '../hostile/attacks.ts';
import { runAttack } from '../hostile/run-attack.ts';

/** `npm run hostile` tries every project; every test run tries one of so many, and all batches. */
const each = process.env.HOSTILE === 'all' ? 1 : 40;
const chosen = attacks.filter((attack, i) => i % each === 0 || attack.name.startsWith('batch'));

it('there are at least 150 hostile projects, each of a name of its own', () => {
  expect(new Set(attacks.map((attack) => attack.name)).size).toBe(attacks.length);
  expect(attacks.length).toBeGreaterThan(150);
});

describe('a hostile project starts nothing, reads nothing outside, and is answered or refused in time', () => {
  it.each(chosen.map((attack) => [attack.name, attack] as const))(
    '%s',
    async (_name, attack) => {
      for (const { call, status, cpu, megabytes, escapes, out, err } of await runAttack(attack, 60)) {
        expect(escapes, call).toEqual([]);
        expect([0, 1, 2], `${call}: ${err.slice(0, 1000)}`).toContain(status);
        expect(megabytes, call).toBeLessThan(1550);
        // Queries end by the clock, as they are told with --timeout; a batch has many lines.
        if (!call.includes('--timeout')) expect(cpu, call).toBeLessThan(8000);
        if (attack.answers !== undefined) expect(attack.answers(out), `${call}: ${out.slice(-500)}`).toBe(true);
      }
    },
    240_000,
  );
});
